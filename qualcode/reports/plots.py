"""Every picture by its name: what it shows, what may be asked of it, who makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from qualcode.errors import QualcodeError, UnknownName
from qualcode.reports.pictured import Picture
from qualcode.reports.plots_agreement import confusion_picture, forest_picture
from qualcode.reports.plots_pairs import cooccurrence_picture, network_picture
from qualcode.reports.plots_themes import (
    codeline_picture,
    frequency_picture,
    heatmap_picture,
    saturation_picture,
    speakers_picture,
)  # fmt: skip

if TYPE_CHECKING:
    from qualcode.project import Project

COUNTS = frozenset({"source", "own", "include_moderator", "include_unfinished"})
"""What every picture of themes may be asked."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A kind of picture."""

    line: str
    """What it shows, in a line."""

    make: Callable[..., Picture]
    takes: frozenset[str]
    """Names of the arguments that it knows."""

    not_suppressed: str = "it counts no participants"
    """Why small counts cannot be taken out of it, where it does not take ``suppress``."""


PLOTS: Mapping[str, Plot] = {
    "frequency": Plot(
        "participants n of N with each code, by group", frequency_picture,
        COUNTS | {"by", "sort", "suppress", "counted"},
    ),
    "heatmap": Plot(
        "codings of each code by case", heatmap_picture, COUNTS | {"cases"},
        "it counts codings, in documents or of single participants",
    ),
    "codeline": Plot("codes by turn of one document", codeline_picture, COUNTS | {"document"}),
    "speakers": Plot(
        "whose words each code is made of", speakers_picture, COUNTS | {"sort"},
        "every part of a bar is a single participant",
    ),
    "cooccurrence": Plot(
        "codes that come up together, counted", cooccurrence_picture,
        COUNTS | {"relation", "suppress"},
    ),
    "network": Plot(
        "codes that come up together, as a circular network", network_picture,
        COUNTS | {"relation", "suppress"},
    ),
    "saturation": Plot(
        "codes found document by document", saturation_picture, COUNTS - {"own"}
    ),
    "forest": Plot(
        "agreement on each code with intervals", forest_picture,
        frozenset({"rounds", "unit", "statistic"}),
    ),
    "confusion": Plot(
        "codes that coders used in place of one another", confusion_picture,
        frozenset({"rounds", "unit"}),
    ),
}  # fmt: skip

IN_REPORTS = ("frequency", "cooccurrence", "saturation", "forest")
"""The pictures that belong into a report of a whole project."""


def picture(project: Project, name: str, **asked: Any) -> Picture:
    """Make one picture.

    Args:
        project: An open project; of an open blind round only ``project.coder``'s codings count.
        name: One of ``PLOTS``.
        asked: What is asked of it, among ``PLOTS[name].takes``.

    Raises:
        UnknownName: There is no such picture; those like it are named, or all.
        QualcodeError: There is nothing to draw, or whatever its table raises.
    """
    return plot(name).make(project, **asked)


def plot(name: str) -> Plot:
    """The kind of picture of that name; raises ``UnknownName`` naming those like it, or all."""
    if name not in PLOTS:
        raise UnknownName("picture", name, get_close_matches(name, PLOTS) or list(PLOTS))
    return PLOTS[name]


def pictures(
    project: Project, names: Sequence[str] = IN_REPORTS, **counts: Any
) -> tuple[list[Picture], list[str]]:
    """Make the pictures of a report.

    Args:
        counts: As for ``reports.frequency``, for those that take it.

    Returns:
        Those that exist, and of each other one a sentence why it does not.
    """
    made, missing = [], []
    for name in names:
        kind = plot(name)
        try:
            made.append(kind.make(project, **{k: v for k, v in counts.items() if k in kind.takes}))
        except UnknownName:
            raise
        except QualcodeError as problem:
            missing.append(f"No picture of {kind.line}: {problem}")
    return made, missing

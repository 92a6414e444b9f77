"""The methods paragraph, from stored facts; what no project file can know is named, not made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode import __version__
from qualcode.model import Round, Table
from qualcode.reports.agreement import agreement
from qualcode.reports.methods_agreement import closing, of_round
from qualcode.reports.methods_study import of_codebook, of_coding, of_corpus, of_themes

if TYPE_CHECKING:
    from qualcode.project import Project


@dataclass(frozen=True, slots=True)
class Methods:
    """What to write, and the facts it was written from."""

    paragraphs: list[str]
    facts: Table
    """Columns ``fact, value``."""


def methods(project: Project, *, rounds: Sequence[str] | None = None) -> Methods:
    """Write what was analysed, how it was coded and counted, and how far coders agreed.

    Args:
        rounds: Names of the rounds to report; None: the closed or unblinded reliability rounds.

    Returns:
        Paragraphs for a paper. ``[state: …]`` stands where only the authors know.

    Raises:
        StillBlind: A round asked for is blind and open. UnknownName: there is no such round.
    """
    facts: list[tuple[str, str]] = []
    reported = _reported(project, rounds)
    checks: list[dict[str, Any]] = []
    paragraphs = [
        of_corpus(project, facts),
        of_codebook(project, facts),
        of_coding(project, facts),
    ]
    for round_ in reported:
        table = agreement(project, rounds=[round_.name])
        checks.append(table.provenance["cross_check"])
        paragraphs.append(of_round(project, round_, table, facts))
    if checks:
        paragraphs[-1] += f" {closing(checks, facts)}"
    else:
        paragraphs.append(
            "Agreement between coders is not reported. [state: how the coding was checked]"
        )
    paragraphs += [of_themes(project, facts), _software(project, facts)]
    note = project.layer.note()
    table = Table("methods", ["fact", "value"], list(facts), [] if note is None else [note],
                  {"data": project.digest()})  # fmt: skip
    return Methods([project.layer.words(p) for p in paragraphs], table)


def _reported(project: Project, names: Sequence[str] | None) -> list[Round]:
    if names is not None:
        chosen = [project.rounds.named(name) for name in names]
        for round_ in chosen:
            project.rounds.require_visible(round_.id)
        return chosen
    return [
        r
        for r in project.rounds.list()
        if r.purpose == "reliability" and not (r.blind and r.state == "open")
    ]


def _software(project: Project, facts: list[tuple[str, str]]) -> str:
    digest = project.digest()
    facts += [("software", f"qualcode {__version__}"), ("project digest", digest)]
    return (
        f"Coding and figures were made with qualcode {__version__}; the project file is named by "
        f"the digest {digest[:16]}."
    )

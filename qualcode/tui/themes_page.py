"""What lies before who looks at themes: every code's counts, and what was counted for them.

Read from the project in one go, on a thread that owns it; ``reports`` counts, nothing is counted
here. Who codes an open blind round gets their own codings and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qualcode.model import Code, Table
from qualcode.project import Project
from qualcode.reports.blind import blind_rounds
from qualcode.reports.excerpt_query import participants_shown
from qualcode.reports.source import CODER, documents, readable
from qualcode.reports.theme_bars import Bar, theme_bars, uncounted
from qualcode.reports.themes import frequency
from qualcode.tui.codes import shown_codes
from qualcode.tui.desk import code_shown
from qualcode.tui.widgets.transcript_view import ShownCode

SOURCES = {
    "reading": "per document the consensus, else one coder",
    "consensus": "what coders agreed on, or decided together",
    "majority": "what more than half of the coders marked",
}
BETWEEN_CODERS = frozenset({"codings_min", "codings_max"})
"""Columns that tell of other coders."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be counted."""

    source: str = "reading"
    by: str | None = None
    """Attribute whose values are the groups; None for no groups."""

    own: bool = False
    include_moderator: bool = False
    include_unfinished: bool = False

    def what_counts(self) -> dict[str, Any]:
        """The arguments that theme reports take."""
        return {
            "source": self.source,
            "by": self.by,
            "own": self.own,
            "include_moderator": self.include_moderator,
            "include_unfinished": self.include_unfinished,
        }

    def words(self) -> str:
        """The same for a reader, in one line."""
        source = self.source
        if source.startswith(CODER):
            source = f"{source.removeprefix(CODER)} alone"
        parts = [f"Source: {source}", "own codings of a code" if self.own else "codes rolled up"]
        parts += [f"groups: {self.by}"] if self.by is not None else []
        parts += ["moderators counted" if self.include_moderator else "without moderators"]
        parts += ["unfinished documents counted"] if self.include_unfinished else []
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class ThemesPage:
    """The counts of one question."""

    asked: Asked
    """As it was answered: in an open blind round the source is this coder."""

    blind: str
    """The open blind round in which this coder has documents, as it is shown; empty for none."""

    sources: Sequence[tuple[str, str]]
    """Those to choose from, each with what it is; empty in an open blind round."""

    attributes: Sequence[str]
    codes: Sequence[Code]
    """As they are shown, in codebook order."""

    looks: Mapping[str, ShownCode]
    """Code → key and colour."""

    table: Table | None
    """None where no document can be read."""

    read: int
    """Documents counted."""

    left: Sequence[str]
    """Names of those that are not, as they are shown."""

    def bars(self, measure: str) -> list[Bar]:
        """The bars to draw, names as they are shown."""
        if self.table is None:
            return uncounted(self.codes)
        titles = {code.code: code.title for code in self.codes}
        return [
            bar if bar.is_group else replace(bar, name=titles.get(bar.code, bar.name))
            for bar in theme_bars(self.table, measure)
        ]


def page_of(project: Project, coder: str, asked: Asked) -> ThemesPage:
    """Count the codes of a project.

    Raises:
        UnknownName: The source or attribute asked for is there no more.
    """
    me, words = project.coders.named(coder), project.layer.words
    blind = blind_rounds(project, me)
    if blind:
        asked = replace(asked, source=f"{CODER}{me.name}")
    read = readable(project, asked.source, include_unfinished=asked.include_unfinished)
    table = frequency(project, **asked.what_counts()) if read else None
    if table is not None and blind:
        table = table.select([name for name in table.columns if name not in BETWEEN_CODERS])
    there = {one.document.id for one in read}
    codes = [code_shown(code, project.layer) for code in project.codebook.codes()]
    looks = shown_codes(codes)
    return ThemesPage(
        asked,
        words(blind[0].name) if blind else "",
        () if blind else _sources(project),
        _attributes(project),
        codes,
        {code.code: looks[code.id] for code in codes},
        table,
        len(read),
        [words(one.name) for one in documents(project) if one.id not in there],
    )


def _sources(project: Project) -> list[tuple[str, str]]:
    people = [coder for coder in project.coders.list() if coder.kind == "human"]
    return [
        *SOURCES.items(),
        *((f"{CODER}{coder.name}", "what this coder marked") for coder in people),
    ]


def _attributes(project: Project) -> list[str]:
    told = [*project.documents.attributes().values(), *participants_shown(project).values()]
    return sorted({name for one in told for name in one}, key=str.casefold)

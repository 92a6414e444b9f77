"""Which theme tables a Word report holds, and how those beside the frequencies are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualcode.errors import UsageProblem
from qualcode.exporters.report import Figures
from qualcode.model import Table
from qualcode.reports.codebook import paths
from qualcode.reports.cooccurrence import cooccurrence
from qualcode.reports.crosstab import LEAD, crosstab, crosstab_wide
from qualcode.reports.evidence import evidence
from qualcode.reports.joint import joint
from qualcode.reports.printed import at_least
from qualcode.reports.saturation import saturation, told
from qualcode.reports.suppressed import few_in_crosstab, small_counts, suppressed_in
from qualcode.reports.themes import frequency
from qualcode.reports.word_joint import joint_part
from qualcode.reports.word_themes import (
    DASH,
    Row,
    ThemeColumn,
    exemplar_of,
    figure,
    frequency_part,
    last,
    of,
    theme_part,
    whole,
    words,
)
from qualcode.reports.wording import spoken

if TYPE_CHECKING:
    from qualcode.project import Project

NEEDS = {
    "crosstab": ("by",), "evidence": ("site", "stakeholder"), "joint": ("outcomes",),
}  # fmt: skip
"""Part → the fields of ``Asked`` without which there is none."""

THEME_TABLES = ("frequency", "crosstab", "cooccurrence", "evidence", "joint", "saturation")

PAIRS = 20
"""Rows of the table of co-occurrence."""

ON_SCREEN = ("site is ", "low and high:", "fit (confirms", "Relation ", "balance:")
"""How notes begin that explain names of columns, or name options: print has words of its own."""

TWICE = 2
"""Turns in which two codes must come up together to be among them."""

NO_PAIR = "No two codes share two turns or more, and more often than chance would have it."

NARROW = 5
"""Columns of groups that a crosstab has room for on an upright page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the theme tables of a report."""

    by: Sequence[str] = ()
    """Attributes; a crosstab of participants for each."""

    site: str | None = None
    stakeholder: str | None = None
    """Attributes of the evidence matrix."""

    outcomes: Path | None = None
    fit: Path | None = None
    """Files of the joint display; see ``reports.joint``."""

    suppress: bool = False
    """Whether counts of few participants are taken out of all tables together."""

    def has(self, part: str) -> bool:
        """Whether a part can be made."""
        return all(getattr(self, name) for name in NEEDS.get(part, ()))

    def facts(self) -> dict[str, str]:
        """What was asked, for the last page."""
        said = {
            "Groups by": ", ".join(map(spoken, self.by)),
            "Evidence by": " and ".join(spoken(n) for n in (self.site, self.stakeholder) if n),
            "Outcomes": self.outcomes.name if self.outcomes else "",
            "Fit": self.fit.name if self.fit else "",
        }
        return {name: value for name, value in said.items() if value}

    def refuse_incomplete(self, named: Sequence[str]) -> None:
        """Refuse options that go together, and parts asked for by name that cannot be made.

        Raises:
            UsageProblem: One is missing; it is named.
        """
        if bool(self.site) != bool(self.stakeholder):
            raise UsageProblem("The evidence matrix takes --site ATTR and --stakeholder ATTR both.")
        if self.fit and not self.outcomes:
            raise UsageProblem("--fit FILE goes with --outcomes FILE.")
        for part in named:
            missing = [name for name in NEEDS.get(part, ()) if not getattr(self, name)]
            if missing:
                raise UsageProblem(
                    f"The part {part} needs {' and '.join(f'--{name}' for name in missing)}."
                )


class ThemeTables:
    """The theme tables of one report, and which of them count few participants.

    Counts of few are taken out of all of them together, where that is asked for; so nothing is
    printed before everything is counted.
    """

    def __init__(
        self, project: Project, asked: Asked, counts: Mapping[str, Any], wanted: Sequence[str]
    ) -> None:
        """Promise those of ``THEME_TABLES`` that are wanted and can be made.

        Args:
            counts: ``source`` and ``include_unfinished``, as every theme report takes them.
        """
        self.project, self.asked, self.counts = project, asked, counts
        self.wanted = [name for name in THEME_TABLES if name in wanted and asked.has(name)]
        self.few: dict[str, int] = {}
        """Part → rows that count fewer participants than may be told, but some."""

        self._counted: dict[str, Table] = {}

    def frequencies(self) -> Table:
        """The theme frequencies as they are printed, also for whoever prints figures of them."""
        return self._tables()["frequency"]

    def parts(self) -> Iterator[Figures]:
        """What is printed, in the order of the report."""
        titles = {code: way[-1] for code, way in paths(self.project.codebook.codes()).items()}
        made: Mapping[str, Callable[[Table], Figures]] = {
            "frequency": frequency_part,
            "cooccurrence": lambda table: cooccurrence_part(table, titles),
            "evidence": evidence_part,
            "joint": lambda table: joint_part(table, fitted=self.asked.fit is not None),
            "saturation": saturation_part,
        }
        for key, table in self._tables().items() if self.wanted else ():
            name = key.split(" ")[0]
            if name not in self.wanted:
                continue
            if not self.asked.suppress:
                self._note_few(table)
            shown = self._in_print(table)
            if name == "crosstab":
                yield crosstab_part(shown, str(table.provenance["by"][0]), key)
            else:
                yield made[name](shown)

    def small(self) -> str:
        """A sentence on rows that count few participants; empty where there is none to say."""
        if not self.few:
            return ""
        rows = ", ".join(f"{name} {n:,}" for name, n in self.few.items())
        return f"Rows with 1 to {at_least(self.project) - 1} participants: {rows}."

    def _tables(self) -> dict[str, Table]:
        """Key → table, the rows that are printed; the frequencies, whoever prints them, first."""
        if not self._counted:
            made = {"frequency": frequency(self.project, **self.counts)}
            made.update(pair for name in self.wanted for pair in self._made(name))
            if self.asked.suppress:
                counting = {
                    key: table for key, table in made.items() if not key.startswith("saturation")
                }
                hidden = suppressed_in(self.project, *counting.values())
                made.update(zip(counting, hidden, strict=True))
                for key in ("evidence", "joint"):
                    if key in made:  # what is not broken down is left out, as what is not coded
                        made[key] = first_level(made[key])
            self._counted = made
        return self._counted

    def _made(self, name: str) -> Iterator[tuple[str, Table]]:
        project, counts, asked = self.project, self.counts, self.asked
        if name == "crosstab":
            for at, attribute in enumerate(asked.by, 1):
                table = crosstab(project, by=[attribute], cell="participants", **counts)
                yield f"crosstab {at}", table
        elif name == "cooccurrence":
            yield name, top_pairs(cooccurrence(project, **counts))
        elif name == "evidence":
            site, stakeholder = str(asked.site), str(asked.stakeholder)
            table = evidence(project, site=site, stakeholder=stakeholder, **counts)
            yield name, first_level(table)
        elif name == "joint":
            assert asked.outcomes is not None
            table = joint(project, outcomes=asked.outcomes, fit=asked.fit, **counts)
            yield name, first_level(table)
        elif name == "saturation":
            yield name, saturation(project, **counts)

    def _note_few(self, table: Table) -> None:
        count = few_in_crosstab if table.name == "crosstab" else small_counts
        few = count(table, at_least(self.project))
        if few:
            self.few[table.name] = self.few.get(table.name, 0) + few

    def _in_print(self, table: Table) -> Table:
        """A table without notes for the screen; that on redactions is left to the first page."""
        notes = [
            note.split(" Record one with ")[0]
            for note in table.notes
            if note != self.project.layer.note() and not note.startswith(ON_SCREEN)
        ]
        return Table(table.name, table.columns, table.rows, notes, table.provenance)


def crosstab_part(table: Table, attribute: str, key: str) -> Figures:
    """Participants with each code by an attribute, below how many there are."""
    wide = crosstab_wide(table)
    groups = [name for name in wide.columns if name not in LEAD]
    heads = ["All", *groups[1:]]
    columns = [ThemeColumn("Code", 32, _code_or_base, number=False)]
    columns += [ThemeColumn(h, 10, whole(g)) for h, g in zip(heads, groups, strict=True)]
    return theme_part(
        wide,
        f"Participants With Each Code by {spoken(attribute).title()}",
        columns,
        heading=f"Themes by {spoken(attribute)}",
        key=key,
        note="The first rows are what each group holds; below, participants with at least one "
        "coding.",
        across=len(groups) > NARROW,
    )


def top_pairs(table: Table) -> Table:
    """The pairs that share some turns and meet more often than by chance, most of all first."""
    together = [
        (of_row["lift"], row)
        for row, of_row in zip(table.rows, table.records(), strict=True)
        if isinstance(of_row["n"], int) and of_row["n"] >= TWICE
        if isinstance(of_row["lift"], float) and of_row["lift"] > 1
    ]
    top = [row for _, row in sorted(together, key=lambda pair: pair[0], reverse=True)[:PAIRS]]
    said = (
        f"Shown are {len(top)} of {len(together)} pairs that share {TWICE} turns or more and have "
        "a lift above 1."
    )
    return Table(table.name, table.columns, top, [said, *table.notes], table.provenance)


def first_level(table: Table) -> Table:
    """The rows of codes below no other, but for cells in which nothing is coded."""
    kept = [
        row
        for row, of_row in zip(table.rows, table, strict=True)
        if of_row["level"] == 1 and of_row["codings"]
    ]
    return Table(table.name, table.columns, kept, table.notes, table.provenance)


def cooccurrence_part(table: Table, titles: Mapping[str, str]) -> Figures:
    """The pairs of codes that come up together more than by chance."""
    heading = "Codes that come up together"
    if not len(table):
        return Figures(heading, [NO_PAIR])
    rows = [
        tuple(
            titles.get(str(row[name]), row[name]) if name in ("code_a", "code_b") else row[name]
            for name in table.columns
        )
        for row in table
    ]
    shown = Table(table.name, table.columns, rows, table.notes, table.provenance)
    return theme_part(
        shown,
        "Pairs of Codes in the Same Turn",
        [
            ThemeColumn("Code", 25, words("code_a"), number=False),
            ThemeColumn("With", 25, words("code_b"), number=False),
            ThemeColumn("Turns", 9, whole("n")),
            ThemeColumn("Jaccard", 11, figure("jaccard")),
            ThemeColumn("Lift", 9, figure("lift")),
            ThemeColumn("Within", 10, figure("lift_within")),
            ThemeColumn("Documents", 15, of("documents", "n_documents")),
            ThemeColumn("Participants", 16, of("participants", "n_participants")),
        ],
        heading=heading,
        key="cooccurrence",
        note="Turns: with both codes. Jaccard: of those with either. Lift: turns with both, by "
        "those expected if the codes had nothing to do with each other; Within: the same, expected "
        "document by document.",
    )


def evidence_part(table: Table) -> Figures:
    """What supports each code of the first level beside what contradicts it, across the page."""
    return theme_part(
        table,
        "Evidence for Each Code by Site and Stakeholder",
        [
            ThemeColumn("Code", 26, words("path"), number=False),
            ThemeColumn("Site", 14, _whole_study("site"), number=False),
            ThemeColumn("Stakeholder", 17, _whole_study("stakeholder"), number=False),
            ThemeColumn("Participants", 13, of("participants", "n_participants")),
            ThemeColumn("Documents", 12, of("documents", "n_documents")),
            ThemeColumn("Fac.", 6, whole("facilitator")),
            ThemeColumn("Bar.", 6, whole("barrier")),
            ThemeColumn("Mixed", 7, whole("mixed")),
            ThemeColumn("Disconfirming", 22, words("disconfirming")),
            ThemeColumn("Exemplar", 17, exemplar_of, number=False),
        ],
        heading="Evidence matrix",
        key="evidence",
        note="Codes below others are counted within them; cells without codings are left out. "
        "Participants and documents: n / N there. Fac., Bar., Mixed: codings marked facilitator, "
        "barrier or both. Disconfirming: codings marked so, or whether they were searched for. "
        "Exemplar: document and turns of the quote that stands for the cell.",
        strong=lambda row: row["site"] == "*" and row["stakeholder"] == "*",
        across=True,
    )


def saturation_part(table: Table) -> Figures:
    """How many codes each further document added, led in by where that ended."""
    made = theme_part(
        table,
        "Codes Found Document by Document",
        [
            ThemeColumn("No.", 6, whole("n")),
            ThemeColumn("Document", 24, words("document"), number=False),
            ThemeColumn("Collected", 18, words("collected_on"), number=False),
            ThemeColumn("New codes", 12, whole("new_codes")),
            ThemeColumn("All codes", 12, whole("codes")),
            ThemeColumn("In other orders", 18, _band),
            ThemeColumn("New by base", 14, figure("run_ratio")),
        ],
        heading="Saturation",
        key="saturation",
        note="In other orders: codes found by then in the central 90 % of "
        f"{table.provenance['orders']:,} shuffled orders of the documents (seed "
        f"{table.provenance['seed']}). New by base: codes new in the run that begins with the "
        "document, by those of the base.",
        keep=lambda row: row["group"] == "*",
    )
    return replace(made, sentences=list(told(table)))


def _code_or_base(row: Row) -> str:
    return last(row) if row["path"] else f"Base: {row['cell']}"


def _whole_study(name: str) -> Callable[[Row], str]:
    return lambda row: "all" if row[name] == "*" else str(row[name])


def _band(row: Row) -> str:
    low, high = row["codes_low"], row["codes_high"]
    return DASH if low is None else f"{low} to {high}"

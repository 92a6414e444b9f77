"""The joint display: themes of each group beside what was measured there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode.errors import UsageProblem
from qualcode.model import Cell, Code, Table
from qualcode.reports.codebook import paths
from qualcode.reports.corpus import Corpus, corpus
from qualcode.reports.disclosed import disclosed
from qualcode.reports.exemplars import EXEMPLAR, Exemplars
from qualcode.reports.outcomes import Outcome, read_fits, read_outcomes
from qualcode.text.plurals import counted
from qualcode.themes.frequencies import Frequency, frequencies
from qualcode.themes.matrices import balance

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = [
    "code", "path", "level", "kind", "attribute", "value", "participants", "n_participants",
    "documents", "n_documents", "codings", "facilitator", "barrier", "mixed", "no_valence",
    "balance", *EXEMPLAR, "measure", "amount", "unit", "n", "period", "source", "fit",
    "interpretation", "coding_source", "rolled_up",
]  # fmt: skip


def joint(
    project: Project,
    *,
    outcomes: Path,
    fit: Path | None = None,
    source: str = "reading",
    own: bool = False,
    include_moderator: bool = False,
    include_unfinished: bool = False,
    codes: Sequence[str] = (),
) -> Table:
    """Set themes beside outcomes of the same groups.

    Args:
        outcomes: CSV with ``attribute, value, measure, amount, unit, n, period, source``.
        fit: CSV with ``fit`` and ``interpretation``, typed by people: this very table as a file,
            filled in. None leaves both empty; neither is ever made up.
        source, own, include_moderator, include_unfinished: As for ``reports.frequency``.
        codes: Only these codes; all of the codebook if empty.

    Returns:
        Columns ``COLUMNS``, a row per code (codebook order) and outcome (those of a group together,
        in file order). ``balance`` is (facilitator − barrier) / (facilitator + barrier + mixed),
        None without any of these; ``source`` is the outcome's, ``coding_source`` that of the
        codings.

    Raises:
        UnknownName: No such code, source, coder or attribute.
        UsageProblem: A value of the outcomes is nobody's in the project; both sides are listed.
        InputProblems: The files' own problems, all at once, with their lines.
        QualcodeError: No document is finished in this source.
    """
    wanted = {project.codebook.named(code).code for code in codes}
    listed = read_outcomes(outcomes)
    by_name = {n.casefold(): c.code for c in project.codebook.codes() for n in (c.title, c.code)}
    fits = {} if fit is None else read_fits(fit, listed, by_name, project.layer.words)
    rows: dict[tuple[str, int], tuple[Cell, ...]] = {}
    notes: list[str] = []
    for attribute in dict.fromkeys(one.attribute.casefold() for one in listed):
        mine = [one for one in listed if one.attribute.casefold() == attribute]
        read = corpus(
            project,
            source=source,
            by=(mine[0].attribute,),
            own=own,
            include_moderator=include_moderator,
            include_unfinished=include_unfinished,
        )
        values = {str(group).casefold(): str(group) for group in read.groups}
        for (_, label), stored in read.aside.alike.items():  # as it is stored, or as it is shown
            values.update({value.casefold(): label for value in stored})
        notes += read.notes() if not notes else ()
        notes += _unmatched(outcomes, mine, values)
        counts = {(r.code, str(r.group)): r for r in frequencies(
            read.documents, read.members, read.groups).rows}  # fmt: skip
        quotes = Exemplars(project, read, include_unfinished=include_unfinished)
        way = paths(read.codes)
        for code in read.codes:
            if wanted and code.code not in wanted:
                continue
            for one in mine:
                row = counts[code.code, values[one.value.casefold()]]
                said = fits.get((code.code, one.place()), ("", ""))
                rows[code.code, one.line] = _row(row, code, way[code.code], one, said, quotes, read)
    ordered = [
        rows[code.code, one.line]
        for code in project.codebook.codes()
        for one in _by_group(listed)
        if (code.code, one.line) in rows
    ]
    notes += _notes(outcomes, fit, len(fits))
    provenance = {
        "source": source, "outcomes": outcomes.name, "fit": None if fit is None else fit.name,
        "rolled_up": not own, "data": project.digest(),
    }  # fmt: skip
    table = Table("joint", COLUMNS, ordered, notes, provenance)
    return disclosed(project, table, rendered=["exemplar"])


def _by_group(listed: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes of a group together, groups and outcomes in file order."""
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for one in listed:
        groups.setdefault((one.attribute.casefold(), one.value.casefold()), []).append(one)
    return [one for group in groups.values() for one in group]


def _unmatched(path: Path, outcomes: Sequence[Outcome], values: dict[str, str]) -> Iterator[str]:
    """Refuse outcomes of groups that are not there; tell of groups without outcomes."""
    attribute = outcomes[0].attribute
    lines: dict[str, list[int]] = {}
    for one in outcomes:
        if one.value.casefold() not in values:
            lines.setdefault(one.value, []).append(one.line)
    there = {values.get(one.value.casefold()) for one in outcomes}
    left = [shown for shown in dict.fromkeys(values.values()) if shown not in there]
    if lines:
        only = ", ".join(
            f'"{value}" (line{"s" if len(at) > 1 else ""} {", ".join(map(str, at))})'
            for value, at in lines.items()
        )
        theirs = ", ".join(f'"{value}"' for value in left) or "none"
        raise UsageProblem(
            f"{path}: values of {attribute} that no document read has: {only}. "
            f"Values in the project without an outcome: {theirs}."
        )
    if left:
        yield f"No outcomes for {attribute}: {', '.join(left)}."


def _row(
    row: Frequency,
    code: Code,
    way: tuple[str, ...],
    one: Outcome,
    said: tuple[str, str],
    quotes: Exemplars,
    read: Corpus,
) -> tuple[Cell, ...]:
    base = row.base
    return (
        code.code, " › ".join(way), len(way), code.kind, one.attribute, str(row.group),
        len(row.participants), len(base.participants), len(row.documents), len(base.documents),
        row.codings, row.valence["facilitator"], row.valence["barrier"], row.valence["mixed"],
        row.valence[""], balance(row.valence), *quotes.cells(code.code, row.group), one.measure,
        one.amount, one.unit or None, one.n, one.period or None, one.source or None,
        said[0] or None, said[1] or None, read.source, not read.own,
    )  # fmt: skip


def _notes(outcomes: Path, fit: Path | None, filled: int) -> Iterator[str]:
    yield f"Outcomes stand as in {outcomes.name}; nothing is computed of them."
    yield "balance: (facilitator − barrier) / (facilitator + barrier + mixed), from −1 to 1."
    if fit is None:
        yield (
            "fit (confirms, expands, discordant) and interpretation are for people to write: fill "
            "them in in this table as CSV, and give it back with --fit FILE."
        )
    else:
        rows = counted(filled, "row")
        yield f"fit and interpretation of {rows} were written by people, in {fit.name}."

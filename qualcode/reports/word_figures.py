"""Agreement as the tables of the Word report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from string import ascii_lowercase
from typing import TYPE_CHECKING

from qualcode.errors import StillBlind
from qualcode.exporters.report import Column, Figures, Piece, PrintedCell, PrintedTable
from qualcode.model import Cell, Table
from qualcode.reports.agreement import WORDS, agreement, agreement_wide
from qualcode.reports.word_themes import DASH
from qualcode.reports.wording import figure

if TYPE_CHECKING:
    from qualcode.project import Project

KAPPAS = {
    "cohen_kappa": "κ = Cohen’s kappa",
    "conger_kappa": "κ = Conger’s kappa of all coders",
}
INTERVALS = {
    "jackknife": "jackknife over documents",
    "bootstrap-documents": "bootstrap over documents",
    "bootstrap-units": "bootstrap over units",
}


REASONS = {
    "one coder": "Only one coder finished these documents",
    "no pairs": "No unit was read by two coders",
    "never used": "No coder used the code",
    "no variation": "All coders gave every unit the same answer, so nothing is left to explain",
    "one category": "All ratings are the same",
    "undefined pair": "It does not exist for one pair of coders",
    "1 document": "The code comes up in one document only: no interval between documents",
    "too rare": "Too rare for the resamples of an interval",
}
"""What ``agreement.WORDS`` says in a narrow column, in a sentence."""


def agreement_part(project: Project) -> tuple[Figures, dict[str, str]]:
    """Agreement of every round that can be compared, and the facts that let it be computed again.

    Where no round can be compared, the part says why instead.
    """
    heading = "Agreement between coders"
    try:
        table = agreement(project)
    except StillBlind as problem:
        return Figures(heading, [f"No agreement is reported. {problem}"]), {}
    wide = list(agreement_wide(table))
    titles = {code.code: code.title for code in project.codebook.codes(removed=True)}
    tables: list[PrintedTable] = []
    sentences: list[str] = []
    for name in dict.fromkeys(row["round"] for row in wide):
        rows = [row for row in wide if row["round"] == name]
        if all(row["alpha"] is None for row in rows):
            reasons = ", ".join(dict.fromkeys(str(row["reason"]) for row in rows))
            sentences.append(f"No agreement is reported for {name}: {reasons}.")
        else:
            made = _agreement_table(str(name), rows, table, titles)
            tables.append(replace(made, key=f"agreement {len(tables) + 1}"))
    options, versions = table.provenance["options"], table.provenance["versions"]
    facts = {
        "Agreement": f"unit {options['unit']}, overlap rule {options['overlap']}, "
        f"interval {options['interval']}, seed {options['seed']}",
        "Versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
    }
    return Figures(heading, sentences, tables), facts


def _agreement_table(
    name: str, rows: list[dict[str, Cell]], table: Table, titles: Mapping[str, str]
) -> PrintedTable:
    columns = [
        Column("Code", 30), Column("n", 8, True), Column("Prevalence", 12, True),
        Column("% agr.", 10, True), Column("α", 9, True), Column("95% CI", 17, True),
        Column("κ", 9, True), Column("AC1", 9, True),
    ]  # fmt: skip
    letters: dict[str, str] = {}
    printed = [_agreement_row(row, letters, titles) for row in rows]
    details = next(line for line in table if line["round"] == name)
    kappas = [KAPPAS[str(kappa)] for kappa in dict.fromkeys(r["kappa_name"] for r in rows) if kappa]
    methods = [m for m in dict.fromkeys(row["ci_method"] for row in rows) if m]
    lead = f'Round "{name}": '
    said = [
        "n = units that any coder gave the code; prevalence = share of ratings that say present; "
        "% agr. = share of agreeing pairs of ratings; α = Krippendorff’s alpha (nominal); 95% CI = "
        f"its interval ({', '.join(INTERVALS.get(str(m), str(m)) for m in methods)}); "
        f"{'; '.join([*kappas, 'AC1 = Gwet’s coefficient'])}. Unit = {details['unit']}; "
        f"{_covered(str(details['overlap']))}.",
        *(_sentence(note.removeprefix(lead)) for note in table.notes if note.startswith(lead)),
        *_low(rows, titles),
        *_without_width(rows, titles),
    ]
    note = [Piece("Note.", italic=True), Piece(f" {' '.join(said)}")]
    for reason, letter in letters.items():
        note += [
            Piece("\n" if letter == "a" else " "),
            Piece(letter, superscript=True),
            Piece(f" {REASONS.get(reason, reason)}."),
        ]
    return PrintedTable(f"Agreement per Code, {name}", columns, printed, note)


def _agreement_row(
    row: dict[str, Cell], letters: dict[str, str], titles: Mapping[str, str]
) -> list[PrintedCell]:
    """A row; what does not exist is a dash with the letter of its reason."""

    def missing() -> PrintedCell:
        reason = str(row["reason"] or WORDS["no_variation"])
        letter = letters.setdefault(reason, ascii_lowercase[len(letters) % 26])
        return PrintedCell(DASH, note=letter)

    def printed(value: Cell) -> PrintedCell:
        return PrintedCell(figure(value)) if isinstance(value, float) else missing()

    low, high, agree = row["ci_low"], row["ci_high"], row["percent_agreement"]
    prevalence, overall = row["prevalence"], row["code"] == "*"
    interval = (
        PrintedCell(f"[{figure(low)}, {figure(high)}]")
        if isinstance(low, float) and isinstance(high, float)
        else missing()
    )
    absent = PrintedCell("")
    return [
        PrintedCell("All codes" if overall else _name(row, titles), bold=overall),
        PrintedCell(f"{row['n_any']:,}"),
        PrintedCell(figure(prevalence, 3)) if isinstance(prevalence, float) else missing(),
        absent
        if overall and agree is None
        else PrintedCell(f"{100 * agree:.1f}")
        if isinstance(agree, float)
        else missing(),
        printed(row["alpha"]),
        interval,
        absent if overall and row["kappa"] is None else printed(row["kappa"]),
        absent if overall and row["gwet_ac1"] is None else printed(row["gwet_ac1"]),
    ]


def _name(row: dict[str, Cell], titles: Mapping[str, str]) -> str:
    return titles.get(str(row["code"]), str(row["code"]))


def _low(rows: Sequence[dict[str, Cell]], titles: Mapping[str, str]) -> Iterator[str]:
    few = [
        _name(row, titles)
        for row in rows
        if "low_information" in str(row["flags"]).split() and row["alpha"] is not None
    ]
    if few:
        yield f"Fewer than 10 units bear the code, so read with care: {', '.join(few)}."


def _sentence(note: str) -> str:
    return note[:1].upper() + note[1:]


def _without_width(rows: Sequence[dict[str, Cell]], titles: Mapping[str, str]) -> Iterator[str]:
    """Limits that coincide look like certainty, and are the opposite."""
    same = [
        _name(row, titles)
        for row in rows
        if isinstance(row["ci_low"], float)
        and isinstance(row["ci_high"], float)
        and figure(row["ci_low"]) == figure(row["ci_high"])
    ]
    if same:
        yield (
            "Equal limits do not mean certainty, only that no sample drawn from so few codings "
            f"gives another figure: {', '.join(same)}."
        )


def _covered(overlap: str) -> str:
    """The overlap rule in words."""
    if overlap == "any":
        return "it bears a code if any part of it was coded"
    if overlap == "majority":
        return "it bears a code if more than half of it was coded"
    return f"it bears a code if {overlap.removeprefix('chars:')} characters of it were coded"

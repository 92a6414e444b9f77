"""Pictures of what comes up where: frequencies, code by case, code by turn, whose words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qualcode.errors import UnknownName, UsageProblem
from qualcode.exporters.figures.records import (
    Course,
    Dot,
    Dots,
    Grid,
    Line,
    Panel,
    Shares,
    Square,
    Strips,
)  # fmt: skip
from qualcode.model import Cell, Table
from qualcode.reports.codebook import paths
from qualcode.reports.corpus import Corpus, corpus
from qualcode.reports.disclosed import disclosed
from qualcode.reports.pictured import Names, Picture, extremes, require
from qualcode.reports.saturation import WHY, saturation
from qualcode.reports.suppressed import suppressed_in
from qualcode.reports.themes import frequency
from qualcode.reports.wording import spoken
from qualcode.themes.frequencies import ALL, ReadDocument, frequencies, places

if TYPE_CHECKING:
    from qualcode.project import Project

PERCENT = ((0.0, "0"), (1.0, "100 %"), (0.5, "50"))
ORDERS = ("codebook", "value")
CASES = ("document", "participant")
NO_CODES = "The codebook holds no code; add or import some."


def frequency_picture(
    project: Project,
    *,
    by: str | None = None,
    sort: str = "codebook",
    suppress: bool = False,
    counted: Callable[[], Table] | None = None,
    **counts: Any,
) -> Picture:
    """Draw which part of the participants (of documents, where nobody speaks) bears each code.

    Args:
        by: Attribute of participants or documents; a panel for each value.
        sort: ``codebook`` or ``value``, the most frequent code first.
        suppress: Say "<3" for counts of 1 or 2 participants, and draw none that tells them.
        counted: Gives the frequencies as they are printed beside the picture, small counts taken
            out already; None to count them.
        counts: As for ``reports.frequency``.
    """
    _known("order", sort, ORDERS)
    table = frequency(project, by=by, **counts) if counted is None else counted()
    require(table.rows, NO_CODES)
    of = "participants" if table.column("n_participants")[0] else "documents"
    if suppress and counted is None:
        (table,) = suppressed_in(project, table)
    rows = list(table)
    names, whole = Names(project), [row for row in rows if row["group"] == ALL]
    if sort == "value":
        whole.sort(key=lambda row: -(_part(row, of) or 0))
    order = [str(row["code"]) for row in whole]
    cells = {(row["code"], str(row["group"])): row for row in rows}
    groups = [g for g in dict.fromkeys(str(r["group"]) for r in rows) if by is None or g != ALL]
    empty = [g for g in groups if not cells[order[0], g][f"n_{of}"]]
    groups = [g for g in groups if g not in empty] or groups
    panels = [
        Panel(
            "" if group == ALL else group,
            _n_of(cells[order[0], group], of),
            [_dot(cells[code, group], of) for code in order],
        )
        for group in groups
    ]
    drawing = Dots(
        [names.line(code, tree=sort == "codebook") for code in order],
        panels, 0, 1, PERCENT, f"% of {of}",
        key=f"× Not defined, for nobody speaks there: {', '.join(empty)}." if empty else "",
    )  # fmt: skip
    told = [(_part(r, of) or 0.0, f"{names.title(r['code'])} ({_dot(r, of).text})") for r in whole]
    by_what = f" by {by}" if by is not None else ""
    by_title = f" by {spoken(by).title()}" if by is not None else ""
    title = f"{of.title()} With Each Code{by_title}"
    alt = (
        f"Dot plot of {len(order)} codes: how many {of} of all have each{by_what}. {extremes(told)}"
    )
    return Picture("frequency", title, alt, table, drawing)


def _n_of(row: Mapping[str, Cell], of: str) -> str:
    n = row[f"n_{of}"]
    return f"N = {n} {of if n != 1 else of.removesuffix('s')}"


def _part(row: Mapping[str, Cell], of: str) -> float | None:
    part, whole = row[of], row[f"n_{of}"]
    return part / whole if isinstance(part, int) and isinstance(whole, int) and whole else None


def _dot(row: Mapping[str, Cell], of: str) -> Dot:
    part = _part(row, of)
    if not row[f"n_{of}"]:
        return Dot(None, "not defined: nobody speaks")
    return Dot(part, f"{row[of]} of {row[f'n_{of}']}")


HEATMAP = ["code", "path", "level", "case", "codings", "turns", "words", "n_words", "source"]


def heatmap_picture(project: Project, *, cases: str = "document", **counts: Any) -> Picture:
    """Draw how many codings of each code each document, or participant, holds.

    Args:
        cases: ``document`` or ``participant``.
        counts: As for ``reports.frequency``.
    """
    _known("case", cases, CASES)
    read = corpus(project, **counts)
    require(read.codes, NO_CODES)
    documents = [_grouped(document, cases) for document in read.documents]
    named = dict.fromkeys(str(g) for d in documents for s in d.stretches for g in s.groups)
    found = list(named) if cases == "document" else sorted(named, key=str.casefold)
    require(found, f"No {cases} has a turn that counts.")
    names, order = Names(project), [code.code for code in read.codes]
    made = frequencies(documents, read.members, found).rows
    ways = _paths(read)
    rows: list[tuple[Cell, ...]] = [
        (
            row.code, *ways[row.code], str(row.group), row.codings, row.turns, row.words,
            row.base.words, read.source,
        )
        for row in made
        if row.group != ALL
    ]  # fmt: skip
    left = list(read.left) if cases == "document" else []
    rows += [
        (code, *ways[code], name, None, None, None, None, read.source)
        for code in order
        for name in left
    ]
    table = _disclosed(project, read, "heatmap", HEATMAP, rows, {"cases": cases})
    per_code = {code: [row for row in table if row["code"] == code] for code in order}
    squares = [[_square(row["codings"]) for row in per_code[code]] for code in order]
    columns = [str(row["case"]) for row in per_code[order[0]]]
    key = "Number of codings; the darker, the more. 0: read and not found."
    drawing = Grid(
        [names.line(code) for code in order], columns, squares,
        key=f"{key} Hatched: not read." if left else key,
    )  # fmt: skip
    told = [
        (float(row["codings"]), f"{names.title(row['code'])} in {row['case']} ({row['codings']})")
        for row in table
        if isinstance(row["codings"], int)
    ]
    most = ", ".join(text for _, text in sorted(told, key=lambda one: -one[0])[:5])
    alt = f"Grid of {len(order)} codes by {len(columns)} {cases}s with codings. Most: {most}."
    return Picture("heatmap", f"Codings of Each Code by {cases.title()}", alt, table, drawing)


def _grouped(document: ReadDocument, cases: str) -> ReadDocument:
    """A document in which every stretch belongs to its case."""
    stretches = tuple(
        s._replace(groups=(document.name,) if cases == "document" else s.participants)
        for s in document.stretches
    )
    return replace(document, stretches=stretches)


def _square(value: Cell) -> Square:
    return Square(None, "–") if value is None else Square(float(value), f"{value:,}")


CODELINE = ["document", "code", "path", "level", "turn", "source"]


def codeline_picture(project: Project, *, document: str | None = None, **counts: Any) -> Picture:
    """Draw where in one document each code stands, turn by turn.

    Args:
        document: Its name; may be left out where only one document is read.
        counts: As for ``reports.frequency``.

    Raises:
        UsageProblem: Several documents are read and none is named.
        UnknownName: There is no such document, or it is not read in this source.
    """
    read = corpus(project, **counts)
    at = _chosen(project, read, document)
    one, here = read.documents[at], read.read[at].document
    turns = {turn.start: turn.n for turn in project.documents.transcript(here.id).turns}
    numbers = [turns.get(s.start, n) for n, s in enumerate(one.stretches, 1)]
    ways = _paths(read)
    rows: list[tuple[Cell, ...]] = [
        (one.name, code, *ways[code], numbers[place], read.source)
        for code, codings in places(one, read.members).items()
        for place in sorted({place for coding in codings for place in coding})
    ]
    shown = project.layer.words(one.name)
    require(rows, f"No code stands in what counts of {shown}.")
    table = _disclosed(project, read, "codeline", CODELINE, rows, {"document": one.name})
    names = Names(project)
    order = names.sorted(table.column("code"))
    where = [[int(str(row["turn"])) for row in table if row["code"] == code] for code in order]
    unit = "turn" if turns else "paragraph"
    gaps = len(turns) > len(numbers)
    drawing = Strips(
        [names.line(code) for code in order], where, 1, max([*turns.values(), *numbers]), numbers,
        [f"{len(found)} of {len(numbers)}" for found in where], unit,
        key="Gaps in the thin line: turns that do not count, as a moderator’s." if gaps else "",
    )  # fmt: skip
    told = [
        (float(len(found)), f"{names.title(code)} ({len(found)} of {len(numbers)} {unit}s)")
        for code, found in zip(order, where, strict=True)
    ]
    alt = f"Strips of {len(order)} codes along the {unit}s of {shown}. {extremes(told)}"
    return Picture("codeline", f"Codes by {unit.title()} in {shown}", alt, table, drawing)


def _chosen(project: Project, read: Corpus, document: str | None) -> int:
    """The place of a document among those that are read."""
    layer, ids = project.layer, [one.document.id for one in read.read]
    if document is not None:
        wanted = project.documents.named(document).id
        if wanted not in ids:
            known = [layer.words(one.document.name) for one in read.read]
            raise UnknownName(f"document read in the source {read.source}", document, known)
        return ids.index(wanted)
    if len(ids) > 1:
        listed = ", ".join(layer.words(one.document.name) for one in read.read)
        raise UsageProblem(f"Name a document with --document: {listed}.")
    return 0


SPEAKERS = ["code", "path", "level", "participant", "words", "n_words", "share", "flags", "source"]


def speakers_picture(project: Project, *, sort: str = "codebook", **counts: Any) -> Picture:
    """Draw whose words each code is made of, below whose words all of it is.

    Args:
        sort: ``codebook``, or ``value``: the code that one speaker carries most first.
        counts: As for ``reports.frequency``.
    """
    _known("order", sort, ORDERS)
    read = corpus(project, **counts)
    require(read.codes, NO_CODES)
    ways = _paths(read)
    rows: list[tuple[Cell, ...]] = []
    for row in frequencies(read.documents, read.members).rows:
        total = row.words_by.total()
        spoken = sorted(row.words_by.items(), key=lambda one: (-one[1], one[0]))
        flags = " ".join(row.flags())
        rows += [
            (row.code, *ways[row.code], who, n, total, n / total, flags, read.source)
            for who, n in spoken
            if n
        ] or [(row.code, *ways[row.code], None, 0, 0, None, flags, read.source)]
    everyone = _everyone(read)
    rows = [(ALL, "", 0, *one, "", read.source) for one in everyone] + rows
    table = _disclosed(project, read, "speakers", SPEAKERS, rows, {})
    names, parts = Names(project), _parts(table)
    order = list(parts)
    if sort == "value":
        order.sort(key=lambda c: (c != ALL, -(parts[c][0][1] if parts[c] else 0)))
    flagged = {str(r["code"]) for r in table if "one_speaker" in str(r["flags"]).split()}
    totals = {str(r["code"]): r["n_words"] for r in table}
    drawing = Shares(
        [_who_line(names, code, tree=sort == "codebook") for code in order],
        [parts[code] for code in order],
        [
            f"{totals[c]:,}{'*' if c in flagged else ''}" if parts[c] else "not defined: no words"
            for c in order
        ],
        "words",
        key="Dark: who speaks most of it; a part is a participant. "
        + ("* One participant speaks most of it, or all." if flagged else ""),
    )
    told = [
        (parts[c][0][1], f"{names.title(c)} ({parts[c][0][0]}, {100 * parts[c][0][1]:.0f} %)")
        for c in order
        if parts[c] and c != ALL
    ]
    alt = f"Bars of {len(order) - 1} codes cut by who spoke the coded words. {extremes(told)}"
    return Picture("speakers", "Whose Words Each Code Is Made Of", alt, table, drawing)


def _everyone(read: Corpus) -> list[tuple[Cell, ...]]:
    """(participant, words, of, share) of all that was said, most first."""
    spoken: dict[str, int] = {}
    for document in (_grouped(one, "participant") for one in read.documents):
        who = list(dict.fromkeys(str(g) for s in document.stretches for g in s.groups))
        for row in frequencies([document], {ALL: ()}, who).rows:
            if row.group != ALL:
                spoken[str(row.group)] = spoken.get(str(row.group), 0) + row.base.words
    total = sum(spoken.values())
    ranked = sorted(spoken.items(), key=lambda one: (-one[1], one[0]))
    return [(who, n, total, n / total) for who, n in ranked if n]


def _parts(table: Table) -> dict[str, list[tuple[str, float]]]:
    found: dict[str, list[tuple[str, float]]] = {}
    for row in table:
        mine = found.setdefault(str(row["code"]), [])
        if isinstance(row["share"], float):
            mine.append((str(row["participant"]), row["share"]))
    return found


def _who_line(names: Names, code: str, *, tree: bool) -> Line:
    return Line("all that was said", bold=True) if code == ALL else names.line(code, tree=tree)


def saturation_picture(project: Project, **counts: Any) -> Picture:
    """Draw how the codes came together document by document, in the band of other orders.

    Args:
        counts: As for ``reports.saturation``.
    """
    table = saturation(project, **counts)
    rows = list(table)
    require(rows, "No document has a turn that counts.")
    banded = rows[0]["codes_low"] is not None
    reached, reason = rows[0]["reached"], rows[0]["reason"]
    values = [float(str(row["codes"])) for row in rows]
    drawing = Course(
        [str(row["document"]) for row in rows],
        values,
        [float(str(row["codes_low"])) for row in rows] if banded else (),
        [float(str(row["codes_high"])) for row in rows] if banded else (),
        "codes so far",
        "documents, by date of collection"
        if all(row["collected_on"] for row in rows)
        else "documents, as imported",
        reached - 1 if isinstance(reached, int) else None,
        f"{rows[0]['saturation']}" if reached is not None else "",
        (f"Grey: {100 * table.provenance['band']:g} % of other orders. " if banded else "")
        + (
            f"× Saturation not defined: {WHY[str(reason)]}."
            if isinstance(reason, str) and reason
            else f"Dashed, {rows[0]['saturation']}: reached after {reached} documents, and "
            f"{table.provenance['run']} more to know it."
        ),
    )
    end = WHY[str(reason)] if reason else f"saturation at {rows[0]['saturation']}"
    alt = (
        f"Curve of distinct codes over {len(rows)} documents, from {values[0]:g} after the first "
        f"to {values[-1]:g} after the last; {end}."
    )
    return Picture("saturation", "Codes Found Document by Document", alt, table, drawing)


def _paths(read: Corpus) -> dict[str, tuple[str, int]]:
    """Code → its path and level."""
    return {code: (" › ".join(way), len(way)) for code, way in paths(read.codes).items()}


def _disclosed(
    project: Project,
    read: Corpus,
    name: str,
    columns: Sequence[str],
    rows: Sequence[tuple[Cell, ...]],
    more: Mapping[str, Any],
) -> Table:
    facts = {"source": read.source, "rolled_up": not read.own, **more, "data": project.digest()}
    return disclosed(project, Table(name, columns, rows, [*read.notes()], facts))


def _known(kind: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise UnknownName(kind, name, known)

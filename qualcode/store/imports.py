"""Codings, assignments and decisions made elsewhere: all of them in one action, or none.

Every row is checked against the project first; all problems come back at once, with their lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from qualcode.errors import InputProblems, Problem, UsageProblem
from qualcode.model import Coder, Span
from qualcode.spans import trim
from qualcode.store.coders import checked_name
from qualcode.store.database import Database
from qualcode.store.history import Action
from qualcode.store.ids import new_id, now
from qualcode.store.rounds import SOLO, newest_segmentation
from qualcode.store.session import Session
from qualcode.text.graphemes import cuts

Row: TypeAlias = Mapping[str, Any]
"""A row of ``importers.codings_csv``: typed cells, with ``line`` and ``file``."""

Key: TypeAlias = tuple[str, str, str]
"""Round, document and coder, folded."""

YES = frozenset({"1", "yes", "true", "x"})
NO = frozenset({"", "0", "no", "false"})


@dataclass(slots=True)
class _Known:
    """What the project holds, by folded name."""

    documents: dict[str, tuple[str, str]]
    """Name → id and text."""

    codes: dict[str, str]
    rounds: dict[str, str]
    closed: set[str]
    """Ids of rounds that take nothing more."""

    coders: dict[str, str]
    versions: dict[str, tuple[str, str]]
    """Label → id and body."""

    pinned: dict[str, str]
    """Round → body of its codebook version."""

    finished: set[Key]
    """Rounds, documents and coders with a finished mark: it stays, and so do the codings."""

    problems: list[Problem] = field(default_factory=list)

    def problem(self, row: Row, message: str) -> None:
        self.problems.append(Problem(row["line"], message, row["file"]))


def import_codings(
    session: Session,
    codings: Sequence[Row],
    assignments: Sequence[Row],
    adjudications: Sequence[Row],
    *,
    by: Coder,
) -> dict[str, int]:
    """Store rows made elsewhere; see ``Project.import_codings``."""
    db = session.db
    with session.writer.action("import codings", by.id) as action:
        known = _known(db)
        counts: Counter[str] = Counter()
        plans = _plan_rounds(known, assignments)
        wanted = _plan_codings(known, codings, plans)
        decided = _plan_adjudications(db, known, adjudications, plans, counts)
        finished = _plan_marks(known, assignments)
        there = _codings_there(db)
        _refuse_finished(known, wanted, there)
        if known.problems:
            first = known.problems[0].file or "codings"
            raise InputProblems(first, known.problems)
        for name in [*(r["coder"] for r in (*codings, *assignments)),
                     *(r["decided_by"] for r in adjudications)]:  # fmt: skip
            _coder(action, known, name, counts)
        _make_rounds(db, action, known, plans, counts)
        places = _make_assignments(db, action, known, codings, assignments, counts)
        _make_codings(action, known, wanted, there, counts)
        _make_adjudications(db, action, known, decided, counts)
        for key, at in finished.items():
            assignment_id = places[_place(known, *key)]
            if action.put("assignment", assignment_id, {"finished_at": at}):
                counts["finished marks"] += 1
        for plan in plans.values():
            if plan["state"] == "closed":
                action.put("round", known.rounds[plan["round"].casefold()], {"state": "closed"})
    return dict(counts)


def _known(db: Database) -> _Known:
    versions = {
        label.casefold(): (id_, body)
        for id_, label, body in db.query("SELECT id, label, body FROM codebook_version")
    }
    rounds = db.query(
        "SELECT round.id, name, state, body FROM round LEFT JOIN codebook_version"
        " ON codebook_version.pk = codebook_version_pk"
    )
    codes = db.query("SELECT id, code, name FROM code WHERE removed = 0 AND merged_into_pk IS NULL")
    by_title = {_folded(name): id_ for id_, _, name in codes if name}
    return _Known(
        {
            name.casefold(): (id_, text)
            for id_, name, text in db.query("SELECT id, name, text FROM document WHERE removed = 0")
        },
        by_title | {_folded(code): id_ for id_, code, _ in codes},
        {name.casefold(): id_ for id_, name, _, _ in rounds},
        {id_ for id_, _, state, _ in rounds if state == "closed"},
        {name.casefold(): id_ for id_, name in db.query("SELECT id, name FROM coder")},
        versions,
        {name.casefold(): body for _, name, _, body in rounds if body is not None},
        {
            _key(*names)
            for names in db.query(
                "SELECT round.name, document.name, coder.name FROM assignment"
                " JOIN round ON round.pk = round_pk"
                " JOIN document ON document.pk = document_pk AND document.removed = 0"
                " JOIN coder ON coder.pk = coder_pk WHERE finished_at IS NOT NULL"
            )
        },
    )


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


# Looking first


def _plan_rounds(known: _Known, assignments: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """New rounds by folded name, as their first row describes them."""
    plans: dict[str, dict[str, Any]] = {}
    described = ("purpose", "codebook_version", "blind", "state")
    for row in assignments:
        name = row["round"].casefold()
        if name in known.rounds:
            if known.rounds[name] in known.closed:
                known.problem(row, f'round "{row["round"]}" is closed; it takes nothing more.')
            continue
        if name not in plans:
            plans[name] = {"round": row["round"], **{key: row[key] for key in described}}
            label = row["codebook_version"]
            if label is not None and label.casefold() not in known.versions:
                known.problem(row, f'there is no codebook version "{label}".')
            elif label is not None:
                known.pinned[name] = known.versions[label.casefold()][1]
        elif any(plans[name][key] != row[key] for key in described):
            known.problem(row, f'round "{row["round"]}" is described differently above.')
    return plans


def _plan_codings(
    known: _Known, codings: Sequence[Row], plans: Mapping[str, Any]
) -> list[tuple[Row, str, Span]]:
    """The codings with their code's id and trimmed span."""
    wanted = []
    for row in codings:
        found = _passage(known, row, row["round"] or SOLO, plans)
        _check_coder(known, row, row["coder"])
        if found is not None:
            wanted.append((row, *found))
    return wanted


def _refuse_finished(
    known: _Known, wanted: Sequence[tuple[Row, str, Span]], there: set[tuple[Any, ...]]
) -> None:
    for row, code_id, span in wanted:
        names = (row["round"] or SOLO, row["document"], row["coder"])
        if _key(*names) not in known.finished:
            continue
        if (*_place(known, *names), code_id, span.start, span.stop) not in there:
            known.problem(row, f"{_finished_already(*names)} Reopen it to add codings.")


def _finished_already(round_: str, document: str, coder: str) -> str:
    return f'{coder} has finished "{document}" in round "{round_}".'


def _plan_adjudications(
    db: Database,
    known: _Known,
    adjudications: Sequence[Row],
    plans: Mapping[str, Any],
    counts: Counter[str],
) -> list[tuple[Row, str, Span]]:
    """The decisions that are new, with their code's id and trimmed span."""
    there: dict[tuple[Any, ...], tuple[str, str | None]] = {
        (round_.casefold(), document.casefold(), code, start, stop): (decision, new)
        for round_, document, code, start, stop, decision, new in db.query(
            "SELECT round.name, document.name, code.id, start, stop, decision, other.id"
            " FROM adjudication JOIN round ON round.pk = round_pk"
            " JOIN document ON document.pk = document_pk AND document.removed = 0"
            " JOIN code ON code.pk = code_pk LEFT JOIN code other ON other.pk = new_code_pk"
        )
    }
    decided = []
    for row in adjudications:
        found = _passage(known, row, row["round"], plans, closed=True)
        _check_coder(known, row, row["decided_by"])
        new = row["new_code"]
        if (row["decision"] == "recode") != (new is not None):
            known.problem(row, "a recode names its new_code, and nothing else does.")
        elif new is not None and _folded(new) not in known.codes:
            known.problem(row, f'there is no code "{new}".')
        if row["decision"] is None:
            known.problem(row, "decision is empty.")
        if row["decided_at"] and not _is_date(row["decided_at"]):
            known.problem(row, "decided_at is no date (ISO 8601).")
        if found is None:
            continue
        code_id, span = found
        key = (row["round"].casefold(), row["document"].casefold(), code_id, span.start, span.stop)
        decision = (row["decision"], known.codes.get(_folded(new)) if new else None)
        if key not in there:
            there[key] = decision
            decided.append((row, code_id, span))
        elif there[key] == decision:
            counts["already there"] += 1
        else:
            known.problem(
                row,
                f"this passage has been decided otherwise already ({there[key][0]}); a decision "
                "is not replaced.",
            )
    return decided


def _passage(
    known: _Known, row: Row, round_: str, plans: Mapping[str, Any], *, closed: bool = False
) -> tuple[str, Span] | None:
    """The code and the span a row speaks of; None where a problem was noted.

    Args:
        closed: Whether a closed round will do: its codings stay, but decisions come after it.
    """
    before = len(known.problems)
    name = round_.casefold()
    if name not in known.rounds and name not in plans:
        known.problem(row, f'there is no round "{round_}".')
    elif not closed and known.rounds.get(name) in known.closed:
        known.problem(row, f'round "{round_}" is closed; it takes nothing more.')
    code_id = known.codes.get(_folded(row["code"]))
    if code_id is None:
        known.problem(row, f'there is no code "{row["code"]}".')
    elif name in known.pinned and f'"id":"{code_id}"' not in known.pinned[name]:
        known.problem(row, f'"{row["code"]}" is not in the codebook version of round "{round_}".')
    document = known.documents.get(row["document"].casefold())
    if document is None:
        known.problem(row, f'there is no document "{row["document"]}".')
        return None
    span = _span(known, row, document[1])
    return (code_id, span) if code_id and span and len(known.problems) == before else None


def _span(known: _Known, row: Row, text: str) -> Span | None:
    start, stop = row["start"], row["stop"]
    if not start < stop:
        known.problem(row, f"start {start} is not before stop {stop}.")
    elif stop > len(text):
        known.problem(
            row,
            f'the span {start}–{stop} reaches past the end of "{row["document"]}" '
            f"({len(text)} characters).",
        )
    elif cuts(text, start) or cuts(text, stop):
        known.problem(row, f"the span {start}–{stop} cuts a character in two.")
    else:
        span = trim(text, Span(start, stop))
        if span is None:
            known.problem(row, f"the span {start}–{stop} holds only white space.")
        return span
    return None


def _check_coder(known: _Known, row: Row, name: str) -> None:
    try:
        checked_name(name)
    except UsageProblem as error:
        known.problem(row, str(error))


def _plan_marks(known: _Known, assignments: Sequence[Row]) -> dict[Key, str | None]:
    """When each (round, document, coder) was finished; None where it is not.

    A mark that the project has already stays as it was first set.
    """
    marks: dict[Key, str | None] = {}
    cells: dict[Key, str] = {}
    for row in assignments:
        _check_coder(known, row, row["coder"])
        if row["document"].casefold() not in known.documents:
            known.problem(row, f'there is no document "{row["document"]}".')
        names = (row["round"], row["document"], row["coder"])
        key, cell = _key(*names), (row["finished"] or "").strip().casefold()
        if cells.setdefault(key, cell) != cell:
            known.problem(row, "this assignment is there twice, finished and not so or otherwise.")
        mark = _finished(known, row)
        if key not in known.finished:
            marks[key] = mark
        elif cell in NO:
            known.problem(
                row, f"{_finished_already(*names)} Only they can reopen it; write yes here."
            )
    return marks


def _key(round_: str, document: str, coder: str) -> Key:
    return round_.casefold(), document.casefold(), coder.strip().casefold()


def _finished(known: _Known, row: Row) -> str | None:
    mark = (row["finished"] or "").strip()
    if mark.casefold() in NO:
        return None
    if mark.casefold() in YES:
        return now()
    if not _is_date(mark):
        known.problem(row, "finished is neither yes, no nor a date (ISO 8601).")
        return None
    return mark


def _is_date(cell: str) -> bool:
    try:
        datetime.fromisoformat(cell.replace("Z", "+00:00"))
    except ValueError:
        return False
    return True


# Then writing


def _coder(action: Action, known: _Known, name: str, counts: Counter[str]) -> None:
    name = checked_name(name)
    if name.casefold() not in known.coders:
        coder_id = new_id()
        action.put("coder", coder_id, {"name": name})
        known.coders[name.casefold()] = coder_id
        counts["coders"] += 1


def _make_rounds(
    db: Database,
    action: Action,
    known: _Known,
    plans: Mapping[str, dict[str, Any]],
    counts: Counter[str],
) -> None:
    for name, plan in plans.items():
        label = plan["codebook_version"]
        known.rounds[name] = action.insert(
            "round",
            {
                "name": plan["round"],
                "purpose": plan["purpose"] or "reliability",
                "codebook_version_id": known.versions[label.casefold()][0] if label else None,
                "segmentation_id": newest_segmentation(db),
                "blind": int(bool(plan["blind"])),
            },
        )
        counts["rounds"] += 1


def _place(known: _Known, round_: str, document: str, coder: str) -> tuple[str, str, str]:
    return (
        known.rounds[round_.casefold()],
        known.documents[document.casefold()][0],
        known.coders[coder.strip().casefold()],
    )


def _make_assignments(
    db: Database,
    action: Action,
    known: _Known,
    codings: Sequence[Row],
    assignments: Sequence[Row],
    counts: Counter[str],
) -> dict[tuple[str, str, str], str]:
    """Every (round, document, coder) spoken of has an assignment: its id."""
    there = {
        (round_, document, coder): id_
        for id_, round_, document, coder in db.query(
            "SELECT assignment.id, round.id, document.id, coder.id FROM assignment"
            " JOIN round ON round.pk = round_pk JOIN document ON document.pk = document_pk"
            " JOIN coder ON coder.pk = coder_pk"
        )
    }
    for row in (*assignments, *codings):
        place = _place(known, row["round"] or SOLO, row["document"], row["coder"])
        if place not in there:
            there[place] = action.insert(
                "assignment",
                dict(zip(("round_id", "document_id", "coder_id"), place, strict=True)),
            )
            counts["assignments"] += 1
    return there


def _codings_there(db: Database) -> set[tuple[Any, ...]]:
    return set(
        db.query(
            "SELECT round.id, document.id, coder.id, code.id, start, stop FROM coding"
            " JOIN round ON round.pk = round_pk JOIN document ON document.pk = document_pk"
            " JOIN coder ON coder.pk = coder_pk JOIN code ON code.pk = code_pk"
        )
    )


def _make_codings(
    action: Action,
    known: _Known,
    wanted: Sequence[tuple[Row, str, Span]],
    there: set[tuple[Any, ...]],
    counts: Counter[str],
) -> None:
    for row, code_id, span in wanted:
        place = _place(known, row["round"] or SOLO, row["document"], row["coder"])
        key = (*place, code_id, span.start, span.stop)
        if key in there:
            counts["already there"] += 1
            continue
        there.add(key)
        coding_id = action.insert(
            "coding",
            {
                "round_id": place[0], "document_id": place[1], "coder_id": place[2],
                "code_id": code_id, "start": span.start, "stop": span.stop, "created_at": now(),
                "valence": row["valence"], "exemplar": int(bool(row["exemplar"])),
                "disconfirming": int(bool(row["disconfirming"])), "made_by": "import",
            },
        )  # fmt: skip
        counts["codings"] += 1
        if row["memo"] and row["memo"].strip():
            action.insert(
                "memo",
                {
                    "coder_id": place[2], "body": row["memo"], "created_at": now(),
                    "coding_id": coding_id,
                },
            )  # fmt: skip
            counts["memos"] += 1


def _make_adjudications(
    db: Database,
    action: Action,
    known: _Known,
    decided: Sequence[tuple[Row, str, Span]],
    counts: Counter[str],
) -> None:
    versions: dict[str, str] = dict(
        db.query(
            "SELECT round.id, codebook_version.id FROM round JOIN codebook_version"
            " ON codebook_version.pk = codebook_version_pk"
        )
    )
    for row, code_id, span in decided:
        round_id, document_id, coder_id = _place(
            known, row["round"], row["document"], row["decided_by"]
        )
        new = row["new_code"]
        action.insert(
            "adjudication",
            {
                "round_id": round_id, "document_id": document_id, "code_id": code_id,
                "start": span.start, "stop": span.stop, "decision": row["decision"],
                "new_code_id": known.codes[_folded(new)] if new else None,
                "reason": row["reason"] or "", "decided_by_id": coder_id,
                "decided_at": row["decided_at"] or now(),
                "codebook_version_id": versions.get(round_id),
            },
        )  # fmt: skip
        counts["adjudications"] += 1

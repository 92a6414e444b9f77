"""What people who withdraw are called, now and in the log: to be found wherever it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from qualcode.store.database import Database
from qualcode.text.people import bare_name, parts, says_role

NEUTRAL = "withdrawn-"
"""With a number: what a participant, a speaker or a label is called afterwards."""

_GENERIC = re.compile(
    r"(?:speaker|participant|interviewee|respondent|interviewer|moderator|facilitator|researcher"
    r"|evaluator|host|audience|unknown|inaudible|all|several|int|mod)[\W_]*\d*",
    re.IGNORECASE,
)
"""Labels that name nobody: not looked for in memos and definitions."""

_NAMING = ("name", "full name", "first name", "last name", "nickname", "alias", "pseudonym")
"""Attributes that say what somebody is called."""


def names_of(
    db: Database,
    renamed: Collection[tuple[str, str]],
    participant: int | None,
    besides: Collection[str],
) -> list[str]:
    """What the people who go were called, then or now, in full or for short; nobody else is.

    Args:
        renamed: ``(participant, speaker or label, id)`` of the rows that lose their names.
        participant: Key of the participant who goes.
        besides: Further names of theirs.
    """
    found = _once_called(db, renamed) | _said_to_be(db, participant)
    others: set[str] = set()
    for table, id_, name in db.query(
        "SELECT 'participant', id, label FROM participant UNION ALL"
        " SELECT 'speaker', id, name FROM speaker UNION ALL"
        # what is not a speaker is nobody's name
        " SELECT 'label', id, label FROM label WHERE pk IN (SELECT label_pk FROM label_speaker)"
    ):
        (found if (table, id_) in renamed else others).add(name)
    taken = {name.casefold() for name in others}
    full = {name for name in found.union(besides) if name.casefold() not in taken}
    words = _mere_words(db).union(*map(_words_of, others))
    short = {part for name in full for part in _for_short(name)}
    return sorted(
        name
        for name in full | {part for part in short if words.isdisjoint(_words_of(part))}
        if len(name.strip()) > 1
        and not _GENERIC.fullmatch(name)
        and not all(map(says_role, name.split()))
        and not name.startswith(NEUTRAL)
    )


def _once_called(db: Database, renamed: Collection[tuple[str, str]]) -> set[str]:
    """Names that the log knows them by: of the rows that are renamed, of speakers who are no
    more and stood behind their labels, of participants who are no more and they once were."""
    gone = set(renamed)
    for label, voices in _logged(db, "label_speaker"):
        if ("label", label) in gone:
            gone |= {("speaker", one) for (one,) in voices if not _is_there(db, "speaker", one)}
    found: set[str] = set()
    for speaker, image in _logged(db, "speaker"):
        if ("speaker", speaker) in gone:
            found.add(image.get("name") or "")
            person = image.get("participant_id") or ""
            if not _is_there(db, "participant", person):
                gone.add(("participant", person))
    for table in ("label", "participant"):
        for id_, image in _logged(db, table):
            if (table, id_) in gone:
                found.add(image.get("label") or "")
    return found - {""}


def _logged(db: Database, table: str) -> Iterator[tuple[str, Any]]:
    """``(row, image before or after)`` of every line of the log about a table."""
    end = f'"t":"{table}"}}'
    for (line,) in db.query(
        "SELECT line FROM change WHERE substr(line, ?) = ? ORDER BY action_pk, n", -len(end), end
    ):
        held = json.loads(line)
        yield from ((held["i"], image) for image in (held["b"], held["a"]) if image)


def _is_there(db: Database, table: str, id_: str) -> bool:
    return db.one(f"SELECT 1 FROM {table} WHERE id = ?", id_) is not None


def _said_to_be(db: Database, participant: int | None) -> set[str]:
    """Names that an attribute of the participant gives."""
    marks = ", ".join("?" * len(_NAMING))
    rows = db.query(
        "SELECT value FROM attribute_value JOIN attribute ON attribute.pk = attribute_pk"
        f" WHERE participant_pk = ? AND lower(attribute.name) IN ({marks})",
        participant,
        *_NAMING,
    )
    return {str(value) for (value,) in rows}


def _mere_words(db: Database) -> set[str]:
    """What somebody rejected as a name, case-folded: "Will" is a word as well."""
    rows = db.query(
        "SELECT DISTINCT substr(text, start + 1, stop - start) FROM redaction"
        " JOIN document ON document.pk = document_pk WHERE status = 'rejected'"
    )
    return {word for (name,) in rows for word in _words_of(name)}


def _words_of(name: str) -> set[str]:
    return {word.casefold() for word in name.split()}


def _for_short(name: str) -> Iterator[str]:
    """What somebody of that name is called besides, "MARIA LOPEZ": "Maria Lopez", "Maria" …"""
    for full in (name, name.title()) if name in (name.upper(), name.lower()) else (name,):
        bare = bare_name(full)
        if bare:
            yield from (bare, *parts(bare))

"""Attributes of participants and documents, as the actions that set them need them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from qualcode.store.database import Database
from qualcode.store.history import Action

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def kind_of(values: Sequence[str]) -> str:
    """``number`` or ``date`` (ISO) only if every value that is not blank reads so, else ``text``.

    A leading zero makes a text: "007" is a name.
    """
    given = [value for value in values if value]
    if given and all(_NUMBER.fullmatch(value) for value in given):
        return "number"
    if given and all(_is_date(value) for value in given):
        return "date"
    return "text"


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def put_attribute(db: Database, action: Action, name: str, kind: str = "text") -> str:
    """The id of the attribute of that name, any case; added if new."""
    row = db.one("SELECT id FROM attribute WHERE name = ?", name)
    if row is not None:
        return str(row[0])
    return action.insert("attribute", {"name": name, "kind": kind})


def put_value(
    db: Database,
    action: Action,
    attribute_id: str,
    value: str,
    *,
    document_id: str | None = None,
    participant_id: str | None = None,
    update: bool = True,
) -> str:
    """Set an attribute of a document or a participant.

    Returns:
        ``added``, ``same``, ``changed``, or ``kept`` where another value stands and ``update`` is
        not set.
    """
    target, row_id = (
        ("document", document_id) if document_id is not None else ("participant", participant_id)
    )
    row = db.one(
        f"SELECT attribute_value.id, value FROM attribute_value"
        f" JOIN {target} ON {target}.pk = {target}_pk"
        " JOIN attribute ON attribute.pk = attribute_pk"
        f" WHERE attribute.id = ? AND {target}.id = ?",
        attribute_id,
        row_id,
    )
    if row is None:
        action.insert(
            "attribute_value",
            {"attribute_id": attribute_id, f"{target}_id": row_id, "value": value},
        )
        return "added"
    if row[1] == value:
        return "same"
    if not update:
        return "kept"
    action.put("attribute_value", row[0], {"value": value})
    return "changed"

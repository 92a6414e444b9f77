"""Participants who come with a table of answers: whoever a row names speaks in its document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qualcode.model import DifferingValue
from qualcode.store.attributes import kind_of, put_attribute, put_value
from qualcode.store.database import Database
from qualcode.store.history import Action
from qualcode.store.labels import speaker


def put_people(
    db: Database, action: Action, people: Mapping[str, Mapping[str, str]]
) -> list[DifferingValue]:
    """Store participants with their attributes, and link the speakers of the same names to them.

    A value that is there stays, and so does a speaker's link to another participant.

    Args:
        people: Label of the participant → attribute → value.

    Returns:
        The values that differ from what is there.
    """
    attributes = _attributes(db, action, people.values())
    differing: list[DifferingValue] = []
    for label, values in people.items():
        participant_id = put_participant(db, action, label)
        linked = db.one("SELECT participant_pk FROM speaker WHERE name = ?", label)
        if linked is None or linked[0] is None:
            action.put("speaker", speaker(db, action, label), {"participant_id": participant_id})
        for name, value in values.items():
            done = put_value(
                db, action, attributes[name], value, participant_id=participant_id, update=False
            )
            if done == "kept":
                differing.append(differing_value(db, label, name, value))
    return differing


def put_participant(db: Database, action: Action, label: str) -> str:
    """The id of the participant of that label; added if new."""
    row = db.one("SELECT id FROM participant WHERE label = ?", label)
    return action.insert("participant", {"label": label}) if row is None else str(row[0])


def differing_value(db: Database, label: str, attribute: str, given: str) -> DifferingValue:
    """What is stored for a participant's attribute, beside what a file gives."""
    row = db.one(
        "SELECT value FROM attribute_value JOIN attribute ON attribute.pk = attribute_pk"
        " JOIN participant ON participant.pk = participant_pk"
        " WHERE participant.label = ? AND attribute.name = ?",
        label,
        attribute,
    )
    return DifferingValue(label, attribute, "" if row is None else str(row[0]), given)


def _attributes(
    db: Database, action: Action, people: Iterable[Mapping[str, str]]
) -> dict[str, str]:
    """Attribute → its id, for all that anybody has; new ones get the kind that all values fit."""
    values: dict[str, list[str]] = {}
    for person in people:
        for name, value in person.items():
            values.setdefault(name, []).append(value)
    return {name: put_attribute(db, action, name, kind_of(given)) for name, given in values.items()}

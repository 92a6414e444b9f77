"""Which attributes a quote is printed with, and which of them would tell who somebody is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from qualcode.errors import UnknownName, UsageProblem
from qualcode.model import Table
from qualcode.reports.attribution import FIELDS, fields, refuse_unknown
from qualcode.text.people import passed_on
from qualcode.themes.small_cells import SmallCell, small_cells

if TYPE_CHECKING:
    from qualcode.project import Project

ROLE = ("stakeholder_role", "role")
"""Attributes that say in what role someone speaks; the first one present is printed."""

SITE = "site"
ATTRIBUTES = "disclosure.attributes"
"""Setting: the attributes printed with a quote, as lines."""

AT_LEAST = "disclosure.participants"
"""Setting: how many people must share what is printed of them."""

FEWEST = 3
SMALL_CELL = "small-cell"


def at_least(project: Project) -> int:
    """How many people must share what is printed of them; a setting of the project."""
    value = project.settings.get(AT_LEAST)
    return FEWEST if value is None else int(value)


def printed_attributes(project: Project) -> tuple[str, ...]:
    """The attributes printed with a quote: the project's setting, else role and site."""
    stored = project.settings.get(ATTRIBUTES)
    if stored is not None:
        return tuple(stored.split("\n"))
    return _in_words(("role", SITE), _known(project))


def asked_attributes(project: Project, pattern: str | None) -> tuple[str, ...] | None:
    """The attributes that a pattern of attribution asks for; None where there is no pattern.

    Raises:
        UsageProblem: The pattern names a field that does not exist.
    """
    if pattern is None:
        return None
    asked, known = fields(pattern), _known(project)
    refuse_unknown(asked, {*FIELDS, *known})
    return _in_words(asked, known)


def keep_settings(
    project: Project, attributes: Sequence[str] | None, fewest: int | None, *, by: str | None
) -> None:
    """Store what is printed, and how many must share it, as settings of the project."""
    values = {}
    if attributes is not None:
        values[ATTRIBUTES] = "\n".join(attributes)
    if fewest is not None:
        values[AT_LEAST] = str(fewest)
    if not values:
        raise UsageProblem("There is nothing to keep: name --attributes or --at-least.")
    project.settings.change(values, by=project.acting(by))


def named_attributes(project: Project, names: Sequence[str]) -> tuple[str, ...]:
    """Attributes as the project spells them.

    Raises:
        UnknownName: There is none of that name.
    """
    known = _known(project)
    by_name = {name.casefold(): name for name in known}
    for name in names:
        if name.casefold() not in by_name:
            raise UnknownName("attribute", name, known)
    return tuple(dict.fromkeys(by_name[name.casefold()] for name in names))


def cells(
    project: Project, attributes: Sequence[str] | None = None, fewest: int | None = None
) -> list[SmallCell]:
    """Combinations of attributes that too few participants share; see ``themes.small_cells``.

    People are the participants, moderators left out, by their labels as they are stored. A value
    comes from the participant, else from the documents in which they speak.

    Args:
        attributes: None takes ``printed_attributes``.
        fewest: None takes the project's setting.
    """
    chosen = printed_attributes(project) if attributes is None else attributes
    people = list(_people(project, chosen))
    return small_cells(people, chosen, at_least(project) if fewest is None else fewest)


def withheld(project: Project, printed: Sequence[str] | None = None) -> dict[str, frozenset[str]]:
    """Label of a participant → the attributes that are left out of what is printed of them.

    Nothing is, where small cells were accepted.
    """
    if SMALL_CELL in project.accepted:
        return {}
    found: dict[str, frozenset[str]] = {}
    for cell in cells(project, printed):
        for who in cell.people:
            found[who] = found.get(who, frozenset()) | cell.dropped
    return found


def people_passed_on(project: Project) -> Table:
    """The table of participants without what they are called and what would tell who they are.

    Returns:
        Columns as ``project.participants.table`` has them, without ``speakers`` and naming
        attributes; a value that too few share is None. Whole where identified text is asked for.
    """
    table = project.participants.table()
    if project.layer.identified is not None:
        return table
    kept = [name for name in passed_on(dict.fromkeys(table.columns, "")) if name != "speakers"]
    gone = [name for name in table.columns if name not in kept]
    notes = [*table.notes, f"Left out, for it names people: {', '.join(gone)}."]
    held_back = withheld(project)
    rows = [
        tuple(
            None if name in held_back.get(str(row["participant"]), ()) else row[name]
            for name in kept
        )
        for row in table
    ]
    return Table(table.name, kept, rows, notes, table.provenance)


def _known(project: Project) -> list[str]:
    """The names of all attributes of participants and documents."""
    records: list[Mapping[str, str]] = [one.attributes for one in project.participants.list()]
    records += project.documents.attributes().values()
    return sorted({name for record in records for name in record})


def _in_words(fields: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    """Attributes that fields of a pattern stand for; ``role`` stands for the first of ``ROLE``."""
    role = next((name for name in ROLE if name in known), "")
    names = [role if name == "role" else name for name in fields]
    return tuple(dict.fromkeys(name for name in names if name in known))


def _people(project: Project, attributes: Sequence[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    roles: dict[str, set[str]] = {}
    for speaker in project.speakers.list():
        if speaker.participant is not None:
            roles.setdefault(speaker.participant, set()).add(speaker.role)
    people = [one for one in project.participants.list() if roles.get(one.label) != {"moderator"}]
    of_documents = project.documents.attributes()
    shared = {name for values in of_documents.values() for name in values}
    lacking = {
        one.label
        for one in people
        if any(name in shared and not one.attributes.get(name) for name in attributes)
    }
    where = _speaking(project) if lacking else {}
    for one in people:
        for document in where.get(one.label, [""]) if one.label in lacking else [""]:
            own = {name: value for name, value in one.attributes.items() if value}
            yield one.label, {**of_documents.get(document, {}), **own}


def _speaking(project: Project) -> dict[str, list[str]]:
    """Label of a participant → the documents in which they speak."""
    found: dict[str, list[str]] = {}
    for document in project.documents.list():
        if document.removed:
            continue
        turns = project.documents.transcript(document.id).turns
        for label in dict.fromkeys(label for turn in turns for label in turn.participants):
            found.setdefault(label, []).append(document.id)
    return found

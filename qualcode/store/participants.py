"""Participants, the labels they speak under, and their attributes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias, get_args

from qualcode.errors import InputProblems, Problem
from qualcode.model import Cell, Coder, DifferingValue, Participant, SpeakerRole, Table
from qualcode.store.attributes import kind_of, put_attribute, put_value
from qualcode.store.history import Action
from qualcode.store.labels import Memory, remembered, spoken_as
from qualcode.store.people import put_participant
from qualcode.store.session import Session

Rows: TypeAlias = list[tuple[Cell, ...]]
Spoken: TypeAlias = list[tuple[str, str]]
Differing: TypeAlias = list[DifferingValue]

ID_COLUMNS = ("case", "id", "participant", "respondent")
LINK_COLUMNS = ("label", "speaker", "speakers")
ROLES: tuple[str, ...] = get_args(SpeakerRole)


class Participants:
    """Who took part."""

    def __init__(self, session: Session) -> None:
        self._db, self._writer = session.db, session.writer

    def list(self) -> list[Participant]:
        """Every participant with their attributes, by label."""
        values: dict[str, dict[str, str]] = {}
        for participant_id, name, value in self._db.query(
            "SELECT participant.id, attribute.name, value FROM attribute_value"
            " JOIN participant ON participant.pk = participant_pk"
            " JOIN attribute ON attribute.pk = attribute_pk ORDER BY attribute.pk"
        ):
            values.setdefault(participant_id, {})[name] = value
        rows = self._db.query("SELECT id, label FROM participant ORDER BY label, pk")
        return [Participant(id_, label, values.get(id_, {})) for id_, label in rows]

    def table(self) -> Table:
        """Every participant as one row, by label.

        Returns:
            Columns ``participant, speakers, role`` and one per attribute, in the order they came;
            ``speakers`` joins the labels they speak under with "; "; no value is None.
        """
        names = [
            row[0]
            for row in self._db.query(
                "SELECT DISTINCT attribute.name FROM attribute JOIN attribute_value"
                " ON attribute.pk = attribute_pk AND participant_pk IS NOT NULL"
                " ORDER BY attribute.pk"
            )
        ]
        speaks: defaultdict[str, Spoken] = defaultdict(list)
        for participant_id, name, role in self._db.query(
            "SELECT participant.id, speaker.name, role FROM speaker"
            " JOIN participant ON participant.pk = participant_pk ORDER BY speaker.pk"
        ):
            speaks[participant_id].append((name, role))
        rows: Rows = []
        for person in self.list():
            said = speaks[person.id]
            role = said[0][1] if said else None
            rows.append(
                (
                    person.label,
                    "; ".join(name for name, _ in said) or None,
                    role,
                    *(person.attributes.get(name) for name in names),
                )
            )
        return Table("participants", ["participant", "speakers", "role", *names], rows)

    def attribute_ids(self) -> dict[str, str]:
        """Names of attributes of participants and documents → their ids, in the order they came."""
        return dict(self._db.query("SELECT name, id FROM attribute ORDER BY pk"))

    def unlinked(self) -> Sequence[str]:
        """Names of speakers in transcripts, moderators aside, that no participant is linked to.

        Surveys do not count: who answers there is a participant, or only the number of a row.
        """
        rows = self._db.query(
            "SELECT DISTINCT speaker.name FROM speaker JOIN label_speaker"
            " ON label_speaker.speaker_pk = speaker.pk JOIN label ON label.pk = label_pk"
            " JOIN document ON document.pk = label.document_pk AND document.removed = 0"
            " WHERE participant_pk IS NULL AND role <> 'moderator' AND document.kind <> 'survey'"
            " ORDER BY speaker.name"
        )
        return [row[0] for row in rows]

    def silent(self) -> Sequence[str]:
        """Labels of participants who speak under no label."""
        rows = self._db.query(
            "SELECT label FROM participant WHERE pk NOT IN"
            " (SELECT participant_pk FROM speaker WHERE participant_pk IS NOT NULL) ORDER BY label"
        )
        return [row[0] for row in rows]

    def differing(self, records: Sequence[tuple[int, Mapping[str, str]]]) -> Differing:
        """The attribute values in which these rows, as for ``import_table``, differ from ours."""
        if not records:
            return []
        id_column, _, _, attributes = _columns(records)
        stored = {person.label: person.attributes for person in self.list()}
        found = []
        for _, row in records:
            label = row[id_column].strip()
            known = {n.casefold(): value for n, value in stored.get(label, {}).items()}
            for name in attributes:
                ours, given = known.get(name.casefold()), row[name].strip()
                if given and ours is not None and ours != given:
                    found.append(DifferingValue(label, name, ours, given))
        return found

    def import_table(
        self,
        records: Sequence[tuple[int, Mapping[str, str]]],
        *,
        by: Coder,
        update: bool = False,
        source: Path | str = "participants",
    ) -> dict[str, int]:
        """Store participants from the rows of a table, all in one action.

        Args:
            records: ``(line, row)``. The participant is in the column ``case``, ``id``,
                ``participant`` or ``respondent``, else in the first. ``speaker`` (or ``label``)
                links labels used in transcripts, several with ``;``; ``role`` says participant,
                moderator or other; ``note`` is for readers of the file and left out. All further
                columns are attributes; a blank cell is no value.
            update: Replace attribute values that differ; else the stored ones stay.
            source: What problems name.

        Returns:
            ``participants``, ``values``, ``changed``, ``kept`` (differing values left as they
            are), ``speakers`` linked → how many.

        Raises:
            InputProblems: all problems at once; nothing was stored.
        """
        if not records:
            raise InputProblems(source, [Problem(0, "There are no rows.")])
        id_column, links, role_column, attributes = _columns(records)
        _refuse_problems(source, records, id_column, links, role_column)
        counts: Counter[str] = Counter(participants=0, values=0, speakers=0)
        with self._writer.action("import participants", by.id) as action:
            ids = {
                name: put_attribute(
                    self._db, action, name, kind_of([row[name].strip() for _, row in records])
                )
                for name in attributes
            }
            memory = remembered(self._db)
            for _, row in records:
                label = row[id_column].strip()
                known = self._db.one("SELECT id FROM participant WHERE label = ?", label)
                counts["participants"] += known is None
                participant_id = put_participant(self._db, action, label)
                for name in attributes:
                    value = row[name].strip()
                    if value:
                        done = put_value(
                            self._db, action, ids[name], value,
                            participant_id=participant_id, update=update,
                        )  # fmt: skip
                        counts[{"added": "values"}.get(done, done)] += 1
                role = row[role_column].strip().casefold() if role_column else ""
                for column in links:
                    for name in filter(None, (n.strip() for n in row[column].split(";"))):
                        self._link(action, name, participant_id, role, memory)
                        counts["speakers"] += 1
        return {what: n for what, n in counts.items() if what != "same"}

    def _link(
        self, action: Action, name: str, participant_id: str, role: str, memory: Memory
    ) -> None:
        speaker_id = spoken_as(self._db, action, name, memory)
        values: dict[str, str | int | float | None] = {"participant_id": participant_id}
        if role:
            values["role"] = role
        action.put("speaker", speaker_id, values)


def _columns(
    records: Sequence[tuple[int, Mapping[str, str]]],
) -> tuple[str, Sequence[str], str | None, Sequence[str]]:
    """The columns of the ID, of labels, of the role (None if there is none) and of attributes."""
    columns = list(records[0][1])
    by_folded = {name.casefold(): name for name in reversed(columns)}
    id_column = next((by_folded[n] for n in ID_COLUMNS if n in by_folded), columns[0])
    links = [by_folded[name] for name in LINK_COLUMNS if name in by_folded]
    role_column = by_folded.get("role")
    special = {id_column, *links, role_column, by_folded.get("note")}
    return id_column, links, role_column, [name for name in columns if name not in special]


def _refuse_problems(
    source: Path | str,
    records: Sequence[tuple[int, Mapping[str, str]]],
    id_column: str,
    links: Sequence[str],
    role_column: str | None,
) -> None:
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    spoken: dict[str, int] = {}
    for line, row in records:
        label = row[id_column].strip()
        if not label:
            problems.append(Problem(line, f"{id_column} is empty."))
        elif label in seen:
            problems.append(
                Problem(line, f'"{label}" is there twice (first on line {seen[label]}).')
            )
        seen.setdefault(label, line)
        if role_column and row[role_column].strip().casefold() not in ("", *ROLES):
            problems.append(Problem(line, f"{role_column} is none of {', '.join(ROLES)}."))
        for column in links:
            for name in filter(None, (n.strip() for n in row[column].split(";"))):
                if spoken.setdefault(name.casefold(), line) != line:
                    first = spoken[name.casefold()]
                    problems.append(
                        Problem(
                            line, f'speaker "{name}" belongs to the participant of line {first}.'
                        )
                    )
    if problems:
        raise InputProblems(source, problems)

"""What goes when consent is withdrawn: stretches of texts, names, and all that was written of them.

A withdrawal is worked out twice: to show it, and inside the action that does it. It changes
nothing itself. Where in doubt more goes: a word left cannot be called back, a blank can be
explained.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from qualcode.errors import UnknownName
from qualcode.model import Span
from qualcode.spans import intersect, unite
from qualcode.store.database import Database
from qualcode.text.quotes import blanked, counterparts, named

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


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What is asked to be purged: a document, turns of it, a participant, or both."""

    document: str | None = None
    """Its name; that of a document taken out where none in the project has it."""

    turns: tuple[int, ...] = ()
    """Numbers of turns of the document; none for the whole of it."""

    participant: str | None = None
    """Label of the participant: what they say goes from every document, and who they are."""

    mentions: bool = False
    """Whether their names go from what others say, too."""

    keep_memos: bool = False
    """Whether memos on a document of which only a part goes stay, but for what they quote."""

    new_name: str | None = None
    """For the document, where its name says who it was."""


@dataclass(slots=True)
class DocumentPart:
    """A document and what goes of it."""

    pk: int
    id: str
    name: str
    removed: bool
    text: str
    turns: list[tuple[int, Span, int | None]]
    """``(number, words, key of its label)``."""

    whole: bool = False
    spans: list[Span] = field(default_factory=list)
    """The passages: what was said."""

    names: list[Span] = field(default_factory=list)
    """Labels and names outside the passages."""

    new_name: str | None = None

    @property
    def gone(self) -> list[Span]:
        """All that goes, in text order."""
        return unite([*self.spans, *self.names])

    @property
    def after(self) -> str:
        """The text as it will be."""
        return blanked(self.text, self.gone)

    @property
    def touched(self) -> bool:
        return self.whole or bool(self.spans or self.names)

    def take_all(self) -> None:
        """Let the whole document go."""
        self.whole, self.spans = True, [Span(0, len(self.text))] if self.text else []


class Withdrawal:
    """The documents, people and names of a withdrawal."""

    def __init__(self, db: Database, what: Withdrawn) -> None:
        self._db, self.what = db, what
        self.documents = _documents(db)
        self.participant: tuple[int, str, str] | None = None
        """``(key, id, label)``."""

        self.renamed: dict[tuple[str, str], str] = {}
        """``(participant, speaker or label, id)`` → its neutral name."""

        self._speakers: set[int] = set()
        self._labels: dict[int, tuple[str, int, str]] = {
            pk: (id_, document, label)
            for pk, id_, document, label in db.query(
                "SELECT pk, id, document_pk, label FROM label ORDER BY pk"
            )
        }
        self._voices: dict[int, set[int]] = {}
        for label, speaker in db.query("SELECT label_pk, speaker_pk FROM label_speaker"):
            self._voices.setdefault(label, set()).add(speaker)
        if what.document is not None:
            self._take_document(what.document)
        if what.participant is not None:
            self._take_participant(what.participant)
        self._other_versions()
        self._rename()
        self.names = self._names()
        """What stands for the people who go, as it may be written elsewhere."""

        self.mentions = self._mentioned()
        """How often others name them; those are blanked only if asked for."""

    @property
    def touched(self) -> list[DocumentPart]:
        """The documents of which something goes."""
        return [one for one in self.documents.values() if one.touched]

    def passages(self) -> Iterator[str]:
        """The texts that go."""
        for one in self.documents.values():
            yield from (one.text[span.start : span.stop] for span in one.spans)

    def said(self) -> Iterator[str]:
        """Of these, what is not a moderator's: questions stand in every transcript of a study."""
        asks = {pk for (pk,) in self._db.query("SELECT pk FROM speaker WHERE role = 'moderator'")}
        for one in self.touched:
            theirs = [
                words for _, words, label in one.turns
                if label is None or not self._voices.get(label, set()) <= asks
            ] if one.turns else one.spans  # fmt: skip
            for span in intersect(one.spans, theirs):
                yield one.text[span.start : span.stop]

    def people(self) -> tuple[str, ...]:
        """Labels of the other participants who said some of it."""
        rows = self._db.query(
            "SELECT participant.label, label_pk FROM participant"
            " JOIN speaker ON participant_pk = participant.pk"
            " JOIN label_speaker ON speaker_pk = speaker.pk ORDER BY participant.pk"
        )
        theirs = {
            label
            for one in self.touched
            for _, words, label in one.turns
            if intersect([words], one.spans)
        }
        own = self.participant[2] if self.participant is not None else None
        found = dict.fromkeys(one for one, label in rows if label in theirs and one != own)
        return tuple(one for one in found if not one.startswith(NEUTRAL))

    # Which texts

    def _take_document(self, name: str) -> None:
        wanted = name.strip().casefold()
        found = [one for one in self.documents.values() if one.name.casefold() == wanted]
        chosen = [one for one in found if not one.removed] or found
        if not chosen:
            live = [one.name for one in self.documents.values() if not one.removed]
            raise UnknownName("document", name, live)
        for one in chosen:
            one.new_name = self.what.new_name
            if not self.what.turns:
                one.take_all()
            numbers = {n: words for n, words, _ in one.turns}
            for n in self.what.turns:
                if n not in numbers:
                    raise UnknownName("turn", str(n))
                one.spans.append(numbers[n])

    def _take_participant(self, label: str) -> None:
        wanted = label.strip().casefold()
        rows = self._db.query("SELECT pk, id, label FROM participant ORDER BY pk")
        self.participant = next((row for row in rows if row[2].casefold() == wanted), None)
        if self.participant is None:
            raise UnknownName("participant", label, [row[2] for row in rows])
        self._speakers = {
            pk
            for (pk,) in self._db.query(
                "SELECT pk FROM speaker WHERE participant_pk = ?", self.participant[0]
            )
        }
        for one in self.documents.values():
            at = 0
            for _, words, label_pk in one.turns:
                if label_pk is not None and self._voices.get(label_pk, set()) & self._speakers:
                    one.spans.append(words)
                    raw = self._labels[label_pk][2]
                    before = one.text.rfind(raw, at, words.start)
                    if before >= 0:
                        one.names.append(Span(before, before + len(raw)))
                at = words.stop

    def _other_versions(self) -> None:
        """Take the same words out of what a document replaced, of what replaced it, of its twins.

        A document imported again from the same file is a twin; so is one of the same name that
        was taken out, where the whole document goes.
        """
        chosen = [one for one in self.documents.values() if one.touched]
        for one in chosen:
            for pk in self._family(one):
                other = self.documents[pk]
                if one.whole:
                    other.take_all()
                    same = other.name.casefold() == one.name.casefold()
                    other.new_name = one.new_name if same else None
                elif not other.whole:
                    turns = [words for _, words, _ in other.turns]
                    other.spans = unite(
                        [*other.spans, *counterparts(one.text, one.spans, other.text, turns)],
                        touching=False,
                    )

    def _family(self, one: DocumentPart) -> set[int]:
        pairs = self._db.query(
            "SELECT pk, replaces_pk FROM document WHERE replaces_pk IS NOT NULL UNION ALL"
            " SELECT a.document_pk, b.document_pk FROM source a JOIN source b"
            " ON a.sha256 = b.sha256 AND a.document_pk < b.document_pk"
        )
        if one.whole:
            pairs += [
                (one.pk, other.pk)
                for other in self.documents.values()
                if other.removed and other.name.casefold() == one.name.casefold()
            ]
        family, grown = {one.pk}, True
        while grown:
            more = {pk for pair in pairs if family.intersection(pair) for pk in pair}
            grown = not more <= family
            family |= more
        return family - {one.pk}

    # Which names

    def _rename(self) -> None:
        """Find a neutral name for whoever is found nowhere else."""
        taken = [
            name
            for (name,) in self._db.query(
                "SELECT label FROM participant UNION SELECT name FROM speaker"
                " UNION SELECT label FROM label"
            )
            if name.startswith(NEUTRAL)
        ]
        numbers = [int(found[1]) for name in taken if (found := re.match(r"\D+(\d+)", name))]
        number = max(numbers, default=0)
        speakers: dict[int, tuple[str, str]] = {
            pk: (id_, name) for pk, id_, name in self._db.query("SELECT pk, id, name FROM speaker")
        }
        called: dict[int, str] = {}
        if self.participant is not None:
            number += 1
            neutral = self._name("participant", *self.participant[1:], f"{NEUTRAL}{number}")
            for n, pk in enumerate(sorted(self._speakers), 1):
                wanted = neutral if n == 1 else f"{neutral}-{n}"
                called[pk] = self._name("speaker", *speakers[pk], wanted)
        for pk in sorted(self._only_here()):
            if pk not in called:
                number += 1
                called[pk] = self._name("speaker", *speakers[pk], f"{NEUTRAL}{number}")
        self._rename_labels(called, number)

    def _rename_labels(self, called: Mapping[int, str], number: int) -> None:
        whole = {pk for pk, one in self.documents.items() if one.whole}
        elsewhere = {label for _, document, label in self._labels.values() if document not in whole}
        used: set[tuple[int, str]] = set()
        for pk, (id_, document, label) in self._labels.items():
            voices = sorted(self._voices.get(pk, ()))
            if voices and all(voice in called for voice in voices):
                wanted = ", ".join(called[voice] for voice in voices)
            elif not voices and document in whole and label not in elsewhere:
                number += 1
                wanted = f"{NEUTRAL}{number}"
            else:
                continue
            free, n = wanted, 1
            while (document, free) in used:
                n += 1
                free = f"{wanted}-{n}"
            used.add((document, free))
            self._name("label", id_, label, free)

    def _name(self, table: str, id_: str, now: str, neutral: str) -> str:
        """Note that a row gets a neutral name; one that has one keeps it."""
        if now.startswith(NEUTRAL):
            return now
        self.renamed[table, id_] = neutral
        return neutral

    def _only_here(self) -> set[int]:
        """Speakers with labels in the documents that go whole, and in no other."""
        here: set[int] = set()
        elsewhere: set[int] = set()
        for pk, (_, document, _) in self._labels.items():
            whole = self.documents[document].whole
            (here if whole else elsewhere).update(self._voices.get(pk, ()))
        return here - elsewhere

    def _names(self) -> list[str]:
        """What the people who go were called, then or now, and nobody else is."""
        found: set[str] = set()
        others: set[str] = set()
        for table, column in (("participant", "label"), ("speaker", "name"), ("label", "label")):
            for id_, name in self._db.query(f"SELECT id, {column} FROM {table}"):
                (found if (table, id_) in self.renamed else others).add(name)
        found |= self._once_called() | self._said_to_be()
        taken = {name.casefold() for name in others}
        return sorted(
            name
            for name in {*found, *self._known_by_redaction()}
            if len(name.strip()) > 1
            and name.casefold() not in taken
            and not _GENERIC.fullmatch(name)
            and not name.startswith(NEUTRAL)
        )

    def _once_called(self) -> set[str]:
        """Earlier names of the rows that are renamed, from the log."""
        found: set[str] = set()
        for (line,) in self._db.query(
            'SELECT line FROM change WHERE substr(line, -14) = \'"t":"speaker"}\''
            ' OR substr(line, -12) = \'"t":"label"}\' OR substr(line, -18) = ?',
            '"t":"participant"}',
        ):
            held = json.loads(line)
            if (held["t"], held["i"]) in self.renamed:
                for side in (held["b"] or {}, held["a"] or {}):
                    found.update(filter(None, (side.get("name"), side.get("label"))))
        return found

    def _said_to_be(self) -> set[str]:
        """Names that an attribute of the participant gives."""
        if self.participant is None:
            return set()
        marks = ", ".join("?" * len(_NAMING))
        return {
            str(value)
            for (value,) in self._db.query(
                "SELECT value FROM attribute_value JOIN attribute ON attribute.pk = attribute_pk"
                f" WHERE participant_pk = ? AND lower(attribute.name) IN ({marks})",
                self.participant[0],
                *_NAMING,
            )
        }

    def _known_by_redaction(self) -> set[str]:
        """Names that only redactions in the passages tell: nothing would hide them afterwards."""
        inside: set[str] = set()
        outside: set[str] = set()
        for document, start, stop, kind in self._db.query(
            "SELECT document_pk, start, stop, kind FROM redaction WHERE status = 'accepted'"
        ):
            one = self.documents[document]
            name = " ".join(one.text[start:stop].split())
            if kind != "date":
                gone = intersect([Span(start, stop)], one.spans)
                (inside if gone else outside).add(name)
        return inside - outside

    def _mentioned(self) -> int:
        """Blank the names outside all turns where something goes; count them where others speak."""
        count = 0
        for one in self.documents.values():
            stops = [words.stop for _, words, _ in one.turns]
            for place in named(one.after, self.names):
                n = bisect_right(stops, place.start)
                spoken = n < len(stops) and one.turns[n][1].start < place.stop
                if self.what.mentions or (one.touched and not spoken):
                    one.names.append(place)
                else:
                    count += 1
            if one.touched and self.participant is not None and one.new_name is None:
                neutral = self.renamed.get(("participant", self.participant[1]), NEUTRAL)
                new = _with_neutral(one.name, named(one.name, self.names), neutral)
                one.new_name = new if new != one.name else None
        return count


def _documents(db: Database) -> dict[int, DocumentPart]:
    """Every document with its text and turns, those taken out and replaced included."""
    found = {
        pk: DocumentPart(pk, id_, name, bool(removed), text, [])
        for pk, id_, name, removed, text in db.query(
            "SELECT pk, id, name, removed, text FROM document ORDER BY pk"
        )
    }
    for document, n, label, start, stop in db.query(
        "SELECT document_pk, n, label_pk, start, stop FROM turn ORDER BY document_pk, n"
    ):
        found[document].turns.append((n, Span(start, stop), label))
    return found


def _with_neutral(name: str, places: Iterable[Span], neutral: str) -> str:
    pieces, at = [], 0
    for place in unite(places):
        pieces += [name[at : place.start], neutral]
        at = place.stop
    return "".join([*pieces, name[at:]])

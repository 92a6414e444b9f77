"""What goes when consent is withdrawn: stretches of texts, names, and all that was written of them.

A withdrawal is worked out twice: to show it, and inside the action that does it. It changes
nothing itself. Where in doubt more goes: a word left cannot be called back, a blank can be
explained.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qualcode.errors import Refused, UnknownName
from qualcode.model import Span
from qualcode.spans import intersect, unite
from qualcode.store.called import NEUTRAL, names_of
from qualcode.store.database import Database
from qualcode.store.undone import undone
from qualcode.text.quotes import blanked, counterparts, named


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


@dataclass(slots=True, repr=False)
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
        return self.whole or bool(self.spans or self.names or self.new_name)

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
        """``(participant, speaker or label, id)`` → its neutral name, or what is left of it."""

        self._speakers: set[int] = set()
        self._elsewhere_theirs: set[int] = set()
        """Labels of the participant in other versions, where they may be called otherwise."""

        self._labels: dict[int, tuple[str, int, str]] = {
            pk: (id_, document, label)
            for pk, id_, document, label in db.query(
                "SELECT pk, id, document_pk, label FROM label ORDER BY pk"
            )
        }
        self._voices: dict[int, set[int]] = {}
        for label, speaker in db.query("SELECT label_pk, speaker_pk FROM label_speaker"):
            self._voices.setdefault(label, set()).add(speaker)
        self._add_undone()
        if what.document is not None:
            self._take_document(what.document)
        if what.participant is not None:
            self._take_participant(what.participant)
        self._other_versions()
        self._rename()
        person = None if self.participant is None else self.participant[0]
        self.names = names_of(db, self.renamed, person, self._known_by_redaction())
        """What stands for the people who go, as it may be written elsewhere."""

        self._blank_others()
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

    def _add_undone(self) -> None:
        """Give documents whose import was undone the turns they had; their labels' keys are < 0."""
        known = undone(self._db)
        keys = {id_: pk for pk, (id_, _, _) in self._labels.items()}
        for one in self.documents.values():
            for n, words, label in known.turns.get(one.id, ()):
                if label is not None and label not in keys and label in known.labels:
                    keys[label] = -len(keys) - 1
                    self._labels[keys[label]] = (label, one.pk, known.labels[label])
                    self._voices[keys[label]] = known.voices.get(label, set())
                one.turns.append((n, words, keys.get(label or "")))

    def _take_document(self, name: str) -> None:
        wanted = name.strip().casefold()
        found = [one for one in self.documents.values() if one.name.casefold() == wanted]
        chosen = [one for one in found if not one.removed] or found
        if not chosen:
            live = [one.name for one in self.documents.values() if not one.removed]
            raise UnknownName("document", name, live)
        self._refuse_taken(chosen)
        for one in chosen:
            one.new_name = self.what.new_name
            if not self.what.turns:
                one.take_all()
            numbers = {n: words for n, words, _ in one.turns}
            for n in self.what.turns:
                if n not in numbers:
                    known = [f"1 to {len(numbers)}"] if numbers else []
                    raise UnknownName(f"turn of {one.name}", str(n), known)
                one.spans.append(numbers[n])

    def _refuse_taken(self, chosen: Iterable[DocumentPart]) -> None:
        wanted = (self.what.new_name or "").strip().casefold()
        ours = {one.pk for one in chosen}
        for one in self.documents.values():
            if wanted == one.name.casefold() and not one.removed and one.pk not in ours:
                raise Refused(f'There is a document "{one.name}" already; choose another name.')

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
        theirs = {pk for pk, voices in self._voices.items() if voices & self._speakers}
        for one in self.documents.values():
            one.spans += [words for _, words, label_pk in one.turns if label_pk in theirs]
            self._take_labels(one, theirs)

    def _take_labels(self, one: DocumentPart, labels: set[int]) -> None:
        """Let labels go where the text has them, before the words."""
        at = 0
        for _, words, label_pk in one.turns:
            if label_pk is not None and label_pk in labels:
                raw = self._labels[label_pk][2]
                before = one.text.rfind(raw, at, words.start)
                if before >= 0:
                    one.names.append(Span(before, before + len(raw)))
            at = words.stop

    def _other_versions(self) -> None:
        """Take the same words out of what a document replaced, of what replaced it, of its twins.

        A document imported again from the same file is a twin; so is one of the same name that
        was taken out.
        """
        chosen = [one for one in self.documents.values() if one.touched]
        for one in chosen:
            for pk in self._family(one):
                other = self.documents[pk]
                if other.name.casefold() == one.name.casefold():
                    other.new_name = one.new_name
                if one.whole:
                    other.take_all()
                elif not other.whole:
                    turns = [words for _, words, _ in other.turns]
                    other.spans = unite(
                        [*other.spans, *counterparts(one.text, one.spans, other.text, turns)],
                        touching=False,
                    )
                    if self.participant is not None:
                        labels = _mostly_gone(other)
                        self._elsewhere_theirs |= labels
                        self._take_labels(other, labels)

    def _family(self, one: DocumentPart) -> set[int]:
        pairs = self._db.query(
            "SELECT pk, replaces_pk FROM document WHERE replaces_pk IS NOT NULL UNION ALL"
            " SELECT a.document_pk, b.document_pk FROM source a JOIN source b"
            " ON a.sha256 = b.sha256 AND a.document_pk < b.document_pk"
        )
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
            names = {name.casefold() for _, name in speakers.values()}
            for pk in sorted(self._speakers):
                called[pk] = self._name("speaker", *speakers[pk], _free(neutral, names))
            for pk in sorted(self._only_in_other_versions() - called.keys()):
                called[pk] = self._name("speaker", *speakers[pk], _free(neutral, names))
        for pk in sorted(self._only_here()):
            if pk not in called:
                number += 1
                called[pk] = self._name("speaker", *speakers[pk], f"{NEUTRAL}{number}")
        self._rename_labels(called, number)

    def _rename_labels(self, called: Mapping[int, str], number: int) -> None:
        whole = {pk for pk, one in self.documents.items() if one.whole}
        elsewhere = {label for _, document, label in self._labels.values() if document not in whole}
        used: dict[int, set[str]] = {pk: set() for pk in self.documents}
        for _, document, label in self._labels.values():
            used[document].add(label.casefold())
        for pk, (id_, document, label) in self._labels.items():
            if label.startswith(NEUTRAL):
                continue
            voices = sorted(self._voices.get(pk, ()))
            if voices and all(voice in called for voice in voices):
                wanted = ", ".join(called[voice] for voice in voices)
            elif not voices and (
                pk in self._elsewhere_theirs or (document in whole and label not in elsewhere)
            ):
                number += 1
                wanted = f"{NEUTRAL}{number}"
            else:
                continue
            self._name("label", id_, label, _free(wanted, used[document]))

    def _name(self, table: str, id_: str, now: str, neutral: str) -> str:
        """Note that a row gets a neutral name; one that has one keeps it."""
        if now.startswith(NEUTRAL):
            return now
        self.renamed[table, id_] = neutral
        return neutral

    def _only_in_other_versions(self) -> set[int]:
        """Speakers who are nobody else, and have no labels but those of the participant there."""
        known = {
            pk
            for (pk,) in self._db.query("SELECT pk FROM speaker WHERE participant_pk IS NOT NULL")
        }
        here: set[int] = set()
        for label, voices in self._voices.items():
            if label in self._elsewhere_theirs:
                here |= voices
            elif label > 0:
                known |= voices
        return here - known

    def _only_here(self) -> set[int]:
        """Speakers with labels in the documents that go whole, and in no other."""
        here: set[int] = set()
        elsewhere: set[int] = set()
        for pk, (_, document, _) in self._labels.items():
            whole = self.documents[document].whole
            if whole or pk > 0:
                (here if whole else elsewhere).update(self._voices.get(pk, ()))
        return here - elsewhere

    def _blank_others(self) -> None:
        """Blank the names in what others are called; whoever were two stay two."""
        rows: Sequence[tuple[str, str, int, str]] = self._db.query(
            "SELECT 'label', id, document_pk, label FROM label UNION ALL"
            " SELECT 'speaker', id, 0, name FROM speaker UNION ALL"
            " SELECT 'participant', id, 0, label FROM participant"
        )
        used: dict[tuple[str, int], set[str]] = {}
        for table, id_, document, name in rows:
            now = self.renamed.get((table, id_), name)
            used.setdefault((table, document), set()).add(now.casefold())
        for table, id_, document, name in rows:
            left = blanked(name, named(name, self.names))
            if (table, id_) not in self.renamed and left != name:
                self.renamed[table, id_] = _free(left, used[table, document])

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
        called = {one.name.casefold() for one in self.documents.values() if not one.removed}
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
                one.new_name = _free(new, called) if new != one.name else None
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


def _mostly_gone(one: DocumentPart) -> set[int]:
    """Labels under which most of what is said goes."""
    said: Counter[int] = Counter()
    gone: Counter[int] = Counter()
    for _, words, label in one.turns:
        if label is not None:
            said[label] += len(words)
            gone[label] += sum(map(len, intersect([words], one.spans)))
    return {label for label, n in gone.items() if 2 * n > said[label]}


def _free(wanted: str, used: set[str]) -> str:
    """The name that is wanted, with a number where it is used; it is used from then on."""
    free, n = wanted, 1
    while free.casefold() in used:
        n += 1
        free = f"{wanted}-{n}"
    used.add(free.casefold())
    return free


def _with_neutral(name: str, places: Iterable[Span], neutral: str) -> str:
    pieces, at = [], 0
    for place in unite(places):
        pieces += [name[at : place.start], neutral]
        at = place.stop
    return "".join([*pieces, name[at:]])

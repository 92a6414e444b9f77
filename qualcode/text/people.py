"""The people a project knows by name: what they may be called, and the one label for each.

Pure: names in, names with labels out. Where two people share a name it says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qualcode.text.labels import is_role
from qualcode.text.names import Name
from qualcode.text.segmentation import TITLES

PERSON = "person"
NEUTRAL = "[name]"
"""Stands for a name that several people bear."""

NAMES_OF_PARTICIPANTS = ("name", "full_name", "nickname", "first_name", "last_name")
"""Attributes of a participant that hold what they are called; no export carries them."""

_ROLES = frozenset([
    "admin", "all", "assistant", "attorney", "audience", "captain", "case", "chair", "chief",
    "child", "client", "clinician", "coordinator", "counsel", "counsellor", "counselor", "deputy",
    "detective", "director", "doctor", "everyone", "facilitator", "father", "female", "group",
    "host", "int", "interpreter", "interviewee", "interviewer", "lead", "lieutenant", "male", "man",
    "manager", "mod", "moderator", "mother", "multiple", "narrator", "note", "nurse", "observer",
    "of", "officer", "other", "participant", "patient", "person", "public", "recorder",
    "researcher", "respondent", "scribe", "sergeant", "several", "social", "speaker", "staff",
    "student", "taker", "teacher", "the", "translator", "unidentified", "unknown", "voice",
    "volunteer", "witness", "woman", "worker", "youth",
])  # fmt: skip
"""Words of labels that say what somebody does, not who they are."""

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PERSON_LABEL = re.compile(r"\[P(\d+)\]")
_SHORTEST_CAPITALS = 4
"""Letters from which a word in capitals may be a name: "SGT" and "CM" are none."""


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """Somebody and everything they are called."""

    names: tuple[str, ...]
    label: str
    """``""`` where they have none yet."""


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """Names to look for, and what a person should know of them."""

    names: tuple[Name, ...]
    notes: tuple[str, ...]


def passed_on(attributes: Mapping[str, str]) -> dict[str, str]:
    """The attributes of a participant without those that hold what they are called."""
    return {n: v for n, v in attributes.items() if n.casefold() not in NAMES_OF_PARTICIPANTS}


def bare_name(label: str) -> str:
    """The name in a speaker's label: ``Sgt. Brandt, Lena (PAPD)`` → ``Lena Brandt``.

    Returns:
        ``""`` where it names nobody: "Moderator 1", "CM1", "SPEAKER_00", "Q".
    """
    plain = _BRACKETS.sub(" ", label).strip(" :")
    if is_role(plain):
        return ""
    last, comma, first = plain.partition(",")
    words = f"{first} {last}".split() if comma else plain.split()
    words = [word for word in words if not says_role(word)]
    named = any(map(_may_name, words)) and not any(c.isdigit() or c == "_" for c in "".join(words))
    return " ".join(words) if named else ""


def says_role(word: str) -> bool:
    """Whether a word of a label says what somebody does: "Nurse", "Sgt.", also a number."""
    folded = word.strip(".,:;-").casefold()
    return not folded or folded in _ROLES or folded in TITLES or folded.isdigit()


def _may_name(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    if not letters or letters[0].islower():
        return False
    if all(c.isupper() for c in letters):
        return "." in word or len(letters) >= _SHORTEST_CAPITALS
    return len(letters) > 1


def parts(name: str) -> list[str]:
    """What somebody of this name may be called for short: the first name, the last, the rest."""
    words = name.split()
    if len(words) < 2:
        return []
    found = [words[0], words[-1]] + ([" ".join(words[1:])] if len(words) > 2 else [])
    return [part for part in dict.fromkeys(found) if sum(map(str.isalpha, part)) > 1]


def known_names(
    stored: Mapping[str, str],
    listed: Sequence[Name],
    people: Sequence[Person],
    *,
    ignore_case: bool = False,
) -> Known:
    """Give every name its kind and label; the same name always has the same.

    Args:
        stored: Name → label of redactions stored before. It wins.
        listed: Of gazetteers; where a name is listed twice, the first counts.
        people: Of the roster and the participants.
        ignore_case: Names that differ in case only are one.
    """
    labels = Labels(
        stored, [*(one.label for one in listed), *(one.label for one in people)], ignore_case
    )
    found: dict[str, Name] = {}
    notes: list[str] = []
    for one in listed:
        key = labels.key(one.name)
        if key in found:
            if one.label and one.label != found[key].label:
                notes.append(f"A name is listed twice; {found[key].label} counts, not {one.label}.")
            continue
        label = labels.of(one.name) or one.label or labels.of_parts(one.name)
        if not label:
            label = labels.new_person() if one.kind == PERSON else f"[{one.kind}]"[:40]
        found[key] = Name(one.name, one.kind, label)
        labels.remember(one.name, label)
    everybody = [
        Person((one.name,), found[labels.key(one.name)].label)
        for one in listed
        if one.kind == PERSON
    ]
    everybody += [_with_label(one, labels) for one in people]
    bearers: dict[str, dict[str, str]] = {}
    for person in everybody:
        for name in dict.fromkeys([*person.names, *(p for n in person.names for p in parts(n))]):
            bearers.setdefault(labels.key(name), {}).setdefault(person.label, name)
    for key, by_label in bearers.items():
        name = next(iter(by_label.values()))
        if key in found:
            continue
        label = labels.of(name)
        if not label and len(by_label) > 1:
            label = NEUTRAL
            notes.append(f"{' and '.join(by_label)} share a name; where it stands: {NEUTRAL}.")
        found[key] = Name(name, PERSON, label or next(iter(by_label)))
    return Known(tuple(found.values()), tuple(dict.fromkeys(notes)))


def _with_label(person: Person, labels: Labels) -> Person:
    known = next((label for name in person.names if (label := labels.of(name))), "")
    unsafe = any(
        re.search(rf"(?<!\w){re.escape(part)}(?!\w)", person.label)
        for name in person.names
        for part in (name, *parts(name))
    )
    label = known or ("" if unsafe else person.label) or labels.new_person()
    for name in person.names:
        labels.remember(name, label)
    return Person(person.names, label)


class Labels:
    """Which label a name has, and new ones that nobody has."""

    def __init__(
        self, stored: Mapping[str, str], taken: Iterable[str], ignore_case: bool = False
    ) -> None:
        self._ignore_case = ignore_case
        self._labels = {self.key(name): label for name, label in stored.items()}
        used = (_PERSON_LABEL.fullmatch(label) for label in [*stored.values(), *taken])
        self._last = max((int(match[1]) for match in used if match), default=0)

    def key(self, name: str) -> str:
        """The name as it is compared."""
        folded = " ".join(name.split())
        return folded.casefold() if self._ignore_case else folded

    def of(self, name: str) -> str:
        """The label of a name; ``""`` where it has none."""
        return self._labels.get(self.key(name), "")

    def of_parts(self, name: str) -> str:
        """The label of the one person a part of the name belongs to; ``""`` if there is none."""
        found = {label for part in parts(name) if (label := self.of(part)) and label != NEUTRAL}
        return found.pop() if len(found) == 1 else ""

    def remember(self, name: str, label: str) -> None:
        """From now on the name has this label, unless it has one."""
        self._labels.setdefault(self.key(name), label)

    def new_person(self) -> str:
        """A label that nobody has: ``[P01]``."""
        self._last += 1
        return f"[P{self._last:02}]"

"""Who a label names: what to propose for it, and which labels look alike.

Pure text. Nothing here is applied: a researcher confirms what is proposed, for every file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeAlias, get_args

from qualcode.model import LabelKind, SpeakerRole
from qualcode.text.labels import is_role

MANY = ";"
"""Parts the names of speakers who share one label, in tables and decisions."""

KINDS: tuple[str, ...] = get_args(LabelKind)
ROLES: tuple[str, ...] = get_args(SpeakerRole)

LISTS = frozenset(["speakers", "participants", "attendees", "panelists", "panellists"])
"""Fields of front matter that list who speaks."""

_MODERATES = re.compile(
    r"\b(?:moderator|facilitator|interviewer|researcher|evaluator)\b|^(?:(?:MOD|INT)\d*|I|Q)$",
    re.IGNORECASE,
)
_MACHINE = re.compile(r"(?i:unknown[ _])?(?i:speaker|spk|voice)[ _#-]*(?:\d{1,4}|[A-Z])")
_BRACKETED = re.compile(r"(?P<name>[^()]+?)\s*\((?P<inner>[^()]{1,40})\)\s*:*")
_INITIALS = re.compile(r"[^\W\d_]{2,4}")
_WORD = re.compile(r"[^\W_]+")

Rule: TypeAlias = "Callable[[str], Proposal | None]"


@dataclass(frozen=True, slots=True, repr=False)
class LabelDecision:
    """What a researcher makes of one label of a document."""

    label: str
    """Exactly as the file has it."""

    speaker: str
    """Who speaks under it; several, parted by ``;``, where voices join. Blank: the label itself."""

    role: str = ""
    """One for all its speakers, or one for each, parted by ``;``. Blank leaves what is known."""

    kind: LabelKind = "speaker"
    participant: str | None = None
    """Label of the participant the speaker is, or one for each; None leaves what is known."""

    document: str = ""
    """Name of the document it was decided in; blank for one that is only being made."""

    @property
    def speakers(self) -> list[str]:
        """The names of those who speak; none under what is not a speaker."""
        if self.kind == "not a speaker":
            return []
        if self.kind == "joint":
            return parts(self.speaker)
        return [self.speaker.strip()] if self.speaker.strip() else []


@dataclass(frozen=True, slots=True, repr=False)
class Proposal:
    """A decision to confirm or to leave, and what speaks for it."""

    decision: LabelDecision
    why: str
    """``confirmed in A-FG1``, ``alias: First Last (FL)``, ``initials of First Last`` …"""


def parts(cell: str) -> list[str]:
    """Give the parts of a cell that may hold several names, blank ones left out."""
    return [part.strip() for part in cell.split(MANY) if part.strip()]


def each(cell: str, many: int) -> list[str]:
    """Give what a cell says of each of many speakers: one thing for all, or one for each.

    A blank says nothing of its speaker. There are as many as given, however many the cell holds.
    """
    given = [part.strip() for part in cell.split(MANY)]
    return given * many if len(given) == 1 else [*given, *[""] * many][:many]


def usual_role(name: str) -> SpeakerRole:
    """The role a label suggests: "Moderator", "Interviewer 2", "INT", "I", "Q" moderate.

    All others take part.
    """
    return "moderator" if _MODERATES.search(name.strip()) else "participant"


def numbered_by_machine(label: str) -> bool:
    """Tell whether a label is a recorder's number, such as ``SPEAKER_00``.

    Those are given out anew in every file: the same number is another person in the next.
    """
    return _MACHINE.fullmatch(label.strip()) is not None


def problems(decisions: Sequence[LabelDecision]) -> list[tuple[int, str]]:
    """Say what is wrong with decisions that are to hold for one document.

    Returns:
        ``(which, what is wrong)``, ``which`` counting from 0, in order.
    """
    found: list[tuple[int, str]] = []
    labels: set[str] = set()
    said: dict[tuple[str, str], tuple[str, str]] = {}
    for n, decision in enumerate(decisions):
        wrong = [] if decision.label.strip() else ["label is empty."]
        if decision.label in labels:
            wrong.append(f'label "{decision.label}" is there twice.')
        labels.add(decision.label)
        names = decision.speakers
        if decision.kind not in KINDS:
            wrong.append(f"kind is none of {', '.join(KINDS)}.")
        elif decision.kind == "joint" and decision.speaker.strip() and len(names) < 2:
            wrong.append("A joint label needs two speakers or more, parted by ;.")
        elif decision.kind == "speaker" and MANY in decision.speaker.replace(decision.label, ""):
            wrong.append("Several speakers share a label only if its kind is joint.")
        if decision.kind != "not a speaker":
            wrong += _of_speakers(decision, said)
        found += [(n, message) for message in wrong]
    return found


def _of_speakers(
    decision: LabelDecision, said: dict[tuple[str, str], tuple[str, str]]
) -> Iterator[str]:
    """What is wrong with the roles and participants a decision gives its speakers.

    Args:
        said: ``(role or participant, name)`` → the name and what has been said so far.
    """
    names = decision.speakers or [decision.label]
    for what, cell in (("role", decision.role), ("participant", decision.participant or "")):
        if MANY in cell and cell.count(MANY) + 1 != len(names):
            yield f"{what} says one thing for all speakers or one for each of the {len(names)}."
            continue
        for name, value in zip(names, each(cell, len(names)), strict=True):
            if not value:
                continue
            if what == "role" and value not in ROLES:
                yield f"role is none of {', '.join(ROLES)}."
                continue
            spelt, other = said.setdefault((what, name.casefold()), (name, value))
            if other != value:
                yield f'{what} of "{spelt}" is {other} in another row.'


def proposals(
    labels: Sequence[str],
    *,
    metadata: Mapping[str, str],
    confirmed: Iterable[LabelDecision],
    roster: Iterable[str],
) -> list[Proposal]:
    """Propose what the labels of a document may mean.

    Args:
        labels: Of the document.
        metadata: Its front matter; a list of speakers there tells names and initials.
        confirmed: What was decided in earlier documents.
        roster: Names of the speakers known so far.

    Returns:
        At most one for each label, in their order; it may be what holds already. Earlier decisions
        come before what a label says by itself, and that before lists of names.
    """
    known = set(labels) | set(roster)
    rules: tuple[Rule, ...] = (
        _as_confirmed(confirmed),
        _by_itself(known),
        _from_list(_listed(metadata), set(labels), "in the front matter"),
        _from_list([(name, "") for name in sorted(set(roster))], known, "on the roster"),
    )
    found: list[Proposal] = []
    for label in dict.fromkeys(labels):
        first = next(filter(None, (rule(label) for rule in rules)), None)
        if first is not None:
            found.append(first)
    return found


def _as_confirmed(confirmed: Iterable[LabelDecision]) -> Rule:
    exact: dict[str, LabelDecision] = {}
    folded: dict[str, LabelDecision] = {}
    for decision in confirmed:
        exact[decision.label] = decision
        folded[decision.label.casefold()] = decision

    def rule(label: str) -> Proposal | None:
        decision = exact.get(label) or folded.get(label.casefold())
        if decision is None:
            return None
        if decision.kind != "not a speaker" and numbered_by_machine(label):
            return None  # in another file that number is another person
        return Proposal(replace(decision, label=label), f"confirmed in {decision.document}")

    return rule


def _by_itself(known: set[str]) -> Rule:
    """What the label says: ``First Last (FL)`` is FL, ``Ana (moderator)`` moderates, ``DB:`` DB."""

    def rule(label: str) -> Proposal | None:
        match = _BRACKETED.fullmatch(label)
        if match is not None:
            name, inner = match["name"].strip(), match["inner"].strip()
            if inner.casefold() in initials(name) or inner in known - {label}:
                return Proposal(LabelDecision(label, inner), f"alias: {label.rstrip(': ')}")
            if is_role(inner) or usual_role(inner) == "moderator":
                decision = LabelDecision(label, name, usual_role(inner))
                return Proposal(decision, f"role in brackets: {inner}")
        bare = label.rstrip(": ")
        if bare and bare != label:
            return Proposal(LabelDecision(label, bare), "without its colon")
        return None

    return rule


def _from_list(people: Sequence[tuple[str, str]], known: set[str], where: str) -> Rule:
    """Initials or an alias of somebody listed, where they can be only one's."""
    owners: dict[str, set[str]] = {}
    for name, alias in people:
        for short in {*initials(name), alias.casefold()} - {""}:
            owners.setdefault(short, set()).add(name)
    aliases = {alias.casefold() for _, alias in people}

    def rule(label: str) -> Proposal | None:
        short = label.strip()
        names = owners.get(short.casefold(), set()) - {label}
        if len(names) != 1:
            return None
        is_alias = short.casefold() in aliases
        if not is_alias and not (_INITIALS.fullmatch(short) and short.isupper()):
            return None
        (name,) = names
        if any(f"{name} ({short})" == other for other in known):
            return None  # that label is the one with a proposal
        kind = "alias" if is_alias else "initials"
        return Proposal(LabelDecision(label, name), f"{kind} of {name} {where}")

    return rule


def _listed(metadata: Mapping[str, str]) -> list[tuple[str, str]]:
    """``(name, alias)`` of everybody a list in the front matter names; no alias is blank."""
    found: list[tuple[str, str]] = []
    for field, value in metadata.items():
        if field.casefold() not in LISTS:
            continue
        for entry in re.split(r"[;\n]" if re.search(r"[;\n]", value) else r",", value):
            name, _, rest = entry.partition("(")
            name = " ".join(name.strip(" -*\t'\"").split())
            if name and len(name.split()) <= 5:
                found.append((name, rest.partition(")")[0].strip()))
    return found


def initials(name: str) -> set[str]:
    """Give the initials a name may be shortened to, case-folded: ``Last, First`` in both orders."""
    last, comma, first = name.partition(",")
    orders = [f"{last} {first}", f"{first} {last}"] if comma else [name]
    found: set[str] = set()
    for order in orders:
        letters = [word[0].casefold() for word in _WORD.findall(order)]
        if len(letters) >= 2:
            found |= {"".join(letters), letters[0] + letters[-1]}
    return found


# Names that look alike

_ALIKE = str.maketrans({"o": "0", "O": "0", "l": "1", "I": "1", "|": "1"})
_APART = {frozenset(["interviewer", "interviewee"])}
"""Names that differ by a letter and mean two people."""

_SHORT, _LONG = 4, 8
"""Letters from which one slip, and from which two, make names alike."""


@dataclass(frozen=True, slots=True, repr=False)
class _Seen:
    """A name in the forms that are compared."""

    name: str
    letters: str
    """Case-folded, without blanks and punctuation."""

    looks: str
    """As ``letters``, but characters that look the same are the same."""

    marks: tuple[str, ...]
    """Its numbers and single letters, which tell people apart: ``P1``, ``Speaker B``."""

    bag: Counter[str]


def near_duplicates(labels: Sequence[str], roster: Sequence[str]) -> list[tuple[str, str]]:
    """Give names that look alike and may be one person's: for people to look at.

    Alike are names that differ only in case, blanks or punctuation, in O and 0 or l, I and 1, or
    in one slip of a letter (two from eight letters on). Two that differ in a number or a single
    letter, as ``P1`` and ``P2`` do, are two people. Initials are too short for slips.

    Args:
        labels: Of one document.
        roster: Names known besides; they are compared with the labels, not with each other.

    Returns:
        Pairs in the order of the labels: two labels, or a label and a name of the roster.
    """
    ours = [_seen(name) for name in dict.fromkeys(labels)]
    names = {one.name for one in ours}
    others = [_seen(name) for name in dict.fromkeys(roster) if name not in names]
    order = {one.name: n for n, one in enumerate(ours)}
    pairs = [(a, b) for a, b in combinations(ours, 2) if _look_alike(a, b)]
    pairs += [(a, b) for a in ours for b in others if _look_alike(a, b)]
    return sorted(((a.name, b.name) for a, b in pairs), key=lambda pair: order[pair[0]])


def _seen(name: str) -> _Seen:
    words = _WORD.findall(name)
    letters = "".join(words).casefold()
    looks = "".join(words).translate(_ALIKE).casefold()
    marks = tuple(
        mark
        for word in words
        for mark in ([word.casefold()] if len(word) == 1 else re.findall(r"\d+", word))
    )
    return _Seen(name, letters, looks, marks, Counter(letters))


def _look_alike(a: _Seen, b: _Seen) -> bool:
    if not a.letters or not b.letters:
        return False
    if a.letters == b.letters or a.looks == b.looks:
        return True
    shorter, longer = sorted((len(a.letters), len(b.letters)))
    allowed = 0 if shorter < _SHORT - 1 else 1 if shorter < _LONG else 2
    if not allowed or longer - shorter > allowed or a.marks != b.marks:
        return False
    if shorter < _SHORT and (longer == shorter or a.name.isupper() or b.name.isupper()):
        return False  # "Ana" and "Anna" are alike, "Tim" and "Tom" or initials are not
    if frozenset([a.letters, b.letters]) in _APART:
        return False
    if sum(((a.bag - b.bag) | (b.bag - a.bag)).values()) > 2 * allowed:
        return False
    return _distance(a.letters, b.letters) <= allowed


def _distance(a: str, b: str) -> int:
    """Give how many letters must be changed, added, dropped or swapped with the next."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]

"""Whether known names are left in files that are to be passed on, and where."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode.errors import InputProblems, Problem
from qualcode.formats.all_words import SQLITE, words_of
from qualcode.importers.guarded import call
from qualcode.importers.source import load
from qualcode.model import Cell, Table
from qualcode.store.all_words import FREE, project_words
from qualcode.text.disclosure import Names, folded, plain

if TYPE_CHECKING:
    from qualcode.project import Project

KEY = "qualcode.key/1"
SHORTEST = 4
"""Letters of a name from which it is looked for in the bytes of a file: shorter ones are chance."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, repr=False)
class Wanted:
    """The names that must not be left."""

    names: Mapping[str, str]
    """Name → its label."""

    words: frozenset[tuple[str, str, str]] = frozenset()
    """Places that a person decided to be no names: word before, the word, word after."""

    ignore_case: bool = False


def of_project(project: Project) -> Wanted:
    """The names of a project, as the disclosure check knows them, and where they are words."""
    from qualcode.reports.known_names import known_names

    known = known_names(project)
    names = {name: one.label for name, one in known.known.items() if name not in known.words}
    names |= dict(project.layer.names)
    words: set[tuple[str, str, str]] = set()
    for document in project.documents.list():
        if document.removed:
            continue
        text = project.documents.text(document.id)
        rendering = project.layer.rendering(document.id, text)
        for one in project.redactions.list(document.id):
            if one.status == "rejected":
                at = rendering.span(one.span)
                words.add(_around(rendering.text, at.start, at.stop))
    return Wanted(names, frozenset(words))


def read_key(path: Path) -> Wanted:
    """Read a key: the names, and the places that are none.

    Raises:
        InputProblems: it is none.
    """
    data = load(path)
    try:
        held = json.loads(data.decode("utf-8"))
    except ValueError as error:
        raise InputProblems(path, [Problem(0, "This is no key: not JSON.")]) from error
    names = held.get("names") if isinstance(held, dict) and held.get("schema") == KEY else None
    if not isinstance(names, dict) or not all(isinstance(v, str) for v in names.values()):
        raise InputProblems(path, [Problem(0, f"This is no key ({KEY}).")])
    words = [tuple(map(str, one)) for one in held.get("words", []) if isinstance(one, list)]
    return Wanted(names, frozenset((one[0], one[1], one[2]) for one in words if len(one) == 3))


def key_json(names: Mapping[str, str], words: Iterable[tuple[str, str, str]] = ()) -> bytes:
    """A key as it is written to a file of its own.

    Args:
        names: Name → label.
        words: As ``Wanted.words``.
    """
    note = "Who is who. Keep this apart from the project it opens, and pass it to nobody."
    held = {"schema": KEY, "note": note, "names": dict(names), "words": sorted(words)}
    return (json.dumps(held, ensure_ascii=False, indent=1) + "\n").encode()


@dataclass(frozen=True, slots=True, repr=False)
class Looked:
    """What a look into files found."""

    left: Table
    """``file, place, label, times, name``."""

    excused: int
    """Places that a person decided to be no names."""

    unread: tuple[str, ...]
    """Parts of files in which nothing can be read: pictures."""


def look(path: Path, wanted: Wanted) -> Looked:
    """Look for the names in one file, its name included.

    Raises:
        ReadingError: it cannot be looked into.
    """
    data = load(path, large=True)
    unread: list[str] = []
    if data.startswith(SQLITE):
        words: Iterable[tuple[str, str]] = project_words(path)
    else:
        found = call(words_of, data, path)
        words, unread = found["words"], found["unread"]
    names = Names(wanted.names, other_case=wanted.ignore_case)
    labels = {folded(name): label for name, label in wanted.names.items()}
    counts: dict[tuple[str, str, str], int] = {}
    excused = 0
    seen: set[str] = set()
    for place, text in _with_name(path, words):
        for line, name, as_known, is_word in _hits(place, text, names, wanted):
            if place == FREE and name in seen:
                continue  # a table has it, and its bytes say no more
            seen.update([] if place == FREE else [name])
            excused += is_word
            if not is_word:
                counts[line, name, as_known] = counts.get((line, name, as_known), 0) + 1
    rows: list[tuple[Cell, ...]] = [
        (str(path), place, labels[as_known], times, name)
        for (place, name, as_known), times in counts.items()
    ]
    return Looked(
        Table("names left", ["file", "place", "label", "times", "name"], rows),
        excused,
        tuple(f"{path}: {part}" for part in unread),
    )


def _with_name(path: Path, words: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    yield "the file's name", re.sub(r"[_.-]+", " ", path.stem) + "\n" + path.name
    yield from words


def _hits(
    place: str, text: str, names: Names, wanted: Wanted
) -> Iterator[tuple[str, str, str, bool]]:
    """Line, name as it stands, name as it is known, and whether it is a word here."""
    text = plain(text)
    lines = "\n" in text.strip() and place != FREE
    for hit in names.hits(text):
        start, stop = hit.span.start, hit.span.stop
        name = text[start:stop]
        if place == FREE and sum(map(str.isalpha, name)) < SHORTEST:
            continue
        at = f"{place}, line {text.count(chr(10), 0, start) + 1}" if lines else place
        yield at, name, hit.name, place != FREE and _is_word(text, start, stop, wanted)


def _is_word(text: str, start: int, stop: int, wanted: Wanted) -> bool:
    """Whether a person decided of this word, between these, that it names nobody.

    What a file quotes may begin or end at the word.
    """
    before, name, after = _around(text, start, stop)
    for b, n, a in wanted.words:
        if n == name and (
            (b == before and a == after)
            or (a == after and a and not before)
            or (b == before and b and not after)
        ):
            return True
    return False


def _around(text: str, start: int, stop: int) -> tuple[str, str, str]:
    before = _WORD.findall(text[max(0, start - 60) : start])
    after = _WORD.search(text, stop)
    name = " ".join(text[start:stop].split())
    return before[-1] if before else "", name, after.group() if after else ""

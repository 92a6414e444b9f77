"""What makes a codebook hard to code with: gaps and look-alikes that coders stumble over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from qualcode.model import Code
from qualcode.text.plurals import counted

EXAMPLES = 2
"""Examples that a code should have."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something to mend in a codebook."""

    code: str
    """Short name."""

    finding: str
    """Short fixed word: ``no_definition``, ``no_inclusion``, ``no_exclusion``, ``few_examples``,
    ``look_alike``, ``one_sided_near_miss``, ``unknown_near_miss``, ``shared_example``."""

    message: str


def findings(codes: Sequence[Code]) -> list[Finding]:
    """Look through live codes that can be applied.

    Returns:
        In codebook order, several of one code in a fixed order; empty for a codebook in order.
    """
    usable = [code for code in codes if not code.removed]
    order = {code.code: at for at, code in enumerate(usable)}
    found = [*_gaps(usable), *_look_alikes(usable), *_near_misses(usable), *_shared(usable)]
    return sorted(found, key=lambda one: (order[one.code], one.finding, one.message))


def _gaps(codes: Sequence[Code]) -> Iterator[Finding]:
    for code in codes:
        if not code.codable:
            continue
        if not (code.brief or code.full):
            yield Finding(code.code, "no_definition", "Nothing says what it means.")
        if not code.use_when:
            yield Finding(code.code, "no_inclusion", "Nothing says when to use it.")
        if not code.not_when:
            yield Finding(code.code, "no_exclusion", "Nothing says when not to use it.")
        if len(code.example) < EXAMPLES:
            has = counted(len(code.example), "example") if code.example else "no examples"
            yield Finding(code.code, "few_examples", f"It has {has}; two or more show its range.")


def _look_alikes(codes: Sequence[Code]) -> Iterator[Finding]:
    for a, b in combinations(codes, 2):
        if b.code in _related(a) or a.code in _related(b):
            continue
        if _alike(a.title, b.title):
            yield Finding(
                b.code, "look_alike",
                f'"{b.title}" is easily taken for "{a.title}"; rename one, or say the difference as'
                " a near miss.",
            )  # fmt: skip


def _alike(a: str, b: str) -> bool:
    """Whether two names differ by a letter or two, or only in the order or number of words."""
    one, other = (sorted(_WORD.findall(name.casefold())) for name in (a, b))
    if [word.rstrip("s") for word in one] == [word.rstrip("s") for word in other]:
        return True
    short, long = sorted(("".join(one), "".join(other)), key=len)
    return len(short) >= 6 and _distance(short, long) <= (1 if len(short) < 10 else 2)


def _distance(a: str, b: str) -> int:
    """Letters to add, drop or change to make the one of the other."""
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != other))
    return row[-1]


def _related(code: Code) -> set[str]:
    """Codes that a code's near misses name."""
    return {text.partition(":")[0].strip() for text in code.near_miss if ":" in text}


def _near_misses(codes: Sequence[Code]) -> Iterator[Finding]:
    by_name = {code.code.casefold(): code for code in codes}
    for code in codes:
        for name in sorted(_related(code)):
            if not re.fullmatch(r"\w+", name):
                continue  # a sentence with a colon, not the name of a code
            other = by_name.get(name.casefold())
            if other is None:
                yield Finding(
                    code.code, "unknown_near_miss", f'Its near miss "{name}" is no code here.'
                )
            elif code.code.casefold() not in {one.casefold() for one in _related(other)}:
                yield Finding(
                    code.code, "one_sided_near_miss",
                    f'It says how it differs from "{other.title}"; {other.title} does not say so.',
                )  # fmt: skip


def _shared(codes: Sequence[Code]) -> Iterator[Finding]:
    first: dict[str, Code] = {}
    for code in codes:
        for words in code.example:
            other = first.setdefault(" ".join(words.split()).casefold(), code)
            if other is not code:
                yield Finding(
                    code.code, "shared_example",
                    f'One of its examples is also an example of "{other.title}".',
                )  # fmt: skip

"""Which way a text runs, and which stretches of it another script's rules apply to.

Word asks for both to be said: a paragraph that runs from the right, and each run of a right-to-left
script in it. Signs that belong to no script (quotes, blanks, digits) go with their surroundings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Hebrew, Arabic, Syriac, Thaana, NKo and what was added to them
_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_EAST = (
    "\u1100-\u11ff\u2e80-\u303f\u3040-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f"
    "\uff00-\uffef\U00016fe0-\U0001b2ff\U00020000-\U0003ffff"
)
_ANY_RIGHT = re.compile(f"[{_RIGHT}]")
_ANY_EAST = re.compile(f"[{_EAST}]")
_OTHER = re.compile("[\u0590-\u11ff\u2e80-\U0003ffff]")  # both of them are in here
_LETTER = re.compile(r"[^\W\d_]")
_LEFT = rf"[^\W\d_{_RIGHT}]"
_FROM_RIGHT = re.compile(rf"[{_RIGHT}](?:[\W\d_]*[{_RIGHT}])*")
_FROM_LEFT = re.compile(rf"{_LEFT}(?:[\W\d_]*{_LEFT})*")


def one_way(text: str) -> bool:
    """Whether no script in it asks for rules of its own, which is quickly told."""
    return text.isascii() or _OTHER.search(text) is None


def right_to_left(text: str) -> bool:
    """Whether a paragraph of this text runs from the right: its first letter decides."""
    if text.isascii():
        return False
    first = _LETTER.search(text)
    return first is not None and _ANY_RIGHT.match(first[0]) is not None


def east_asian(text: str) -> bool:
    """Whether any of it is Chinese, Japanese or Korean, whose quotes and dots are a sign wide."""
    return not text.isascii() and _ANY_EAST.search(text) is not None


def stretches(text: str) -> Iterator[tuple[str, bool]]:
    """The text in order, cut where its direction turns, each with whether it runs from the right.

    Never empty stretches; the whole text where it runs one way.
    """
    if text.isascii() or _ANY_RIGHT.search(text) is None:
        if text:
            yield text, False
        return
    mostly = right_to_left(text)
    at = 0
    for other in (_FROM_LEFT if mostly else _FROM_RIGHT).finditer(text):
        if other.start() > at:
            yield text[at : other.start()], mostly
        yield other[0], not mostly
        at = other.end()
    if at < len(text):
        yield text[at:], mostly

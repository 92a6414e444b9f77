"""Where a character, as a reader sees it, may not be cut in two.

Offsets count code points; a letter with its accent, a flag or a joined emoji are several of them.
"""

from __future__ import annotations

import unicodedata

_ZWJ = "\u200d"


def cuts(text: str, position: int) -> bool:
    """Whether a boundary at ``position`` would part what a reader takes for one character.

    The beginning and the end of the text cut nothing.
    """
    if not 0 < position < len(text):
        return False
    here, before = text[position], text[position - 1]
    if before == "\n" or (before.isascii() and here.isascii()):
        return False
    if _is_flag_letter(here) and _is_flag_letter(before):
        run = position
        while run > 0 and _is_flag_letter(text[run - 1]):
            run -= 1
        return (position - run) % 2 == 1
    return _extends(here) or (before == _ZWJ and unicodedata.category(here) == "So")


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character == _ZWJ
        or "\ufe00" <= character <= "\ufe0f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"

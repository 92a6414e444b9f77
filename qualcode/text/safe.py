"""Make text harmless for screens and XML without hiding any of it.

It changes how text is *shown or written out*, never the text itself.
"""

from __future__ import annotations

import re

from qualcode.text.plurals import counted

_SUBSTITUTE = "\u2426"  # SYMBOL FOR SUBSTITUTE FORM TWO

BIDI_FORMATTING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Explicit embeddings, overrides and isolates: they reorder the text around them."""

_BIDI_MARKS = "\u061c\u200e\u200f"

_UNSAFE = re.compile(
    f"[\x00-\x09\x0b-\x1f\x7f-\x9f{_BIDI_MARKS}{BIDI_FORMATTING}\u2028\u2029\ufeff\ud800-\udfff]"
)
_BIDI = re.compile(f"[{BIDI_FORMATTING}]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def shown(text: str) -> str:
    """Give the text as a terminal may print it: every control character made visible.

    The result has the same length, so offsets into the text hold for it. LF stays, TAB becomes a
    blank, other C0 controls and DEL become their control picture (ESC: ``␛``); C1, bidirectional
    controls, U+2028, U+2029, U+FEFF and lone surrogates become ``␦``.
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code == 0x09:
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else _SUBSTITUTE


def xml_safe(text: str) -> tuple[str, int]:
    """Give the text with what XML 1.0 cannot hold replaced by U+FFFD, and how many were."""
    return _NOT_XML.subn("\ufffd", text)


def replaced_in(what: str, n: int) -> str:
    """Say that ``xml_safe`` replaced so many characters of what was written."""
    are = "is" if n == 1 else "are"
    return f"{counted(n, 'character')} cannot stand in {what} and {are} shown as U+FFFD."


def visible_bidi(text: str) -> str:
    """Write every explicit bidirectional control as ``[U+202E]``, so that a reader sees it.

    Left-to-right and right-to-left *marks* stay: right-to-left scripts need them and they cannot
    reorder their surroundings.
    """
    return _BIDI.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)

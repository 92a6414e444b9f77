"""Time stamps as transcripts write them, in seconds."""

from __future__ import annotations

import re

TIME = r"(?:\d{1,3}:)?\d{1,3}:[0-5]\d(?:[.,]\d{1,3})?"
"""``[H:]MM:SS[.,mmm]``, as a piece of a regular expression without groups."""

END_STAMP = r"#\d{1,3}:[0-5]\d:[0-5]\d(?:[-.,]\d{1,3})?#"
"""``#HH:MM:SS-d#`` as f4 writes it, ``d`` tenths of a second."""

_STAMP_IN_SPEECH = re.compile(rf"\\?\[({TIME})\\?\]|({END_STAMP})")


def seconds(stamp: str) -> float:
    """Give the seconds of a stamp in any of the forms above, brackets and ``#`` allowed."""
    whole, _, fraction = stamp.strip("[]()#").replace(",", ".").replace("-", ".").partition(".")
    total = 0
    for part in whole.split(":"):
        total = total * 60 + int(part)
    return total + (int(fraction) / 10 ** len(fraction) if fraction else 0.0)


def stamps(text: str, start: int, stop: int) -> list[tuple[int, float]]:
    """Give ``(position, seconds)`` of every bracketed stamp inside speech, in text order."""
    if text.find("[", start, stop) < 0 and text.find("#", start, stop) < 0:
        return []  # most turns have none, and the pattern has no fixed beginning to look for
    return [
        (match.start(), seconds(match[1] or match[2]))
        for match in _STAMP_IN_SPEECH.finditer(text, start, stop)
    ]

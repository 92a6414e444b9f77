"""Numbers and words as a sentence of a paper has them."""

from __future__ import annotations

WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip

ORIGINS = {"a-priori": "a priori"}
"""Where a code comes from, as it is written out."""


def span_of(low: float, high: float) -> str:
    """Two figures, or one where they print alike."""
    same = figure(low) == figure(high)
    return figure(low) if same else f"{figure(low)} to {figure(high)}"


def figure(value: float | None, decimals: int = 2) -> str:
    """The figure without its leading zero, as APA asks of what cannot exceed 1."""
    if value is None:
        return "–"
    text = f"{abs(value):.{decimals}f}"
    sign = "−" if value < 0 and float(text) else ""
    return sign + (text[1:] if text.startswith("0") else text)


def small(value: float | None) -> str:
    """The size of a rounding error."""
    return "none compared" if value is None else f"{value:.0e}" if value else "0"


def spoken(attribute: str) -> str:
    """The name of an attribute in a sentence: ``stakeholder_role`` is "stakeholder role"."""
    return attribute.replace("_", " ")


def count(n: int, noun: str) -> str:
    """``one document``, ``12 documents``."""
    return f"{word(n)} {noun}" if n == 1 else f"{word(n)} {noun}s"


def word(n: int) -> str:
    """Numbers up to ten in words, as a sentence has them."""
    return WORDS[n] if n < len(WORDS) else f"{n:,}"

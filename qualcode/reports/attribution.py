"""The line under a quote that says whose words it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from qualcode.errors import UsageProblem

PATTERN = "**{participant}**, {role}, {site} · {document}, {turns}, {time}"
"""What is printed unless another pattern is asked for; ``**`` turns bold on and off."""

FIELDS = (
    "participant", "speaker", "role", "site", "document", "turns", "time", "coder", "round",
    "codes",
)  # fmt: skip
"""What a pattern may name beside the attributes of a project."""

_FIELD = re.compile(r"\{(\w+)\}")


def attribution(values: Mapping[str, str], pattern: str = PATTERN) -> list[tuple[str, bool]]:
    """Fill a pattern; a part that is missing takes the separator before it along.

    Args:
        values: Field → text; an empty one is missing.
        pattern: Text with ``{field}`` and ``**``.

    Returns:
        Pieces of text, each with whether it is bold; empty where every field is missing.

    Raises:
        UsageProblem: The pattern names a field that does not exist.
    """
    pieces: list[tuple[str, bool]] = []
    bold = present = False
    parts = _FIELD.split(pattern)
    for at in range(0, len(parts) - 1, 2):
        before, name = parts[at], parts[at + 1]
        refuse_unknown([name], values)
        lead, toggled = before.replace("**", ""), before.count("**") % 2 == 1
        if values[name]:
            # The separator stands outside the bold part, on whichever side of ** it was written.
            if lead and (present or at == 0):
                pieces.append((lead, False))
            pieces.append((values[name], bold != toggled))
            present = True
        bold = bold != toggled
    end = parts[-1].replace("**", "")
    if present and end:
        pieces.append((end, False))
    return pieces


def fields(pattern: str) -> list[str]:
    """What a pattern names, in its order."""
    return _FIELD.findall(pattern)


def refuse_unknown(names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse fields that do not exist.

    Raises:
        UsageProblem: One of them.
    """
    there = sorted(known)
    for name in names:
        if name not in there:
            raise UsageProblem(
                f'An attribution cannot hold "{{{name}}}". It can hold: {", ".join(there)}.'
            )

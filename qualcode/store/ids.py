"""Identifiers and times, made by us so that copies of a project merge without renumbering."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

_last = 0


def new_id() -> str:
    """Make a UUIDv7: unique everywhere, and ascending in the order it was made here.

    Source:
        RFC 9562, section 5.7, with 12 bits of sub-millisecond fraction (method 3).
    """
    global _last
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    _last = max(_last + 1, milliseconds << 12 | rest * 4096 // 1_000_000)
    stamp, fraction = _last >> 12, _last & 0xFFF
    random = int.from_bytes(os.urandom(8)) >> 2
    value = stamp << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def now() -> str:
    """The time now, UTC, ISO 8601 with seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def microseconds() -> int:
    """The time now in microseconds since 1970."""
    return time.time_ns() // 1000

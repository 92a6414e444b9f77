"""The process in which ``patterns`` matches: a request on stdin, the answer on stdout, the end.

It is run as a file, without the rest of the package, and imports nothing but the standard library.
"""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from math import ceil

MEMORY = 1_500_000_000
"""Bytes of address space it may have, where the system can say so."""

ALARM: int | None = -signal.SIGALRM if hasattr(signal, "SIGALRM") else None
"""How it ends when its own time is up."""


def places(pattern: re.Pattern[str], text: str, first: bool) -> list[tuple[int, int]]:
    """Where the pattern matches at least one character, in text order."""
    found: list[tuple[int, int]] = []
    for match in pattern.finditer(text):
        if match.end() > match.start():
            found.append(match.span())
            if first:
                break
    return found


def main() -> None:
    """Answer one request."""
    request = json.loads(sys.stdin.buffer.read())
    _limit(ceil(request["seconds"]) + 1)
    try:
        pattern = re.compile(request["pattern"], re.IGNORECASE | re.MULTILINE)
    except re.error as error:
        answer: dict[str, object] = {"problem": error.msg, "position": error.pos or 0}
    except (OverflowError, RecursionError):
        answer = {"problem": "the pattern is too large", "position": 0}
    else:
        texts: Iterator[str] = iter(request["texts"])
        answer = {"places": [places(pattern, text, request["first"]) for text in texts]}
    sys.stdout.write(json.dumps(answer))


def _limit(seconds: int) -> None:
    """End by itself, should nobody wait for the answer any more."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


if __name__ == "__main__":
    import warnings

    warnings.simplefilter("ignore")
    main()

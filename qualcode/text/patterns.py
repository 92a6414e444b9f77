"""Words and patterns in many texts, also patterns that would never come to an end.

A regular expression such as ``(a+)+$`` can take longer than anybody lives, and a thread that
matches one cannot be stopped. So patterns are matched in a child process, which is killed when
its time is up. What is only words is escaped and looked for here.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from qualcode.model import Span
from qualcode.text import pattern_child

SECONDS = 5.0
"""How long a pattern may take for all texts together, by the clock."""


class BadPattern(ValueError):
    """Not a regular expression; ``position`` counts characters from 0."""

    def __init__(self, problem: str, position: int) -> None:
        self.problem, self.position = problem, position
        super().__init__(problem)


def words(asked: str, texts: Sequence[str], *, first: bool = False) -> list[list[Span]]:
    """Find words in texts: any case, any white space for a blank, however accents are encoded.

    Args:
        first: Only the first place in each text.

    Returns:
        For each text its places in text order, not overlapping; none if ``asked`` is blank.
    """
    forms = dict.fromkeys(unicodedata.normalize(form, asked) for form in ("NFC", "NFD"))
    escaped = [r"\s+".join(map(re.escape, form.split())) for form in forms]
    if not any(escaped):
        return [[] for _ in texts]
    pattern = re.compile("|".join(escaped), re.IGNORECASE)
    return [
        [Span(*place) for place in pattern_child.places(pattern, text, first)] for text in texts
    ]


def matches(
    pattern: str, texts: Sequence[str], *, first: bool = False, seconds: float = SECONDS
) -> list[list[Span]]:
    """Find a regular expression (Python's ``re``) in texts.

    Any case, unless the pattern says ``(?-i:…)``; ``^`` and ``$`` are the ends of lines.

    Args:
        first: Only the first place in each text.
        seconds: For all texts together; then the child is killed.

    Returns:
        For each text its places in text order, not overlapping, none of them empty.

    Raises:
        BadPattern: It is no regular expression.
        TimeoutError: It takes longer.
        MemoryError: The child died, for want of memory or in Python's own matcher.
    """
    # Python without site or environment starts in 20 ms, and the file needs nothing but ``re``.
    command = [sys.executable, "-I", "-S", str(Path(pattern_child.__file__))]
    request = json.dumps({"pattern": pattern, "first": first, "seconds": seconds, "texts": texts})
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with child:
        try:
            told, _ = child.communicate(request.encode("ascii"), seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"The pattern takes more than {seconds:g} seconds.") from None
        finally:
            child.kill()
    if child.returncode == pattern_child.ALARM:
        raise TimeoutError(f"The pattern takes more than {seconds:g} seconds.")
    if child.returncode != 0:
        raise MemoryError("The pattern takes more memory than there is.")
    answer = json.loads(told)
    if "problem" in answer:
        raise BadPattern(answer["problem"], answer["position"])
    return [[Span(start, stop) for start, stop in places] for places in answer["places"]]

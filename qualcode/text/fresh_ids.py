"""Other ids for participants, so that what is quoted of one cannot be looked up by their id."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

_PREFIXES = "PQRSTUVWXYZ"


def fresh_ids(labels: Iterable[str], taken: Iterable[str], seed: str) -> dict[str, str]:
    """Give every label an id that nobody had: a letter and a number, in an order the seed draws.

    Args:
        labels: Of the participants.
        taken: Whatever else stands for somebody; no id may be taken for one of these.
        seed: The same seed gives the same ids. It must hold something that readers do not have.

    Returns:
        Label → id.
    """
    old = sorted(set(labels))
    there = "\n".join([*old, *taken])
    free = [p for p in _PREFIXES if not re.search(rf"(?<![^\W_]){p}\d", there)]
    prefix = free[0] if free else "ID"
    numbers = list(range(1, len(old) + 1))
    random.Random(seed).shuffle(numbers)
    width = max(2, len(str(len(old))))
    return {label: f"{prefix}{n:0{width}}" for label, n in zip(old, numbers, strict=True)}

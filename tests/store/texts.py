"""An invented transcript and how an importer would read it."""

from __future__ import annotations

import hashlib

from qualcode.model import Reading
from qualcode.text.turns import find_turns

HARBOUR = """Moderator: How did they meet you?

P1: She walked over and said her name. I had never seen her.

P2: They put me on the list for a bed. Nobody called.

Moderator: And then?

P1: Then nothing, for weeks. 👍🏽 she wrote, that was all.
"""


def reading(text: str) -> Reading:
    """A reading of a text in the form ``LABEL: words``."""
    data = text.encode()
    found = find_turns(text)
    return Reading(
        text,
        found.turns,
        "txt",
        found.pattern,
        "utf-8",
        hashlib.sha256(data).hexdigest(),
        data,
    )

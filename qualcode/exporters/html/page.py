"""The frame of every page, and text made safe for it.

The policy of a page allows nothing but its own style sheet, named by its digest, and pictures
inside the file. Even markup that slipped through could load and run nothing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from html import escape
from typing import IO

from qualcode.text.safe import visible_bidi, xml_safe

CHUNK = 1 << 18
"""Characters that are encoded at a time."""


class Ink:
    """Writes text into HTML and counts what it cannot hold."""

    def __init__(self) -> None:
        self.replaced = 0
        """Characters that became U+FFFD."""

    def text(self, text: str) -> str:
        """Text as content or as the value of an attribute in quotes; bidi controls visible."""
        if text.isprintable():  # no control, bidi or surrogate character and no line end
            return escape(text)
        safe, replaced = xml_safe(visible_bidi(text))
        self.replaced += replaced
        return escape(safe)


def page(
    title: str, look: str, body: Iterable[str], ink: Ink, *, program: str = "qualcode"
) -> Iterator[str]:
    """A whole page.

    Args:
        look: The style sheet; nothing else of the page may hold any style.
        body: What stands between the tags of the body, as HTML.
    """
    digest = base64.b64encode(hashlib.sha256(look.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<meta name="generator" content="{ink.text(program)}">\n'
        f"<title>{ink.text(title)}</title>\n<style>{look}</style>\n</head>\n<body>\n"
    )
    yield from body
    yield "</body>\n</html>\n"


def stream(file: IO[bytes], pieces: Iterable[str]) -> None:
    """Write pieces of a page as UTF-8, many at a time."""
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size > CHUNK:
            file.write("".join(waiting).encode())
            waiting, size = [], 0
    file.write("".join(waiting).encode())

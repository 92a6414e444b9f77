"""Plain text and Markdown: the whole text is kept as it stands, marks and labels included."""

from __future__ import annotations

from qualcode.importers.characters import decode
from qualcode.importers.front_matter import split_front_matter
from qualcode.importers.source import Reader, Source
from qualcode.model import Reading
from qualcode.text.turns import find_turns


def read_plain(source: Source) -> Reading:
    """Read running text: front matter becomes metadata, all else is text."""
    decoded = decode(source)
    metadata, begins, first_line = split_front_matter(decoded.text)
    text = decoded.text[begins:]
    names = [metadata[key] for key in metadata if key.casefold() in ("speakers", "participants")]
    found = find_turns(
        text, pattern=source.pattern, names=names, known=source.labels, first_line=first_line
    )
    return Reading(
        text=text,
        turns=found.turns,
        format=source.format,
        pattern=found.pattern,
        encoding=decoded.encoding,
        sha256=source.sha256,
        source=source.data,
        anchors=found.anchors,
        metadata=metadata,
        warnings=(*source.warnings, *decoded.warnings, *found.warnings),
        dropped=decoded.dropped,
        facts={"preamble_lines": found.preamble_lines},
    )


TXT = Reader((".txt", ".text"), read_plain)
MD = Reader((".md", ".markdown"), read_plain)

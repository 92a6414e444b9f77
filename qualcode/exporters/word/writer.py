"""Writing the file: the shell's zip is copied, body and comments are streamed over their markers.

python-docx takes a superlinear time for thousands of paragraphs and comments (each asks which ids
and styles there are); strings into a zip stay linear. Times in the zip are fixed, so that the same
report gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from qualcode.exporters.files import new_file
from qualcode.exporters.report import Report
from qualcode.exporters.word.body import body, comments
from qualcode.exporters.word.shell import make_shell
from qualcode.exporters.word.xml import Ink

BODY, COMMENTS = "word/document.xml", "word/comments.xml"
CHUNK = 1 << 18
"""Characters that are compressed at a time."""


def write_word(report: Report, path: Path, *, force: bool = False) -> int:
    """Write a report as a Word file, readable by its owner alone.

    Args:
        force: Replace a file that is already there.

    Returns:
        How many characters could not stand in a Word file and became U+FFFD.

    Raises:
        ExportError: It cannot be written; what was at ``path`` before is still there.
    """
    ink = Ink()
    shell = make_shell(report, ink)
    with (
        new_file(path, force=force) as file,
        zipfile.ZipFile(io.BytesIO(shell.data)) as made,
        zipfile.ZipFile(file, "w") as out,
    ):
        for name in made.namelist():
            if name == BODY:
                _stream(out, name, body(report, shell, ink))
            elif name == COMMENTS:
                _stream(out, name, comments(report, ink))
            else:
                _stream(out, name, [made.read(name).decode("utf-8")])
    return ink.replaced


def _stream(out: zipfile.ZipFile, name: str, pieces: Iterable[str]) -> None:
    entry = zipfile.ZipInfo(name)  # dated 1980-01-01
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    with out.open(entry, "w", force_zip64=True) as stream:
        waiting: list[str] = []
        size = 0
        for piece in pieces:
            waiting.append(piece)
            size += len(piece)
            if size > CHUNK:
                stream.write("".join(waiting).encode("utf-8"))
                waiting, size = [], 0
        stream.write("".join(waiting).encode("utf-8"))

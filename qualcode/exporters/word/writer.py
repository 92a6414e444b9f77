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
from qualcode.exporters.word.pictures import media, pictures, with_relationships, with_types
from qualcode.exporters.word.shell import make_shell
from qualcode.exporters.word.xml import Ink

TYPES = "[Content_Types].xml"
CHUNK = 1 << 18
"""Characters that are compressed at a time."""


def write_word(
    report: Report, path: Path, *, force: bool = False, template: Path | None = None
) -> int:
    """Write a report as a Word file, readable by its owner alone.

    Args:
        force: Replace a file that is already there.
        template: A house template, see ``template``.

    Returns:
        How many characters could not stand in a Word file and became U+FFFD.

    Raises:
        ExportError: It cannot be written, or the template is no Word file; what was at
            ``path`` before is still there.
    """
    ink = Ink()
    shell = make_shell(report, ink, template)
    shown = list(pictures(report))
    with (
        new_file(path, force=force) as file,
        zipfile.ZipFile(io.BytesIO(shell.data)) as made,
        zipfile.ZipFile(file, "w") as out,
    ):
        for name in made.namelist():
            if name == shell.body:
                _stream(out, name, body(report, shell, ink))
            elif name == shell.comments:
                _stream(out, name, comments(report, ink))
            elif name == TYPES and shown:
                _stream(out, name, [with_types(made.read(name).decode("utf-8"))])
            elif name == related_to(shell.body) and shown:
                links = made.read(name).decode("utf-8")
                _stream(out, name, [with_relationships(links, len(shown))])
            else:
                _copy(out, name, made.read(name))
        for number, picture in enumerate(shown, 1):
            _copy(out, media(number), picture.png)
    return ink.replaced


def related_to(name: str) -> str:
    """Where the relationships of a part of the package stand."""
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels"


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)  # dated 1980-01-01
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _copy(out: zipfile.ZipFile, name: str, data: bytes) -> None:
    out.writestr(_entry(name), data)


def _stream(out: zipfile.ZipFile, name: str, pieces: Iterable[str]) -> None:
    with out.open(_entry(name), "w", force_zip64=True) as stream:
        waiting: list[str] = []
        size = 0
        for piece in pieces:
            waiting.append(piece)
            size += len(piece)
            if size > CHUNK:
                stream.write("".join(waiting).encode("utf-8"))
                waiting, size = [], 0
        stream.write("".join(waiting).encode("utf-8"))

"""Workbooks for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook of these sheets, each a list of rows."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_parts(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The same archive with some parts replaced or added."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, part in changed.items():
            new.writestr(name, part)
    return file.getvalue()


def part(content: bytes, name: str) -> bytes:
    """A part of the archive, unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)

"""Small reports made by hand, and what is found in the file written of them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

from lxml import etree

from qualcode.exporters.report import (
    AnnotatedTranscript,
    Appendix,
    CodebookEntry,
    CodeExcerpts,
    Column,
    Comment,
    Excerpts,
    Figure,
    Figures,
    Front,
    Part,
    Passage,
    Piece,
    PrintedCell,
    PrintedTable,
    Quote,
    Reference,
    Report,
)
from qualcode.exporters.word import write_word

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def excerpts(*texts: str, colour: str = "#0072B2") -> Excerpts:
    quotes = [Quote([("", text)], [Piece("P1", bold=True), Piece(", officer")]) for text in texts]
    code = CodeExcerpts("Warm handoff", "In person.", f"{len(texts)} excerpts", colour, quotes)
    return Excerpts("Mechanisms", [code])


def transcript(text: str, *codings: tuple[int, int], memo: str = "a memo") -> AnnotatedTranscript:
    """One turn per line; each coding is by ana, the second and later ones by ben."""
    passages, at = [], 0
    for n, line in enumerate(text.split("\n"), 1):
        passages.append(Passage(at, at + len(line), str(n), f"P{n}"))
        at += len(line) + 1
    comments = [
        Comment(
            start,
            stop,
            "ben" if n else "ana",
            "2025-01-13T16:22:00Z",
            ["fear" if n else "trust", memo],
            "#0072B2",
        )
        for n, (start, stop) in enumerate(codings)
    ]
    return AnnotatedTranscript("Annotated transcript: fg", text, passages, comments)


def figures() -> Figures:
    columns = [Column("Code", 70), Column("α", 30, number=True)]
    rows = [
        [PrintedCell("trust"), PrintedCell(".83")],
        [PrintedCell("hope", indent=1), PrintedCell("–", note="a")],
    ]
    note = [Piece("Note.", italic=True), Piece(" Unit = sentence.")]
    table = PrintedTable("Agreement", columns, rows, note, key="agreement")
    return Figures("Figures", ["As counted.", ["See ", Reference("agreement"), "."]], [table])


def png(width: int = 96, height: int = 48, *, per_metre: int = 0) -> bytes:
    """A grey picture of so many dots."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    size = chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)) if per_metre else b""
    dots = chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * width) * height))
    return b"\x89PNG\r\n\x1a\n" + head + size + dots + chunk(b"IEND", b"")


def pictured(*, width: float = 0, data: bytes = b"") -> Figures:
    """A picture that the sentence before it names."""
    shown = Figure("Codes by site", "Two bars.", data or png(), width, key="bars")
    return Figures("Pictures", [["As ", Reference("bars"), " shows."]], pictures=[shown])


def appendix() -> Appendix:
    return Appendix(
        "Appendix: Codebook",
        [CodebookEntry("trust", "trust", 1, "mechanism", "#0072B2", ["Brief."], "If.", "Not if.")],
    )


def report(*parts: Part, title: str = "Harbour", front: bool = True) -> Report:
    return Report(
        title,
        parts,
        [("Project digest (SHA-256)", "abc"), ("Made with", "qualcode")],
        Front("2 interviews", "2 documents · 3 codes") if front else None,
        footer="Harbour",
        at="2025-01-13T16:22:00Z",
    )


def everything() -> Report:
    return report(
        excerpts("One.", "Two."),
        figures(),
        pictured(),
        excerpts("مرحبا، قال LEAD.", "紹介状ではなく。"),
        transcript("Hello there.\nBye.", (0, 5), (3, 15)),
        appendix(),
    )


def written(made: Report, folder: Path) -> Path:
    path = folder / "report.docx"
    write_word(made, path, force=True)
    return path


def part(path: Path, name: str = "word/document.xml") -> Any:
    with zipfile.ZipFile(path) as file:
        return etree.fromstring(file.read(name))


def text_of(element: Any) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t"))

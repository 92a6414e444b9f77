"""Small reports made by hand, and what is found in the file written of them."""

from __future__ import annotations

import zipfile
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
    Figures,
    Front,
    Part,
    Passage,
    Piece,
    PrintedCell,
    PrintedTable,
    Quote,
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
            start, stop, "ben" if n else "ana", "2025-01-13T16:22:00Z", ["trust", memo], "#0072B2"
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
    return Figures("Figures", ["As counted."], [PrintedTable("Agreement", columns, rows, note)])


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

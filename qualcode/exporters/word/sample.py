"""A template to start from: a page on which every style of the report is used once."""

from __future__ import annotations

from qualcode.exporters.report import (
    AnnotatedTranscript,
    CodeExcerpts,
    Column,
    Comment,
    Excerpts,
    Figures,
    Front,
    Passage,
    Piece,
    PrintedCell,
    PrintedTable,
    Quote,
    Report,
)

_WORDS = "I trusted her. She came back."


def sample() -> Report:
    """The report that ``--write-template`` writes; it has no footer, so that reports add theirs."""
    quote = Quote(
        [("", "Style Excerpt: the words of somebody.")],
        [Piece("Attribution", bold=True), Piece(", who said it where")],
        [("Interviewer", "Style Context: the question before it.")],
    )
    code = CodeExcerpts(
        "Heading 2: a code",
        "Code Definition: what it means.",
        "Quiet: how often",
        "#0072B2",
        [quote],
    )
    note = [Piece("Note.", italic=True), Piece(" Table Note.")]
    columns = [Column("Table Text", 70), Column("n", 30, number=True)]
    rows = [[PrintedCell("a row"), PrintedCell("12")], [PrintedCell("below", 1), PrintedCell("3")]]
    comment = Comment(0, 14, "coder", "", ["a code", "Memo: a thought"], "#0072B2")
    return Report(
        "Title",
        [
            Excerpts("Heading 1: excerpts", [code], "Normal: what leads in."),
            Figures("Heading 1: tables", (), [PrintedTable("Table Title", columns, rows, note)]),
            AnnotatedTranscript(
                "Heading 1: a transcript", _WORDS, [Passage(0, len(_WORDS), "1", "Speaker")],
                [comment], "Turn, Turn Number, Speaker; coded words are tinted.",
            ),
        ],
        [("How to use it", "Change these styles; the text is not taken over.")],
        Front("Subtitle", "Report Counts", ["Quiet"]),
    )  # fmt: skip

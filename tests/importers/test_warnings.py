"""Every warning that a file can cause: its code, its line and its words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from qualcode.importers import examine, read_all
from qualcode.importers.page import TOLD
from tests.importers import odt_files as odt
from tests.importers.docx_files import deleted, docx, inserted, p, root, table
from tests.importers.pdf_files import paged, placed
from tests.importers.xlsx_files import workbook

ROOT = Path(__file__).parents[2] / "qualcode"

LIKE = "Looks like a speaker label, read as text."
EMPTY = "A label without words; it will not be stored."
BACKWARDS = "The time runs backwards here."
NOBODY = "No speaker labels found; a turn is a paragraph."
STOPS = "The cue stops before it starts; its end is left out."
UNREADABLE = "These times cannot be read; the words are kept."


LONG = "I would rather talk to somebody who has been there."
OTHER = "They called me back the very next morning and we talked."
THIRD = "Nobody ever told us that there was such a place."


def vtt(*lines: str) -> str:
    return "WEBVTT\n\n" + "\n".join(lines)


def whisper(*segments: object) -> str:
    return '{"segments": [\n' + ",\n".join(json.dumps(one) for one in segments) + "]}"


ROLLING = [
    f"00:0{n}.000 --> 00:0{n}.900\n{a}\n{b}\n"
    for n, (a, b) in enumerate([("so", "we"), ("we", "went"), ("went", "home"), ("home", "late")])
]
NOTES = {
    "comments": root("comments", f"<w:comment>{p('Really?')}</w:comment>"),
    "footnotes": root("footnotes", f"<w:footnote>{p('See p. 3.')}</w:footnote>"),
    "header1": root("hdr", p("Confidential")),
}
REMARKS = [["Speaker", "Text", "Remarks"], ["Ina", "One.", "loud"]]

CASES: list[tuple[str, str | bytes, str, int | None, str]] = [
    ("a.txt", "One.", "no_speakers", None, NOBODY),
    ("a.txt", "Ina: One.\nBo: Two.\nIna: Three.", "label_like", 2, LIKE),
    ("a.md", "---\ntitle: T\n---\n**Ina:**\n**Bo:** Two.", "empty_turn", 4, EMPTY),
    ("a.txt", "[0:09] A: One.\n[0:05] A: Two.", "time_backwards", 2, BACKWARDS),
    (
        "a.txt",
        "Où?".encode("cp1252"),
        "encoding_guessed",
        1,
        "Not UTF-8; read as cp1252 (Western Windows). Check accents, or give --encoding.",
    ),
    (
        "a.txt",
        vtt("00:01.000 --> 00:02.000", "One."),
        "format_by_content",
        None,
        "The content is vtt, though the file name ends in .txt; read as vtt.",
    ),
    ("a.vtt", vtt("00:01.000 --> 00:02.000", "One.", "", "9"), "malformed_cue", 6,
     "A number without a caption."),
    ("a.vtt", vtt("00:01.000 --> 00:02.000", "One.", "", "00:xx --> 00:03.000", "Two."),
     "malformed_cue", 6, UNREADABLE),
    ("a.vtt", vtt("00:01.000 --> 00:02.000", "One.", "", "two."), "outside_cue", 6,
     "Text after an empty line; read as part of the cue before."),
    ("a.vtt", vtt("00:05.000 --> 00:02.000", "One."), "stop_before_start", 3, STOPS),
    ("a.vtt", vtt("00:05.000 --> 00:06.000", "One.", "", "00:01.000 --> 00:02.000", "Two."),
     "time_backwards", 6, BACKWARDS),
    ("a.vtt", vtt("00:01.000 --> 00:02.000", "and she said: no"), "label_like", 3, LIKE),
    ("a.vtt", vtt("00:01.000 --> 00:02.000", "Host:"), "empty_turn", 3, EMPTY),
    ("a.vtt", vtt(*ROLLING), "rolling_captions", 7,
     "Rolling captions: 3 repeated lines were left out."),
    ("a.json", whisper({"start": "x", "text": "One."}), "malformed_cue", 2, UNREADABLE),
    ("a.json", whisper({"start": 0, "text": "One."}, 7), "malformed_cue", 3,
     "This is no segment."),
    ("a.tsv", "start\tend\ttext\nlost", "malformed_cue", 2,
     "1 cell where the header has 3; the words are kept."),
    ("a.docx", docx(p("a", inserted("b"))), "tracked_insertions", None,
     "1 tracked insertion is read as text."),
    ("a.docx", docx(p("a", deleted("b"), "c", deleted("d"))), "tracked_deletions", None,
     "2 tracked deletions are left out."),
    ("a.docx", docx(p("a"), **NOTES), "comments", None, "1 comment is not part of the text."),
    ("a.docx", docx(p("a"), **NOTES), "notes", None,
     "1 footnote or endnote is not part of the text."),
    ("a.docx", docx(p("a"), **NOTES), "headers", None,
     "1 header or footer is not part of the text."),
    ("a.docx", docx(table(*REMARKS)), "column_left_out", None,
     '1 cell of the column "Remarks" is not text.'),
    ("a.docx", docx(table(["Speaker", "Text"]), p("One.")), "no_speakers", None, NOBODY),
    ("a.html", "<html>\n<body>\n\n<p><b>Ina:</b> One.</p>\n<p>\n<b>Bo:</b></p>", "empty_turn", 6,
     EMPTY),
    ("a.html", "<html>\n<p>Ina: One.</p>\n\n<p>Bo:\nTwo.</p>\n<p>Ina: Three.</p>", "label_like", 4,
     LIKE),
    ("a.html", "<html>\n<table><tr><th>Speaker<th>Content\n<tr><td>Ina<td>One.\n\n<tr><td>Bo<td>"
     "</table>", "empty_turn", 5, EMPTY),
    ("a.odt", odt.odt(odt.p("a<text:note>b</text:note>")), "notes", None,
     "1 footnote or endnote is not part of the text."),
    ("a.rtf", rb"{\rtf1 a\'81}", "undecoded", None,
     "Characters that could not be decoded and stand as \ufffd: 1."),
    ("a.rtf", rb"{\rtf1 a{\deleted b}}", "tracked_deletions", None,
     "1 tracked deletion is left out."),
    ("a.otr", json.dumps({"text": "<p>" + "".join(
        f'<span data-timestamp="{s}"></span>{who}: Yes.</p><p>' for s, who in ((9, "I"), (5, "R"))
     ) + "I: No.</p><p>R: No."}), "time_backwards", None,
     "The time runs backwards in this file."),
    ("a.eaf", '<ANNOTATION_DOCUMENT>\n<TIER TIER_ID="a"><ANNOTATION>\n<A><ANNOTATION_VALUE>One.'
     "</ANNOTATION_VALUE></A></ANNOTATION></TIER></ANNOTATION_DOCUMENT>", "malformed_cue", 3,
     "This annotation has no place in time; it follows the one before it."),
    ("a.eaf", '<ANNOTATION_DOCUMENT><TIER TIER_ID="a"><ANNOTATION><A><ANNOTATION_VALUE>One.'
     '</ANNOTATION_VALUE></A></ANNOTATION></TIER>\n<TIER TIER_ID="b" PARENT_REF="a"><ANNOTATION>'
     "<A><ANNOTATION_VALUE>Uno.</ANNOTATION_VALUE></A></ANNOTATION></TIER></ANNOTATION_DOCUMENT>",
     "tier_left_out", 2, 'The tier "b" hangs on another one; annotations left out: 1.'),
    ("a.cha", "@Begin\n*A:\tone .\n%mor:\tone\n@End", "tier_left_out", 3,
     "Dependent tiers left out: 1."),
    ("a.cha", "@Begin\n*A:\tone .\nlost\n@End", "outside_tier", 3,
     "This line has no tier; read as text of the turn before."),
    ("a.cha", "@Begin\nlost\n@End", "no_speakers", None, NOBODY),
    ("a.cha", "@Begin\n*A:\tone .", "cut_off", 2,
     "The file ends without @End; it may be cut off."),
    ("a.cha", "@Begin\n*A:\tone . \x159_5\x15\n@End", "stop_before_start", 2,
     "The bullet stops before it starts; its end is left out."),
    ("a.cha", "@Begin\n*A:\tone . \x159_9\x15\n*A:\ttwo . \x155_9\x15\n@End", "time_backwards", 3,
     BACKWARDS),
    ("a.csv", "speaker,words\nIna,One.\nBo,\n", "empty_turn", 3, EMPTY),
    ("a.csv", "speaker,words\nIna,One.\nBo,déjà\n".encode("cp1252"), "encoding_guessed", 3,
     "Not UTF-8; read as cp1252 (Western Windows). Check accents, or give --encoding."),
    ("a.csv", "speaker,words,tags\nIna,One.,\nBo,Two.,late\n", "column_left_out", 3,
     'The column "tags" is left out: 1 filled cell.'),
    ("a.csv", "speaker,words,time\nIna,One.,0:09\nBo,Two.,0:05\n", "time_backwards", 3, BACKWARDS),
    ("a.csv", "speaker,words,time\nIna,One.,0:09\nBo,Two.,later\n", "time_unread", 3,
     "1 cell is no time stamp that can be read; the first is here."),
    ("a.csv", f"n,words\n1,{LONG}\n2,{OTHER}\n", "no_speakers", None,
     "No column says who speaks; a row is a turn."),
    ("a.csv", f"id,why,how\nR1,{LONG},{OTHER}\nR2,,{THIRD}\nR3,,{LONG}\n", "empty_cells", 3,
     '2 cells are empty in the column "why"; no document is made of it.'),
    ("a.csv", f"id,how\nR1,{LONG}\n,{OTHER}\n", "no_id", 3,
     'The column "id" is empty here; the row goes by its number.'),
    ("a.csv", f"id,day,how\nR1,,{LONG}\nR1,1,{OTHER}\nR1,2,{THIRD}\n", "column_left_out", 3,
     'The column "day" is left out, 2 cells: it differs from answer to answer, and one document has'
     " no place for that."),
    ("a.csv", "id,site\nR1,North\n", "participants_table", None,
     "This is a table of participants, not a text: bring it in with `qualcode participants"
     " import`, or name the column that holds text with --text."),
    ("a.xlsx", workbook(talk=[["speaker", "words"], ["Ina", "One."]], codes=[["a"]]),
     "sheets_left_out", None, 'Only the sheet "talk" is read; left out: "codes".'),
    ("a.xlsx", workbook(talk=[["speaker", "words"], ["Ina", '="One"&"."'], ["Bo", "Two."]]),
     "formulas_without_value", None, "1 formula has no value and is read as empty. Open the file in"
     " a spreadsheet program and save it."),
    ("a.pdf", paged(["Ina: One.", "Ina: Two."], []), "page_without_text", None,
     "Page 2 has no text; a picture needs text recognition (OCR)."),
    ("a.pdf", placed(*([(72.0, 750.0, "Harbour"), (72.0, 600.0, f"Ina: {n}.")] for n in "abc")),
     "running_lines", None,
     "3 headers and footers of pages are no speech; each stands once, after the text."),
]  # fmt: skip
"""File name, content, and of one of its warnings the code, the line and the message."""


@pytest.mark.parametrize(
    ("name", "content", "code", "line", "message"), CASES, ids=[f"{c[0]}-{c[2]}" for c in CASES]
)
def test_a_warning_says_where_and_what(
    tmp_path: Path, name: str, content: str | bytes, code: str, line: int | None, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    as_ = "transcript" if code == "no_speakers" and name == "a.csv" else None
    found = [*examine(path, table=as_).warnings]
    if code not in {warning.code for warning in found}:  # of one document for all answers
        found += read_all(path, one_document=True)[0].reading.warnings
    assert (code, line, message) in [(w.code, w.line, w.message) for w in found]


def written_in(path: Path) -> set[str]:
    """The codes of the warnings that a module makes."""
    source = path.read_text(encoding="utf-8")
    return set(re.findall(r'(?:ReadingWarning|warn)\(\s*"(\w+)"', source))


PROJECTS = ("refi_", "taguette", "qualcoder", "foreign_")
"""Modules that read projects of other programs; their tests have tables of their own."""


def test_no_warning_is_left_out() -> None:
    modules = [
        path
        for folder in ("importers", "text")
        for path in (ROOT / folder).glob("*.py")
        if not path.name.startswith(PROJECTS)
    ]
    ours = {code for path in modules for code in written_in(path)}
    assert ours | {code for code, _, _ in TOLD.values()} == {code for _, _, code, _, _ in CASES}


def test_every_reader_shows_the_warnings_of_its_own_module() -> None:
    shown = {(name.partition(".")[2], code) for name, _, code, _, _ in CASES}
    of = {"captions": ["vtt"], "chat": ["cha"], "elan": ["eaf"], "otranscribe": ["otr"],
          "whisper": ["json", "tsv"], "rtf": ["rtf"], "pdf": ["pdf"], "survey": ["csv"],
          "tables": ["csv", "xlsx"]}  # fmt: skip
    for module, formats in of.items():
        codes = written_in(ROOT / "importers" / f"{module}.py")
        assert codes <= {code for format_, code in shown if format_ in formats}, module

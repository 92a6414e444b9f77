"""P8: excerpts to Word, beside python-docx, pandoc, Taguette and plain strings in a zip.

Targets: a tenth of python-docx ``add_paragraph`` at 10,000, a fifth of pandoc at 10,000, a tenth of
Taguette at 3,000, three times zip and strings; 50,000 at most six times 10,000, in less than 100 MB
above the rows.

The floor writes the same paragraphs as ours, from plain strings: quotation marks, style, bar and
attribution are what is asked for. The bare words in a zip stand beside it; no report is made of
them. Neither floor makes rows of a report first, nor starts python-docx; what ours takes without
its rows is printed, too.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.harness import circumstances, interleave, peer, ratio, report, run

TEXT = "We did not hand him a card. We drove over, sat down with her, and stayed a while."

OURS = """
import sys
from pathlib import Path
from qualcode.exporters.word import write_word
from qualcode.exporters.report import CodeExcerpts, Excerpts, Piece, Quote, Report
n, out, text = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
quotes = [Quote([("", f"{text} {i}")], [Piece(f"P{i}", bold=True), Piece(", officer")])
          for i in range(n)]
part = Excerpts("Mechanisms", [CodeExcerpts("Warm handoff", "In person.", "", "#0072B2", quotes)])
if len(sys.argv) < 5:
    write_word(Report("Harbour", [part], []), out, force=True)
"""

PYTHON_DOCX = """
import sys
from docx import Document
n, out, text = int(sys.argv[1]), sys.argv[2], sys.argv[3]
document = Document()
for i in range(n):
    paragraph = document.add_paragraph(style="Quote")
    run = paragraph.add_run(f"{text} {i}")
    run.add_break()
    paragraph.add_run(f"P{i}").bold = True
    paragraph.add_run(", officer")
document.save(out)
"""

FLOOR = """
import sys, zipfile
from xml.sax.saxutils import escape
n, out, text = int(sys.argv[1]), sys.argv[2], sys.argv[3]
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file, file.open("document.xml", "w") as to:
    to.write("".join(
        f"<w:p><w:r><w:t>{escape(f'{text} {i}')}</w:t><w:br/></w:r><w:r><w:t>P{i}, officer</w:t>"
        "</w:r></w:p>" for i in range(n)
    ).encode())
"""


SAME = """
import sys, zipfile
from xml.sax.saxutils import escape
n, out, text = int(sys.argv[1]), sys.argv[2], sys.argv[3]
look = ('<w:pPr><w:pStyle w:val="Excerpt"/><w:pBdr><w:left w:val="single" w:sz="24" w:space="8" '
        'w:color="0072B2"/></w:pBdr><w:ind w:left="540"/></w:pPr>')
bold = '<w:rPr><w:rStyle w:val="Attribution"/><w:b/><w:bCs/></w:rPr>'
plain = '<w:rPr><w:rStyle w:val="Attribution"/></w:rPr>'
t = '<w:t xml:space="preserve">'
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file, file.open("document.xml", "w") as to:
    to.write("".join(
        f"<w:p>{look}<w:r>{t}\u201c{escape(f'{text} {i}')}\u201d</w:t></w:r><w:r><w:br/></w:r>"
        f"<w:r>{bold}{t}{escape(f'P{i}')}</w:t></w:r>"
        f"<w:r>{plain}{t}{escape(', officer')}</w:t></w:r></w:p>" for i in range(n)
    ).encode())
"""
"""The same paragraphs as ours, from plain strings."""


def main(size: str) -> None:
    """Print what writing costs, ratios to the peers, and how ours grows.

    Size S takes a tenth of every number; python-docx, which takes minutes, is then run once too.
    """
    few = 10 if size == "S" else 1
    circumstances("qualcode", "python-docx", "lxml")
    with tempfile.TemporaryDirectory() as folder:

        def command(program: str, n: int, *more: str) -> list[str]:
            return [sys.executable, "-c", program, str(n), str(Path(folder) / "out"), TEXT, *more]

        print(f"{1_000 // few:,} excerpts")
        programs = {"qualcode": OURS, "python-docx": PYTHON_DOCX, "zip and strings": SAME}
        report(interleave({name: command(text, 1_000 // few) for name, text in programs.items()}))
        _beside_taguette(Path(folder), 3_000 // few, command)
        ours = _many(Path(folder), 10_000 // few, command)
        large = interleave({"qualcode": command(OURS, 50_000 // few)}, rounds=3)["qualcode"]
        print(
            f"{50_000 // few:,} / {10_000 // few:,}  {ratio([c.cpu for c in large], ours[:3]):.2f}"
        )
        rows = run(command(OURS, 50_000 // few, "rows only"))
        above = max(c.memory for c in large) - rows.memory
        print(f"memory at {50_000 // few:,}, above the rows: {above // 1024} MB")


Commands = Callable[..., list[str]]


def _many(folder: Path, n: int, command: Commands) -> list[float]:
    """Beside pandoc and the floor in turn, and python-docx once; gives what ours took."""
    print(f"{n:,} excerpts")
    commands = {"qualcode": command(OURS, n), "zip and strings": command(SAME, n)}
    commands["zip, bare text"] = command(FLOOR, n)
    commands["rows only"] = command(OURS, n, "rows only")
    pandoc = shutil.which("pandoc")
    if pandoc is None:
        print("peer absent: pandoc")
    else:
        source = folder / "excerpts.md"
        source.write_text("".join(f"> {TEXT} {i}\\\n> **P{i}**, officer\n\n" for i in range(n)))
        commands["pandoc"] = [pandoc, str(source), "-o", str(folder / "pandoc.docx")]
    found = interleave(commands)
    report(found)
    ours = [cost.cpu for cost in found["qualcode"]]
    writing = [a - b.cpu for a, b in zip(ours, found["rows only"], strict=True)]
    for floor in ("zip and strings", "zip, bare text"):
        took = [cost.cpu for cost in found[floor]]
        print(f"ours without its rows / {floor}: {ratio(writing, took):.2f}")
    theirs = run(command(PYTHON_DOCX, n)).cpu
    print(f"python-docx              cpu {theirs:.1f}")
    print(f"ours / python-docx       {ratio(ours, [theirs] * len(ours)):.4f}")
    return ours


def _beside_taguette(folder: Path, n: int, command: Commands) -> None:
    python = peer("taguette", "python")
    if python is None:
        return
    calibre = shutil.which("ebook-convert") is not None
    print(f"{n:,} excerpts; Taguette to {'docx' if calibre else 'HTML, Calibre is absent'}")
    script, database = str(Path(__file__).with_name("taguette_word.py")), folder / "taguette.db"
    run([python, script, str(database), str(n)])
    theirs = [python, script, str(database), str(n), str(folder / "taguette.out")]
    report(interleave({"qualcode": command(OURS, n), "taguette": theirs}, rounds=3))

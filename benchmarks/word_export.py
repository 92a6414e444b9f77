"""P8: excerpts to Word: ours against python-docx ``add_paragraph``, 1,000 and 10,000 excerpts."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.harness import circumstances, interleave, ratio, report, run

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


def main(size: str) -> None:
    """Print the costs of writing, ratios to the peer, and how ours grows; size L adds 50,000.

    The peer is run once at 10,000, where it takes minutes.
    """
    circumstances("qualcode", "python-docx", "lxml")
    with tempfile.TemporaryDirectory() as folder:

        def command(program: str, n: int) -> list[str]:
            return [sys.executable, "-c", program, str(n), str(Path(folder) / "out"), TEXT]

        print("1,000 excerpts")
        programs = {"qualcode": OURS, "python-docx": PYTHON_DOCX, "zip and strings": FLOOR}
        report(interleave({name: command(text, 1_000) for name, text in programs.items()}))
        print("10,000 excerpts")
        linear = {"qualcode": command(OURS, 10_000), "zip and strings": command(FLOOR, 10_000)}
        found = interleave(linear)
        report(found)
        ours = [cost.cpu for cost in found["qualcode"]]
        peer = run(command(PYTHON_DOCX, 10_000)).cpu
        print(f"python-docx              cpu {peer:.1f}")
        print(f"ours / python-docx       {ratio(ours, [peer] * len(ours)):.4f}")
        if size == "L":
            large = interleave({"qualcode": command(OURS, 50_000)})["qualcode"]
            print(f"50,000 / 10,000          {ratio([c.cpu for c in large], ours):.2f}")
            print(f"peak memory at 50,000    {max(c.memory for c in large) // 1024} MB")

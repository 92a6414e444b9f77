"""P9: excerpts as CSV, XLSX and HTML: ours, Taguette's, and the plainest program that could do it.

The floors write the same cells and nothing else: the csv module with every cell in quotes,
XlsxWriter with ``write_string`` and ``write_number`` into one sheet, escaped strings joined. They
guard nothing and check no character. Only the writing is timed; rows are made before. Against
Taguette whole programs run, from the file on disk to the file written, one row per coding on both
sides.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from time import process_time

from benchmarks.apply_coding import project_file
from benchmarks.harness import (
    DATA,
    circumstances,
    interleave,
    peer,
    ratio,
    report,
    run,
    spread,
)
from benchmarks.workload import Size, documents, vocabulary
from qualcode.model import Cell, Table

COLUMNS = [
    "excerpt_id", "document", "start", "stop", "turns", "time", "participant", "speaker", "role",
    "site", "codes", "valence", "exemplar", "disconfirming", "coder", "round", "codebook_version",
    "memo", "text",
]  # fmt: skip
LIMITS = {"csv": 2.0, "xlsx": 1.3, "html": 3.0}


def table(n: int) -> Table:
    """So many invented excerpts, as ``qualcode excerpts`` gives them."""
    rng = random.Random(1)
    words = vocabulary(rng)
    rows: list[tuple[Cell, ...]] = []
    for at in range(n):
        text = " ".join(rng.choices(words, k=rng.randint(10, 60)))
        start = rng.randrange(60_000)
        rows.append(
            (
                f"{at:08}-7c1f-4e5a-9d2b-0123456789ab", f"FG{at % 100}", start, start + len(text),
                str(at % 300), f"00:{at % 60:02}:00", f"P{at % 30}", f"Speaker {at % 30}",
                "officer", "North", f"code_{at % 40}", rng.choice(["barrier", "facilitator", None]),
                at % 50 == 0, at % 70 == 0, "ana", "round 1", "v2",
                "compare with the others" if at % 9 == 0 else None, text,
            )
        )  # fmt: skip
    return Table("excerpts", COLUMNS, rows, ["Source: reading."], {"source": "reading"})


def ours(made: Table, out: Path) -> None:
    """Write with qualcode."""
    from qualcode.exporters.spreadsheet import write_table

    write_table(made, out, schema="excerpts")


def floor_csv(made: Table, out: Path) -> None:
    """Nothing but the csv module."""
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(made.columns)
        writer.writerows(made.rows)


def floor_xlsx(made: Table, out: Path) -> None:
    """Nothing but XlsxWriter, cell by cell."""
    import xlsxwriter

    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    sheet = book.add_worksheet("excerpts")
    for at, name in enumerate(made.columns):
        sheet.write_string(0, at, name)
    for line, row in enumerate(made.rows, 1):
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, at, cell)
            elif isinstance(cell, bool):
                sheet.write_boolean(line, at, cell)
            elif cell is not None:
                sheet.write_number(line, at, cell)
    book.close()
    out.write_bytes(memory.getvalue())


def floor_html(made: Table, out: Path) -> None:
    """Nothing but escaped strings, joined."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>\n"
        for row in made.rows
    )
    out.write_text(f"<!DOCTYPE html><table>{rows}</table>", encoding="utf-8")


FLOORS = {"csv": floor_csv, "xlsx": floor_xlsx, "html": floor_html}


def timed(who: str, ending: str, n: str, out: str) -> None:
    """Print the CPU seconds of writing so many rows; runs in a process of its own."""
    made, path = table(int(n)), Path(out)
    write = ours if who == "ours" else FLOORS[ending]
    write(table(10), path)  # imports are paid
    path.unlink()
    began = process_time()
    write(made, path)
    print(process_time() - began)
    path.unlink()


def _measured(commands: Mapping[str, Sequence[str]]) -> dict[str, list[float]]:
    """What each command prints, run in turn five times after one uncounted round."""
    costs = interleave(commands)
    return {name: [float(cost.output) for cost in runs] for name, runs in costs.items()}


def _against_taguette(size: Size, folder: Path) -> None:
    program = peer("taguette", "python")
    if program is None:
        return
    codings = sum(len(one.codings) for one in documents(size))
    project = project_file(size)
    database = DATA / f"taguette-export-{size}.sqlite3"
    for ending in ("csv", "xlsx"):
        theirs = [program, str(Path(__file__).with_name("taguette_export.py")), str(database), size,
                  ending, str(folder / f"theirs.{ending}")]  # fmt: skip
        found = int(run(theirs).output)  # builds the database once
        mine = [sys.executable, "-m", "qualcode", "codings", "export", str(project),
                str(folder / f"ours.{ending}"), "--force"]  # fmt: skip
        print(f"size {size} to .{ending}: {codings:,} codings in ours, {found:,} in Taguette's")
        report(interleave({"qualcode": mine, "taguette": theirs}, rounds=5 if size == "S" else 1))


def main(size: Size) -> None:
    """Print the ratios to the floors at 50,000 excerpts, how ours grow, and Taguette's."""
    circumstances("qualcode", "XlsxWriter")
    with tempfile.TemporaryDirectory() as folder:

        def command(who: str, ending: str, n: int) -> list[str]:
            call = f"from benchmarks.tables import timed; timed({who!r}, {ending!r}, {n!r}, "
            return [sys.executable, "-c", f"{call}{str(Path(folder) / f'out.{ending}')!r})"]

        for ending, limit in LIMITS.items():
            found = _measured(
                {
                    "ours": command("ours", ending, 50_000),
                    "floor": command("floor", ending, 50_000),
                    "tenth": command("ours", ending, 5_000),
                }
            )
            print(f"50,000 excerpts to .{ending}")
            for name in ("ours", "floor"):
                print(f"{name:24} cpu {spread(found[name])}")
            print(
                f"ours / floor             {ratio(found['ours'], found['floor']):.2f} (≤ {limit})"
            )
            print(f"50,000 / 5,000           {ratio(found['ours'], found['tenth']):.2f}")
        _against_taguette(size, Path(folder))

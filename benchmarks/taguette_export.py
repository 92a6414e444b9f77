"""Taguette's side of P9; runs in Taguette's own virtual environment.

Usage: python taguette_export.py DATABASE SIZE csv|xlsx OUT
"""
# mypy: ignore-errors

import sys
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from taguette import database, export

from benchmarks.workload import CODES, documents


def build(session, size):
    project = database.Project(name="invented", description="")
    session.add(project)
    tags = [database.Tag(project=project, path=code, description="") for code in CODES]
    session.add_all(tags)
    for made in documents(size):
        contents = "".join(f"<p>{escape(line)}</p>" for line in made.text.splitlines())
        document = database.Document(
            name=made.name, description="", filename=made.name, project=project,
            contents=contents, text_direction=database.TextDirection.LEFT_TO_RIGHT,
        )  # fmt: skip
        session.add(document)
        session.flush()
        for _, code, start, stop in made.codings:
            highlight = database.Highlight(
                document=document, start_offset=start, end_offset=stop,
                snippet=f"<p>{escape(made.text[start:stop])}</p>",
            )  # fmt: skip
            highlight.tags.append(tags[CODES.index(code)])
            session.add(highlight)
    session.commit()


def main(path, size, kind, out):
    new = not Path(path).exists()
    session = database.connect(f"sqlite:///{path}")()
    if new:
        build(session, size)
    project = session.query(database.Project).one()
    if kind == "csv":
        with open(out, "w", encoding="utf-8", newline="") as file:
            export.highlights_csv(session, project.id, "", file)
    else:
        export.highlights_xslx(session, project.id, "", out)
    print(session.query(database.Highlight).count())


main(*sys.argv[1:])

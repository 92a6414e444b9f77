"""Taguette's side of P8; runs in Taguette's own virtual environment.

Usage: python taguette_word.py DATABASE N [OUT]

Without OUT it makes the database of N highlights; with it, it exports them: to OUT.docx if Calibre
is there (Taguette hands its HTML to it), else the HTML alone, which is less work than a docx.
"""
# mypy: ignore-errors

import asyncio
import shutil
import sys
from pathlib import Path

from taguette import database, export
from tornado import locale

TEXT = "We did not hand him a card. We drove over, sat down with her, and stayed a while."


def make(session, n):
    user = database.User(login="ana")
    project = database.Project(name="invented", description="")
    tag = database.Tag(project=project, path="warm_handoff", description="In person.")
    document = database.Document(
        name="fg", description="", filename="fg", project=project, contents="<p>x</p>",
        text_direction=database.TextDirection.LEFT_TO_RIGHT,
    )  # fmt: skip
    session.add_all([user, project, tag, document])
    session.flush()
    for i in range(n):
        highlight = database.Highlight(
            document=document, start_offset=i, end_offset=i + 1, snippet=f"{TEXT} {i}"
        )
        highlight.tags.append(tag)
        session.add(highlight)
    session.commit()


async def write(session, out):
    ext = "docx" if shutil.which("ebook-convert") else "html"
    (project_id,) = session.query(database.Project.id).first()
    config = {"CONVERT_FROM_HTML_TIMEOUT": 600, "HTML_OUT_SIZE_LIMIT": None}
    _, contents = export.highlights_doc(
        session, project_id, None, ext, config=config, locale=locale.get("en_US")
    )
    made = await contents
    Path(out).write_bytes(b"".join(p if isinstance(p, bytes) else p.encode() for p in made))


opened = database.connect(f"sqlite:///{sys.argv[1]}")()
if len(sys.argv) > 3:
    asyncio.run(write(opened, sys.argv[3]))
else:
    make(opened, int(sys.argv[2]))

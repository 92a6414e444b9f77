"""Taguette's side of P2; runs in Taguette's own virtual environment.

Usage: python taguette_apply.py DATABASE SIZE TIMES
"""
# mypy: ignore-errors

import json
import random
import statistics
import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from taguette import database, extract

from benchmarks.workload import CODES, documents


def main(path, size, times):
    new = not Path(path).exists()
    session = database.connect(f"sqlite:///{path}")()
    if new:
        user = database.User(login="ana")
        project = database.Project(name="invented", description="")
        session.add_all([user, project])
        session.flush()
        session.add(
            database.ProjectMember(
                user_login="ana", project_id=project.id, privileges=database.Privileges.ADMIN
            )
        )
        tags = [database.Tag(project=project, path=code, description="") for code in CODES]
        session.add_all(tags)
        for made in documents(size):
            contents = "".join(f"<p>{line}</p>" for line in made.text.splitlines())
            document = database.Document(
                name=made.name, description="", filename=made.name, project=project,
                contents=contents, text_direction=database.TextDirection.LEFT_TO_RIGHT,
            )  # fmt: skip
            session.add(document)
            session.flush()
            for _, code, start, stop in made.codings:
                highlight = database.Highlight(
                    document=document, start_offset=start, end_offset=stop, snippet="x" * 80
                )
                highlight.tags.append(tags[CODES.index(code)])
                session.add(highlight)
        session.commit()
    rng = random.Random(7)
    ids = [row[0] for row in session.query(database.Document.id).limit(12)]
    tag_ids = [row[0] for row in session.query(database.Tag.id)]
    taken = []
    for _ in range(times):
        document_id, tag_id = rng.choice(ids), rng.choice(tag_ids)
        start = rng.randrange(30_000)
        stop = start + rng.randrange(40, 160)
        began = perf_counter()
        document = session.get(database.Document, document_id)
        tags = session.query(database.Tag).filter(database.Tag.id.in_([tag_id])).all()
        snippet = extract.extract(document.contents, start, stop)
        highlight = database.Highlight(
            document=document, start_offset=start, end_offset=stop, snippet=snippet
        )
        session.add(highlight)
        session.flush()
        session.execute(
            database.highlight_tags.insert(), [{"highlight_id": highlight.id, "tag_id": tags[0].id}]
        )
        session.add(database.Command.highlight_add("ana", document, highlight, [tag_id]))
        session.commit()
        taken.append(perf_counter() - began)
    print(json.dumps(statistics.median(taken) * 1000))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))

"""Projects as Taguette 1.5 and QualCoder write them, fictional, for the tests of their importers.

The tables are theirs; the offsets are counted here, by other means than the importers use.
"""

from __future__ import annotations

import html
import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

TAGUETTE = """
CREATE TABLE users (login VARCHAR(30) NOT NULL PRIMARY KEY, email VARCHAR(256));
CREATE TABLE projects (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL,
    description TEXT NOT NULL, created DATETIME NOT NULL);
CREATE TABLE documents (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL,
    description TEXT NOT NULL, filename VARCHAR(200) NOT NULL, created DATETIME NOT NULL,
    project_id INTEGER NOT NULL REFERENCES projects (id), text_direction VARCHAR(13) NOT NULL,
    contents TEXT NOT NULL);
CREATE TABLE commands (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, date DATETIME NOT NULL,
    user_login VARCHAR(30) NOT NULL, project_id INTEGER NOT NULL, document_id INTEGER,
    payload TEXT NOT NULL);
CREATE TABLE tags (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL,
    path VARCHAR(200) NOT NULL, description TEXT NOT NULL, UNIQUE (project_id, path));
CREATE TABLE highlights (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    document_id INTEGER NOT NULL, start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL,
    snippet TEXT NOT NULL);
CREATE TABLE highlight_tags (highlight_id INTEGER NOT NULL, tag_id INTEGER NOT NULL,
    PRIMARY KEY (highlight_id, tag_id));
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO users VALUES ('rosa', 'rosa@example.org'), ('admin', NULL);
"""

QUALCODER = """
CREATE TABLE project (databaseversion text, date text, memo text, about text);
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text,
    owner text, date text, av_text_id integer, risid integer, unique(name));
CREATE TABLE code_image (imid integer primary key, id integer, x1 integer, y1 integer,
    width integer, height integer, cid integer, memo text, date text, owner text,
    important integer, pdf_page integer);
CREATE TABLE code_av (avid integer primary key, id integer, pos0 integer, pos1 integer,
    cid integer, memo text, date text, owner text, important integer);
CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer,
    memo text, owner text, date text, unique(fid,pos0,pos1,owner));
CREATE TABLE attribute_type (name text primary key, date text, owner text, memo text,
    caseOrFile text, valuetype text);
CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text,
    id integer, date text, owner text, unique(name,attr_type,id));
CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer,
    pos1 integer, owner text, date text, memo text);
CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text,
    unique(name));
CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text,
    supercatid integer, unique(name));
CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text,
    pos0 integer, pos1 integer, owner text, date text, memo text, avid integer,
    important integer, unique(cid,fid,pos0,pos1,owner));
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text,
    date text, color text, supercid integer, unique(name));
CREATE TABLE journal (jid integer primary key, name text, jentry text, date text, owner text);
CREATE TABLE stored_sql (title text, description text, grouper text, ssql text);
CREATE TABLE coder_names (name text unique not null, visibility integer not null default 1);
CREATE VIEW code_text_visible AS SELECT t.* FROM code_text t WHERE NOT EXISTS
    (SELECT 1 FROM coder_names c WHERE c.name = t.owner AND c.visibility = 0);
"""
"""With the view that versions since 3.8.2 keep in every project."""

WHEN = "2026-05-01 12:00:00"
PAGE = """<h1>Café 🙂 at the harbour</h1>
<p>Moderator: How did they
   meet you? 😀</p>
<p>P1: She walked over&nbsp;– naïve, I thought – and said her <b>na</b>me. Fish &amp; chips.</p>
<ul><li>one 🧩 thing</li><li>two</li></ul>"""
"""Before every word worth a highlight stand characters of two, three and four bytes."""

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def write(path: Path, schema: str, rows: Rows | None = None) -> Path:
    """Write a database: its tables, and rows given as column → value."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(schema)
        for table, those in (rows or {}).items():
            for row in those:
                marks = ", ".join("?" * len(row))
                connection.execute(
                    f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values())
                )
    return path


def run(path: Path, *statements: str) -> Path:
    """Change a database by SQL."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return path


# Taguette


def joined(page: str) -> str:
    """The text nodes of a page, one after the other."""
    return html.unescape(re.sub("<[^>]*>", "", page))


def in_bytes(page: str, words: str) -> tuple[int, int]:
    """Where words stand in a page, in bytes of its text nodes."""
    start = len(joined(page)[: joined(page).index(words)].encode())
    return start, start + len(words.encode())


def highlight(
    words: str, *tags: int, page: str = PAGE, who: str | None = "rosa", document: int = 1
) -> dict[str, Any]:
    start, end = in_bytes(page, words)
    return {
        "document_id": document, "start_offset": start, "end_offset": end,
        "snippet": f"<p>{html.escape(words)}</p>", "tags": tags, "who": who,
    }  # fmt: skip


def taguette_rows(
    highlights: Sequence[Mapping[str, Any]] = (),
    pages: Sequence[str] = (PAGE,),
    tags: Sequence[str] = ("contact.warm", "naïve"),
    projects: Sequence[str] = ("Harbour",),
) -> dict[str, list[dict[str, Any]]]:
    """The rows of a project: highlights as ``highlight`` gives them, tags numbered from 1."""
    rows: dict[str, list[dict[str, Any]]] = {
        "projects": [
            {"name": name, "description": "About it.", "created": f"{WHEN}.00000{n}"}
            for n, name in enumerate(projects)
        ],
        "documents": [
            {
                "name": f"A-FG{n}", "description": "The first group." if n == 1 else "",
                "filename": f"a{n}.html", "created": WHEN, "project_id": 1,
                "text_direction": "LEFT_TO_RIGHT", "contents": page,
            }
            for n, page in enumerate(pages, 1)
        ],
        "tags": [
            {"project_id": 1, "path": path, "description": f"What {path} means."} for path in tags
        ],
        "highlights": [], "highlight_tags": [], "commands": [],
    }  # fmt: skip
    for n, one in enumerate(highlights, 1):
        row = dict(one)
        who = row.pop("who")
        for tag in row.pop("tags"):
            rows["highlight_tags"].append({"highlight_id": n, "tag_id": tag})
        rows["highlights"].append(row)
        for kind, login in (("highlight_add", "admin"), ("highlight_add", who)):
            if who is not None:
                payload = {"type": kind, "highlight_id": n, "start_offset": 0, "tags": []}
                rows["commands"].append(
                    {
                        "date": WHEN + ".123456", "user_login": login, "project_id": 1,
                        "document_id": one["document_id"], "payload": json.dumps(payload),
                    }
                )  # fmt: skip
    return rows


def taguette(path: Path, *highlights: Mapping[str, Any], **what: Any) -> Path:
    """Write a project of Taguette."""
    return write(path, TAGUETTE, taguette_rows(highlights, **what))


# QualCoder

TEXT = "Café 🙂 at the harbour\n\nP1: She walked over – naïve, I thought 😀 – and said her name.\n"


def coded(
    words: str, code: int = 1, owner: str = "rosa", text: str = TEXT, **more: Any
) -> dict[str, Any]:
    """A row of ``code_text``; its offsets are those of QualCoder: characters as stored."""
    start = text.index(words)
    return {
        "cid": code, "fid": 1, "seltext": words, "pos0": start, "pos1": start + len(words),
        "owner": owner, "date": WHEN, "memo": "", **more,
    }  # fmt: skip


def qualcoder_rows(*codings: Mapping[str, Any], text: str = TEXT, **more: Any) -> dict[str, Any]:
    """The rows of a project: a category with a code that has a code below it, and one text."""
    return {
        "project": [{"databaseversion": "v16", "date": WHEN, "memo": "About it.", "about": ""}],
        "source": [
            {"id": 1, "name": "A-FG1.txt", "fulltext": text, "owner": "rosa", "date": WHEN}
        ],
        "code_cat": [{"catid": 1, "name": "Contact", "memo": "How they meet."}],
        "code_name": [
            {"cid": 1, "name": "warm", "memo": "In person.", "catid": 1, "color": "#D55E00"},
            {"cid": 2, "name": "name said", "memo": "", "supercid": 1, "color": "#0072B2"},
        ],
        "code_text": list(codings),
        **more,
    }  # fmt: skip


def qualcoder(folder: Path, *codings: Mapping[str, Any], **what: Any) -> Path:
    """Write a project of QualCoder: a folder with ``data.qda``."""
    folder.mkdir()
    write(folder / "data.qda", QUALCODER, qualcoder_rows(*codings, **what))
    return folder

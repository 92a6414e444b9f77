"""Words that may not leave: where they stand in a project, and every place they may not turn up in.

The canaries are invented names. One stands in a text, a label, a memo, a code's example, an
attribute and a file name; another in a private memo.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import qualcode
from qualcode import importers
from qualcode.cli import cli
from qualcode.model import Span
from qualcode.text.names import Name, Suggestion, find
from tests.cli.conftest import Shell

CANARY = "Zanzibarova"
PRIVATE = "Quetzalhurst"
BOOK = f"""codebook: harbour
codes:
  - code: handoff
    brief: As {CANARY} does it.
    example: ["{CANARY} walked over"]
"""
TEXT = f"""Fictional, made up for tests.

INT: Who met you?

{CANARY}: I am {CANARY}. She walked over.

INT: And then?

{CANARY}: Then {CANARY} got a bed.
"""
FAILING = [
    ("documents", "none.qualcode"),
    ("labels", "s.qualcode", "nobody"),
    ("excerpts", "s.qualcode", "no_such_code"),
    ("import", "s.qualcode", "talk.txt", "--format", "vhs"),
    ("import", "s.qualcode", "talk.txt"),
    ("import", "s.qualcode", "broken.docx"),
    ("import", "s.qualcode", "talk.txt", "--labels", "bad.csv"),
    ("codings", "import", "s.qualcode", "codings.csv"),
    ("participants", "import", "s.qualcode", "twice.csv"),
    ("deid", "apply", "s.qualcode", "--accept", "ID"),
    ("agreement", "s.qualcode", "--round", "nobody"),
    ("undo", "s.qualcode", "--coder", "nobody"),
]
WRITERS = [
    ("export", "word", "s.qualcode", "report.docx", "--include-unfinished"),
    ("codings", "export", "s.qualcode", "codings-out.csv"),
    ("labels", "s.qualcode", "talk", "--out", "labels.csv"),
    ("deid", "list", "s.qualcode", "--out", "review.csv"),
    ("deid", "bake", "s.qualcode", "shared.qualcode"),
    ("codebook", "export", "s.qualcode", "book-out.yaml"),
    ("backup", "s.qualcode", "kept.qualcode"),
    ("documents", "s.qualcode", "--out", "documents.csv"),
    ("documents", "s.qualcode", "--out", "documents.xlsx"),
    ("documents", "s.qualcode", "--out", "documents.json"),
    ("documents", "s.qualcode", "--out", "documents.html"),
    ("init", "t", "--coder", "ana"),
]


@pytest.fixture
def kept(shell: Shell) -> Shell:
    """``s.qualcode`` with the canaries in it, every one in the text accepted as ``[P01]``."""
    shell.file("book.yaml", BOOK)
    shell.file("talk.txt", TEXT)
    shell.file("broken.docx", CANARY)
    shell.file("bad.csv", f"label,speaker,role,kind\n{CANARY},,king,speaker\n")
    shell.file(
        "codings.csv", f"document,start,stop,code,coder,memo\ntalk,0,9999,handoff,ana,{CANARY}\n"
    )
    shell.file("twice.csv", f"participant,name\nP1,{CANARY}\nP1,{CANARY}\n")
    shell.ok("init", "s", "--coder", "ana", "--codebook", "book.yaml", "--title", f"Of {CANARY}")
    shell.ok("import", "s.qualcode", "talk.txt", "--attribute", f"who={CANARY}")
    with qualcode.open(shell.folder / "s.qualcode", coder="ana") as project:
        ana = project.acting("ana")
        document = project.documents.named("talk")
        text = project.documents.text(document.id)
        at = text.index("She walked")
        code = project.codebook.named("handoff")
        coding = project.codings.apply(document.id, Span(at, at + 9), code.id, by=ana)
        project.memos.write(f"Ask {CANARY}.", by=ana, coding_id=coding.id)
        project.memos.write(f"{PRIVATE} told me.", by=ana, coding_id=coding.id, private=True)
        found = find(text, [Name(CANARY, "person", "[P01]")])
        suggestions = [Suggestion(document.id, f.span, f.label, f.kind) for f in found]
        project.redactions.suggest(suggestions, by=ana)
        every = [one.id for one in project.redactions.list()]
        project.redactions.decide(every, "accepted", by=ana)
    return shell


@pytest.mark.parametrize("command", FAILING, ids=" ".join)
def test_no_error_holds_a_canary(kept: Shell, command: tuple[str, ...]) -> None:
    result = kept.run(*command)
    assert result.exit_code in (1, 2)
    assert CANARY not in result.output
    assert PRIVATE not in result.output


def test_debug_warns_of_data_before_it_shows_any(kept: Shell) -> None:
    result = CliRunner().invoke(cli, ["--debug", "labels", "s.qualcode", "nobody"])
    first, _, _ = result.output.partition("\n")
    assert first == "The trace below may hold data of your project."
    assert CANARY not in result.output
    assert result.exception is not None


def records(project: Any) -> Iterator[object]:
    """Everything a program could print by mistake."""
    document = project.documents.named("talk")
    transcript = project.documents.transcript(document.id)
    yield from (project, project.documents, project.layer, document, transcript)
    yield from transcript.turns
    yield from transcript.blocks
    yield from project.memos.list()
    yield from project.redactions.list()
    yield project.layer.rendering(document.id, transcript.text)
    yield from project.codings.list()
    yield project.codings.table()
    yield project.documents.table()


def test_no_repr_holds_words_or_memos(kept: Shell) -> None:
    reading = importers.read(kept.folder / "talk.txt")
    with qualcode.open(kept.folder / "s.qualcode", coder="ana") as project:
        told = [repr(one) for one in (*records(project), reading)]
    assert [one for one in told if "She walked" in one or PRIVATE in one or "Ask" in one] == []


def test_a_baked_project_and_its_export_hold_no_canary(kept: Shell) -> None:
    assert CANARY.encode() in (kept.folder / "s.qualcode").read_bytes()
    kept.ok("deid", "bake", "s.qualcode", "shared.qualcode", "--key", "apart.qckey")
    baked = (kept.folder / "shared.qualcode").read_bytes()
    assert CANARY.encode() not in baked
    assert PRIVATE.encode() not in baked
    assert CANARY.encode("utf-16-le") not in baked
    kept.ok("export", "word", "shared.qualcode", "shared.docx", "--include-unfinished")
    with zipfile.ZipFile(kept.folder / "shared.docx") as archive:
        assert all(CANARY.encode() not in archive.read(name) for name in archive.namelist())
    assert CANARY in (kept.folder / "apart.qckey").read_text(encoding="utf-8")


def test_every_writer_writes_for_its_owner_alone(kept: Shell) -> None:
    before = set(kept.folder.rglob("*"))
    mask = os.umask(0)
    try:
        for command in WRITERS:
            kept.ok(*command)
    finally:
        os.umask(mask)
    made = set(kept.folder.rglob("*")) - before
    assert len(made) >= len(WRITERS) + 1  # the key beside the baked project
    assert not {path.name for path in made if open_to_others(path)}
    assert not list(kept.folder.glob(".*tmp*"))


def open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)

"""Every command that writes a file looks for names first; this list holds all of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import pytest

import qualcode
from qualcode.cli import cli
from qualcode.model import Span
from tests.cli.conftest import Shell
from tests.cli.test_disclosed import words_in

NAME = "Zephyrine Quillon"
SLUG = "Zephyrine_Quillon"

READ = {
    "adjudications", "assignments", "files", "fit", "label_file", "lists", "outcomes", "project",
    "ratings", "review", "template",
}  # fmt: skip
"""Parameters that are files to be read, in whatever command."""

READ_BY = {
    "codebook check": {"codebook"},
    "codebook import": {"file"},
    "deid check": {"key"},
    "disclosure": {"key"},
    "init": {"codebook"},
    "labels": {"table"},
    "participants import": {"file"},
}

TEXTS = {
    "codebook diff": ("s.qualcode", "v1", "--out", "o.csv"),
    "codebook export": ("s.qualcode", "o.yaml"),
    "codebook show": ("s.qualcode", "--out", "o.csv"),
    "codings export": ("s.qualcode", "o.csv"),
    "disagreements": ("s.qualcode", "--out", "o.csv"),
    "excerpts": ("s.qualcode", "--out", "o.csv"),
    "export html": ("s.qualcode", "o.html"),
    "export qdc": ("s.qualcode", "o.qdc"),
    "export qdpx": ("s.qualcode", "o.qdpx"),
    "export word": ("s.qualcode", "o.docx"),
    "export xlsx": ("s.qualcode", "o.xlsx"),
    "history": ("s.qualcode", "--out", "o.csv"),
    "memos list": ("s.qualcode", "--out", "o.csv"),
    "methods": ("s.qualcode", "--out", "o.csv"),
    "search": ("s.qualcode", "walked", "--out", "o.csv"),
    "themes evidence": ("s.qualcode", "--site", "a", "--stakeholder", "b", "--out", "o.csv"),
    "themes framework": ("s.qualcode", "--out", "o.csv"),
    "themes joint": ("s.qualcode", "--outcomes", "outcomes.csv", "--out", "o.csv"),
}
"""What holds texts: the whole project is looked through."""

FIGURES = {
    "agreement": ("s.qualcode", "--by", "code", "--out", "o.csv"),
    "codebook check": ("s.qualcode", "--out", "o.csv"),
    "documents": ("s.qualcode", "--out", "o.csv"),
    "plot": ("frequency", "s.qualcode", "--out", "o.svg"),
    "round drift": ("s.qualcode", "--earlier", "solo", "--later", "solo", "--out", f"o.{NAME}.csv"),
    "round list": ("s.qualcode", "--out", "o.csv"),
    "round plan": ("s.qualcode", "--out", "o.csv"),
    "round sample": ("s.qualcode", "new", "--to", "ana", "--to", "ben", "--share", "1",
                     "--out", "o.csv"),
    "themes cooccurrence": ("s.qualcode", "--out", "o.csv"),
    "themes crosstab": ("s.qualcode", "--by", "site", "--out", "o.csv"),
    "themes frequency": ("s.qualcode", "--out", "o.csv"),
    "themes matrix": ("s.qualcode", "--out", "o.csv"),
    "themes saturation": ("s.qualcode", "--out", "o.csv"),
}  # fmt: skip
"""What holds figures and names of things: the table itself is looked through."""

EXCEPT = {
    "backup": "a copy of the whole project, to be kept where the project is kept",
    "deid bake": "it replaces names itself, and lists what is left; its key is the key",
    "deid list": "the list of suggested names, to be decided on and read back",
    "demo": "the sample study in a new folder; its report is looked through like any other",
    "disclosure": "names are masked in it",
    "import": "what could not be read of another program's file; nothing of the project",
    "labels": "who speaks under which label, to be filled in and read back",
    "participants list": "the table of participants, to be corrected and read back",
}
"""Command → why it may name somebody, or cannot."""


def commands(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, f"{path} {name}".strip())
    else:
        yield path, command


def written(path: str, command: click.Command) -> set[str]:
    """Parameters of a command that are files, but for those it reads."""
    files = {str(one.name) for one in command.params if isinstance(one.type, click.Path)}
    return files - READ - READ_BY.get(path, set())


def test_every_command_that_writes_a_file_is_in_one_of_the_lists() -> None:
    writers = {path for path, command in commands(cli) if written(path, command)}
    listed = [*TEXTS, *FIGURES, *EXCEPT]
    assert len(set(listed)) == len(listed)
    assert writers - set(listed) == set(), "add the check, or say here why there is none"
    assert set(listed) - writers == set()


def test_every_one_of_them_can_be_told_why_a_name_stays() -> None:
    for path, command in commands(cli):
        if path in (*TEXTS, *FIGURES):
            options = {str(one.name) for one in command.params}
            assert {"accept", "reason"} <= options, path
            assert (path in TEXTS) == ("fresh_ids" in options), path


BOOK = """codebook: harbour
codes:
  - code: warm_handoff
    brief: Passed on in person.
  - code: doubt
    brief: They doubt it.
"""
TALK = "INT: How did you meet?\n\nP1: She walked over. I doubted it.\n\nP2: So did I.\n"


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that names somebody in a document's name, a code and nowhere else.

    The code is called so in an older version of the codebook, too.
    """
    folder = tmp_path_factory.mktemp("named")
    with pytest.MonkeyPatch.context() as moved:
        moved.chdir(folder)
        _fill(Shell(folder))
    return folder


def _fill(shell: Shell) -> None:
    folder = shell.folder
    shell.file("book.yaml", BOOK)
    shell.file(f"Talk with {NAME}.txt", TALK)
    shell.file("p.csv", f"participant,speaker,site,name\nX1,P1,North,{NAME}\nX2,P2,North,\n")
    shell.ok("init", "s", "--coder", "ana", "--codebook", "book.yaml", "--title", "Harbour")
    shell.ok("import", "s.qualcode", f"Talk with {NAME}.txt")
    shell.file(f"Later talk with {NAME}.txt", "P1: Nobody came.\n")
    shell.ok("import", "s.qualcode", f"Later talk with {NAME}.txt")
    shell.ok("participants", "import", "s.qualcode", "p.csv")
    shell.ok("codebook", "freeze", "s.qualcode", "v1")
    with qualcode.open(folder / "s.qualcode", coder="ana") as project:
        ana = project.coders.named("ana")
        ben = project.coders.add("ben", by=ana)
        document = project.documents.list()[0]
        text = project.documents.text(document.id)
        round_ = project.rounds.open("one", by=ana, blind=False)
        project.rounds.assign(round_.id, [document.id], [ana.id, ben.id], by=ana)
        codes = project.codebook.codes()
        for coder, words, code in (
            (ana, "She walked over", codes[0]), (ana, "I doubted it", codes[1]),
            (ben, "I doubted it", codes[1]),
        ):  # fmt: skip
            at = text.index(words)
            span = Span(at, at + len(words))
            project.codings.apply(document.id, span, code.id, by=coder, round_id=round_.id)
        for coder in (ana, ben):
            project.rounds.finish(round_.id, document.id, coder.id, by=coder)
        project.rounds.close(round_.id, by=ana)
    with sqlite3.connect(folder / "s.qualcode") as db:
        db.execute("UPDATE code SET code = ?, name = ? WHERE code = 'warm_handoff'", [SLUG, NAME])
    db.close()


@pytest.fixture
def study(named: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    (tmp_path / "s.qualcode").write_bytes((named / "s.qualcode").read_bytes())
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path)


@pytest.mark.parametrize("path", [*TEXTS, *FIGURES])
def test_nothing_is_written_that_names_somebody(study: Shell, path: str) -> None:
    command = [*path.split(), *{**TEXTS, **FIGURES}[path]]
    refused = study.run(*command)
    assert refused.exit_code == 3, refused.output
    assert not list(study.folder.glob("o.*"))
    assert "(name: participants and roster)" in refused.stderr
    assert "Quillon" not in refused.output


def test_a_refused_sample_has_assigned_nobody(study: Shell) -> None:
    assert study.run("round", "sample", *FIGURES["round sample"]).exit_code == 3
    assert "new" not in [row["round"] for row in study.json("round", "list", "s.qualcode")["rows"]]


def test_what_is_accepted_is_written_logged_and_said_in_the_file(study: Shell) -> None:
    accept = ("--accept", "name", "--reason", "she wished to be named")
    for command in (
        ("export", "qdc", "s.qualcode", "o.qdc"),
        ("codebook", "export", "s.qualcode", "o.yaml"),
        ("codebook", "export", "s.qualcode", "o.csv"),
        ("themes", "frequency", "s.qualcode", "--out", "o.json"),
    ):
        assert study.run(*command).exit_code == 3, command
        study.ok(*command, *accept)
        assert NAME in words_in(study.folder / command[-1]), command
        assert "accept disclosure" in study.ok("history", "s.qualcode", "--limit", "1"), command
    assert "she wished to be named" in (study.folder / "o.json").read_text()
    assert study.run("themes", "frequency", "s.qualcode", *accept).exit_code == 2  # no file


def test_the_name_of_a_code_in_an_earlier_version_is_found_too(study: Shell) -> None:
    with sqlite3.connect(study.folder / "s.qualcode") as db:
        db.execute("UPDATE code SET code = 'seen', name = 'As seen' WHERE code = ?", [SLUG])
        db.execute("UPDATE document SET name = 'talk ' || rowid")
    db.close()
    study.ok("export", "qdc", "s.qualcode", "now.qdc")
    with qualcode.open(study.folder / "s.qualcode", coder="ana") as project:
        ana = project.coders.named("ana")
        code = project.codebook.codes()[0]
        project.codebook.import_codes([replace(code, example=(f"{NAME} came",))], by=ana)
        project.codebook.freeze("v2", by=ana)
        project.codebook.import_codes([replace(code, example=())], by=ana)
    refused = study.run("codebook", "export", "s.qualcode", "o.yaml", "--version", "v2")
    assert refused.exit_code == 3
    assert "codebook v2, code seen, example: Z…(17)" in refused.stderr

"""Whatever is planted in the sample study is asked for by a test, and what the other stories do not
ask for is found here: by the importers, in exported files, in figures without the duplicate."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import html
from openpyxl import load_workbook

import qualcode
from qualcode import reports
from qualcode.formats.cells import read_csv
from qualcode.model import Table
from qualcode.project import Project
from qualcode.reports import sample as sample_module
from qualcode.reports.sample import STUDY, build, folder
from tests.cli.conftest import Shell
from tests.stories import test_planted_names, test_sample_reports, test_sample_rounds
from tests.stories.planted import ASKED, bring_in, finds, planted

ASKING = (test_planted_names, test_sample_reports, test_sample_rounds)
"""The other stories, which say with ``finds`` what they ask for."""


def test_every_planted_item_is_asked_for() -> None:
    assert [id_ for id_ in planted() if not ASKED.get(id_)] == []
    there = {name for module in ASKING for name in vars(module)} | set(globals())
    assert {test for tests in ASKED.values() for test in tests} <= there


# What the importers say and keep


@dataclass(frozen=True)
class Imported:
    """The transcripts as a user brings them in, and what was said while they came."""

    shell: Shell
    project: Project
    said: str

    def turns_of(self, id_: str) -> list[Any]:
        """For each passage of an item the turn that holds all of it; None outside of turns."""
        found = []
        for passage in planted()[id_]["passages"]:
            document = self.project.documents.named(passage["document"])
            transcript = self.project.documents.transcript(document.id)
            start = transcript.text.index(passage["text"])
            stop = start + len(passage["text"])
            holding = [t for t in transcript.turns if t.start <= start and stop <= t.stop]
            found.append(holding[0] if holding else None)
        return found

    def text(self, document: str) -> str:
        return self.project.documents.text(self.project.documents.named(document).id)

    def speakers(self) -> set[str]:
        return {one.name for one in self.project.speakers.list()}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    shell = Shell(tmp_path_factory.mktemp("imported"))
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("QUALCODE_CODER", raising=False)
        file, said = bring_in(shell)
        with qualcode.open(file, coder="ana") as project:
            yield Imported(shell, project, said)


@finds("crosstalk")
def test_crosstalk_stays_in_the_turn_it_is_heard_in_and_is_nobody(imported: Imported) -> None:
    who = [turn.participants for turn in imported.turns_of("crosstalk")]
    assert who == [("A-O4",), ("B-C1",)]
    assert not {"crosstalk", "[crosstalk]", "//CM2"} & imported.speakers()


@finds("unlabelled_interjection")
def test_a_cue_that_names_nobody_is_counted_and_given_to_who_speaks_on(imported: Imported) -> None:
    item = planted()["unlabelled_interjection"]
    (turn,) = imported.turns_of("unlabelled_interjection")
    assert turn.participants == (item["participant"],)
    (file,) = folder(STUDY).glob(f"{item['document']}.*")
    assert "1 unattributed cue," in imported.shell.ok("preview", file)


@finds("continued_row")
def test_a_row_without_a_speaker_goes_on_with_the_turn_before(imported: Imported) -> None:
    item = planted()["continued_row"]
    (turn,) = imported.turns_of("continued_row")
    assert turn.participants == (item["participant"],)
    text = imported.text(item["document"])
    assert "So I shut up.\nBut I still think it." in text[turn.start : turn.stop]


@finds("tracked_changes")
def test_tracked_changes_are_told_and_the_deletion_is_gone(imported: Imported) -> None:
    item = planted()["tracked_changes"]
    assert "1 tracked insertion is read as text." in imported.said
    assert "1 tracked deletion is left out." in imported.said
    assert None not in imported.turns_of("tracked_changes")
    assert item["deleted"] not in imported.text(item["document"])


@finds("running_lines")
def test_headers_of_pages_are_told_and_stand_once_outside_of_speech(imported: Imported) -> None:
    item = planted()["running_lines"]
    assert imported.said.count("headers and footers of pages are no speech; each stands once") == 2
    assert imported.turns_of("running_lines") == [None, None]
    for passage in item["passages"]:
        assert imported.text(passage["document"]).count(passage["text"]) == 1


@finds("line_end_hyphens")
def test_a_word_of_two_parts_is_found_over_the_line_end_it_had(imported: Imported) -> None:
    assert None not in imported.turns_of("line_end_hyphens")
    file = imported.shell.folder / "raw.qualcode"
    for passage in planted()["line_end_hyphens"]["passages"]:
        hits = imported.shell.json("search", file, passage["text"])["rows"]
        assert passage["document"] in [row["document"] for row in hits]


# What exported files hold

EXPORTED = ("unusual_characters", "formula_like_turns")
"""Items whose very characters must arrive."""


@pytest.fixture(scope="module")
def files(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The turns of these passages as tables, their documents as reports; names as they were said."""
    shell = Shell(tmp_path_factory.mktemp("files"))
    shutil.copy(sample_file, shell.folder / "s.qualcode")
    study, reason = shell.folder / "s.qualcode", ("--identified", "characters are looked at")
    passages = [one for id_ in EXPORTED for one in planted()[id_]["passages"]]
    asked = " OR ".join(f'"{one["text"]}"' for one in passages)
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("QUALCODE_CODER", raising=False)
        for ending in ("csv", "xlsx", "json", "html"):
            out = shell.folder / f"turns.{ending}"
            shell.ok("excerpts", study, asked, "--include-unfinished", *reason, "--out", out)
        documents = [w for one in {p["document"] for p in passages} for w in ("--document", one)]
        for what, ending in (("word", "docx"), ("html", "html")):
            out = shell.folder / f"report.{ending}"
            shell.ok("export", what, study, out, "--what", "transcript", *documents, *reason)
    return shell


def held(path: Path) -> str:
    """The texts of a file, as its own reader gives them."""
    if path.suffix == ".csv":
        return "\n".join(row["text"] for _, row in read_csv(path))
    if path.suffix == ".json":
        return "\n".join(row["text"] for row in json.loads(path.read_text("utf-8"))["rows"])
    if path.suffix == ".xlsx":
        cells = [cell for row in load_workbook(path).worksheets[0].iter_rows() for cell in row]
        assert "f" not in {cell.data_type for cell in cells}
        return "\n".join(str(cell.value) for cell in cells)
    if path.suffix == ".docx":
        return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
    page: Any = html.fromstring(path.read_bytes())
    return str(page.text_content())


@finds(*EXPORTED)
@pytest.mark.parametrize(
    "name", ["turns.csv", "turns.xlsx", "turns.json", "turns.html", "report.docx", "report.html"]
)
@pytest.mark.parametrize("id_", EXPORTED)
def test_every_character_arrives_and_no_turn_becomes_a_formula(
    files: Shell, id_: str, name: str
) -> None:
    text = held(files.folder / name)
    assert [one["text"] for one in planted()[id_]["passages"] if one["text"] not in text] == []


# Figures with and without the duplicate


def figures(project: Project, coder: str) -> dict[str, list[dict[str, Any]]]:
    """Every theme table of a coder's own reading, that of all, and the agreement of round 2."""
    source = f"coder:{coder}"
    tables: dict[str, Table] = {
        "agreement": reports.agreement(project, rounds=[planted()["nested_duplicate"]["round"]]),
        "reading": reports.frequency(project),
        "own codes": reports.frequency(project, source=source, own=True),
        "by site": reports.frequency(project, source=source, by="site"),
        "crosstab": reports.crosstab(project, by=["site"], source=source),
        "matrix": reports.matrix(project, source=source),
        "pairs": reports.cooccurrence(project, source=source),
        "evidence": reports.evidence(
            project, site="site", stakeholder="stakeholder_role", source=source
        ),
        "saturation": reports.saturation(project, source=source),
    }
    return {
        name: [{column: row[column] for column in row if column != "excerpt_id"} for row in table]
        for name, table in tables.items()
    }  # the ids are others in every project


@finds("nested_duplicate")
def test_no_figure_changes_when_the_nested_duplicate_goes(
    sample: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = planted()["nested_duplicate"]
    study = tmp_path / STUDY
    shutil.copytree(folder(STUDY), study)
    codings = study / "codings" / f"{item['round'].replace(' ', '-')}-{item['coder']}.csv"
    lines = codings.read_text("utf-8").splitlines(keepends=True)
    start, stop = item["inner"]
    kept = [line for line in lines if f"{item['document']},{start},{stop}," not in line]
    codings.write_text("".join(kept), "utf-8")
    assert len(kept) == len(lines) - 1
    monkeypatch.setattr(
        sample_module, "folder", lambda name: study if name == STUDY else folder(name)
    )
    with build(tmp_path / "without.qualcode") as without:
        assert len(list(without.codings.table())) == len(list(sample.codings.table())) - 1
        before, after = (figures(project, item["coder"]) for project in (sample, without))
    for name, rows in before.items():
        assert rows, name
        assert rows == after[name], name

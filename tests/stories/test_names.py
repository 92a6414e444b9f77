"""Six files of six formats come in, and no name goes out: commands and screens, as a new user does.

Everybody and everything in the files is invented.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

import qualcode
from qualcode.model import Span
from qualcode.project import Project
from qualcode.tui.redactions import RedactionsScreen
from qualcode.tui.widgets.confirm import Confirm
from qualcode.tui.widgets.label_table import LabelTable
from tests.cli.conftest import Shell
from tests.importers.docx_files import docx, said
from tests.importers.pdf_files import paged
from tests.tui.conftest import Study, hit, on_screen, screens

PANEL = """\
WEBVTT

NOTE Fictional, made up for tests.

00:00:01.000 --> 00:00:04.000
<v Moderator>How did you come to the harbour office?</v>

00:00:05.000 --> 00:00:09.000
<v Brisa Tolland>Fennick walked me over himself. Nobody had done that before.</v>

00:00:10.000 --> 00:00:14.000
<v Odo Fennick>She had waited at the bench in Quade Street for hours.</v>

00:00:15.000 --> 00:00:18.000
<v Brisa Toland>And then they found me a bed.</v>
"""
PHONE = """\
1
00:00:01,000 --> 00:00:03,000
[SPEAKER_00]: Is this the office? Tolland gave me 555-0142.

2
00:00:04,000 --> 00:00:06,000
[SPEAKER_01]: It is. Ask for Odo when you come.
"""
TALK = """\
Fictional interview, made up for tests.

Interviewer: What do you do here?

Fennick: I bring people in. Brisa was the first, on 12 March 2024.

Agenda: the list for next week.

Interviewer: And who helps you?

Fennick: Marlow does. We sit together every day.

Agenda: the keys.
"""
LAUNDRY = """\
"Fictional, made up for tests."
speaker,text
Interviewer,Who told you about the beds?
Marlow Quade,"Odo Fennick did. =He said it twice, that was all."
Interviewer,And then?
Marlow Quade,Then I went there with Brisa.
"""
VISIT = docx(
    said("Interviewer", "How long have you been here?"),
    said("Marlow Quade", "Mr. Fennick asked me to stay. Two years ago."),
    said("Interviewer", "Why did you?"),
    said("Marlow Quade", "Because somebody had stayed for me."),
)
NOTES = paged(
    ["Interviewer: Who keeps the keys?", "", "Quade: I keep them, and Brisa has the spare ones.", "",
     "Interviewer: Since when?", "", "Quade: Since the spring, when the office moved."]
)  # fmt: skip
FILES: dict[str, str | bytes] = {
    "panel.vtt": PANEL, "phone.srt": PHONE, "talk-with-Fennick.txt": TALK, "laundry.csv": LAUNDRY,
    "visit.docx": VISIT, "notes.pdf": NOTES,
}  # fmt: skip
DOCUMENTS = ["panel", "phone", "talk-with-Fennick", "laundry", "visit", "notes"]
BOOK = """\
codebook: harbour
codes:
  - code: handoff
    brief: Passed on in person, as Fennick does.
    example: ["Fennick walked me over"]
  - code: housing
    brief: A bed.
"""
NAMES = re.compile(r"Fennick|Tolland|Toland|Brisa|Odo\b|Marlow|Quade(?! Street)|555-0142")
"""What may not leave. The street may: there the name is none, and the researcher said so."""

PASSAGES = [
    ("ana", "panel", "Fennick walked me over himself", "handoff"),
    ("ben", "panel", "walked me over himself. Nobody had done that before.", "handoff"),
    ("ana", "panel", "they found me a bed", "housing"),
    ("ana", "talk-with-Fennick", "Brisa was the first", "handoff"),
    ("ben", "talk-with-Fennick", "I bring people in. Brisa was", "handoff"),
]
"""Coder, document, words and code; some cut a name."""

TABLES = {
    "excerpts": ["excerpts", "p.qualcode", "--round", "pilot", "--coder", "ana"],
    "codings": ["codings", "export", "p.qualcode"],
    "documents": ["documents", "p.qualcode"],
    "labels": ["labels", "p.qualcode", "panel"],
    "participants": ["participants", "list", "p.qualcode"],
    "themes": ["themes", "frequency", "p.qualcode", "--include-unfinished"],
    "agreement": ["agreement", "p.qualcode", "--round", "pilot", "--by", "document"],
}
FORMATS = ["csv", "xlsx", "json", "html"]


@dataclass
class Story:
    """What the user did, and what came of it."""

    shell: Shell
    imported: str
    undone: list[list[str]]
    """Names of the documents after each undo of an import, on a copy."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    """Where the codings sit and the rows of agreement, before and after the names were taken."""

    files: list[Path] = field(default_factory=list)
    """Everything that was written to be passed on."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("names")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("QUALCODE_CODER", raising=False)
        patch.delenv("NO_COLOR", raising=False)
        patch.setenv("COLUMNS", "100")
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setattr("textual._wait.SLEEP_GRANULARITY", 0.005)
        patch.setattr("textual._wait.SLEEP_IDLE", 0.0025)
        yield told(Shell(folder))


def told(shell: Shell) -> Story:
    for name, content in FILES.items():
        data = content if isinstance(content, bytes) else content.encode()
        (shell.folder / name).write_bytes(data)
    shell.file("book.yaml", BOOK)
    shell.file("people.csv", "participant,site,contact\nP01,North,ask Fennick\nP02,South,\n")
    shell.ok("init", "p", "--coder", "ana", "--codebook", "book.yaml", "--title", "Harbour")
    imported = shell.run("import", "p.qualcode", *FILES)
    assert imported.exit_code == 0, imported.output
    story = Story(shell, imported.output, taken_back(shell))
    shell.ok("participants", "import", "p.qualcode", "people.csv")
    asyncio.run(name_speakers(Study(shell.folder / "p.qualcode")))
    code(shell)
    story.before = {"codings": places(shell), "agreement": agreement(shell)}
    asyncio.run(take_names_out(Study(shell.folder / "p.qualcode")))
    story.after = {"codings": places(shell), "agreement": agreement(shell)}
    asyncio.run(code_on_screen(Study(shell.folder / "p.qualcode")))
    story.files = exported(shell)
    return story


def taken_back(shell: Shell) -> list[list[str]]:
    """Undo the imports one by one, on a copy; what is there after each."""
    shutil.copy(shell.folder / "p.qualcode", shell.folder / "copy.qualcode")
    left = []
    for _ in FILES:
        shell.ok("undo", "copy.qualcode")
        rows = shell.json("documents", "copy.qualcode")["rows"]
        left.append([str(row["document"]) for row in rows if not row["removed"]])
    return left


# On the screens


async def to_label(pilot: Pilot[int], label: str) -> None:
    rows = pilot.app.screen.query_one(LabelTable)._rows
    at = [row.label for row in rows].index(label)
    await hit(pilot, "home", *["j"] * at)


async def name_speakers(study: Study) -> None:
    """Merge the misspelt one, take "Agenda" out, say which participant three of them are."""
    async with screens(study, document=None) as pilot:
        await hit(pilot, "s")  # of panel
        await to_label(pilot, "Brisa Toland")
        assert "LOOK ALIKE  Brisa Tolland  ~  Brisa Toland" in on_screen(pilot)
        await hit(pilot, "m", *"tolland", "enter")
        await to_label(pilot, "Brisa Tolland")
        await hit(pilot, "l", *"P01", "enter")
        await to_label(pilot, "Odo Fennick")
        await hit(pilot, "l", *"P02", "enter")
        await hit(pilot, "q", "j", "j", "s")  # of talk-with-Fennick
        await to_label(pilot, "Agenda")
        await hit(pilot, "x")
        await to_label(pilot, "Fennick")
        await hit(pilot, "r", "home", *"Odo ", "enter")
        assert isinstance(pilot.app.screen, Confirm)  # there is one of that name: merge?
        await hit(pilot, "enter")
        await hit(pilot, "q", "j", "s")  # of laundry
        await to_label(pilot, "Marlow Quade")
        await hit(pilot, "l", *"P03", "enter", "q")


async def take_names_out(study: Study) -> None:
    """Have names suggested; accept them, but not the street and not the date."""
    async with screens(study, document=None) as pilot:
        await hit(pilot, "R", "s")
        screen = pilot.app.screen
        assert isinstance(screen, RedactionsScreen)
        for _ in range(60):
            row = screen.table.row_here
            if row is None or row.status != "suggested":
                break
            street = row.name == "Quade" and row.after.startswith(" Street")
            await hit(pilot, "x" if street or row.redaction.kind == "date" else "a")
        assert "0 to decide" in on_screen(pilot)


async def code_on_screen(study: Study) -> None:
    """Code one more sentence where names are labels already."""
    async with screens(study, document="visit") as pilot:
        assert "[P02] asked me to stay" in on_screen(pilot)
        await hit(pilot, "n", "1")


# Coding, and what is to stay as it is


def code(shell: Shell) -> None:
    """Two coders code two documents in a round, which is then closed; one writes a memo."""
    with qualcode.open(shell.folder / "p.qualcode", coder="ana") as project:
        ana = project.acting("ana")
        coders = {"ana": ana, "ben": project.coders.add("ben", by=ana)}
        project.codebook.freeze("v1", by=ana)
        round_ = project.rounds.open("pilot", by=ana, codebook_version="v1")
        ids = [project.documents.named(name).id for name in ("panel", "talk-with-Fennick")]
        project.rounds.assign(round_.id, ids, [one.id for one in coders.values()], by=ana)
        for coder, document, words, name in PASSAGES:
            coding = apply(project, document, words, name, coders[coder].name)
            if coder == "ana":
                project.memos.write("Is Tolland meant?", by=ana, coding_id=coding)
        for one in coders.values():
            for id_ in ids:
                project.rounds.finish(round_.id, id_, one.id, by=one)
        project.rounds.close(round_.id, by=ana)


def apply(project: Project, document: str, words: str, code: str, coder: str) -> str:
    found = project.documents.named(document)
    start = project.documents.text(found.id).index(words)
    by = project.coders.named(coder)
    code_id = project.codebook.named(code).id
    return project.codings.apply(found.id, Span(start, start + len(words)), code_id, by=by).id


def places(shell: Shell) -> list[tuple[str, int, int, str, str]]:
    """Where the codings sit in the texts as they came."""
    with qualcode.open(shell.folder / "p.qualcode", coder="ana") as project:
        codes = {one.id: one.code for one in project.codebook.codes()}
        coders = {one.id: one.name for one in project.coders.list()}
        names = {one.id: one.name for one in project.documents.list()}
        return [
            (names[c.document_id], c.span.start, c.span.stop, codes[c.code_id], coders[c.coder_id])
            for c in project.codings.list()
        ]


def agreement(shell: Shell) -> Any:
    return shell.json("agreement", "p.qualcode", "--round", "pilot")["rows"]


def exported(shell: Shell) -> list[Path]:
    files = []
    for name, command in TABLES.items():
        for format_ in FORMATS:
            files.append(shell.folder / f"{name}.{format_}")
            shell.ok(*command, "--out", files[-1])
    shell.ok("export", "word", "p.qualcode", "report.docx", "--document", "panel")
    shell.ok("deid", "bake", "p.qualcode", "shared.qualcode", "--key", "apart.qckey")
    return [*files, shell.folder / "report.docx", shell.folder / "shared.qualcode"]


def words_in(path: Path) -> str:
    """All that a file says, its name included, wherever in the file it stands."""
    data = path.read_bytes()
    if path.suffix == ".qualcode":
        return path.name + data.decode("utf-8", "replace")
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return path.name + unescape(data.decode())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}
    return path.name + "\n".join(
        name + unescape(re.sub(r"<[^>]*>", "", part)) + part for name, part in parts.items()
    )


# What came of it


def test_six_files_come_in_with_one_command(story: Story) -> None:
    told = [line for line in story.imported.splitlines() if re.match(r"[\w-]+: \d+ turns", line)]
    assert [line.partition(":")[0] for line in told] == DOCUMENTS
    assert "panel: 4 turns, 4 speakers" in story.imported
    assert "Look alike" in story.imported


def test_each_import_is_taken_back_by_one_undo(story: Story) -> None:
    assert story.undone == [DOCUMENTS[:n] for n in range(5, -1, -1)]


def test_the_speakers_are_as_they_were_put_right(story: Story) -> None:
    with qualcode.open(story.shell.folder / "p.qualcode", coder="ana") as project:
        roster = {one.name: one.participant for one in project.speakers.list()}
        talk = project.documents.transcript(project.documents.named("talk-with-Fennick").id)
    assert roster["Brisa Tolland"] == "P01"
    assert roster["Odo Fennick"] == "P02"
    assert roster["Marlow Quade"] == "P03"
    assert "Brisa Toland" not in roster
    assert "Agenda" not in roster
    assert [turn.speaker for turn in talk.turns] == ["Interviewer", "Odo Fennick"] * 2


def test_the_names_were_there_before(story: Story) -> None:
    """The control: were they absent anyway, the next test would prove nothing."""
    shell = story.shell
    shell.ok("excerpts", "p.qualcode", "--round", "pilot", "--coder", "ana", "--identified",
             "the control of a test", "--out", "identified.csv")  # fmt: skip
    assert NAMES.search(words_in(shell.folder / "identified.csv"))


def test_no_name_is_left_in_any_file(story: Story) -> None:
    left = {path.name: NAMES.findall(words_in(path)) for path in story.files}
    assert {name: found for name, found in left.items() if found} == {}


def test_what_was_rejected_stays(story: Story) -> None:
    with qualcode.open(story.shell.folder / "shared.qualcode", read_only=True) as project:
        texts = [project.documents.text(one.id) for one in project.documents.list()]
    assert "the bench in Quade Street" in texts[0]
    assert "[P01] was the first, on 12 March 2024." in texts[2]
    report = words_in(story.shell.folder / "report.docx")
    assert "Quade Street" in report


def test_codings_sit_where_they_sat_and_agree_as_they_did(story: Story) -> None:
    assert len(story.before["codings"]) == len(PASSAGES)
    assert story.after == story.before


def test_a_coding_made_among_labels_lies_on_the_words_said(story: Story) -> None:
    made = [place for place in places(story.shell) if place[0] == "visit"]
    assert len(made) == 1
    with qualcode.open(story.shell.folder / "p.qualcode", coder="ana") as project:
        text = project.documents.text(project.documents.named("visit").id)
    assert text[made[0][1] : made[0][2]] == "Mr. Fennick asked me to stay."


def test_a_baked_project_agrees_as_the_project_did(story: Story) -> None:
    rows = story.shell.json("agreement", "shared.qualcode", "--round", "pilot")["rows"]
    assert rows == story.before["agreement"]


def test_deid_check_finds_nothing_left(story: Story) -> None:
    shell = story.shell
    everything = shell.run("deid", "check", *story.files, "--project", "p.qualcode")
    assert everything.exit_code == 0, everything.output
    keyed = shell.run("deid", "check", *story.files, "--key", "apart.qckey")
    assert keyed.exit_code == 0, keyed.output
    assert shell.run("deid", "check", "p.qualcode", "--key", "apart.qckey").exit_code == 3


def test_both_projects_are_sound(story: Story) -> None:
    for name in ("p.qualcode", "shared.qualcode"):
        assert story.shell.json("check", name)["ok"]


def test_the_key_says_who_is_who(story: Story) -> None:
    key = json.loads((story.shell.folder / "apart.qckey").read_text(encoding="utf-8"))
    assert "Odo Fennick" in json.dumps(key)

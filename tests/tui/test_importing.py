"""Import on the screens: choose files, look, say who speaks, and only then store."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qualcode.model import Coder, LoggedAction
from qualcode.project import Project
from qualcode.tui.candidates import Candidate, Outcome, candidate, store
from qualcode.tui.documents import ProjectScreen
from qualcode.tui.files import FilesScreen
from qualcode.tui.importing import ImportScreen
from qualcode.tui.widgets.confirm import Confirm
from qualcode.tui.widgets.file_strip import strip
from qualcode.tui.widgets.file_table import FileTable, PathField
from qualcode.tui.widgets.label_table import LabelTable
from qualcode.tui.widgets.sheet import Sheet
from tests.tui.conftest import Study, hit, imports_from, line, on_screen, screens, settled

PANEL = """\
Moderator: How was it?

Officer Breen: It went well. [inaudible] We had no trouble.

Officer Brene: No trouble \u202eat all.

Agenda: we go on.

Officer Breen: And then we stopped.

Officer Brene: We did.

Agenda: and on.

Note: nobody speaks here.
"""

SECOND = """\
Moderator: Again?

Officer Brene: Again.

Officer Brene: And again.

Moderator: Good.
"""

ALIAS = """\
Ana Lima (AL): It was well done.

Ben: So it was.

Ana Lima (AL): We came back twice.

Ben: We did.
"""

CUES = """\
WEBVTT

00:00:01.000 --> 00:00:03.000
<v Rosa>Hello there.</v>

00:00:04.000 --> 00:00:06.000
<v Moderator>Hello Rosa.</v>
"""

SURVEY = """\
id,answer
R1,"The office was friendly and somebody called me back the same day."
R2,"Nobody told me where to go, so I waited for two hours in the hall."
R3,"They helped with the form, which I could not have done by myself."
"""


@pytest.fixture
def papers(tmp_path: Path, study: Study) -> Path:
    """A folder of files, from which the study last imported."""
    folder = tmp_path / "papers"
    (folder / "north").mkdir(parents=True)
    for name, words in {
        "a-panel.txt": PANEL, "b-second.txt": SECOND, "c-cues.vtt": CUES, "d-survey.csv": SURVEY,
        "e-broken.docx": "no archive", "north/talk2.md": "**Ana:** Hi.\n\n**Ben:** Hello.\n",
    }.items():  # fmt: skip
        (folder / name).write_text(words, encoding="utf-8")
    imports_from(study, folder)
    return folder


async def choose(pilot: Pilot[int], *names: str) -> None:
    """Open the list of files, mark these, go on to the preview."""
    await settled(pilot)
    await hit(pilot, "i")
    files = [e.name for e in pilot.app.screen.query_one(FileTable)._entries if not e.folder]
    await hit(pilot, *("space" if name in names else "down" for name in files), "enter")


def log(study: Study) -> list[LoggedAction]:
    with study.open() as project:
        return project.history.log()


def table(study: Study, document: str) -> list[tuple[str, str, str, str | None]]:
    """Label, who speaks, role and participant, as stored."""
    with study.open() as project:
        labels = project.speakers.labels(project.documents.named(document).id)
    return [
        (
            one.label,
            "; ".join(s.name for s in one.speakers) or one.kind,
            "; ".join(s.role for s in one.speakers),
            one.speakers[0].participant if one.speakers else None,
        )
        for one in labels
    ]


def names(study: Study) -> list[str]:
    with study.open() as project:
        return [d.name for d in project.documents.list() if not d.removed]


def label_rows(pilot: Pilot[int]) -> list[str]:
    rows = pilot.app.screen.query_one(LabelTable)._rows
    return [f"{row.label} = {row.speaker} ({row.why})" if row.why else row.label for row in rows]


# Choosing files


async def test_what_can_be_read_is_listed_with_its_size(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await hit(pilot, "i")
        rows = [row.split() for row in on_screen(pilot).splitlines()[2:8]]
        assert rows[0] == ["north/"]
        assert rows[1] == ["a-panel.txt", f"{(papers / 'a-panel.txt').stat().st_size}", "B"]


async def test_a_path_is_typed_with_tab(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await hit(pilot, "i")
        await hit(pilot, "slash", *"no", "tab")
        assert pilot.app.screen.query_one(PathField).value == f"{papers}/north/"
        await hit(pilot, *"ta", "tab", "enter")
        assert isinstance(pilot.app.screen, ImportScreen)
        assert "Import talk2.md" in line(pilot, "header")


async def test_tab_waits_for_the_folder_that_is_being_looked_at(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await hit(pilot, "i", "slash")
        await hit(pilot, *"north", "slash", "t", "tab", "enter")
        assert "Import talk2.md" in line(pilot, "header")


async def test_the_arrows_go_through_the_folders(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await hit(pilot, "i", "up", "right")
        assert "talk2.md" in on_screen(pilot)
        await hit(pilot, "left")
        assert "a-panel.txt" in on_screen(pilot)
        assert str(papers) in on_screen(pilot)


async def test_a_file_that_is_not_there_says_so(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await hit(pilot, "i", "slash", *"gone.txt", "enter")
        assert "This file cannot be read." in on_screen(pilot)
        assert "No such file or directory" in on_screen(pilot)


async def test_going_back_from_the_files_changes_nothing(study: Study, papers: Path) -> None:
    before = log(study)
    async with screens(study, document=None) as pilot:
        await hit(pilot, "i", "a", "q")
        assert isinstance(pilot.app.screen, ProjectScreen)
    assert log(study) == before


# Looking


async def test_a_preview_says_what_was_read_and_what_is_doubtful(
    study: Study, papers: Path
) -> None:
    async with screens(study, document=None, size=(120, 40)) as pilot:
        await choose(pilot, "a-panel.txt")
        seen = on_screen(pilot)
        assert f"txt, utf-8, {len(PANEL)} characters, label form label; 7 turns, 4 speakers" in seen
        assert "! line 15: Looks like a speaker label, read as text." in seen
        assert "LOOK ALIKE  Officer Breen  ~  Officer Brene" in seen
        assert "2  Officer Breen: It went well. [inaudible] We had no trouble." in seen
        assert "No trouble ␦at all." in seen
        assert "\u202e" not in seen


async def test_a_text_without_turns_is_shown_as_it_begins(study: Study, papers: Path) -> None:
    (papers / "notes.txt").write_text("\n\n".join(f"Day {n}." for n in range(7)), encoding="utf-8")
    async with screens(study, document=None) as pilot:
        await choose(pilot, "notes.txt")
        rows = [row.rstrip() for row in on_screen(pilot).splitlines()]
        at = rows.index("FIRST WORDS")
        assert rows[at + 1 : at + 7] == [
            *(f"Day {n}." for n in range(5)),
            "… and 2 more paragraphs",
        ]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_table_and_preview_share_the_screen(
    study: Study, papers: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with screens(study, document=None, size=size) as pilot:
        await choose(pilot, "a-panel.txt")
        rows = on_screen(pilot).splitlines()
        assert len(rows) == size[1]
        assert rows[2].split()[:3] == ["Moderator", "Moderator", "moderator"]
        assert any(row.startswith("FIRST TURNS") for row in rows)
        assert rows[-1].startswith("enter confirm  r rename  w who  m merge  x not a speaker")


async def test_nothing_is_stored_by_looking(study: Study, papers: Path) -> None:
    before = log(study)
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt")
        await hit(pilot, "down", "x", "q")
        question = pilot.app.screen
        assert isinstance(question, Confirm)
        await hit(pilot, "enter")
        assert isinstance(pilot.app.screen, ProjectScreen)
    assert log(study) == before


async def test_f5_asks_before_decisions_are_lost(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt")
        await hit(pilot, "end", "x", "f5")
        assert isinstance(pilot.app.screen, Confirm)
        await hit(pilot, "escape", "u", "f5")
        assert isinstance(pilot.app.screen, ProjectScreen)


async def test_a_slow_file_does_not_freeze_the_screen(
    study: Study, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()

    def slow(path: Path, labels: frozenset[str]) -> Candidate:
        held.wait(5)
        return candidate(path, labels)

    monkeypatch.setattr("qualcode.tui.importing.candidate", slow)
    async with screens(study, document=None) as pilot:
        await hit(pilot, "i")
        await pilot.press("space", "enter")
        await pilot.pause(0.1)
        assert "reading …" in on_screen(pilot)
        await pilot.press("enter")
        await pilot.pause(0.05)
        assert line(pilot, "status") == "This file is still being read."
        held.set()
        await settled(pilot)
        assert "FIRST TURNS" in on_screen(pilot)


# Saying who speaks


async def test_labels_are_put_right_before_anything_is_stored(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt")
        await hit(pilot, "j", "j", "m", *"breen", "enter")  # Officer Brene is Officer Breen
        assert line(pilot, "status") == "Officer Brene is Officer Breen."
        await hit(pilot, "j", "x")  # Agenda is not a speaker
        await hit(pilot, "k", "l", *"P07", "enter")  # they are P07
        await hit(pilot, "g", "o", "enter")
        assert isinstance(pilot.app.screen, ProjectScreen)
    assert table(study, "a-panel") == [
        ("Moderator", "Moderator", "other", None),
        ("Officer Breen", "Officer Breen", "participant", "P07"),
        ("Officer Brene", "Officer Breen", "participant", "P07"),
        ("Agenda", "not a speaker", "", None),
    ]
    assert log(study)[0].verb == "add document"


async def test_a_speaker_is_renamed_under_all_their_labels(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt")
        await hit(pilot, "down", "r", "home", *"Sgt ", "enter", "enter")
    assert table(study, "a-panel")[1][:2] == ("Officer Breen", "Sgt Officer Breen")


async def test_a_name_that_is_taken_offers_to_merge(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt")
        await hit(pilot, "j", "j", "r", *"officer breen", "enter")
        question = pilot.app.screen
        assert isinstance(question, Confirm)
        await hit(pilot, "enter", "enter")
    assert [row[1] for row in table(study, "a-panel")[1:3]] == ["Officer Breen"] * 2


async def test_voices_that_join_are_told_apart_by_semicolons(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt")
        await hit(pilot, "down", "w", "end", *"; Rosa", "enter", "o")
        assert line(pilot, "status").startswith("Several voices join here")
        await hit(pilot, "enter")
    assert table(study, "a-panel")[1][1] == "Officer Breen; Rosa"


async def test_a_change_is_undone_and_redone(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt")
        screen = pilot.app.screen
        assert isinstance(screen, ImportScreen)
        await hit(pilot, "end", "x", "u")
        kinds = [row.kind for row in screen._here.rows()]
        await hit(pilot, "U")
        kinds += [row.kind for row in screen._here.rows()]
        assert kinds[3::4] == ["speaker", "not a speaker"]
        await hit(pilot, "U")
        assert line(pilot, "status") == "There is nothing to redo here."


async def test_what_is_no_speaker_can_be_one_again(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt")
        await hit(pilot, "end", "x", "r")
        assert line(pilot, "status") == "“Agenda” is not a speaker; x makes it one again."
        await hit(pilot, "x", "enter")
    assert table(study, "a-panel")[3][1] == "Agenda"


async def test_one_file_teaches_the_next(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt", "b-second.txt")
        await hit(pilot, "j", "j", "m", *"breen", "enter", "enter")
        assert "Import b-second.txt" in line(pilot, "header")
        assert label_rows(pilot) == [
            "Moderator",
            "Officer Brene = Officer Breen (confirmed in a-panel)",
        ]
        await hit(pilot, "enter")
    assert table(study, "b-second")[1][1] == "Officer Breen"


async def test_the_project_teaches_the_next_import(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt")
        await hit(pilot, "j", "j", "m", *"breen", "enter", "enter")
        await choose(pilot, "b-second.txt")
        assert label_rows(pilot)[1] == "Officer Brene = Officer Breen (confirmed in a-panel)"
        await hit(pilot, "j")
        assert "proposed: confirmed in a-panel" in line(pilot, "status")


async def test_what_is_proposed_is_told_and_taken_with_enter(study: Study, papers: Path) -> None:
    (papers / "f-alias.txt").write_text(ALIAS, encoding="utf-8")
    async with screens(study, document=None) as pilot:
        await choose(pilot, "f-alias.txt")
        told = next(row for row in on_screen(pilot).splitlines() if "PROPOSED" in row)
        assert told.rstrip() == "* PROPOSED  AL (alias: Ana Lima (AL))   enter takes, a leaves"
        await hit(pilot, "enter")
    assert table(study, "f-alias")[0][1] == "AL"


async def test_what_is_proposed_is_left_with_a(study: Study, papers: Path) -> None:
    (papers / "f-alias.txt").write_text(ALIAS, encoding="utf-8")
    async with screens(study, document=None) as pilot:
        await choose(pilot, "f-alias.txt")
        await hit(pilot, "a")
        assert "PROPOSED" not in on_screen(pilot)
        assert line(pilot, "status") == "“Ana Lima (AL)” names its own speaker."
        await hit(pilot, "a")
        assert line(pilot, "status") == "Nothing is proposed for this label."
        await hit(pilot, "enter")
    assert table(study, "f-alias")[0][1] == "Ana Lima (AL)"


async def test_nothing_proposed_is_taken_in_a_file_that_nobody_confirmed(
    study: Study, papers: Path
) -> None:
    (papers / "f-alias.txt").write_text(ALIAS, encoding="utf-8")
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt", "f-alias.txt")
        await hit(pilot, "I")
        question = pilot.app.screen
        assert isinstance(question, Confirm)
        assert "Nothing proposed (*) is taken there" in question.body.plain
        await hit(pilot, "enter")
    assert table(study, "f-alias")[0][1] == "Ana Lima (AL)"


async def test_a_participant_of_the_project_can_be_chosen(study: Study, papers: Path) -> None:
    with study.open() as project:
        records = [(2, {"participant": "P07"})]
        project.participants.import_table(records, by=project.acting("ana"))
    async with screens(study, document=None) as pilot:
        await choose(pilot, "c-cues.vtt")
        await hit(pilot, "l", "enter", "enter")
    assert table(study, "c-cues")[0] == ("Rosa", "Rosa", "participant", "P07")


# Storing


async def test_each_file_is_one_act_and_a_bad_one_is_told_at_the_end(
    study: Study, papers: Path
) -> None:
    async with screens(study, document=None) as pilot:
        await hit(pilot, "i", "a", "enter")
        await hit(pilot, "I", "enter")
        sheet = pilot.app.screen
        assert isinstance(sheet, Sheet)
        assert sheet.body.plain.startswith("e-broken.docx\n  ")
        await hit(pilot, "escape")
        assert isinstance(pilot.app.screen, ProjectScreen)
    assert names(study) == [
        "talk", "a-panel", "b-second", "c-cues", "d-survey/R1", "d-survey/R2", "d-survey/R3",
    ]  # fmt: skip
    assert [act.verb for act in log(study)[:5]] == [*["add document"] * 4, "add document"]
    assert len({act.act for act in log(study)[:4]}) == 4


async def test_importing_all_asks_where_files_were_not_looked_at(
    study: Study, papers: Path
) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt", "b-second.txt")
        await hit(pilot, "I")
        question = pilot.app.screen
        assert isinstance(question, Confirm)
        assert "Not confirmed: b-second.txt." in question.body.plain
        await hit(pilot, "escape")
    assert names(study) == ["talk"]


async def test_a_file_left_out_is_not_imported(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt", "b-second.txt")
        await hit(pilot, "d")
        assert "LEFT OUT" in line(pilot, "header")
        await hit(pilot, "enter", "enter")
    assert names(study) == ["talk", "b-second"]


async def test_every_answer_of_a_survey_becomes_a_document(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "d-survey.csv")
        assert "3 answers in answer, by id: 3 documents" in on_screen(pilot)
        await hit(pilot, "enter", "u")
        assert names(study) == ["talk"]
        await hit(pilot, "U")
    with study.open() as project:
        kinds = {d.kind for d in project.documents.list() if d.name != "talk"}
    assert kinds == {"survey"}


async def test_the_kind_of_document_is_chosen(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt")
        await hit(pilot, "t", "t")
        assert "kind focus-group" in line(pilot, "header")
        await hit(pilot, "enter")
    with study.open() as project:
        assert project.documents.named("a-panel").kind == "focus-group"


async def test_the_very_file_again_is_told_and_refused(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt")
        await hit(pilot, "enter")
        await choose(pilot, "a-panel.txt")
        assert "These very words are in the project already, as a-panel." in on_screen(pilot)
        await hit(pilot, "enter")
        sheet = pilot.app.screen
        assert isinstance(sheet, Sheet)
        assert sheet.body.plain == (
            'a-panel.txt\n  This very file is in the project already, as "a-panel".'
        )
    assert names(study) == ["talk", "a-panel"]


async def test_an_import_is_stopped_after_the_file_at_hand(
    study: Study, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()

    def slow(project: Project, one: Candidate, me: Coder) -> Outcome:
        held.wait(5)
        return store(project, one, me)

    monkeypatch.setattr("qualcode.tui.importing.store", slow)
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt", "b-second.txt")
        await pilot.press("enter", "enter")
        await pilot.pause(0.05)
        assert "0 of 2" in line(pilot, "status")
        await pilot.press("q")
        await pilot.pause(0.05)
        held.set()
        await settled(pilot)
        sheet = pilot.app.screen
        assert isinstance(sheet, Sheet)
        assert sheet.body.plain == "b-second.txt\n  Left out: the import was stopped."
    assert names(study) == ["talk", "a-panel"]


async def test_u_takes_back_the_last_file_and_names_it(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await choose(pilot, "a-panel.txt", "b-second.txt")
        await hit(pilot, "enter", "enter")
        await hit(pilot, "u")
        assert pilot.app.messages[-1][1] == "Undone: add document: b-second."  # type: ignore[attr-defined]
        assert names(study) == ["talk", "a-panel"]
        assert "b-second" not in on_screen(pilot).splitlines()[4]
        await hit(pilot, "U")
    assert names(study) == ["talk", "a-panel", "b-second"]


async def test_the_first_import_begins_beside_the_project(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await hit(pilot, "i")
        assert pilot.app.screen.query_one(PathField).value == f"{study.path.parent}/"


async def test_the_next_import_begins_in_the_folder_of_the_last(study: Study, papers: Path) -> None:
    async with screens(study, document=None) as pilot:
        await hit(pilot, "i", "up", "right", "enter", "enter")
        assert names(study) == ["talk", "talk2"]
        await hit(pilot, "i")
        screen = pilot.app.screen
        assert isinstance(screen, FilesScreen)
        assert screen.query_one(PathField).value == f"{papers}/north/"


def test_the_strip_shows_files_around_the_one_looked_at() -> None:
    files = [(f"talk-{n}.txt", "·") for n in range(9)]
    assert strip(files, 4, 60).plain == "+4  · talk-4.txt  · talk-5.txt  · talk-6.txt  +2"
    assert strip(files[:2], 0, 60).plain == " · talk-0.txt  · talk-1.txt "

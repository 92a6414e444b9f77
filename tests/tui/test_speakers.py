"""The speakers of a document: every key is one act, stored before it is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

import qualcode
from qualcode import importers
from qualcode.model import Span, Speaker
from qualcode.tui.app import QualcodeApp
from qualcode.tui.documents import ProjectScreen
from qualcode.tui.speakers import SpeakersScreen, voices_of
from qualcode.tui.widgets.confirm import Ask, Confirm
from qualcode.tui.widgets.label_table import LabelRow, LabelTable, column_widths
from qualcode.tui.widgets.name_picker import NamePicker
from tests.tui.conftest import Study, hit, line, on_screen, screens, settled

PANEL = """\
Moderator: How was it?

Officer Breen: It went well. [inaudible]

Officer Brene: No trouble at all.

Agenda: We go on.

Officer Breen: And then we stopped.

Officer Brene: We did.

Agenda: And on.
"""


@pytest.fixture
def panel(tmp_path: Path) -> Study:
    """A project with one document, in which a name is misspelt and a label is no speaker."""
    source = tmp_path / "panel.txt"
    source.write_text(PANEL, encoding="utf-8")
    path = tmp_path / "panel.qualcode"
    with qualcode.create(path, title="Harbour study", coder="ana") as project:
        project.documents.add(importers.read(source), "panel", by=project.acting("ana"))
    return Study(path)


def roster(study: Study) -> dict[str, Speaker]:
    with study.open() as project:
        return {speaker.name: speaker for speaker in project.speakers.list()}


def spoken(study: Study, document: str = "panel") -> list[tuple[str, str]]:
    """Who speaks in each turn, and its words."""
    with study.open() as project:
        found = project.documents.transcript(project.documents.named(document).id)
    return [(str(t.speaker), found.text[t.start : t.stop]) for t in found.turns]


def verbs(study: Study) -> list[str]:
    with study.open() as project:
        return [act.verb for act in project.history.log()]


async def begin(pilot: Pilot[int], *keys: str) -> None:
    await settled(pilot)
    await hit(pilot, "s", *keys)


async def test_the_screen_shows_who_speaks_and_which_names_look_alike(panel: Study) -> None:
    async with screens(panel, document=None, size=(120, 40)) as pilot:
        await begin(pilot, "j")
        rows = on_screen(pilot).splitlines()
        assert rows[0].split() == ["Speakers", "of", "panel", "4", "labels", "7", "turns"]
        assert rows[3].split("  ")[0] == "Officer Breen"
        assert "It went well. [inaudible]" in rows[3]
        assert "LOOK ALIKE  Officer Breen  ~  Officer Brene   m merges" in rows[7]
        assert [row.rstrip() for row in rows[9:12]] == [
            "FIRST TURNS", "2  It went well. [inaudible]", "5  And then we stopped.",
        ]  # fmt: skip


async def test_without_colours_the_cursor_is_seen(
    panel: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "j")
        strips = pilot.app.screen._compositor.render_strips()
        reversed_ = "".join(
            s.text for strip in strips for s in strip if s.style and s.style.reverse
        )
        assert reversed_.split("  ")[0] == "Officer Breen"


async def test_r_renames_in_one_act(panel: Study) -> None:
    before = verbs(panel)
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "g", "r", *"Ruth", "enter")
        assert line(pilot, "status") == "Moderator is now Ruth."
    assert spoken(panel)[0] == ("Ruth", "How was it?")
    assert verbs(panel) == ["edit labels", *before]


async def test_m_merges_a_misspelt_speaker(panel: Study) -> None:
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "j", "j", "m")
        assert isinstance(pilot.app.screen, NamePicker)
        await hit(pilot, *"breen", "enter")
        assert "LOOK ALIKE" not in on_screen(pilot)
    assert {who for who, _ in spoken(panel)} == {"Moderator", "Officer Breen", "Agenda"}


async def test_where_no_participant_is_known_the_list_says_that_one_can_be_typed(
    panel: Study,
) -> None:
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "end", "l")
        assert "There is none yet. Type the new participant." in on_screen(pilot)


async def test_a_name_that_is_taken_offers_to_merge(panel: Study) -> None:
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "j", "j", "r", *"officer breen", "enter")
        question = pilot.app.screen
        assert isinstance(question, Confirm)
        await hit(pilot, "enter")
    assert "Officer Brene" not in roster(panel)


async def test_x_makes_a_label_text_and_a_speaker_again(panel: Study) -> None:
    before = spoken(panel)
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "end", "x")
        assert spoken(panel)[2] == ("Officer Brene", "No trouble at all.\n\nAgenda: We go on.")
        assert line(pilot, "header").split() == [
            "Speakers",
            "of",
            "panel",
            "3",
            "labels",
            "5",
            "turns",
        ]
        await hit(pilot, "x")
    assert spoken(panel) == before


async def test_o_steps_the_role(panel: Study) -> None:
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "j", "o")
        assert roster(panel)["Officer Breen"].role == "moderator"
        await hit(pilot, "o")
    assert roster(panel)["Officer Breen"].role == "other"


async def test_l_links_to_a_participant_new_or_known_and_takes_the_link_away(
    panel: Study,
) -> None:
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "j", "l", *"P07", "enter")
        assert roster(panel)["Officer Breen"].participant == "P07"
        await hit(pilot, "j", "l", *"p0", "enter")
        assert roster(panel)["Officer Brene"].participant == "P07"
        await hit(pilot, "l", "enter")  # nobody
    assert roster(panel)["Officer Brene"].participant is None
    with panel.open() as project:
        assert [person.label for person in project.participants.list()] == ["P07"]


async def test_w_says_who_joins_under_a_label(panel: Study) -> None:
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "j", "w", "end", *"; Rosa", "enter")
        await hit(pilot, "l")
        assert line(pilot, "status").startswith("Several voices join here")
    assert spoken(panel)[1][0] == "Officer Breen, Rosa"


async def test_w_gives_one_label_another_speaker_after_a_wrong_merge(panel: Study) -> None:
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "end", "m", *"breen", "enter", "w", *"Rosa", "enter")
    assert [who for who, _ in spoken(panel)][1:4] == ["Officer Breen", "Officer Brene", "Rosa"]


async def test_u_and_U_take_back_and_repeat(panel: Study) -> None:
    before = spoken(panel)
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "end", "x", "u")
        assert spoken(panel) == before
        assert line(pilot, "status").startswith("Undone: ")
        await hit(pilot, "U")
        assert len(spoken(panel)) == len(before) - 2


async def test_q_goes_back_to_the_documents(panel: Study) -> None:
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "q")
        assert isinstance(pilot.app.screen, ProjectScreen)


async def test_an_act_on_what_somebody_else_has_changed_is_refused(panel: Study) -> None:
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "j")
        with panel.open() as project:
            breen = project.speakers.named("Officer Breen")
            project.speakers.rename(breen.id, "Sergeant Breen", by=project.acting("ana"))
        await hit(pilot, "o")
        assert "Sergeant Breen" in on_screen(pilot)  # what is stored is shown
        app = pilot.app
        assert isinstance(app, QualcodeApp)
        assert app.messages[-1][0] == "warning"
    assert roster(panel)["Sergeant Breen"].role == "participant"


async def closed_round(study: Study) -> None:
    with study.open() as project:
        ana, document = project.acting("ana"), project.documents.named("panel")
        round_ = project.rounds.open("r1", by=ana, blind=False)
        project.rounds.assign(round_.id, [document.id], [ana.id], by=ana)
        project.rounds.finish(round_.id, document.id, ana.id, by=ana)
        project.rounds.close(round_.id, by=ana)


async def test_figures_of_a_closed_round_are_not_changed_unasked(panel: Study) -> None:
    await closed_round(panel)
    before = spoken(panel)
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "end", "x")
        question = pilot.app.screen
        assert isinstance(question, Confirm)
        assert "closed (r1)" in question.body.plain
        await hit(pilot, "escape")
        assert spoken(panel) == before
        await hit(pilot, "x", "enter")
        assert len(spoken(panel)) == len(before) - 2


async def test_a_new_name_changes_no_figure_and_is_not_asked_about(panel: Study) -> None:
    await closed_round(panel)
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "g", "r", *"Ruth", "enter")
    assert "Ruth" in roster(panel)


async def test_an_accepted_redaction_hides_names_here_too(panel: Study) -> None:
    with panel.open() as project:
        document, ana = project.documents.named("panel"), project.acting("ana")
        at = PANEL.index("Officer Breen")
        project.redactions.add(
            document.id, Span(at, at + len("Officer Breen")), "[P07]", "person", by=ana
        )
    async with screens(panel, document=None) as pilot:
        await begin(pilot, "j")
        assert "Officer Breen" not in on_screen(pilot)
        assert "[P07]" in on_screen(pilot)
        await hit(pilot, "r")
        ask = pilot.app.screen
        assert isinstance(ask, Ask)
        assert "Breen" not in on_screen(pilot)


def test_a_document_without_speakers_says_so(panel: Study, tmp_path: Path) -> None:
    source = tmp_path / "notes.txt"
    source.write_text("Nobody speaks here.\n", encoding="utf-8")
    with panel.open() as project:
        added = project.documents.add(importers.read(source), "notes", by=project.acting("ana"))
        assert voices_of(project, added.id, "ana").rows == []


async def test_without_labels_nothing_can_be_asked(panel: Study, tmp_path: Path) -> None:
    source = tmp_path / "notes.txt"
    source.write_text("Nobody speaks here.\n", encoding="utf-8")
    with panel.open() as project:
        project.documents.add(importers.read(source), "notes", by=project.acting("ana"))
    async with screens(panel, document=None) as pilot:
        await settled(pilot)
        await hit(pilot, "j", "s", "r", "x", "l")
        assert isinstance(pilot.app.screen, SpeakersScreen)
        assert line(pilot, "status") == "Nobody is labelled as speaking in this document."


def row(label: str, words: str = "words") -> LabelRow:
    return LabelRow(label, label, "speaker", label, "participant", None, 3, words)


def test_columns_fill_the_width_and_leave_room_for_words() -> None:
    widths = column_widths([row("Moderator Ruth Quist of the Port Alder Tideline")], 80)
    assert sum(widths.values()) == 80
    assert widths["first words"] >= 16


async def test_what_a_file_says_is_shown_literally(panel: Study, tmp_path: Path) -> None:
    source = tmp_path / "odd.txt"
    said = "[P3] [b]bold[/b] [@click=app.quit]x[/] [/oops] \u202eodd"
    source.write_text(f"Bo\u202erg: {said}\n\nBo\u202erg: {said}\n", encoding="utf-8")
    with panel.open() as project:
        project.documents.add(importers.read(source), "odd", by=project.acting("ana"))
    async with screens(panel, document=None, size=(120, 30)) as pilot:
        await settled(pilot)
        await hit(pilot, "j", "s")
        seen = on_screen(pilot)
        assert "[P3] [b]bold[/b] [@click=app.quit]x[/] [/oops] ␦odd" in seen
        assert "Bo␦rg" in seen
        assert "\u202e" not in seen
        assert pilot.app.screen.query_one(LabelTable).row_count == 1

"""Deciding on redactions, and what the other screens show of what was accepted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

import qualcode
from qualcode import importers
from qualcode.model import Code, Span
from qualcode.project import Project
from qualcode.reports.deid import Suggested
from qualcode.text.names import Name, Suggestion, find
from qualcode.tui.app import QualcodeApp
from qualcode.tui.coding import CodingScreen
from qualcode.tui.documents import ProjectScreen
from qualcode.tui.literal import end_of
from qualcode.tui.redactions import RedactionsScreen
from qualcode.tui.review import bare, review_of
from qualcode.tui.widgets.memo_editor import MemoEditor
from qualcode.tui.widgets.redaction_table import RedactionTable, column_widths
from qualcode.tui.widgets.sheet import Sheet
from tests.tui.conftest import Study, hit, line, on_screen, press, screens, settled

TEXT = """\
Moderator: How did you meet Quillfeather?

Quillfeather: Zanetti walked over. Nobody had done that before. I told Zanetti so.

Zanetti: Quillfeather got a bed the same week.

Moderator: And then?

Quillfeather: Zanetti came every day.

Zanetti: So I did.
"""
NAMES = [Name("Zanetti", "person", "[P07]"), Name("Quillfeather", "person", "[P08]")]
HIDDEN = ("anett", "uillf")
"""Parts of the names that a screen may not show, whatever it cuts."""


def suggested(project: Project) -> tuple[Suggestion, ...]:
    return tuple(
        Suggestion(document.id, found.span, found.label, found.kind)
        for document in project.documents.list()
        for found in find(project.documents.text(document.id), NAMES)
    )


@pytest.fixture(scope="session")
def _named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("named")
    source = folder / "talk.txt"
    source.write_text(TEXT, encoding="utf-8")
    path = folder / "study.qualcode"
    with qualcode.create(path, title="Study of Zanetti", coder="ana") as project:
        ana = project.acting("ana")
        codes = [
            Code("", "handoff", name="warm handoff", full="As Zanetti does it.",
                 example=("Quillfeather was met.",), position=0),
            Code("", "zanettis_way", name="the Zanetti way", position=1),
        ]  # fmt: skip
        project.codebook.import_codes(codes, by=ana)
        project.documents.add(importers.read(source), "talk with Quillfeather", by=ana)
        project.documents.add(importers.read(source), "second talk", by=ana, again=True)
        document = project.documents.named("talk with Quillfeather")
        project.memos.write("Ask Zanetti again.", by=ana, document_id=document.id)
        project.redactions.suggest(suggested(project), by=ana)
    return path


@pytest.fixture
def named(tmp_path: Path, _named: Path) -> Study:
    shutil.copy(_named, tmp_path / "study.qualcode")
    return Study(tmp_path / "study.qualcode")


@pytest.fixture
def hidden(named: Study) -> Study:
    with named.open() as project:
        every = [one.id for one in project.redactions.list()]
        project.redactions.decide(every, "accepted", by=project.acting("ana"))
    return named


def statuses(study: Study) -> list[str]:
    with study.open() as project:
        return [one.status for one in project.redactions.list()]


def labels(study: Study) -> dict[str, str]:
    """Name → its label."""
    with study.open() as project:
        return {row.name: row.redaction.label for row in review_of(project, "ana").rows}


def mark(pilot: Pilot[int]) -> list[str]:
    """The first words of every redaction in the list, as they are drawn."""
    rows = on_screen(pilot).splitlines()[2:]
    return [row[0] for row in rows if row[:1] in "?✓✗" and row[:1]]


# The list


async def test_the_list_shows_names_in_their_context_and_says_so(named: Study) -> None:
    async with screens(named, document=None, size=(80, 40)) as pilot:
        await press(pilot, "R")
        assert line(pilot, "header") == (
            "Redactions  NAMES SHOWN  18 to decide, 0 accepted, 0 rejected"
        )
        drawn = on_screen(pilot)
        assert "How did you meet Quillfeather" in drawn
        assert len(mark(pilot)) == 18


@pytest.mark.parametrize("way", [{"NO_COLOR": "1"}, {"COLORTERM": "", "TERM": "linux"}])
async def test_with_few_colours_the_row_at_the_cursor_is_reversed_its_name_is_not(
    named: Study, way: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in way.items():
        monkeypatch.setenv(name, value)
    async with screens(named, document=None) as pilot:
        await press(pilot, "R")
        table = pilot.app.screen.query_one(RedactionTable)
        reversed_ = [
            {bool(part.style and part.style.reverse) for part in table.render_line(1 + n)}
            for n in (0, 1)
        ]
        first = [part for part in table.render_line(1) if part.text.strip()]
        names = [part.text for part in first if part.style and not part.style.reverse]
        assert names == ["Quillfeather"]
        assert reversed_ == [{True, False}, {True, False}]
        before = next(part for part in table.render_line(2) if part.text.strip())
        assert before.style is not None
        assert not before.style.reverse


async def test_accepting_and_rejecting_go_on_to_the_next_one_to_decide(named: Study) -> None:
    async with screens(named, document=None, size=(80, 40)) as pilot:
        await hit(pilot, "R", "a", "x", "y")
        assert statuses(named)[:4] == ["accepted", "rejected", "accepted", "suggested"]
        assert mark(pilot)[:4] == ["✓", "✗", "✓", "?"]
        assert "15 to decide, 2 accepted, 1 rejected" in line(pilot, "header")


async def test_keys_pressed_faster_than_they_are_stored_each_decide_another(named: Study) -> None:
    async with screens(named, document=None) as pilot:
        await press(pilot, "R")
        await pilot.press("a", "a", "x")
        await settled(pilot)
        assert statuses(named)[:4] == ["accepted", "accepted", "rejected", "suggested"]


async def test_a_decision_is_taken_back_by_o_and_by_undo(named: Study) -> None:
    async with screens(named, document=None) as pilot:
        await hit(pilot, "R", "a", "k", "o")
        assert statuses(named)[0] == "suggested"
        await press(pilot, "u")
        assert statuses(named)[0] == "accepted"
        await press(pilot, "u", "U", "U")
        assert statuses(named)[0] == "suggested"


async def test_a_name_is_decided_in_all_documents_at_once(named: Study) -> None:
    async with screens(named, document=None) as pilot:
        await hit(pilot, "R", "A")
        assert line(pilot, "status") == "Accepted: Quillfeather → [P08], 8 places"
        await press(pilot, "X")
        with named.open() as project:
            decided = {row.name: row.status for row in review_of(project, "ana").rows}
        assert decided == {"Quillfeather": "accepted", "Zanetti": "rejected"}


async def test_tab_walks_through_those_to_decide(named: Study) -> None:
    async with screens(named, document=None) as pilot:
        await hit(pilot, "R", "A", "g", "tab")
        screen = pilot.app.screen
        assert isinstance(screen, RedactionsScreen)
        assert screen.table.cursor_row == 2
        await press(pilot, "shift+tab")
        assert line(pilot, "status") == "Nothing to decide above."


async def test_a_label_is_changed_for_a_name_everywhere(named: Study) -> None:
    async with screens(named, document=None) as pilot:
        await hit(pilot, "R", "r", *"[Q1]", "enter")
        assert labels(named) == {"Quillfeather": "[Q1]", "Zanetti": "[P07]"}
        assert "8 places" in line(pilot, "status")


async def test_a_label_that_cannot_be_one_is_refused_in_words(named: Study) -> None:
    async with screens(named, document=None) as pilot:
        await hit(pilot, "R", "r")
        pilot.app.screen.query_one(Input).value = "x" * 60
        await press(pilot, "enter")
        app = pilot.app
        assert isinstance(app, QualcodeApp)
        assert "1 to 40 characters" in app.messages[-1][1]
        assert labels(named)["Quillfeather"] == "[P08]"


async def test_the_list_is_filtered_by_status_and_by_document(named: Study) -> None:
    async with screens(named, document=None, size=(80, 40)) as pilot:
        await hit(pilot, "R", "a", "a", "a", "f")
        assert len(mark(pilot)) == 15
        assert "only to decide" in line(pilot, "header")
        await press(pilot, "f")
        assert len(mark(pilot)) == 3
        await press(pilot, "f")
        assert "None of these." in on_screen(pilot)
        await press(pilot, "f", "d")
        assert len(mark(pilot)) == 9
        assert "6 to decide, 3 accepted" in line(pilot, "header")


async def test_names_are_looked_for_on_request(
    named: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    with named.open() as project:
        project.history.undo(project.acting("ana"))
    monkeypatch.setattr(
        "qualcode.tui.redactions.suggested", lambda project, _: Suggested(suggested(project), ())
    )
    async with screens(named, document=None) as pilot:
        await press(pilot, "R")
        assert "Nothing is redacted or suggested yet." in on_screen(pilot)
        await press(pilot, "s")
        assert statuses(named) == ["suggested"] * 18
        assert line(pilot, "status") == "18 new suggestions; what was decided before stays."
        await press(pilot, "a", "s")
        assert line(pilot, "status") == "0 new suggestions; what was decided before stays."
        assert statuses(named)[0] == "accepted"


async def test_a_name_that_several_people_share_is_told(named: Study) -> None:
    people = [{"participant": "P1", "name": "Rosa Lind"}, {"participant": "P2", "name": "Rosa May"}]
    with named.open() as project:
        ana = project.acting("ana")
        project.participants.import_table(list(enumerate(people, 2)), by=ana)
    async with screens(named, document=None) as pilot:
        await hit(pilot, "R", "s")
        sheet = pilot.app.screen
        assert isinstance(sheet, Sheet)
        assert sheet.body.plain == "[P1] and [P2] share a name; where it stands: [name]."
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, RedactionsScreen)


async def test_enter_opens_the_document_there_and_q_leads_back(named: Study) -> None:
    async with screens(named, document=None) as pilot:
        await hit(pilot, "R", "j", "j", "j", "enter")
        coding = pilot.app.screen
        assert isinstance(coding, CodingScreen)
        assert coding.text.position == TEXT.index("Zanetti so")
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, RedactionsScreen)
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, ProjectScreen)


async def test_from_the_coding_screen_the_list_begins_at_the_cursor(named: Study) -> None:
    async with screens(named, document="second talk") as pilot:
        await press(pilot, "n", "n", "R")
        screen = pilot.app.screen
        assert isinstance(screen, RedactionsScreen)
        assert line(pilot, "header").startswith("Redactions of second talk  NAMES SHOWN")
        assert screen.table.row_here is not None
        assert TEXT[screen.table.row_here.redaction.span.start :].startswith("Quillfeather got")
        await press(pilot, "k", "enter")
        coding = pilot.app.screen
        assert isinstance(coding, CodingScreen)
        assert len(pilot.app.screen_stack) == 2
        assert coding.text.position == TEXT.index("Quillfeather got")


# The coding screen


async def test_a_document_open_below_is_read_anew_with_cursor_and_codings(named: Study) -> None:
    async with screens(named, document="second talk") as pilot:
        await press(pilot, "n", "w", "1")
        coding = pilot.app.screen
        assert isinstance(coding, CodingScreen)
        before = coding.text.position
        await hit(pilot, "R", "A", "q")
        assert coding.text.position == before
        assert "[P07] walked over. Nobody" in on_screen(pilot)
        assert len(coding.text.codings_here()) == 1


async def test_a_selection_is_redacted_by_hand_under_a_label_in_use(named: Study) -> None:
    async with screens(named, document="second talk") as pilot:
        await press(pilot, "n", *["w"] * 3, "e", "e", "X")
        assert "Redact “Nobody had” as" in on_screen(pilot)
        await press(pilot, *"P08", "enter")
        assert line(pilot, "status").endswith("Redacted as [P08]")
        assert "over. [P08] done that" in on_screen(pilot)
        await press(pilot, "u")
        assert "over. Nobody had done" in on_screen(pilot)
        assert "Undone" in line(pilot, "status")


async def test_the_word_at_the_cursor_is_redacted_without_its_full_stop(named: Study) -> None:
    async with screens(named, document="second talk") as pilot:
        await press(pilot, "n", "w", "w", "X", *"[x]", "enter")
        assert "[x]. Nobody" in on_screen(pilot)


async def test_on_a_label_the_same_key_asks_and_shows_the_words_again(hidden: Study) -> None:
    async with screens(hidden, document="second talk") as pilot:
        await press(pilot, "n", "X")
        assert "Show what [P07] stands for here?" in on_screen(pilot)
        await press(pilot, "escape")
        assert "rejected" not in statuses(hidden)
        await press(pilot, "X", "enter")
        assert statuses(hidden).count("rejected") == 1
        assert "Zanetti walked over." in on_screen(pilot)


async def test_a_selection_over_two_turns_is_not_redacted(named: Study) -> None:
    async with screens(named, document="second talk") as pilot:
        await press(pilot, "t", "t", "X")
        assert "stays within one turn" in line(pilot, "status")


async def test_an_in_vivo_code_is_made_of_the_words_shown(hidden: Study) -> None:
    async with screens(hidden, document="second talk") as pilot:
        await press(pilot, "n", "e", "e", "i", "enter")
        with hidden.open() as project:
            new = project.codebook.codes()[-1]
            (coding,) = project.codings.list()
            excerpt = project.documents.text(coding.document_id)[
                coding.span.start : coding.span.stop
            ]
        assert new.name == "[P07] walked"
        assert excerpt == "Zanetti walked"
        assert "New code: [P07] walked" in line(pilot, "status")


async def test_an_identified_memo_is_shown_with_labels_and_kept_unless_it_is_changed(
    hidden: Study,
) -> None:
    async with screens(hidden, document="talk with Quillfeather") as pilot:
        await press(pilot, "M")
        assert isinstance(pilot.app.screen, MemoEditor)
        assert "Ask [P07] again." in on_screen(pilot)
        assert "names as their labels" in on_screen(pilot)
        await press(pilot, "ctrl+s")
    with hidden.open() as project:
        assert [memo.body for memo in project.memos.list()] == ["Ask Zanetti again."]


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_no_part_of_a_redacted_name_is_on_any_screen(
    hidden: Study, size: tuple[int, int]
) -> None:
    seen: list[str] = []
    async with screens(hidden, document="talk with Quillfeather", size=size) as pilot:
        app = pilot.app
        assert isinstance(app, QualcodeApp)

        async def look(*keys: str) -> None:
            await press(pilot, *keys)
            seen.append(on_screen(pilot))

        await look()
        await look("n", "s", "1", "2")
        if size[0] > 100:  # the panels beside the text are what is new there
            await look("e", "c")
            seen += [words for _, words in app.messages]
            assert_hidden(seen)
            return
        for keys in ("c", "r", "i", "F", "M", "m", "f2", "f3", "f4", "question_mark", "X"):
            await look(keys)
            await press(pilot, "escape")
        await look("ctrl+p")
        await press(pilot, "escape")
        await look("less_than_sign", "right_curly_bracket", "V", "x", "u")
        await look("y", "f12")
        seen.append(app.clipboard)
        await press(pilot, "escape")
        await look("F", "enter")
        await look("1", "q")
        await look("s")
        await press(pilot, "escape")
        await look("u")
        await look("u")
        seen += [words for _, words in app.messages]
    assert_hidden(seen)


def assert_hidden(seen: list[str]) -> None:
    everything = "\n".join(seen)
    assert "[P07]" in everything
    assert not [part for part in HIDDEN if part in everything]


async def test_a_refusal_tells_no_redacted_name(hidden: Study) -> None:
    async with screens(hidden, document="second talk") as pilot:
        app = pilot.app
        assert isinstance(app, QualcodeApp)
        app.read(lambda project: project.documents.named("Zanetti"), lambda _: None)
        await settled(pilot)
        assert "[P07]" in app.messages[-1][1]
        assert "Zanetti" not in app.messages[-1][1]


# Pieces


@pytest.mark.parametrize(
    ("word", "name"),
    [("Ruiz,", "Ruiz"), ("“Ruiz’s", "Ruiz"), ("O'Neil.", "O'Neil"), ("(Ann)", "Ann"), ("–", "–")],
)
def test_a_name_is_taken_out_of_its_word(word: str, name: str) -> None:
    span = bare(word, Span(0, len(word)))
    assert word[span.start : span.stop] == name


def test_the_end_of_a_text_is_cut_at_its_beginning() -> None:
    assert end_of("She walked over", 9) == "…ked over"
    assert end_of("short", 9) == "short"


def test_the_context_gets_what_the_columns_leave() -> None:
    assert [sum(column_widths([], width).values()) for width in (80, 120)] == [80, 120]
    assert "kind" not in column_widths([], 80)

"""The codebook on screen: every change by keyboard, one act each, and frozen versions to read."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from qualcode.model import Span
from qualcode.store.codebook import next_label
from qualcode.tui.codebook import CodebookScreen
from qualcode.tui.codebook_page import NOW, difference_of
from qualcode.tui.recoding import RecodingScreen
from tests.tui.conftest import Study, hit, line, on_screen, press, screens


def tree(study: Study) -> list[str]:
    """The codes as stored, a dot for each step below the top."""
    with study.open() as project:
        depth: dict[str | None, int] = {None: -1}
        found = []
        for code in project.codebook.codes():
            depth[code.code] = depth[code.parent] + 1
            found.append("." * depth[code.code] + code.code)
        return found


async def open_codebook(pilot: Pilot[int], *keys: str) -> None:
    await press(pilot, "f6")
    assert isinstance(pilot.app.screen, CodebookScreen)
    await hit(pilot, *keys)


def typed(pilot: Pilot[int], words: str) -> None:
    focused = pilot.app.focused
    assert isinstance(focused, Input | TextArea)
    if isinstance(focused, Input):
        focused.value = words
    else:
        focused.text = words


async def test_the_code_at_the_cursor_shows_its_rules(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await open_codebook(pilot)
        seen = on_screen(pilot)
        assert "Someone is brought in person." in seen
        assert "Not when: A phone number only." in seen
        assert "no version frozen yet" in line(pilot, "header")


async def test_a_new_code_stands_beside_or_under_the_one_at_the_cursor(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await open_codebook(pilot, "j", "n")
        typed(pilot, "first night")
        await press(pilot, "enter")
        await hit(pilot, "g", "N")
        typed(pilot, "in person")
        await press(pilot, "enter")
        assert "New code: in person" in line(pilot, "status")
    assert tree(study) == [
        "handoff", ".in_person", "housing", "waiting", "contexts", ".office", "first_night",
    ]  # fmt: skip


async def test_a_field_is_chosen_by_its_letters_and_changed(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await open_codebook(pilot, "j", "enter")
        typed(pilot, "in full")
        await press(pilot, "enter")
        typed(pilot, "Any place to sleep.\nFor a night or for good.")
        await press(pilot, "ctrl+s")
        assert "Any place to sleep." in on_screen(pilot)
        await press(pilot, "u")
        assert "Undone" in line(pilot, "status")
    with study.open() as project:
        assert project.codebook.named("housing").full == ""


async def test_what_is_saved_is_named_in_few_words(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await open_codebook(pilot, "enter")
        typed(pilot, "kind")
        await press(pilot, "enter")
        typed(pilot, "mechanism")
        await press(pilot, "enter")
        assert line(pilot, "status") == "warm handoff: kind saved"


async def test_two_examples_are_kept_apart_by_a_blank_line(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await open_codebook(pilot, "enter")
        typed(pilot, "examples")
        await press(pilot, "enter")
        typed(pilot, "She walked\nover.\n\nHe came along.")
        await press(pilot, "ctrl+s")
    with study.open() as project:
        assert project.codebook.named("handoff").example == ("She walked\nover.", "He came along.")


async def test_a_key_that_another_code_has_is_refused_by_name(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await open_codebook(pilot, "s", "h")
        await hit(pilot, "j", "s", "h")
        assert 'Key "h" belongs to warm handoff.' in [words for _, words in pilot.app.messages]  # type: ignore[attr-defined]
        await hit(pilot, "s", "-")
    with study.open() as project:
        assert [c.key for c in project.codebook.codes()][:2] == ["h", None]


async def test_codes_are_put_in_another_order_and_under_one_another(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await open_codebook(pilot, "j", "J")
        assert tree(study)[:3] == ["handoff", "waiting", "housing"]
        await hit(pilot, "L")
        assert tree(study)[:3] == ["handoff", "waiting", ".housing"]
        await hit(pilot, "H")
        assert tree(study)[:3] == ["handoff", "waiting", "housing"]
        await hit(pilot, "K", "K")
        assert tree(study)[:3] == ["housing", "handoff", "waiting"]
        await hit(pilot, "u", "u", "u", "u", "u")
    assert tree(study) == ["handoff", "housing", "waiting", "contexts", ".office"]


async def test_merging_asks_and_changes_no_coding(study: Study) -> None:
    with study.open() as project:
        me, talk = project.acting("ana"), project.documents.named("talk")
        project.codings.apply(talk.id, Span(0, 9), project.codebook.named("housing").id, by=me)
    async with screens(study, document=None) as pilot:
        await open_codebook(pilot, "j", "m")
        typed(pilot, "waiting")
        await press(pilot, "enter")
        assert "No coder's record is changed" in on_screen(pilot)
        await press(pilot, "enter")
        assert tree(study) == ["handoff", "waiting", "contexts", ".office"]
        assert study.codings() == [("waiting", "Moderator")]
        await press(pilot, "u")
    assert study.codings() == [("housing", "Moderator")]


async def test_a_code_that_is_used_is_not_retired(study: Study) -> None:
    with study.open() as project:
        me, talk = project.acting("ana"), project.documents.named("talk")
        project.codings.apply(talk.id, Span(0, 9), project.codebook.named("housing").id, by=me)
    async with screens(study, document=None) as pilot:
        await open_codebook(pilot, "j", "x", "enter")
        assert "merge it into another code instead" in pilot.app.messages[-1][1]  # type: ignore[attr-defined]
        await hit(pilot, "j", "x", "enter")
    assert tree(study) == ["handoff", "housing", "contexts", ".office"]


async def test_a_split_code_s_codings_are_gone_through_one_by_one(study: Study) -> None:
    with study.open() as project:
        me, talk = project.acting("ana"), project.documents.named("talk")
        text, housing = project.documents.text(talk.id), project.codebook.named("housing").id
        for words in ("I got a bed", "The office never called"):
            start = text.index(words)
            project.codings.apply(talk.id, Span(start, start + len(words)), housing, by=me)
    async with screens(study, document=None) as pilot:
        await open_codebook(pilot, "j", "S")
        typed(pilot, "shelter; long wait")
        await press(pilot, "enter")
        await hit(pilot, "R")
        assert isinstance(pilot.app.screen, RecodingScreen)
        assert "1 of 2" in line(pilot, "header")
        await press(pilot, "c")
        typed(pilot, "shelter")
        await press(pilot, "enter")
        assert study.codings()[0] == ("shelter", "I got a bed")
        assert "1 of 1" in line(pilot, "header")
        await press(pilot, "full_stop")
        assert "nothing (more) to go through" in on_screen(pilot)
        await press(pilot, "u")
        await press(pilot, "q")
    assert study.codings() == [
        ("shelter", "I got a bed"), ("housing", "The office never called"),
    ]  # fmt: skip


async def test_a_frozen_version_is_read_and_compared_but_not_changed(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await open_codebook(pilot, "F")
        assert isinstance(pilot.app.focused, Input)
        assert pilot.app.focused.value == "v1"
        await press(pilot, "enter")
        assert "as in v1" in line(pilot, "header")
        await hit(pilot, "r")
        typed(pilot, "meeting in person")
        await press(pilot, "enter")
        assert "draft after v1" in line(pilot, "header")
        await hit(pilot, "d", "enter")
        assert "- warm handoff" in on_screen(pilot)
        assert "+ meeting in person" in on_screen(pilot)
        await press(pilot, "q")
        await press(pilot, "tab")
        assert "version v1, frozen" in line(pilot, "header")
        assert "warm handoff" in on_screen(pilot)
        await hit(pilot, "n", "x")
        assert isinstance(pilot.app.screen, CodebookScreen)  # nothing asked


def test_a_comparison_shows_of_a_list_the_entries_that_differ(study: Study) -> None:
    with study.open() as project:
        me, housing = project.acting("ana"), project.codebook.named("housing")
        project.codebook.edit(housing.id, by=me, near_miss=("a street", "a job"))
        project.codebook.freeze("v1", by=me)
        project.codebook.edit(housing.id, by=me, near_miss=("a street", "a shelter"))
        compared = difference_of(project, "v1", NOW)
    assert compared.plain.splitlines()[-4:] == [
        "housing  changed", "  Near miss", "  - a job", "  + a shelter",
    ]  # fmt: skip
    (heading,) = [one for one in compared.spans if "underline" in str(one.style)]
    assert compared.plain[heading.start : heading.end] == "Near miss"


async def test_what_another_coded_in_a_blind_round_is_not_counted(blind_study: Study) -> None:
    async with screens(blind_study, document=None, size=(120, 40)) as pilot:
        await open_codebook(pilot, "j")
        assert 'Round "r1" keeps v1' in line(pilot, "status")
        assert "of my codings" not in on_screen(pilot)
        row = next(r for r in on_screen(pilot).splitlines() if "housing" in r)
        assert "1" not in row.split("housing")[1].split("│")[0]


def test_the_label_proposed_goes_on_from_the_last_number() -> None:
    assert next_label([]) == "v1"
    assert next_label(["v1", "pilot", "v12"]) == "v13"


async def test_rules_longer_than_their_place_are_read_on_by_keyboard(study: Study) -> None:
    with study.open() as project:
        long = " ".join(f"rule{n}" for n in range(120))
        handoff = project.codebook.named("handoff")
        project.codebook.edit(handoff.id, by=project.acting("ana"), full=long)
    async with screens(study) as pilot:
        await press(pilot, "f6")
        assert "space read on" in line(pilot, "keys")
        assert "rule119" not in on_screen(pilot)
        await press(pilot, *["space"] * 4)
        assert "rule119" in on_screen(pilot)
        await press(pilot, *["shift+up"] * 4)
        assert "rule0" in on_screen(pilot)
        await press(pilot, "j")
        assert "read on" not in line(pilot, "keys")  # the next one fits


async def test_colours_are_offered_as_they_look_and_by_name(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "f6", "c")
        assert "██ sky blue  #56B4E9" in on_screen(pilot)
        await press(pilot, *"sky", "enter")
    with study.open() as project:
        assert project.codebook.named("handoff").colour == "#56B4E9"


async def test_a_frozen_version_offers_no_change_and_says_the_way_out(study: Study) -> None:
    with study.open() as project:
        project.codebook.freeze("v1", by=project.acting("ana"))
    async with screens(study) as pilot:
        await press(pilot, "f6", "tab")
        assert "edit" not in line(pilot, "keys")
        assert "tab shows the next one" in line(pilot, "status")


async def test_a_question_says_which_keys_answer_it(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "f6", "n")
        assert "Enter done  Esc back" in on_screen(pilot)
        await press(pilot, "escape", "s")
        assert "Esc back" in on_screen(pilot)


async def test_the_last_code_taken_away_can_be_had_back(study: Study) -> None:
    with study.open() as project:
        for name in ("office", "contexts", "waiting", "housing", "handoff"):
            project.codebook.retire(project.codebook.named(name).id, by=project.acting("ana"))
    async with screens(study, document=None) as pilot:
        await open_codebook(pilot)
        assert "There are no codes yet. n makes the first one." in line(pilot, "status")
        assert "freeze" not in line(pilot, "keys")  # nothing to freeze
        await hit(pilot, "u")
    assert tree(study) == ["handoff"]

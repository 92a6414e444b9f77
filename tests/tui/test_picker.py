"""Choosing a code by a few of its letters."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.content import Content
from textual.widgets import OptionList

from qualcode.model import Code
from qualcode.tui.literal import literal
from qualcode.tui.widgets.code_picker import CodePicker, PickerCode, ranked
from qualcode.tui.widgets.paper import cut_to
from qualcode.tui.widgets.transcript_view import ShownCode
from tests.tui.conftest import Study, make_study, on_screen, press, screens

FIRST = "She walked over and said her name."


def codes(*names: str) -> list[PickerCode]:
    return [
        PickerCode(ShownCode(name, str(n), name, "#888888"), "", Content(""))
        for n, name in enumerate(names, 1)
    ]


def names(query: str, *known: str, recent: tuple[str, ...] = ()) -> list[str]:
    return [picker.code.name for picker, _ in ranked(query, codes(*known), recent)]


def test_first_letters_find_a_code_of_two_words() -> None:
    assert names("wh", "housing", "warm handoff", "waiting")[0] == "warm handoff"


def test_codes_without_the_letters_are_not_listed() -> None:
    assert names("warm", "housing", "warm handoff", "harm reduction") == ["warm handoff"]


def test_without_letters_the_codes_used_last_come_first() -> None:
    found = names("", "housing", "warm handoff", "waiting", recent=("waiting", "warm handoff"))
    assert found == ["waiting", "warm handoff", "housing"]


def test_codes_that_match_equally_stay_in_codebook_order() -> None:
    assert names("ab", "ab two", "ab one") == ["ab two", "ab one"]


def test_the_key_shown_beside_a_code_finds_it_first() -> None:
    assert names("2", "housing", "warm handoff", "phase 2 housing") == [
        "warm handoff",
        "phase 2 housing",
    ]
    assert names("2w", "housing", "warm handoff") == []


def test_the_letters_that_match_are_given() -> None:
    ((_, at),) = ranked("hand", codes("warm handoff"))
    assert list(at) == [5, 6, 7, 8]


async def test_enter_applies_the_best_match(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "c", *"wai", "enter")
        assert study.codings() == [("waiting", FIRST)]


async def test_the_highlighted_codes_rules_are_below_the_list(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "enter")
        assert "Someone is brought in person." in on_screen(pilot)
        assert "Not when: A phone number only." in on_screen(pilot)
        await press(pilot, "down")
        assert "A place to stay." in on_screen(pilot)


async def test_a_heading_cannot_be_picked(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "c")
        listed = pilot.app.screen.query_one(OptionList)
        assert listed.option_count == 4  # contexts is a heading


async def test_ctrl_o_applies_and_stays(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "c", *"hous", "ctrl+o", *"wait", "ctrl+o")
        assert isinstance(pilot.app.screen, CodePicker)
        assert sorted(study.codings()) == [("housing", FIRST), ("waiting", FIRST)]
        await press(pilot, "escape")
        assert not isinstance(pilot.app.screen, CodePicker)


async def test_escape_applies_nothing(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "c", *"hous", "escape")
        assert study.codings() == []


async def test_a_name_nobody_knows_can_become_a_code(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "c", *"luck", "enter")
        assert study.codings() == [("luck", FIRST)]


async def test_where_the_codebook_is_pinned_no_code_can_be_made(blind_study: Study) -> None:
    async with screens(blind_study) as pilot:
        await press(pilot, "n", "c", *"luck", "enter")
        assert isinstance(pilot.app.screen, CodePicker)
        assert "No code has these letters." in on_screen(pilot)
        assert blind_study.codings() == []


@pytest.mark.parametrize("turn", [2, 9, 10, 11, 12, 18])
async def test_the_passage_stays_in_view(tmp_path: Path, turn: int) -> None:
    turns = "\n\n".join(f"P1: This is turn number {n} of many." for n in range(1, 41))
    async with screens(make_study(tmp_path, turns + "\n")) as pilot:
        await press(pilot, *["n"] * (turn - 1), "s", "c")
        await pilot.pause(0.05)
        assert f"turn number {turn} of" in "\n".join(
            row for row in on_screen(pilot).splitlines() if "“" not in row
        )


async def test_at_most_twelve_codes_are_listed_whatever_the_room(study: Study) -> None:
    with study.open() as project:
        many = [Code("", f"c{n}", name=f"code {n}", position=n) for n in range(30)]
        project.codebook.import_codes(many, by=project.acting("ana"))
    async with screens(study, size=(120, 50)) as pilot:
        await press(pilot, "c")
        options = pilot.app.screen.query_one(OptionList)
        assert (options.option_count > 12, options.size.height) == (True, 12)


async def test_what_is_pasted_into_the_query_is_made_visible(study: Study) -> None:
    from textual.events import Paste

    from qualcode.tui.widgets.fields import SafeInput

    async with screens(study) as pilot:
        await press(pilot, "c")
        field = pilot.app.screen.query_one(SafeInput)
        field.post_message(Paste("a\x1b[31m\u202eb"))
        await pilot.pause()
        assert field.value == "a␛[31m␦b"


async def test_rows_that_the_list_leaves_free_go_to_the_rules(study: Study) -> None:
    async with screens(study, size=(80, 30)) as pilot:
        await press(pilot, "n", "c")
        picker = pilot.app.screen.query_one("#picker")
        before = picker.region
        await press(pilot, *"hand")
        assert picker.region == before
        assert pilot.app.screen.query_one("#picker-rules").size.height > 4


def test_rules_that_do_not_fit_end_in_an_ellipsis() -> None:
    rules = literal("Someone is brought in person.\nUse when: A worker goes along.")
    assert cut_to(rules, 40, 2).plain == rules.plain
    assert cut_to(rules, 40, 1).plain == "Someone is brought in person.…"
    assert cut_to(rules, 10, 2).plain == "Someone is brought i…"


@pytest.mark.parametrize("environment", ["NO_COLOR", "16 colours"])
async def test_the_highlighted_code_is_seen_without_colours(
    study: Study, environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if environment == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")
    else:
        monkeypatch.delenv("COLORTERM")
        monkeypatch.setenv("TERM", "linux")
    async with screens(study) as pilot:
        for keys, which in ((["n", "c"], "#picker-list"), (["escape", "f6"], "#code-list")):
            await press(pilot, *keys)
            listed = pilot.app.screen.query_one(which, OptionList)
            rows = [
                {bool(segment.style and segment.style.reverse) for segment in listed.render_line(y)}
                for y in (0, 1)
            ]
            assert rows == [{True}, {False}]

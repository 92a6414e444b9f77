"""What a coder presses on the coding screen, and what is stored and shown after it."""

from __future__ import annotations

import random
import sqlite3

import pytest
from textual.pilot import Pilot

from qualcode.tui.app import QualcodeApp
from qualcode.tui.coding import CodingScreen
from qualcode.tui.widgets.confirm import Confirm
from qualcode.tui.widgets.sheet import Sheet
from tests.tui.conftest import Study, hit, line, make_study, on_screen, press, screens, settled

FIRST = "She walked over and said her name."


def coding_screen(pilot: Pilot[int]) -> CodingScreen:
    found = [s for s in pilot.app.screen_stack if isinstance(s, CodingScreen)]
    return found[-1]


async def test_a_digit_codes_the_sentence_at_the_cursor(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1")
        assert study.codings() == [("handoff", FIRST)]
        assert line(pilot, "here") == "HERE  1 warm handoff (7 words)"
        assert "Applied: 1 warm handoff, turn 2" in line(pilot, "status")


async def test_the_same_digit_again_removes_the_coding(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1", "1")
        assert study.codings() == []
        assert line(pilot, "here") == "HERE  no code"


async def test_a_digit_pressed_thrice_at_once_leaves_the_code_on(study: Study) -> None:
    async with screens(study) as pilot:
        await pilot.press("n", "1", "1", "1")
        await settled(pilot)
        assert study.codings() == [("handoff", FIRST)]


async def test_a_selection_is_coded_without_its_outer_blanks(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", *["L"] * 4, "2")
        assert study.codings() == [("housing", "She")]


async def test_any_code_is_applied_by_a_and_its_key(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "a", "4")
        assert study.codings() == [("office", FIRST)]


async def test_a_key_that_no_code_has_says_so(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "9")
        assert "No code has the key 9." in line(pilot, "status")
        assert study.codings() == []


async def test_full_stop_applies_the_last_code_again(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "2", "n", "full_stop")
        assert study.codings() == [
            ("housing", FIRST),
            ("housing", "I got a bed the same week."),
        ]


async def test_repeating_on_the_same_sentence_changes_nothing(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "2")
        await press(pilot, "full_stop")
        assert study.codings() == [("housing", FIRST)]
        assert "Already there: housing" in line(pilot, "status")


async def test_x_removes_the_coding_at_the_cursor(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1", "x")
        assert study.codings() == []


async def test_r_gives_the_coding_another_code(study: Study) -> None:
    async with screens(study) as pilot:
        await hit(pilot, "n", "1", "r", *"wait", "enter")
        assert study.codings() == [("waiting", FIRST)]


async def test_nudging_moves_an_end_by_a_word(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1", "greater_than_sign")
        assert study.codings() == [("handoff", FIRST + " Nobody")]
        await press(pilot, "right_curly_bracket")
        assert study.codings() == [("handoff", "walked over and said her name. Nobody")]
        await press(pilot, "left_curly_bracket", "less_than_sign", "less_than_sign")
        assert study.codings() == [("handoff", "She walked over and said her")]


async def test_nudges_that_wait_for_the_writer_become_one_act(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1")
        for _ in range(4):
            coding_screen(pilot).action_nudge("stop", -1)  # faster than the writer can answer
        await settled(pilot)
        assert study.codings() == [("handoff", "She walked over")]
        with study.open() as project:
            moves = [act for act in project.history.log() if act.verb == "resize coding"]
        assert len(moves) == 2  # the first press, and the other three together


async def test_a_coding_is_never_nudged_away_altogether(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "e", "1", *["less_than_sign"] * 2)
        assert study.codings() == [("handoff", "She")]
        assert "cannot be moved further" in line(pilot, "status")


async def test_marks_are_set_and_taken_away(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1", "asterisk", "D", "V")
        coding = study.only()
        assert (coding.exemplar, coding.disconfirming, coding.valence) == (
            True,
            True,
            "facilitator",
        )
        assert line(pilot, "here") == (
            "HERE  1 warm handoff* (7 words, facilitator, disconfirming)"
        )
        await press(pilot, "asterisk", "D", "V", "V", "V")
        coding = study.only()
        assert (coding.exemplar, coding.disconfirming, coding.valence) == (False, False, None)


async def test_marks_pressed_at_once_all_count(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1")
        await pilot.press("V", "V", "asterisk")
        await settled(pilot)
        assert (study.only().valence, study.only().exemplar) == ("barrier", True)


async def test_an_act_on_a_coding_waits_until_the_coding_is_stored(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n")
        screen = coding_screen(pilot)
        screen.action_quick("1")
        screen.action_mark("exemplar")  # nothing is drawn yet
        await settled(pilot)
        assert study.only().exemplar


async def test_an_act_that_waited_is_left_undone_once_the_coder_has_gone_on(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1")
        screen = coding_screen(pilot)
        screen.action_quick("2")
        screen.action_remove()
        screen.text.go_to(0)
        await settled(pilot)
        assert len(study.codings()) == 2
        assert "Not done" in line(pilot, "status")


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_is_pressed_what_is_shown_is_what_is_stored(study: Study, seed: int) -> None:
    keys = [
        "V",
        "asterisk",
        "D",
        "1",
        "2",
        "w",
        "s",
        "n",
        "p",
        "x",
        "less_than_sign",
        "greater_than_sign",
        "u",
        "U",
        "full_stop",
        "tab",
    ]
    chosen = random.Random(seed).choices(keys, k=40)
    async with screens(study) as pilot:
        await press(pilot, "n", "1", *chosen)
        desk = coding_screen(pilot).desk
        assert desk is not None
        with study.open() as project:
            stored = {coding.id: coding for coding in project.codings.list()}
        assert desk.codings == stored


async def test_undo_and_redo_name_what_they_did(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1", "n", "2", "u")
        assert "Undone: 2 housing, turn 3 (apply code)" in line(pilot, "status")
        assert study.codings() == [("handoff", FIRST)]
        await press(pilot, "U")
        assert "Redone: 2 housing, turn 3 (apply code)" in line(pilot, "status")
        assert len(study.codings()) == 2
        await press(pilot, "V", "u")
        assert "Undone: 2 housing, turn 3 (mark coding)" in line(pilot, "status")


async def test_undo_works_after_leaving_and_coming_back(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1")
    async with screens(study) as pilot:
        assert line(pilot, "here") == "HERE  1 warm handoff (7 words)"
        await press(pilot, "u")
        assert study.codings() == []


async def test_nothing_to_undo_is_said_and_is_not_unsaved_work(study: Study) -> None:
    async with screens(study, coder="ben") as pilot:
        await press(pilot, "u")
        app = pilot.app
        assert isinstance(app, QualcodeApp)
        assert [kind for kind, _ in app.messages] == ["warning"]
        assert app.saving == "saved"


async def test_the_cursor_is_where_it_was_after_coming_back(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "n", "w")
        before = coding_screen(pilot).text.position
    async with screens(study) as pilot:
        assert coding_screen(pilot).text.position == before
        assert "read 60%" in line(pilot, "header")


async def test_tab_goes_to_the_next_participants_turn_without_a_code(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "tab")
        assert "turn 2/5" in line(pilot, "header")
        await press(pilot, "tab", "3", "tab")  # turn 4 is the moderator's
        assert "turn 5/5" in line(pilot, "header")
        await press(pilot, "shift+tab")  # turn 3 is coded now
        assert "turn 2/5" in line(pilot, "header")


async def test_finishing_tells_what_absent_will_mean_and_makes_the_text_read_only(
    study: Study,
) -> None:
    async with screens(study) as pilot:
        await hit(pilot, "n", "1", "F")
        question = pilot.app.screen
        assert isinstance(question, Confirm)
        assert question.body.plain.splitlines() == [
            "turns never reached    3",
            "turns without a code   2",
            "codings of yours       1",
            "codebook               open, no version pinned",
            "",
            "Where you applied no code, your record will say absent.",
            "The document can then be read, not coded; F opens it again.",
        ]
        await hit(pilot, "enter", "2", "x", "u")
        assert "FINISHED" not in line(pilot, "header")  # u undid the finishing itself
        await hit(pilot, "U", "2", "x")
        assert "FINISHED" in line(pilot, "header")
        assert "read only" in line(pilot, "status")
        assert study.codings() == [("handoff", FIRST)]


async def test_reopening_a_finished_document_is_asked_and_logged(study: Study) -> None:
    async with screens(study) as pilot:
        await hit(pilot, "F", "enter", "F", "escape")
        assert "FINISHED" in line(pilot, "header")
        await hit(pilot, "F", "enter", "n", "1")
        assert "FINISHED" not in line(pilot, "header")
        assert study.codings() == [("handoff", FIRST)]
    with study.open() as project:
        verbs = [act.verb for act in project.history.log()]
    assert verbs[:3] == ["apply code", "reopen document", "finish document"]


async def test_colon_goes_to_a_turn_or_says_why_not(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "colon", "5", "enter")
        assert "turn 5/5" in line(pilot, "header")
        await press(pilot, "colon", *"99", "enter")
        assert "There is no turn 99; the last is 5." in line(pilot, "status")
        await press(pilot, "colon", *"01:30", "enter")
        assert "states no times" in line(pilot, "status")


async def test_a_code_made_on_the_codebook_screen_is_there_on_coming_back(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "f6")
        await hit(pilot, "n", *"luck", "enter", "q")
        await hit(pilot, "n", "c", *"luck")
        await press(pilot, "enter")
    assert study.codings() == [("luck", "She walked over and said her name.")]


async def test_leaving_the_codebook_before_a_new_code_is_stored_still_shows_it(
    study: Study,
) -> None:
    async with screens(study) as pilot:
        await press(pilot, "f6")
        await hit(pilot, "n", *"luck")
        await press(pilot, "enter", "q")  # in one breath
        await hit(pilot, "n", "c", *"luck", "enter")
    assert study.codings() == [("luck", "She walked over and said her name.")]


async def test_an_undone_in_vivo_code_is_offered_and_repeated_no_more(study: Study) -> None:
    async with screens(study) as pilot:
        await hit(pilot, "n", "e", "i", "enter", "u")
        assert "She" not in line(pilot, "here")
        await hit(pilot, "n", ".")
        assert line(pilot, "status").endswith("No code was applied here yet.")
        await hit(pilot, "c", *"walked")
        assert "Create “walked”" in on_screen(pilot)


async def test_an_in_vivo_code_is_made_of_the_words_themselves(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "e", "e", "i", "enter")
        assert study.codings() == [("she_walked", "She walked")]
        with study.open() as project:
            assert project.codebook.named("She walked").origin == "emergent"
        assert line(pilot, "here").endswith("She walked (2 words)")
        assert line(pilot, "status").endswith("2 words  New code: She walked")
        await press(pilot, "greater_than_sign")  # the new one is what keys change
        assert study.codings() == [("she_walked", "She walked over")]


async def test_a_new_code_and_its_coding_are_one_act_and_other_codes_keep_their_keys(
    study: Study,
) -> None:
    async with screens(study) as pilot:
        desk = coding_screen(pilot).desk
        assert desk is not None
        keys = {code.id: desk.code(code.id).key for code in desk.codes}
        await press(pilot, "n", "e", "e", "i", "enter")
        desk = coding_screen(pilot).desk
        assert desk is not None
        assert {code.id: desk.code(code.id).key for code in desk.codes}.items() >= keys.items()
        await press(pilot, "u")
        with study.open() as project:
            assert "she_walked" not in [code.code for code in project.codebook.codes()]
        assert study.codings() == []
        await press(pilot, "U")
        assert study.codings() == [("she_walked", "She walked")]


async def test_a_change_that_would_double_a_coding_is_declined_in_plain_words(
    study: Study,
) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "e", "1", "e", "1", "less_than_sign")
        assert "your other" in line(pilot, "status")
        assert sorted(excerpt for _, excerpt in study.codings()) == ["She", "She walked"]


async def test_the_one_code_shown_is_named_at_once(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "e", "1")
        await press(pilot, "f")
        assert "only warm handoff" in line(pilot, "status")
        await press(pilot, "f")
        assert "only" not in line(pilot, "status")


async def test_in_a_round_with_a_pinned_codebook_a_new_code_is_proposed_in_a_memo(
    blind_study: Study,
) -> None:
    async with screens(blind_study) as pilot:
        await press(pilot, "n", "e", "e", "i", "ctrl+s")
        with blind_study.open() as project:
            (memo,) = project.memos.list()
            assert [c.code for c in project.codebook.codes()] == [
                "handoff", "housing", "waiting", "contexts", "office",
            ]  # fmt: skip
        assert (memo.kind, memo.body) == ("proposed-code", "Proposed code: She walked")


async def test_a_drag_selects_and_a_click_on_the_code_list_applies(study: Study) -> None:
    async with screens(study, size=(120, 40)) as pilot:
        text = coding_screen(pilot).text
        left = next(x for x in range(120) if on_screen(pilot).splitlines()[2][x:].startswith("She"))
        at = left - text.region.x
        await pilot.mouse_down("#text", offset=(at, 1))
        await pilot.hover("#text", offset=(at + 10, 1))
        await pilot.mouse_up("#text", offset=(at + 10, 1))
        await pilot.click("#tree", offset=(3, 1))
        await settled(pilot)
        assert study.codings() == [("housing", "She walked")]


async def test_the_code_list_opens_as_a_sheet_where_it_has_no_panel(study: Study) -> None:
    async with screens(study) as pilot:
        assert not pilot.app.screen.query_one("#tree").display
        await press(pilot, "n", "f2", "j", "enter")
        assert study.codings() == [("housing", FIRST)]


async def test_f3_shows_the_rules_of_the_code_here(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1")
        await press(pilot, "f3")
        sheet = pilot.app.screen
        assert isinstance(sheet, Sheet)
        assert sheet.body.plain == (
            "1 warm handoff\nSomeone is brought in person.\n"
            "Use when: A worker goes along.\nNot when: A phone number only."
        )


async def test_f4_lists_what_this_coder_did(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1")
        await press(pilot, "f4")
        sheet = pilot.app.screen
        assert isinstance(sheet, Sheet)
        assert "apply code: 1 coding" in sheet.body.plain.splitlines()[0]


# Blind


async def test_in_an_open_blind_round_nothing_of_the_other_coder_is_on_any_screen(
    blind_study: Study,
) -> None:
    async with screens(blind_study, size=(160, 50)) as pilot:
        assert "BLIND r1" in line(pilot, "header")
        await press(pilot, "n", "n")
        seen = [on_screen(pilot), line(pilot, "here")]
        for key in ("f3", "f4", "f7", "question_mark", "f12", "c", "M", "F"):
            await press(pilot, key)
            if key != "f3":  # all rules: the codebook itself names housing
                seen.append(on_screen(pilot))
            await press(pilot, "escape")
        everything = "\n".join(seen)
        assert "HERE  no code" in everything
        assert "secret thought" not in everything
        assert "ben" not in everything


async def test_ones_own_codings_do_show_in_a_blind_round(blind_study: Study) -> None:
    async with screens(blind_study, coder="ben") as pilot:
        await press(pilot, "n", "n")
        assert line(pilot, "here") == "HERE  2 housing (4 words, memo)"
        assert "FINISHED" in line(pilot, "header")


async def test_once_the_round_is_open_to_all_others_codings_show_with_their_name(
    blind_study: Study,
) -> None:
    with blind_study.open() as project:
        ana = project.acting("ana")
        project.rounds.unblind(project.rounds.named("r1").id, by=ana, reason="training")
    async with screens(blind_study) as pilot:
        await press(pilot, "n", "n")
        assert line(pilot, "here") == "HERE  2 housing [ben] (4 words, memo)"
        assert "BLIND" not in line(pilot, "header")
        await press(pilot, "x")
        assert "another coder's" in line(pilot, "status")
        assert ("housing", "I got a bed") in blind_study.codings()


# What cannot be stored


async def test_nothing_is_drawn_while_another_program_holds_the_file_and_saving_again_works(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qualcode.store.opening.WAIT", 0.1)
    async with screens(study) as pilot:
        await press(pilot, "n")
        other = sqlite3.connect(study.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            await press(pilot, "1")
            assert "NOT SAVED" in line(pilot, "header")
            assert line(pilot, "here") == "HERE  no code"
        finally:
            other.execute("ROLLBACK")
            other.close()
        await press(pilot, "ctrl+s")
        assert "NOT SAVED" not in line(pilot, "header")
        assert study.codings() == [("handoff", FIRST)]
        assert line(pilot, "here") == "HERE  1 warm handoff (7 words)"


async def test_a_coding_removed_elsewhere_disappears_when_it_is_touched(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1")
        with study.open() as project:
            project.codings.remove(study.only().id, by=project.acting("ana"))
        await press(pilot, "asterisk")
        assert line(pilot, "here") == "HERE  no code"


# Room


@pytest.mark.parametrize(
    ("width", "height", "rows"), [(80, 24, 20), (100, 30, 26), (120, 40, 29), (160, 50, 46)]
)
async def test_the_text_gets_the_rows_that_are_left(
    study: Study, width: int, height: int, rows: int
) -> None:
    async with screens(study, size=(width, height)) as pilot:
        assert coding_screen(pilot).text.size.height == rows


async def test_a_screen_too_small_says_so_and_recovers(study: Study) -> None:
    async with screens(study) as pilot:
        await pilot.resize_terminal(50, 10)
        await settled(pilot)
        assert "at least 60 × 12" in on_screen(pilot)
        assert "She walked" not in on_screen(pilot)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert "She walked" in on_screen(pilot)
        await press(pilot, "n", "e", "1")
        assert study.codings() == [("handoff", "She")]


async def test_panels_show_the_codes_here_and_their_rules_on_a_wide_screen(study: Study) -> None:
    async with screens(study, size=(160, 50)) as pilot:
        await press(pilot, "n", "1")
        assert "CODES HERE" in on_screen(pilot)
        assert "Someone is brought in person." in on_screen(pilot)


async def test_text_that_looks_like_markup_is_shown_as_it_is(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    odd = "P1: [inaudible] [/oops] [@click=app.quit]CLICK[/] [bold]x[/bold]\n\nP2: \u202edlrow\u202c ends here.\n"
    async with screens(make_study(folder, odd)) as pilot:
        drawn = on_screen(pilot)
        assert "[inaudible] [/oops] [@click=app.quit]CLICK[/] [bold]x[/bold]" in drawn
        assert "\u202e" not in drawn
        await press(pilot, "n")
        assert "U+202E RIGHT-TO-LEFT OVERRIDE" in line(pilot, "status")
        await press(pilot, "p", "t", "c")
        assert "[inaudible]" in on_screen(pilot)


async def test_the_coding_that_keys_mean_is_named_right_behind_its_end_too(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "s", "2", "escape")
        assert line(pilot, "here").startswith("HERE  2 housing (7 words)")


async def test_a_finished_document_offers_only_what_can_be_done_in_it(study: Study) -> None:
    async with screens(study) as pilot:
        assert "1-9 code" in line(pilot, "keys")
        await press(pilot, "F", "enter")
        assert "F open again" in line(pilot, "keys")
        assert "1-9 code" not in line(pilot, "keys")
        await press(pilot, "F", "enter")
        assert "1-9 code" in line(pilot, "keys")


async def test_the_code_list_as_a_sheet_says_its_keys(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "f2")
        assert "Enter apply  Esc back" in on_screen(pilot)

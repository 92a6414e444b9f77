"""What keys and mouse do to the transcript on screen, and how little is redrawn."""

from __future__ import annotations

import pytest
from textual.binding import Binding

from qualcode.tui.widgets.transcript_keys import KEYS
from qualcode.tui.widgets.transcript_view import TranscriptView
from tests.tui.shelf import TALK, Shelf, lines, press, shelf, words
from tests.tui.texts import CODES, coding, view

# Moving and selecting


async def test_arrows_and_letters_move_alike() -> None:
    async with shelf() as (pilot, text):
        await press(pilot, "n n right right down left")
        by_arrows = text.position
        await press(pilot, "g n n l l j h")
        assert text.position == by_arrows


async def test_the_cursor_that_leaves_the_view_comes_back_in_its_middle() -> None:
    async with shelf(size=(80, 10)) as (pilot, text):
        await press(pilot, " ".join(["down"] * 10))
        assert text.scroll_offset.y == 5


async def test_top_and_bottom_are_reached() -> None:
    async with shelf() as (pilot, text):
        await press(pilot, "G")
        assert text.position == TALK.last
        assert "Turn 59" in lines(text)[-1]
        await press(pilot, "g")
        assert (text.position, text.scroll_offset.y) == (TALK.first, 0)


async def test_pages_down_and_up_return() -> None:
    async with shelf() as (pilot, text):
        await press(pilot, "pagedown space pageup pageup")
        assert (text.position, text.scroll_offset.y) == (TALK.first, 0)


async def test_the_sentence_at_the_cursor_is_the_target() -> None:
    async with shelf() as (pilot, text):
        await press(pilot, "n n w w w w w")
        assert (
            words(text, text.target()) == "She walked over, said her name, and took him from there."
        )


async def test_shift_with_arrows_selects() -> None:
    async with shelf() as (pilot, text):
        await press(pilot, "n n shift+right L shift+right L")
        assert words(text, text.selection) == "They"


async def test_escape_selects_nothing_and_stays() -> None:
    async with shelf() as (pilot, text):
        await press(pilot, "n n s escape")
        assert text.selection is None
        assert words(text, text.target()) == "They stood by us."


async def test_moves_are_announced_once() -> None:
    async with shelf() as (pilot, _):
        app = pilot.app
        assert isinstance(app, Shelf)
        app.said.clear()
        await press(pilot, "n")
        assert [type(said) for said in app.said] == [TranscriptView.Moved]
        await press(pilot, "g g")
        assert len(app.said) == 2  # the second g moves nothing


async def test_copying_gives_the_text_itself() -> None:
    async with shelf() as (pilot, _):
        await press(pilot, "n n s y")
        assert pilot.app.clipboard == "They stood by us."


async def test_tab_is_left_to_the_screen() -> None:
    async with shelf() as (_, text):
        bound = set(text._bindings.key_to_bindings)
        assert not bound & {"tab", "shift+tab", "enter", "c", "a", "x", "u", "m", "1", "colon"}


def test_every_key_has_an_id_a_description_and_a_tooltip() -> None:
    assert all(isinstance(key, Binding) for key in KEYS)
    told = [key for key in KEYS if isinstance(key, Binding)]
    assert [key.id for key in told if not (key.id and key.description and key.tooltip)] == []
    assert len({key.id for key in told}) == len(told)


def test_no_key_is_bound_twice() -> None:
    pressed = [k for key in KEYS if isinstance(key, Binding) for k in key.key.split(",")]
    assert len(pressed) == len(set(pressed))


# Codings


async def test_the_shortest_coding_at_the_cursor_has_the_focus() -> None:
    long, short = coding("long", TALK, "They stood by us."), coding("short", TALK, "They")
    async with shelf(long, short) as (pilot, text):
        await press(pilot, "n n")
        assert text.focused_coding == short
        await press(pilot, "w")
        assert text.focused_coding == long


async def test_cycling_goes_through_the_codings_here() -> None:
    long, short = coding("long", TALK, "They stood by us."), coding("short", TALK, "They")
    async with shelf(long, short) as (pilot, text):
        await press(pilot, "n n comma")
        assert text.focused_coding == long
        await press(pilot, "comma")
        assert text.focused_coding == short


async def test_a_coding_added_here_has_the_focus_until_the_cursor_leaves_it() -> None:
    long, short = coding("long", TALK, "They stood by us."), coding("short", TALK, "They")
    async with shelf(short) as (pilot, text):
        await press(pilot, "n n")
        text.add(long)
        assert text.focused_coding == long
        await press(pilot, "n p")
        assert text.focused_coding == short


async def test_a_coding_stays_focused_right_behind_its_end() -> None:
    async with shelf() as (pilot, text):
        await press(pilot, "n n s")
        new = coding("a", TALK, "They stood by us.")
        text.add(new)
        text.select(None)
        assert text.focused_coding == new


async def test_next_and_back_walk_through_the_codings_in_text_order() -> None:
    codings = [coding("b", TALK, "Ten"), coding("a", TALK, "They"), coding("c", TALK, "They stood")]
    async with shelf(*codings) as (pilot, text):
        seen = []
        for key in ["right_square_bracket"] * 4 + ["left_square_bracket"] * 2:
            await press(pilot, key)
            assert text.focused_coding is not None
            seen.append(text.focused_coding.id)
        assert seen == ["c", "a", "b", "b", "a", "c"]


async def test_focusing_a_coding_goes_to_it() -> None:
    far = coding("far", TALK, "Turn 50 says")
    async with shelf(far) as (_, text):
        text.focus_coding("far")
        assert (text.position, text.focused_coding) == (far.span.start, far)
        assert any("Turn 50" in line for line in lines(text))


async def test_a_coding_taken_away_is_drawn_no_more() -> None:
    async with shelf(coding("a", TALK, "They stood by us.")) as (pilot, text):
        await press(pilot, "n n")
        text.discard("a")
        assert lines(text)[2][9:13] == "    "
        assert text.focused_coding is None


async def test_a_coding_replaced_is_drawn_at_its_new_place_and_keeps_the_focus() -> None:
    async with shelf(coding("a", TALK, "They stood by us.")) as (pilot, text):
        await press(pilot, "n n")
        text.replace(
            coding("a", TALK, "They stood by us. She walked over, said her name, and took him from")
        )
        await pilot.pause()
        assert [line[11] for line in lines(text)[2:4]] == ["1", "┗"]
        assert text.focused_coding is not None


async def test_the_focus_is_announced_when_it_changes() -> None:
    async with shelf(coding("a", TALK, "They stood by us.")) as (pilot, _):
        app = pilot.app
        assert isinstance(app, Shelf)
        await press(pilot, "n n w w")
        focused = [
            s.coding and s.coding.id for s in app.said if isinstance(s, TranscriptView.Focused)
        ]
        assert focused == [None, "a"]


# Mouse


async def test_a_click_puts_the_cursor_there() -> None:
    async with shelf() as (pilot, text):
        await pilot.click(TranscriptView, offset=(18, 2))
        assert TALK.text[text.position :].startswith("stood by")


async def test_dragging_selects_across_rows() -> None:
    async with shelf() as (pilot, text):
        await pilot.mouse_down(TranscriptView, offset=(18, 2))
        await pilot.hover(TranscriptView, offset=(18, 3))
        await pilot.mouse_up(TranscriptView, offset=(18, 3))
        assert (words(text, text.selection) or "").startswith("stood by us. She")
        assert (words(text, text.selection) or "").endswith(" from ")


async def test_dragging_beyond_the_edge_scrolls_and_selects_on() -> None:
    async with shelf(size=(80, 8)) as (pilot, text):
        await pilot.mouse_down(TranscriptView, offset=(18, 2))
        text._drag_to = text._drag_to._replace(y=9)  # below the last row of the screen
        for _ in range(3):
            text._pull()
        await pilot.mouse_up(TranscriptView, offset=(18, 7))
        assert text.scroll_offset.y == 3
        assert text.selection is not None
        assert TALK.text[text.selection.start :].startswith("stood by")


@pytest.mark.parametrize(
    ("clicks", "selected"),
    [
        (2, "stood"),
        (3, "They stood by us."),
        (
            4,
            "They stood by us. She walked over, said her name, and took him from there. Ten minutes.",
        ),
    ],
)
async def test_more_clicks_select_more(clicks: int, selected: str) -> None:
    async with shelf() as (pilot, text):
        await pilot.click(TranscriptView, offset=(20, 2), times=clicks)
        await pilot.pause()
        assert words(text, text.selection) == selected


async def test_a_click_on_a_lane_focuses_its_coding() -> None:
    long, short = coding("long", TALK, "They stood by us."), coding("short", TALK, "They")
    async with shelf(long, short) as (pilot, text):
        await pilot.click(TranscriptView, offset=(11, 2))
        await pilot.pause()
        app = pilot.app
        assert isinstance(app, Shelf)
        assert text.focused_coding == long
        assert [s.coding for s in app.said if isinstance(s, TranscriptView.LaneClicked)] == [long]


async def test_a_click_on_a_name_focuses_its_coding() -> None:
    a, b = coding("a", TALK, "They stood by us.", "buyin"), coding("b", TALK, "They", "trust")
    async with shelf(a, b, size=(100, 20)) as (pilot, text):
        text.set_layout(9, 3, 16)
        await pilot.pause()
        x = lines(text)[2].index("trust")
        await pilot.click(TranscriptView, offset=(x, 2))
        await pilot.pause()
        app = pilot.app
        assert isinstance(app, Shelf)
        assert [s.coding for s in app.said if isinstance(s, TranscriptView.CodingClicked)] == [b]


async def test_without_the_mouse_clicks_do_nothing() -> None:
    async with shelf() as (pilot, text):
        text.mouse = False
        await pilot.click(TranscriptView, offset=(18, 2), times=2)
        assert (text.position, text.selection) == (TALK.first, None)


# Sizes


@pytest.mark.parametrize("size", [(46, 12), (80, 20), (120, 40), (200, 50)])
async def test_after_a_resize_the_cursor_row_is_in_view(size: tuple[int, int]) -> None:
    async with shelf(size=(100, 30)) as (pilot, text):
        await press(pilot, "G p p p w w")
        before = text.position
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert text.position == before
        assert any(TALK.text[before : before + 4] in line for line in lines(text))


async def test_the_position_asked_for_is_shown_at_once() -> None:
    far = TALK.text.index("Turn 50")
    async with shelf(position=far) as (_, text):
        assert text.position == far
        assert any("Turn 50" in line for line in lines(text))


async def test_another_document_begins_at_its_top() -> None:
    async with shelf() as (pilot, text):
        await press(pilot, "G")
        text.show(view("P9: Good morning."), [], CODES)
        await pilot.pause()
        assert lines(text)[0].startswith("P9           Good morning.")


# How little is done


async def test_a_move_builds_no_row_and_redraws_two_places_at_most() -> None:
    codings = [coding(f"k{n}", TALK, f"Turn {n} says little.") for n in range(10, 14)]
    async with shelf(*codings) as (pilot, text):
        await press(pilot, "n n n n n n n")
        built = text.rows_built
        for key in ("right", "down", "up", "left", "w", "end", "home", "n"):
            text.redrawn = []
            before = text.position
            await press(pilot, key)
            assert text.position != before
            assert len(text.redrawn) <= 2
            assert sum(region.area for region in text.redrawn) <= 4
        assert text.rows_built == built


async def test_an_extended_selection_redraws_the_rows_that_differ() -> None:
    async with shelf() as (pilot, text):
        await press(pilot, "n n shift+down")
        text.redrawn = []
        await press(pilot, "shift+down")
        assert sum(region.height for region in text.redrawn) <= 3


async def test_a_coding_added_builds_its_visible_rows_only() -> None:
    async with shelf() as (pilot, text):
        await press(pilot, "n n")
        built = text.rows_built
        text.add(
            coding(
                "a",
                TALK,
                "They stood by us. She walked over, said her name, and took him from there.",
            )
        )
        await pilot.pause()
        assert text.rows_built - built == 2


async def test_a_coding_added_out_of_view_builds_nothing() -> None:
    async with shelf() as (pilot, text):
        built = text.rows_built
        text.add(coding("a", TALK, "Turn 50 says"))
        await pilot.pause()
        assert text.rows_built == built


async def test_a_round_trip_of_focus_and_theme_keeps_the_rows() -> None:
    async with shelf() as (pilot, text):
        built = text.rows_built
        text.blur()
        await pilot.pause()
        text.focus()
        await pilot.pause()
        assert text.rows_built == built
        pilot.app.theme = "textual-light"
        await pilot.pause()
        assert text.rows_built > built

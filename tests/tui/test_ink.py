"""Code colours can be read on every screen, whatever the theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color
from textual.pilot import Pilot

from qualcode.model import Span
from qualcode.tui.codes import HUES
from qualcode.tui.widgets.ink import contrast, readable
from tests.tui.conftest import Study, hit, press, screens, settled

YELLOW = "#F0E442"
"""Of all hues the hardest to read on white."""

THEMES = ("textual-light", "textual-dark")
WAYS = {
    "coding": (), "selection": ("s",), "focused": ("right_square_bracket",), "tints": ("v",),
    "code list": ("f2",), "rules": ("f3",), "picker": ("c",), "go to": (":",), "memo": ("M",),
    "finish": ("F",), "history": ("f4",), "help": ("f1",), "suggestions": ("S",),
    "codebook": ("f6",), "fields": ("f6", "e"), "colours": ("f6", "c"),
    "themes": ("f8", "i"), "groups": ("f8", "i", "w"), "excerpts": ("f8", "i", "enter"),
    "search": ("f9", *"She", "enter"), "code": ("f9", *"She", "enter", "c"),
    "nothing": ("f9", *"zz", "enter"), "project": ("f5",), "speakers": ("f5", "s"),
    "redactions": ("f5", "R"), "files": ("f5", "i"),
}  # fmt: skip
"""From the coding screen."""

ADJUDICATION = {
    "agreement": ("f7",), "adjudication": ("f7", "enter"), "stretch": ("f7", "enter", *"eeeee"),
}  # fmt: skip
"""From the project screen."""


def hard_to_read(pilot: Pilot[int]) -> list[tuple[str, str, str]]:
    """Words whose colour has too little contrast with what they are on, and these colours."""
    found = []
    strips = pilot.app.screen._compositor.render_strips()
    for segment in (segment for strip in strips for segment in strip):
        style = segment.style
        if style is not None and any(map(str.isalnum, segment.text)):
            assert style.color is not None
            assert style.bgcolor is not None
            ink, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
            if contrast(ink, ground) < 4.45:  # colours are rounded once they are mixed
                found.append((segment.text, ink.hex6, ground.hex6))
    return found


async def walk(pilot: Pilot[int], ways: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Go each way from where the screens are now, and look there in every theme."""
    app, found = pilot.app, {}
    depth = len(app.screen_stack)
    for way, keys in ways.items():
        await hit(pilot, *keys)
        for theme in THEMES:
            app.theme = theme
            await settled(pilot)
            found[f"{way}, {theme}"] = hard_to_read(pilot)
        while len(app.screen_stack) > depth:
            app.pop_screen()
            await settled(pilot)
    return {way: words for way, words in found.items() if words}


async def test_every_word_can_be_read_on_every_screen(study: Study) -> None:
    with study.open() as project:
        ana, talk = project.acting("ana"), project.documents.named("talk")
        for code in project.codebook.codes():
            project.codebook.edit(code.id, by=ana, colour=YELLOW)
        turn = project.documents.transcript(talk.id).turns[1]
        for name in ("handoff", "housing"):  # one for the row at the cursor, one beside it
            code = project.codebook.named(name)
            project.codings.apply(talk.id, Span(turn.start, turn.stop), code.id, by=ana)
    async with screens(study) as pilot:
        await press(pilot, "n")
        assert await walk(pilot, WAYS) == {}


async def test_every_word_about_agreement_can_be_read(coded: Study) -> None:
    async with screens(coded, document=None) as pilot:
        assert await walk(pilot, ADJUDICATION) == {}


@pytest.mark.parametrize("hue", HUES)
def test_a_hue_is_changed_only_where_it_must_be(hue: str) -> None:
    assert readable(Color.parse(hue), Color.parse("#121212")).hex6 == hue


@pytest.fixture(params=["NO_COLOR", "16 colours"])
def few_colours(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")
    else:
        monkeypatch.delenv("COLORTERM")
        monkeypatch.setenv("TERM", "linux")


def row_of(pilot: Pilot[int], words: str) -> list[tuple[str, Style]]:
    """The pieces of the first row with these words, and their styles."""
    for strip in pilot.app.screen._compositor.render_strips():
        pieces = [(segment.text, segment.style or Style()) for segment in strip]
        if words in "".join(text for text, _ in pieces):
            return pieces
    raise AssertionError(words)


@pytest.mark.usefixtures("few_colours")
async def test_with_few_colours_a_reversed_row_is_one_block_and_its_bar_a_bar(coded: Study) -> None:
    async with screens(coded, document=None) as pilot:
        await press(pilot, "f8")
        row = row_of(pilot, "trust")
        bars = [style for text, style in row if "█" in text]
        words = [style for text, style in row if any(map(str.isalnum, text))]
        assert bars
        assert not any(style.reverse for style in bars)
        assert all(text.startswith(" ") for text, _ in row if "█" in text)  # parted from the name
        assert words
        assert all(style.reverse and not style.dim for style in words)
        assert {style.color for style in words if style.color is not None} <= {RichColor.default()}


@pytest.mark.usefixtures("few_colours")
@pytest.mark.parametrize("way", [("c",), ("f9",), ("M",), (":",)])
async def test_with_few_colours_the_cursor_of_a_field_is_seen(study: Study, way: str) -> None:
    async with screens(study) as pilot:
        await press(pilot, *way)
        field = pilot.app.focused
        assert field is not None
        rows = pilot.app.screen._compositor.render_strips()
        row = rows[field.content_region.y]
        ground = {s.style.bgcolor for s in row if s.style}
        assert len(ground) > 1 or any(s.style and s.style.reverse for s in row)


@pytest.mark.usefixtures("few_colours")
async def test_with_few_colours_what_is_dim_stays_dim(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "s", "1", "v")
        for words in ("Moderat", "help", "codebook open"):
            (style,) = [style for text, style in row_of(pilot, words) if words in text]
            assert style.dim

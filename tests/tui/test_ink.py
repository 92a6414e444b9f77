"""Code colours can be read on every screen, whatever the theme."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.pilot import Pilot

from qualcode.model import Span
from qualcode.tui.codes import HUES
from qualcode.tui.widgets.ink import contrast, readable
from tests.tui.conftest import Study, press, screens, settled

YELLOW = "#F0E442"
"""Of all hues the hardest to read on white."""

WAYS = {
    "coding": (), "code list": ("f2",), "rules": ("f3",), "picker": ("c",), "codebook": ("f6",),
    "themes": ("f8", "i"), "search": ("f9", *"She", "enter", "c"),
}  # fmt: skip


def yellow_words(pilot: Pilot[int]) -> list[tuple[str, Color, Color]]:
    """What is written in some shade of yellow: the words, their colour, the background."""
    found = []
    for strip in pilot.app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            if style is None or style.color is None or style.bgcolor is None:
                continue
            ink, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
            if segment.text.strip() and min(ink.r, ink.g) - ink.b > 20:
                found.append((segment.text, ink, ground))
    return found


@pytest.mark.parametrize("theme", ["textual-light", "textual-dark"])
@pytest.mark.parametrize("way", WAYS)
async def test_code_colours_are_legible(study: Study, theme: str, way: str) -> None:
    with study.open() as project:
        ana, talk = project.acting("ana"), project.documents.named("talk")
        for code in project.codebook.codes():
            project.codebook.edit(code.id, by=ana, colour=YELLOW)
        turn = project.documents.transcript(talk.id).turns[1]
        for name in ("handoff", "housing"):  # one for the row at the cursor, one beside it
            code = project.codebook.named(name)
            project.codings.apply(talk.id, Span(turn.start, turn.stop), code.id, by=ana)
    async with screens(study) as pilot:
        pilot.app.theme = theme
        await settled(pilot)
        await press(pilot, "n", *WAYS[way])
        seen = yellow_words(pilot)
        assert seen
        for words, ink, ground in seen:
            assert contrast(ink, ground) >= 3.5, (words, ink.hex6, ground.hex6)


@pytest.mark.parametrize("hue", HUES)
def test_a_hue_is_changed_only_where_it_must_be(hue: str) -> None:
    assert readable(Color.parse(hue), Color.parse("#121212")).hex6 == hue

"""The code list beside the text, and as a sheet over it."""

from __future__ import annotations

import pytest
from textual.strip import Strip

from qualcode.model import Code, Span
from qualcode.tui.widgets.code_tree import CodeTree
from tests.tui.conftest import Study, press, screens


@pytest.mark.parametrize("size", [(80, 24), (100, 20), (111, 20), (119, 20), (120, 20)])
async def test_a_code_and_how_often_it_was_used_stand_in_one_row(
    study: Study, size: tuple[int, int]
) -> None:
    with study.open() as project:
        ana = project.acting("ana")
        project.codebook.import_codes(
            [
                Code("", f"code{n}", name=f"a code with quite a long name {n}", position=n)
                for n in range(30)
            ],
            by=ana,
        )
        talk = project.documents.named("talk")
        first = project.codebook.codes()[0]
        project.codings.apply(talk.id, Span(0, 8), first.id, by=ana)
    async with screens(study, size=size) as pilot:
        if size[0] < 100:
            await press(pilot, "f2")
        tree = pilot.app.screen.query_one(CodeTree)
        assert tree.virtual_size.height == tree.option_count
        assert tree.virtual_size.height > tree.size.height  # there is a scrollbar
        row = tree.render_line(0).text
        assert row.startswith("1 a code with quite")
        assert row.rstrip().endswith(" 1")


async def test_applying_a_code_again_draws_its_row_of_the_list_alone(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    plain = CodeTree.render_line

    def noted(self: CodeTree, y: int) -> Strip:
        drawn.append(y)
        return plain(self, y)

    monkeypatch.setattr(CodeTree, "render_line", noted)
    async with screens(study, size=(120, 40)) as pilot:
        await press(pilot, "n", "2")
        await press(pilot, "n")
        drawn.clear()
        await press(pilot, "2")
        tree = pilot.app.screen.query_one(CodeTree)
        assert drawn == [1]
        assert tree.render_line(1).text.rstrip().endswith(" 2")

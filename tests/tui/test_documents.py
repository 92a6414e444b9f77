"""The list of documents: my progress, and of others the finished marks alone."""

from __future__ import annotations

from textual.widgets import DataTable

from qualcode.model import Span
from qualcode.tui.documents import fitted, overview
from tests.tui.conftest import Study, on_screen, press, screens, settled


async def test_a_document_shows_what_i_have_done_with_it(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1", "q")
        row = next(r for r in on_screen(pilot).splitlines() if "talk" in r)
        assert row.split() == ["talk", "5", "solo", "40%", "1", "begun"]


async def test_a_finished_document_says_by_whom(blind_study: Study) -> None:
    async with screens(blind_study, document=None) as pilot:
        await settled(pilot)
        row = next(r for r in on_screen(pilot).splitlines() if "talk" in r)
        assert row.split() == ["talk", "5", "r1", "BLIND", "–", "–", "to", "do", "ben", "(r1)"]
        assert "r1  reliability, blind, open, codebook v1: 1 of 2 finished" in on_screen(pilot)


def test_of_others_only_finished_marks_are_read(blind_study: Study) -> None:
    with blind_study.open("ana") as project:
        (row,) = overview(project, "ana").documents
    assert (row.codings, row.finished, row.finished_by) == (0, False, ("ben (r1)",))


def test_what_i_am_coding_anew_shows_nothing_of_what_i_coded_before(study: Study) -> None:
    with study.open("ana") as project:
        me, talk = project.acting("ana"), project.documents.named("talk")
        project.codings.apply(talk.id, Span(20, 24), project.codebook.codes()[0].id, by=me)
        assert overview(project, "ana").documents[0].codings == 1
        again = project.rounds.open("again", by=me, purpose="recode")
        project.rounds.assign(again.id, [talk.id], [me.id], by=me)
        assert overview(project, "ana").documents[0].codings == 0


async def test_a_project_without_documents_says_how_to_add_some(study: Study) -> None:
    with study.open() as project:
        project.documents.remove(project.documents.named("talk").id, by=project.acting("ana"))
    async with screens(study, document=None) as pilot:
        await settled(pilot)
        assert "qualcode import" in on_screen(pilot)
        assert pilot.app.screen.query_one(DataTable).row_count == 0
        await press(pilot, "enter")


async def test_the_list_is_read_anew_on_coming_back(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "F", "enter", "q")
        row = next(r for r in on_screen(pilot).splitlines() if "talk" in r)
        assert row.split()[-3:] == ["finished", "ana", "(solo)"]


def test_columns_that_hold_too_much_give_way_the_widest_first() -> None:
    assert fitted([["name", "finished by"], ["talk", "x" * 40]], 50) == [4, 40]
    assert fitted([["name", "finished by"], ["talk", "x" * 40]], 30) == [4, 26]
    assert fitted([["a" * 9, "b" * 9]], 4) == [6, 6]


async def test_who_finished_is_cut_with_an_ellipsis_where_room_is_short(
    blind_study: Study,
) -> None:
    with blind_study.open("ana") as project:
        me = project.acting("ana")
        document = project.documents.named("talk")
        for n in range(2, 5):
            round_ = project.rounds.open(f"an earlier round {n}", by=me, purpose="training")
            project.rounds.assign(round_.id, [document.id], [me.id], by=me)
            project.rounds.finish(round_.id, document.id, me.id, by=me)
    async with screens(blind_study, document=None) as pilot:
        await settled(pilot)
        (row,) = [r for r in on_screen(pilot).splitlines() if "talk" in r]
        assert row.rstrip().endswith("…")
        assert not pilot.app.screen.query_one(DataTable).show_horizontal_scrollbar
        await pilot.resize_terminal(160, 30)
        await settled(pilot)
        (row,) = [r for r in on_screen(pilot).splitlines() if "talk" in r]
        assert "ben (r1)" in row
        assert "…" not in row

"""The list of documents: my progress, and of others the finished marks alone."""

from __future__ import annotations

import pytest
from textual.widgets import DataTable

from qualcode import importers
from qualcode.model import Span
from qualcode.tui.documents import DocumentTable, fitted, names_fitting, overview
from tests.tui.conftest import Study, drawn, hit, line, on_screen, press, screens, settled


async def test_a_document_shows_what_i_have_done_with_it(study: Study) -> None:
    async with screens(study) as pilot:
        await press(pilot, "n", "1", "q")
        row = next(r for r in on_screen(pilot).splitlines() if "talk" in r)
        assert row.split() == ["talk", "5", "solo", "40%", "1", "begun"]


async def test_a_finished_document_says_by_whom(blind_study: Study) -> None:
    async with screens(blind_study, document=None) as pilot:
        await settled(pilot)
        row = next(r for r in on_screen(pilot).splitlines() if "talk" in r)
        assert row.split() == ["talk", "5", "BLIND", "r1", "–", "–", "to", "do", "ben", "(r1)"]
        assert "r1    reliability, blind, open, codebook v1: 1 of 2 finished" in on_screen(pilot)


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
        assert "Add some with i; codes with F6." in on_screen(pilot)
        assert pilot.app.screen.query_one(DataTable).row_count == 0
        await press(pilot, "enter")


async def test_the_list_is_read_anew_on_coming_back(study: Study) -> None:
    async with screens(study) as pilot:
        await hit(pilot, "F", "enter", "q")
        await drawn(pilot, "talk")
        row = next(r for r in on_screen(pilot).splitlines() if "talk" in r)
        assert row.split()[-3:] == ["finished", "ana", "(solo)"]


def test_columns_that_hold_too_much_give_way_names_first_then_the_widest() -> None:
    assert fitted([["name", "finished by"], ["talk", "x" * 40]], 50) == [4, 40]
    assert fitted([["name", "finished by"], ["talk", "x" * 40]], 30) == [4, 26]
    assert fitted([["a" * 9, "b" * 9]], 4) == [6, 6]
    assert fitted([["BLIND round 3", "ana (r1), ben (r1)"]], 23) == [13, 10]


async def test_where_room_is_short_who_finished_is_told_without_rounds(
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
        assert row.rstrip().endswith("  ben, ana")
        assert not pilot.app.screen.query_one(DataTable).show_horizontal_scrollbar
        await pilot.resize_terminal(160, 30)
        await settled(pilot)
        (row,) = [r for r in on_screen(pilot).splitlines() if "talk" in r]
        assert "ben (r1)" in row
        assert "…" not in row


def test_who_finished_is_told_in_fewer_words_before_it_is_cut() -> None:
    done = ("ana (r1)", "ben (r1)", "ana (r2)")
    assert names_fitting(done, 40) == "ana (r1), ben (r1), ana (r2)"
    assert names_fitting(done, 20) == "ana, ben"
    assert names_fitting(done, 7) == "ana +1"
    assert names_fitting(("somebody (r1)", "ben (r1)"), 8) == "some… +1"
    assert names_fitting((), 8) == ""


@pytest.mark.parametrize("documents", [1, 30])
async def test_rounds_give_way_and_a_blank_row_stays_above_the_other_screens(
    study: Study, documents: int
) -> None:
    with study.open() as project:
        me = project.acting("ana")
        for n in range(2, documents + 1):
            source = study.path.parent / f"{n}.txt"
            source.write_text(f"P1: This is talk {n}.\n", encoding="utf-8")
            project.documents.add(importers.read(source), f"talk {n}", by=me)
        for n in range(1, 19):
            project.rounds.open(f"r{n}", by=me, purpose="training")
    async with screens(study, document=None) as pilot:
        await settled(pilot)
        rows = on_screen(pilot).splitlines()
        assert rows[-2].startswith("F6 codebook")
        assert rows[-3].strip() == ""
        told = rows[rows.index(next(r for r in rows if r.strip() == "ROUNDS")) + 1 : -3]
        assert told[-1].split(":")[0].strip() == f"+{19 - (len(told) - 1)} more rounds"
        assert [row.split()[0] for row in told[-3:-1]] == ["r17", "r18"]
        assert sum(row.lstrip().startswith("talk") for row in rows) == min(documents, 14)


async def test_numbers_stand_below_one_another_at_the_right(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await settled(pilot)
        head, row = (
            next(r for r in on_screen(pilot).splitlines() if word in r)
            for word in ("document", "talk")
        )
        for column, number in (("turns", "5"), ("codings", "–")):
            stop = head.index(column) + len(column)
            assert row[:stop].rstrip()[-1] == number
            assert row[:stop] == row[:stop].rstrip()


async def test_the_project_screen_names_the_way_to_the_other_screens(study: Study) -> None:
    async with screens(study, document=None) as pilot:
        await settled(pilot)
        assert line(pilot, "elsewhere") == "F6 codebook  F7 agreement  F8 themes  F9 search"


async def test_without_documents_nothing_is_offered_that_needs_one(study: Study) -> None:
    with study.open() as project:
        project.documents.remove(project.documents.named("talk").id, by=project.acting("ana"))
    async with screens(study, document=None) as pilot:
        await settled(pilot)
        assert "i import" in line(pilot, "keys")
        assert "speakers" not in line(pilot, "keys")


async def test_a_list_is_as_high_as_its_rows_before_textual_has_measured_them(
    study: Study,
) -> None:
    async with screens(study, document=None) as pilot:
        table = pilot.app.screen.query_one(DocumentTable)
        room = pilot.app.screen.size
        table.clear()
        assert table.get_content_height(room, room, room.width) == 1  # the heading
        table.add_row(*["x"] * len(table.columns))
        assert table.get_content_height(room, room, room.width) == 2

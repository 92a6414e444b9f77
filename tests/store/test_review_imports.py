"""Codings brought in twice, over finished marks, and decisions that are there already."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.errors import InputProblems
from tests.store.conftest import Study
from tests.store.test_imports import at, bring_in

DECISIONS = "round,document,code,start,stop,decision,new_code,reason,decided_by,decided_at\n"


def finished_by_ben(study: Study, folder: Path) -> None:
    bring_in(
        study,
        folder,
        f"harbour,{at('a bed')},housing,ben,r1,,\n",
        "r1,reliability,,0,open,harbour,ben,2026-01-05T10:00:00Z\n",
    )


def mark_of(study: Study) -> object:
    (row,) = study.project.rounds.coverage().records()
    return row["finished_at"]


@pytest.mark.parametrize("mark", ["yes", "2026-01-05T10:00:00Z", "2026-03-01"])
def test_a_finished_mark_stays_as_it_was_first_set(study: Study, tmp_path: Path, mark: str) -> None:
    finished_by_ben(study, tmp_path)
    before = study.project.digest()
    counts = bring_in(
        study,
        tmp_path,
        f"harbour,{at('a bed')},housing,ben,r1,,\n",
        f"r1,reliability,,0,open,harbour,ben,{mark}\n",
    )
    assert counts == {"already there": 1}
    assert mark_of(study) == "2026-01-05T10:00:00Z"
    assert study.project.digest() == before


def test_an_import_never_lifts_a_finished_mark(study: Study, tmp_path: Path) -> None:
    finished_by_ben(study, tmp_path)
    with pytest.raises(InputProblems, match=r'marks\.csv:2: ben has finished "harbour"'):
        bring_in(study, tmp_path, "", "r1,reliability,,0,open,harbour,ben,no\n")
    assert mark_of(study) == "2026-01-05T10:00:00Z"


def test_codings_into_a_finished_document_are_problems_with_their_lines(
    study: Study, tmp_path: Path
) -> None:
    finished_by_ben(study, tmp_path)
    with pytest.raises(InputProblems, match=r'codings\.csv:3: ben has finished "harbour".*"r1"'):
        bring_in(
            study,
            tmp_path,
            f"harbour,{at('a bed')},housing,ben,r1,,\nharbour,{at('weeks')},timing,ben,r1,,\n",
        )


def test_an_assignment_that_contradicts_itself_is_a_problem(study: Study, tmp_path: Path) -> None:
    row = "r1,reliability,,0,open,harbour,ben,"
    with pytest.raises(InputProblems, match=r"marks\.csv:3: this assignment is there twice"):
        bring_in(study, tmp_path, "", f"{row}2026-01-05\n{row}no\n")
    with pytest.raises(InputProblems, match=r"marks\.csv:3: this assignment is there twice"):
        bring_in(study, tmp_path, "", f"{row}yes\nr1,reliability,,0,open,Harbour,Ben,no\n")


def test_the_same_decision_twice_is_there_already(study: Study, tmp_path: Path) -> None:
    finished_by_ben(study, tmp_path)
    row = f"r1,harbour,housing,{at('a bed')},present,,agreed,ana,\n"
    assert bring_in(study, tmp_path, "", decisions=DECISIONS + row + row) == {
        "adjudications": 1,
        "already there": 1,
    }
    assert bring_in(study, tmp_path, "", decisions=DECISIONS + row) == {"already there": 1}


def test_another_decision_on_the_same_passage_is_a_problem_with_its_line(
    study: Study, tmp_path: Path
) -> None:
    finished_by_ben(study, tmp_path)
    row = f"r1,harbour,housing,{at('a bed')},"
    bring_in(study, tmp_path, "", decisions=f"{DECISIONS}{row}present,,agreed,ana,\n")
    with pytest.raises(InputProblems, match=r"decisions\.csv:2: .*decided otherwise"):
        bring_in(study, tmp_path, "", decisions=f"{DECISIONS}{row}absent,,,ana,\n")


def test_a_decision_needs_a_date_that_is_one(study: Study, tmp_path: Path) -> None:
    finished_by_ben(study, tmp_path)
    row = f"r1,harbour,housing,{at('a bed')},present,,agreed,ana,last week\n"
    with pytest.raises(InputProblems, match=r"decisions\.csv:2: decided_at is no date"):
        bring_in(study, tmp_path, "", decisions=DECISIONS + row)


def test_a_file_with_a_byte_order_mark_and_a_huge_number_is_read(
    study: Study, tmp_path: Path
) -> None:
    with pytest.raises(InputProblems, match=r"codings\.csv:2: .*past the end"):
        bring_in(study, tmp_path, f"harbour,1,{10**30},housing,ben,,,\n")

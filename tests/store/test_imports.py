"""Codings made elsewhere: all of them or none, every problem with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.errors import InputProblems
from qualcode.reports.codings import import_codings
from qualcode.store.check import check
from tests.store.conftest import Study
from tests.store.texts import HARBOUR

HEADER = "document,start,stop,code,coder,round,memo,valence\n"
MARKS = "round,purpose,codebook_version,blind,state,document,coder,finished\n"


def at(words: str) -> str:
    start = HARBOUR.index(words)
    return f"{start},{start + len(words)}"


def bring_in(
    study: Study, folder: Path, rows: str, marks: str = "", decisions: str = ""
) -> dict[str, int]:
    files = {"codings.csv": HEADER + rows, "marks.csv": MARKS + marks, "decisions.csv": decisions}
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return import_codings(
        study.project,
        codings=[folder / "codings.csv"],
        assignments=folder / "marks.csv" if marks else None,
        adjudications=folder / "decisions.csv" if decisions else None,
        by=study.ana,
    )


def test_codings_come_with_rounds_marks_and_new_coders(study: Study, tmp_path: Path) -> None:
    counts = bring_in(
        study,
        tmp_path,
        f"harbour,{at('a bed')},housing,cam,r1,why,barrier\n"
        f"Harbour,{at('her name')},Warm Handoff,ben,r1,,\n",
        "r1,reliability,,1,closed,harbour,cam,2026-01-05T10:00:00Z\n"
        "r1,reliability,,1,closed,harbour,ben,no\n",
    )
    assert counts == {
        "coders": 1, "rounds": 1, "assignments": 2, "codings": 2, "memos": 1, "finished marks": 1,
    }  # fmt: skip
    rows = study.project.codings.table("r1").records()
    assert [(r["coder"], r["code"], r["memo"], r["made_by"]) for r in rows] == [
        ("ben", "handoff", None, "import"),
        ("cam", "housing", "why", "import"),
    ]
    status = {r["coder"]: (r["status"], r["state"]) for r in study.project.rounds.coverage()}
    assert status == {"cam": ("finished", "closed"), "ben": ("unfinished", "closed")}
    assert all(result.ok for result in check(study.path))


def test_importing_the_same_twice_adds_nothing(study: Study, tmp_path: Path) -> None:
    row = f"harbour,{at('a bed')},housing,ben,,,\n"
    bring_in(study, tmp_path, row)
    before = study.project.digest()
    assert bring_in(study, tmp_path, row) == {"already there": 1}
    assert study.project.digest() == before


def test_all_problems_come_at_once_and_nothing_is_stored(study: Study, tmp_path: Path) -> None:
    before = study.project.digest()
    with pytest.raises(InputProblems) as caught:
        bring_in(
            study,
            tmp_path,
            "nowhere,1,5,housing,ben,,,\n"
            "harbour,1,99999,housing,ben,,,\n"
            "harbour,5,5,housing,ben,,,\n"
            "harbour,1,5,joy,ben,,,\n"
            "harbour,1,5,housing,ben,r9,,\n",
        )
    lines = str(caught.value).split("\n")
    assert [line.split("codings.csv:")[1].split(" ", 1)[0] for line in lines] == [
        "2:", "3:", "4:", "5:", "6:",
    ]  # fmt: skip
    assert 'no document "nowhere"' in lines[0]
    assert "past the end" in lines[1]
    assert 'no code "joy"' in lines[3]
    assert 'no round "r9"' in lines[4]
    assert study.project.digest() == before


def test_problems_of_form_come_with_their_lines_too(study: Study, tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match=r"codings\.csv:2: start is not a whole number"):
        bring_in(study, tmp_path, "harbour,one,5,housing,ben,,,\n")
    with pytest.raises(InputProblems, match=r"codings\.csv:2: valence is none of facilitator"):
        bring_in(study, tmp_path, "harbour,1,5,housing,ben,,,good\n")


def test_a_closed_round_takes_no_import(study: Study, tmp_path: Path) -> None:
    marks = "r1,reliability,,1,closed,harbour,ben,yes\n"
    bring_in(study, tmp_path, f"harbour,{at('a bed')},housing,ben,r1,,\n", marks)
    with pytest.raises(InputProblems, match="closed"):
        bring_in(study, tmp_path, f"harbour,{at('weeks')},housing,ben,r1,,\n")


def test_decisions_change_no_coding(study: Study, tmp_path: Path) -> None:
    counts = bring_in(
        study,
        tmp_path,
        f"harbour,{at('a bed')},housing,ben,r1,,\n",
        "r1,reliability,,0,open,harbour,ben,yes\n",
        "round,document,code,start,stop,decision,new_code,reason,decided_by\n"
        f"r1,harbour,housing,{at('a bed')},recode,handoff,it was the passing on,ana\n",
    )
    assert counts["adjudications"] == 1
    (decision,) = study.project.adjudications.list()
    assert (decision.decision, decision.reason) == ("recode", "it was the passing on")
    assert study.project.codings.table().column("code") == ["housing"]


def test_one_undo_takes_an_import_back(study: Study, tmp_path: Path) -> None:
    bring_in(study, tmp_path, f"harbour,{at('a bed')},housing,ben,,,\n")
    study.project.history.undo(study.ana)
    assert study.project.codings.list() == []
    assert study.project.rounds.coverage().rows == []

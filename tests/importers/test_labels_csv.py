"""A label table from CSV or XLSX."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.errors import InputProblems
from qualcode.importers.labels_csv import LabelRow, read_labels
from qualcode.text.roster import LabelDecision
from tests.importers.xlsx_files import workbook


def table(folder: Path, content: str) -> Path:
    path = folder / "labels.csv"
    path.write_text(content, encoding="utf-8")
    return path


def test_rows_become_decisions_with_their_lines(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "label,speaker,role,kind,participant\n"
        'CM,Carla Mendez,Moderator,speaker,P01\n\n"AB, CD",AB; CD,,joint,\n'
        "Agenda,,,not a speaker,\n",
    )
    assert read_labels(path) == [
        LabelRow(2, LabelDecision("CM", "Carla Mendez", "moderator", "speaker", "P01")),
        LabelRow(4, LabelDecision("AB, CD", "AB; CD", "", "joint")),
        LabelRow(5, LabelDecision("Agenda", "", "", "not a speaker")),
    ]
    assert read_labels(path)[1].decision.speakers == ["AB", "CD"]


def test_the_column_of_participants_may_be_missing(tmp_path: Path) -> None:
    (row,) = read_labels(table(tmp_path, "label,speaker,role,kind\nCM,Carla,,\n"))
    assert row.decision == LabelDecision("CM", "Carla")


def test_a_blank_kind_is_joint_where_several_speak(tmp_path: Path) -> None:
    (row,) = read_labels(table(tmp_path, 'label;speaker;role;kind\nBoth;"A;B";;\n'))
    assert row.decision.kind == "joint"


def test_columns_that_only_inform_are_left_alone(tmp_path: Path) -> None:
    path = table(tmp_path, "label,turns,speaker,role,kind,proposed,why,note\nCM,9,CM,,,x,y,z\n")
    assert read_labels(path)[0].decision == LabelDecision("CM", "CM")


def test_a_speaker_kept_in_the_row_of_what_is_no_speaker_does_not_matter(tmp_path: Path) -> None:
    path = table(tmp_path, "label,speaker,role,kind\nAgenda,Agenda,participant,not a speaker\n")
    assert read_labels(path)[0].decision.speakers == []


def test_all_problems_come_at_once_with_their_lines(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "label,speaker,role,kind,participant\n"
        "CM,A;B,boss,speaker,\n"
        "CM,,,,\n"
        ",x,,what,\n"
        "PO,Q,,joint,\n"
        "DB,Z,other,,P01\n"
        "TT,z,moderator,,P02\n"
        "UU,D;E,other;other;other,joint,\n",
    )
    with pytest.raises(InputProblems) as raised:
        read_labels(path)
    assert [(one.line, one.message) for one in raised.value.problems] == [
        (2, "Several speakers share a label only if its kind is joint."),
        (2, "role is none of participant, moderator, other."),
        (3, 'label "CM" is there twice.'),
        (4, "kind is none of speaker, not a speaker, joint."),
        (4, "label is empty."),
        (5, "A joint label needs two speakers or more, parted by ;."),
        (7, 'participant of "Z" is P01 in another row.'),
        (7, 'role of "Z" is other in another row.'),
        (8, "role says one thing for all speakers or one for each of the 2."),
    ]


def test_missing_and_strange_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputProblems) as raised:
        read_labels(table(tmp_path, "label,speaker,colour\nCM,CM,red\n"))
    assert [one.message for one in raised.value.problems] == [
        "Not a column of a label table (label, speaker, role, kind, participant): colour.",
        "There is no column role, kind.",
    ]


def test_a_table_without_rows_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="no rows"):
        read_labels(table(tmp_path, "label,speaker,role,kind\n"))


def test_a_workbook_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "labels.xlsx"
    path.write_bytes(
        workbook(labels=[["label", "speaker", "role", "kind"], ["CM", "Carla", "", ""]])
    )
    assert read_labels(path) == [LabelRow(2, LabelDecision("CM", "Carla"))]

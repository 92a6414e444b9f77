"""A document's label table as a report."""

from __future__ import annotations

from pathlib import Path

import qualcode
from qualcode.model import NamedReading, Table
from qualcode.reports.labels import COLUMNS, known_before, label_table, said
from qualcode.text.roster import LabelDecision
from tests.store.texts import reading

TALK = """CM: Hello.

PO: Hi.

CM, PO: We came late.

CM: So.

PO: Yes.
"""
OTTER = "CM  0:03\nHello.\n\n0:09\nWho am I?\n\nCM  0:12\nSo.\n"


def table(folder: Path, text: str, *decisions: LabelDecision) -> Table:
    with qualcode.create(folder / "p.qualcode", title="Talk", coder="ana") as project:
        named = [NamedReading("talk", reading(text))]
        added = project.documents.add_all(named, by=project.acting("ana"), labels=decisions)
        return label_table(project, added.documents[0].id)


def test_voices_that_have_rows_of_their_own_say_role_and_participant_there(tmp_path: Path) -> None:
    found = table(tmp_path, TALK, LabelDecision("CM", "CM", "moderator", participant="P01"))
    assert list(found.columns) == list(COLUMNS)
    assert [row[:5] for row in found.rows] == [
        ("CM", "CM", "moderator", "speaker", "P01"),
        ("PO", "PO", "participant", "speaker", None),
        ("CM, PO", "CM;PO", None, "joint", None),
    ]


def test_voices_that_have_none_say_it_in_the_row_they_join_in(tmp_path: Path) -> None:
    both = LabelDecision("CM, PO", "CM;Dana", ";moderator", "joint", ";P09")
    assert table(tmp_path, TALK, both).rows[2][:5] == (
        "CM, PO",
        "CM;Dana",
        "participant;moderator",
        "joint",
        ";P09",
    )


def test_turns_without_a_label_are_counted_in_a_note(tmp_path: Path) -> None:
    found = table(tmp_path, OTTER)
    assert found.column("label") == ["CM"]
    assert list(found.notes) == ["1 turn has no label: the file does not say who speaks."]


def test_decisions_are_said_in_words() -> None:
    assert said(LabelDecision("x", "", kind="not a speaker")) == "not a speaker"
    assert said(LabelDecision("x", "Ana;Ben", "participant", "joint")) == "Ana and Ben"
    assert said(LabelDecision("x", "Ana", "moderator", participant="P1")) == "Ana (moderator, P1)"


def test_what_holds_by_itself_is_not_worth_telling(tmp_path: Path) -> None:
    with qualcode.create(tmp_path / "p.qualcode", title="Talk", coder="ana") as project:
        ana = project.acting("ana")
        document = project.documents.add(reading(TALK), "talk", by=ana)
        assert list(known_before(project.speakers.labels(document.id))) == []
        decisions = [
            LabelDecision("CM", "CM", participant="P01"),
            LabelDecision("PO", "Pat"),
            LabelDecision("CM, PO", "", kind="not a speaker"),
        ]
        project.speakers.decide(document.id, decisions, by=ana)
        assert list(known_before(project.speakers.labels(document.id))) == [
            "CM (P01)",
            "PO is Pat",
            "CM, PO is not a speaker",
        ]

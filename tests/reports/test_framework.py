"""The framework matrix: a person's summaries, counts and locators; never a generated word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qualcode.errors import Refused
from qualcode.reports.framework import framework
from qualcode.reports.memos import memos
from tests.reports.studies import Study


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study(tmp_path / "s.qualcode", ["trust", ("hope", "trust"), "fear"])
    made.document("fg", "M: So?\n\nP1: I trusted her.\n\nP2: I hoped.\n\nM: Yes?\n\nP1: Yes.\n")
    made.document("notes", "They met at noon.\n\nHe was afraid.\n\nShe went on.\n")
    made.participants(
        {"participant": "A", "speaker": "P1", "role": "participant"},
        {"participant": "B", "speaker": "P2", "role": "participant"},
        {"participant": "Mod", "speaker": "M", "role": "moderator"},
    )
    made.code("ana", "fg", "trust", "I trusted her.", "Yes.")
    made.code("ana", "fg", "hope", "trusted her.\n\nP2: I hoped.")
    made.code("ana", "notes", "fear", "afraid.\n\nShe went on.")
    made.finish("ana", "fg", "notes")
    yield made
    made.project.close()


def summarise(study: Study, words: str, code: str, **case: str) -> None:
    project = study.project
    people = {p.label: p.id for p in project.participants.list()}
    on: dict[str, Any] = (
        {"document_id": study.documents[case["document"]].id}
        if "document" in case
        else {"participant_id": people[case["participant"]]}
    )
    code_id = project.codebook.named(code).id
    project.memos.write(words, by=study.coders["ana"], kind="summary", code_id=code_id, **on)


def cells(study: Study, **options: Any) -> dict[tuple[Any, Any], dict[str, Any]]:
    return {(row["case"], row["code"]): row for row in framework(study.project, **options)}


def test_a_cell_has_the_count_and_the_turns_of_its_codings(study: Study) -> None:
    found = cells(study)
    assert (found["fg", "trust"]["codings"], found["fg", "trust"]["locators"]) == (2, "2–3, 5")
    assert found["fg", "hope"]["locators"] == "2–3"
    assert found["notes", "fear"]["locators"] == "¶2–3"
    own = cells(study, own=True)
    assert own["fg", "trust"]["locators"] == "2, 5"


def test_a_participants_cell_names_the_documents(study: Study) -> None:
    found = cells(study, case="participant")
    assert {case for case, _ in found} == {"A", "B"}
    assert found["A", "trust"]["locators"] == "fg 2, 5"
    assert (found["B", "trust"]["codings"], found["B", "trust"]["locators"]) == (1, "fg 3")


def test_a_summary_is_what_somebody_wrote_and_an_empty_cell_says_why(study: Study) -> None:
    summarise(study, "She trusts slowly.", "trust", document="fg")
    summarise(study, "And twice.", "trust", document="fg")
    found = cells(study)
    assert found["fg", "trust"]["summary"] == "She trusts slowly.\n\nAnd twice."
    assert (found["fg", "trust"]["state"], found["fg", "trust"]["summary_by"]) == ("summary", "ana")
    assert (found["fg", "hope"]["state"], found["fg", "hope"]["summary"]) == (
        "no summary written", None,
    )  # fmt: skip
    assert found["notes", "trust"]["state"] == "nothing coded"


def test_a_summary_of_a_participant_is_not_one_of_a_document(study: Study) -> None:
    summarise(study, "Wary.", "trust", participant="A")
    assert cells(study)["fg", "trust"]["summary"] is None
    assert cells(study, case="participant")["A", "trust"]["summary"] == "Wary."


def test_a_summary_moves_with_a_code_that_is_merged(study: Study) -> None:
    summarise(study, "Afraid at noon.", "fear", document="notes")
    codes = study.project.codebook
    codes.merge(codes.named("fear").id, codes.named("trust").id, by=study.coders["ana"])
    assert cells(study)["notes", "trust"]["summary"] == "Afraid at noon."


def test_the_chart_to_be_read_has_a_row_per_case(study: Study) -> None:
    summarise(study, "She trusts slowly.", "trust", document="fg")
    table = framework(study.project, wide=True)
    assert table.columns == ["case", "trust", "hope", "fear"]
    assert table.rows[0] == (
        "fg", "She trusts slowly.\n(2: 2–3, 5)", "[no summary written]\n(1: 2–3)",
        "[nothing coded]",
    )  # fmt: skip


def test_a_summary_of_a_case_that_is_not_read_is_told_of(study: Study) -> None:
    study.document("late", "P1: No.\n\nP2: Well.\n\nP1: So.\n")
    summarise(study, "Not yet.", "trust", document="late")
    assert any("left out: late" in note for note in framework(study.project).notes)


def test_a_summary_goes_when_its_memo_is_undone_and_memos_are_listed(study: Study) -> None:
    summarise(study, "Wary.", "trust", participant="A")
    row = memos(study.project, kind="summary").records()[0]
    assert (row["code"], row["participant"], row["memo"]) == ("trust", "A", "Wary.")
    assert len(memos(study.project, code="fear")) == 0
    study.project.history.undo(study.coders["ana"])
    assert cells(study, case="participant")["A", "trust"]["summary"] is None


def test_a_summary_of_a_document_and_a_participant_at_once_is_refused(study: Study) -> None:
    with pytest.raises(Refused):
        study.project.memos.write(
            "No.", by=study.coders["ana"], kind="summary",
            code_id=study.project.codebook.named("trust").id,
            document_id=study.documents["fg"].id,
            participant_id=study.project.participants.list()[0].id,
        )  # fmt: skip

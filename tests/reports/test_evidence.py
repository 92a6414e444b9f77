"""The evidence matrix: counts by cell, what contradicts, and one quote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qualcode.errors import UnknownName
from qualcode.model import Table
from qualcode.reports.evidence import evidence
from qualcode.reports.themes import frequency
from tests.reports.studies import Study

LONG = "I liked her " + "and I said so " * 20 + "to everybody."


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study(tmp_path / "s.qualcode", ["trust", ("hope", "trust"), "fear"])
    made.document(
        "n", f"Moderator: Did you trust her?\n\nP1: I trusted her. {LONG}\n\nP2: I never did.\n",
        place="north",
    )  # fmt: skip
    made.document(
        "s", "P3: I trusted him from the first day.\n\nModerator: And?\n\nP3: Yes.\n", place="south"
    )
    made.participants(
        {"participant": "A", "speaker": "P1", "job": "officer"},
        {"participant": "B", "speaker": "P2", "job": "nurse"},
        {"participant": "C", "speaker": "P3", "job": "nurse"},
    )
    made.code("ana", "n", "trust", "I trusted her.", valence="facilitator")
    made.code("ana", "n", "hope", LONG, valence="facilitator")
    made.code("ana", "n", "trust", "I never did.", valence="barrier", disconfirming=True)
    made.code("ana", "n", "trust", "Did you trust her?", exemplar=True)
    made.code("ana", "s", "trust", "I trusted him from the first day.", valence="mixed")
    made.code("ana", "s", "trust", "Yes.")
    made.code("ana", "s", "fear", "Yes.", exemplar=True)
    made.code("ana", "s", "fear", "I trusted him from the first day.")
    made.finish("ana", "n", "s")
    yield made
    made.project.close()


def cells(table: Table) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {(row["code"], row["site"], row["stakeholder"]): row for row in table}


def matrix(study: Study, **options: Any) -> dict[tuple[Any, ...], dict[str, Any]]:
    return cells(evidence(study.project, site="place", stakeholder="job", **options))


def test_each_cell_counts_people_documents_and_valence(study: Study) -> None:
    found = matrix(study)
    whole = found["trust", "*", "*"]
    assert (whole["participants"], whole["n_participants"]) == (3, 3)
    assert (whole["facilitator"], whole["barrier"], whole["mixed"], whole["no_valence"]) == (
        2, 1, 1, 1,
    )  # fmt: skip
    cell = found["trust", "south", "nurse"]
    assert (cell["participants"], cell["n_participants"], cell["documents"]) == (1, 1, 1)
    assert (cell["mixed"], cell["no_valence"], cell["codings"]) == (1, 1, 2)
    assert ("trust", "south", "officer") not in found  # nobody there


def test_its_counts_are_those_of_the_frequency_table(study: Study) -> None:
    by_job = {(row["code"], row["group"]): row for row in frequency(study.project, by="job")}
    for (code, _, job), row in matrix(study).items():
        if job == "officer" or job == "*":
            for column in ("codings", "participants", "facilitator", "no_valence"):
                assert row[column] == by_job[code, job][column]


def test_disconfirming_is_a_count_a_recorded_search_or_not_searched(study: Study) -> None:
    study.project.memos.write(
        "Read all of d.", by=study.coders["ana"], kind="negative-case-search",
        code_id=study.project.codebook.named("trust").id,
    )  # fmt: skip
    found = matrix(study)
    assert found["trust", "north", "nurse"]["disconfirming"] == "1"
    assert found["trust", "south", "nurse"]["disconfirming"] == "none found (search recorded)"
    assert found["fear", "*", "*"]["disconfirming"] == "not searched"
    assert found["hope", "*", "*"]["disconfirming"] == "not searched"  # the memo is on trust
    assert found["trust", "*", "*"]["disconfirming_codings"] == 1


def test_a_note_of_another_kind_is_no_search(study: Study) -> None:
    study.project.memos.write(
        "Looked a bit.", by=study.coders["ana"], code_id=study.project.codebook.named("fear").id
    )
    assert matrix(study)["fear", "*", "*"]["disconfirming"] == "not searched"


def test_without_a_marked_exemplar_the_fullest_short_quote_stands_for_the_cell(
    study: Study,
) -> None:
    found = matrix(study)
    assert found["trust", "south", "nurse"]["exemplar"] == "I trusted him from the first day."
    assert found["trust", "north", "officer"]["exemplar"] == "I trusted her."  # hope's is long
    assert found["hope", "north", "officer"]["exemplar"] == LONG  # there is no other
    assert found["hope", "north", "nurse"]["exemplar"] is None
    cell = found["trust", "north", "officer"]
    assert (cell["exemplar_document"], cell["exemplar_turns"]) == ("n", "2")
    assert (cell["exemplar_participant"], cell["exemplar_marked"]) == ("A", False)
    ids = study.project.codings.table().column("coding_id")
    assert cell["excerpt_id"] in ids


def test_a_marked_exemplar_comes_first_but_never_a_moderators(study: Study) -> None:
    found = matrix(study)
    assert found["fear", "*", "*"]["exemplar"] == "Yes."
    assert found["fear", "*", "*"]["exemplar_marked"] is True
    assert found["trust", "*", "*"]["exemplar"] != "Did you trust her?"


def test_only_the_codes_asked_for_are_shown(study: Study) -> None:
    assert {code for code, _, _ in matrix(study, codes=["FEAR"])} == {"fear"}
    with pytest.raises(UnknownName):
        matrix(study, codes=["joy"])
    with pytest.raises(UnknownName):
        evidence(study.project, site="planet", stakeholder="job")

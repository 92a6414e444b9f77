"""Saturation of a project: which documents, in which order, and who said it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.errors import UnknownName, UsageProblem
from qualcode.reports.saturation import saturation, told
from tests.reports.studies import Study
from tests.store.texts import reading

CODES: list[str | tuple[str, str]] = ["a", "b", "c", ("c1", "c"), "d"]


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study(tmp_path / "s.qualcode", CODES)
    yield made
    made.project.close()


def interviews(study: Study, *codes: str, **attributes: str) -> None:
    """One finished interview for each string of codes; P1 says them all."""
    for n, each in enumerate(codes, len(study.documents) + 1):
        name = f"d{n}"
        study.document(name, f"P{n}: One {name}.\n\nM: Two.\n", **attributes)
        for code in each.split():
            study.code("ana", name, code, f"One {name}.")
        study.finish("ana", name)


def test_each_document_adds_its_new_codes_in_the_order_of_import(study: Study) -> None:
    interviews(study, "a b", "b", "c1", "a", "b", "", "d")
    table = saturation(study.project, orders=50)
    assert table.column("new_codes") == [2, 0, 1, 0, 0, 0, 1]
    assert table.column("codes") == [2, 2, 3, 3, 3, 3, 4]
    assert table.column("run_ratio") == [None, None, None, None, 0.0, pytest.approx(1 / 3), None]
    assert set(table.column("saturation")) == {"4+2"}
    assert any("order of import" in note and "d1" in note for note in table.notes)
    assert any("code saturation" in note for note in table.notes)


def test_documents_stand_in_the_order_of_their_dates_where_all_have_one(study: Study) -> None:
    for name, on in (("late", "2024-06-01"), ("early", "2024-01-01")):
        study.documents[name] = study.project.documents.add(
            reading(f"P1: So {name}.\n"), name, by=study.coders["ana"], collected_on=on
        )
    study.document("middle", "P1: So middle.\n", collected_on="2024-03-01")
    study.finish("ana", "late", "early", "middle")
    table = saturation(study.project)
    assert table.column("document") == ["early", "middle", "late"]
    assert table.column("collected_on") == ["2024-01-01", "2024-03-01", "2024-06-01"]
    assert any("collection dates" in note for note in table.notes)


def test_a_word_that_is_no_date_makes_no_order(study: Study) -> None:
    study.document("z", "P1: So.\n", collected_on="spring")
    study.document("y", "P1: But.\n", collected_on="2024-03-01")
    study.finish("ana", "z", "y")
    assert saturation(study.project).column("document") == ["z", "y"]


def test_too_few_documents_have_no_figure_but_a_reason(study: Study) -> None:
    interviews(study, "a", "b", "c1")
    table = saturation(study.project)
    row = table.records()[0]
    assert (row["base_codes"], row["reached"], row["codes_low"]) == (None, None, None)
    assert row["reason"] == "too_few_documents"
    assert list(told(table)) == ["All documents: too few documents for a base and one run."]


def test_a_group_is_followed_through_its_own_documents(study: Study) -> None:
    interviews(study, "a", "b", site="north")
    interviews(study, "a b c1", site="south")
    table = saturation(study.project, group="site")
    groups = {(row["group"], row["document"]): row["new_codes"] for row in table}
    assert groups["north", "d2"] == 1
    assert groups["south", "d3"] == 3
    assert ("north", "d3") not in groups


def test_what_a_moderator_says_brings_no_code(study: Study) -> None:
    study.document("d", "Moderator: Was it hope?\n\nP1: Yes.\n")
    study.code("ana", "d", "a", "Was it hope?")
    study.finish("ana", "d")
    assert saturation(study.project).column("new_codes") == [0]
    assert saturation(study.project, include_moderator=True).column("new_codes") == [1]


def test_impossible_settings_are_refused(study: Study) -> None:
    interviews(study, "a")
    with pytest.raises(UsageProblem):
        saturation(study.project, base=0)
    with pytest.raises(UnknownName):
        saturation(study.project, group="shoe size")


@pytest.mark.parametrize("threshold", [math.nan, math.inf, -0.1])
def test_a_threshold_that_nothing_can_be_measured_by_is_refused(
    study: Study, threshold: float
) -> None:
    interviews(study, "a")
    with pytest.raises(UsageProblem, match="threshold"):
        saturation(study.project, threshold=threshold)


def test_more_orders_than_anybody_can_wait_for_are_refused(study: Study) -> None:
    interviews(study, "a")
    with pytest.raises(UsageProblem, match="At most 100,000 orders, not 100,000,000"):
        saturation(study.project, orders=100_000_000)

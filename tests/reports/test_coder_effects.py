"""What each coder does to the figures, who finished what, and figures that stay as they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qualcode.errors import StillBlind, UsageProblem
from qualcode.reports.agreement import agreement
from qualcode.reports.coder_effects import COLUMNS, COVERAGE, coder_effects, coverage
from tests.reports.studies import Study

TEXT = "P1: aa now. bb now. cc now. dd now.\n\nX: Then.\n"


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Two documents of six sentences; cho has done the first alone with the others."""
    made = Study(tmp_path / "s.qualcode", ["trust", "fear"])
    for name in ("one", "two"):
        made.document(name, f"{TEXT}\nP1: Of {name}.\n")
    made.round("r1", {"one": ["ana", "ben", "cho"], "two": ["ana", "ben"]})
    for coder, document, letters in (
        ("ana", "one", "ab"), ("ben", "one", "ab"), ("cho", "one", "cd"), ("ana", "two", "a"),
        ("ben", "two", "a"),
    ):  # fmt: skip
        for letter in letters:
            made.code(coder, document, "trust", f"{letter}{letter} now", round="r1")
    made.finish("ana", "one", "two", round="r1")
    made.finish("ben", "one", "two", round="r1")
    made.finish("cho", "one", round="r1")
    yield made
    made.project.close()


def effect(study: Study, coder: str, code: str = "trust", **how: Any) -> dict[str, Any]:
    (row,) = [
        r for r in coder_effects(study.project, **how) if (r["coder"], r["code"]) == (coder, code)
    ]
    return row


def test_a_rate_is_the_share_of_shared_units_given_the_code(study: Study) -> None:
    study.close("r1")
    ana, cho = effect(study, "ana"), effect(study, "cho")
    assert (ana["rate"], ana["n_present"], ana["n_units"], ana["n_documents"]) == (
        3 / 12, 3, 12, 2,
    )  # fmt: skip
    assert (cho["rate"], cho["n_present"], cho["n_units"], cho["n_documents"]) == (2 / 6, 2, 6, 1)
    assert list(coder_effects(study.project).columns) == COLUMNS


def test_agreement_without_the_one_who_differs_is_perfect(study: Study) -> None:
    study.close("r1")
    rows = [
        r for r in agreement(study.project, resamples=10)
        if (r["code"], r["statistic"]) == ("trust", "krippendorff_alpha")
    ]  # fmt: skip
    assert effect(study, "cho")["alpha"] == rows[0]["value"]
    assert effect(study, "cho")["alpha_without"] == 1
    assert effect(study, "ana")["alpha_without"] < 0.2


def test_of_two_coders_nothing_is_left_without_one(study: Study) -> None:
    study.close("r1")
    row = effect(study, "ana", coders=["ana", "ben"])
    assert (row["alpha"], row["alpha_without"]) == (1, None)
    assert (row["status"], row["reason"]) == ("undefined", "single_coder")


def test_an_unused_code_has_a_rate_of_nought_and_a_reason(study: Study) -> None:
    study.close("r1")
    row = effect(study, "ana", "fear")
    assert (row["rate"], row["alpha"], row["reason"]) == (0, None, "code_never_used")
    assert effect(study, "ana", "*")["n_units"] == 24


def test_coverage_is_marks_alone(study: Study) -> None:
    study.close("r1")
    table = coverage(study.project)
    assert list(table.columns) == COVERAGE
    assert [(r["document"], r["coder"], r["status"]) for r in table][:3] == [
        ("one", "ana", "finished"), ("one", "ben", "finished"), ("one", "cho", "finished"),
    ]  # fmt: skip


def test_both_refuse_an_open_blind_round(study: Study) -> None:
    for table in (coder_effects, coverage):
        with pytest.raises(StillBlind):
            table(study.project, rounds=["r1"])
    with pytest.raises(StillBlind):
        coder_effects(study.project)


def test_segments_have_no_rate(study: Study) -> None:
    study.close("r1")
    with pytest.raises(UsageProblem):
        coder_effects(study.project, unit="segment")


# Figures of a closed round stay on the sentences that it was counted on


def figures(study: Study) -> tuple[list[Any], str]:
    table = agreement(study.project, rounds=["r1"], resamples=50)
    return list(table.rows), table.provenance["data"]["unit_cut"]


def cut_anew(study: Study) -> None:
    """Let another maker cut document one into a single sentence."""
    document = study.documents["one"].id
    with study.project.history.action("add document", study.coders["ana"]) as action:
        values = {"kind": "sentence", "maker": "another/2", "created_at": "2026-01-01T00:00:00Z"}
        cut = action.insert("segmentation", values)
        start = study.project.documents.text(document).index("aa")
        action.put_layer("unit", [cut, document], [(1, start, start + 31)])


def test_a_later_cut_changes_no_figure_of_a_closed_round(study: Study) -> None:
    study.close("r1")
    before = figures(study)
    cut_anew(study)
    assert figures(study) == before


def test_it_changes_those_of_a_round_that_is_open(study: Study) -> None:
    round_ = study.project.rounds.named("r1")
    study.project.rounds.unblind(round_.id, by=study.coders["ana"], reason="pilot")
    before = figures(study)
    cut_anew(study)
    after = figures(study)
    assert after[1] != before[1]
    assert after[0] != before[0]
    study.close("r1")
    assert figures(study)[1] == after[1]


# Documents that were discussed before


def again(study: Study, *, finished: str) -> None:
    """A second round on document one, finished at that time."""
    study.round("r2", {"one": ["ana", "ben"]})
    study.finish("ana", "one", round="r2")
    study.finish("ben", "one", round="r2")
    round_ = study.project.rounds.named("r2")
    with study.project.history.action("finish document", study.coders["ana"]) as action:
        for one in study.project.rounds.assignments(round_.id):
            action.put("assignment", one.id, {"finished_at": finished})
    study.close("r2")


def flags(study: Study, name: str) -> set[str]:
    table = agreement(study.project, rounds=[name], resamples=10)
    return {flag for row in table for flag in str(row["flags"]).split()}


def discuss(study: Study) -> None:
    study.close("r1")
    r1 = study.project.rounds.named("r1")
    document = study.documents["one"].id
    study.project.adjudications.discuss(r1.id, document, by=study.coders["ana"])


def test_a_document_discussed_before_it_is_coded_again_is_flagged_and_named(
    study: Study,
) -> None:
    discuss(study)
    again(study, finished="2999-01-01T00:00:00Z")
    assert "discussed" in flags(study, "r2")
    notes = agreement(study.project, rounds=["r2"], resamples=10).notes
    assert any(note.startswith('Round "r2": one: discussed in another round') for note in notes)


def test_the_round_that_was_discussed_itself_is_not_flagged(study: Study) -> None:
    discuss(study)
    again(study, finished="2999-01-01T00:00:00Z")
    assert "discussed" not in flags(study, "r1")


def test_a_document_finished_before_it_was_discussed_elsewhere_is_not_flagged(
    study: Study,
) -> None:
    discuss(study)
    again(study, finished="2001-01-01")
    assert "discussed" not in flags(study, "r2")

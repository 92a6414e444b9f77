"""What the sample study tells of its rounds: who drifts, who agrees with themselves, what is left."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.model import Table
from qualcode.project import Project
from qualcode.reports.agreement import agreement
from qualcode.reports.drift import drift
from qualcode.reports.rounds import draw, plan, sample_table
from tests.stories.planted import finds, planted


@pytest.fixture
def change(sample: Project) -> Table:
    return drift(sample)


def row(
    table: Table, statistic: str, coder: str | None, earlier: str, later: str
) -> dict[str, Any]:
    (found,) = [
        r
        for r in table
        if (r["statistic"], r["code"], r["coder"], r["earlier"], r["later"])
        == (statistic, "*", coder, earlier, later)
    ]
    return found


@finds("coder_drift")
def test_the_coder_who_codes_ever_less_late_on_is_found_and_no_other(change: Table) -> None:
    item = planted()["coder_drift"]
    name = item["round"]
    drifting = {
        r["coder"]
        for r in change
        if r["statistic"] == "coder_trend" and r["code"] == "*" and "drift" in str(r["flags"])
    }
    assert drifting == {item["coder"]}
    found = row(change, "coder_trend", item["coder"], name, name)
    assert found["change"] < 0
    assert found["ci_high"] < 0


@finds("late_drift")
def test_agreement_in_the_drift_round_is_lower_and_one_document_gives_no_interval(
    change: Table,
) -> None:
    item = planted()["late_drift"]
    after, name = item["after"], item["round"]
    alpha = row(change, "krippendorff_alpha", None, after, name)
    assert alpha["change"] < -0.15
    assert (alpha["ci_low"], alpha["ci_reason"]) == (None, "few_documents")
    shift = row(change, "coder_shift", item["coder"], after, name)
    assert shift["value_later"] < shift["value_earlier"] < 0


def test_the_second_round_agrees_better_than_the_first(change: Table) -> None:
    alpha = row(change, "krippendorff_alpha", None, "round 1", "round 2")
    assert alpha["ci_low"] > 0
    assert "drift" in alpha["flags"].split()


@finds("own_recode")
def test_the_coder_agrees_with_themselves_in_most_of_what_they_coded_anew(
    sample: Project,
) -> None:
    item = planted()["own_recode"]
    table = agreement(sample, rounds=[item["round"]], resamples=200)
    (whole,) = [r for r in table if r["code"] == "*"]
    assert (whole["scope"], whole["coder_a"]) == ("stability", item["coder"])
    assert whole["coder_b"] == f"{item['coder']} ({item['first_round']})"
    assert 0.7 < float(str(whole["value"])) < 0.95


@finds("own_recode")
def test_recoding_is_in_no_other_figure(sample: Project) -> None:
    table = agreement(sample, resamples=10)
    assert planted()["own_recode"]["round"] not in table.column("round")
    assert "stability" not in table.column("scope")


def test_a_plan_from_round_2_says_how_many_documents_each_code_takes(sample: Project) -> None:
    rows: dict[Any, dict[str, Any]] = {r["code"]: r for r in plan(sample)}
    assert rows["*"]["round"] == "round 2"
    assert rows["warm_handoff"]["documents_needed"] > rows["collaboration"]["documents_needed"] > 6
    assert rows["former_adversaries"]["reason"] == "code_in_one_document"


def test_a_sample_draws_only_what_no_pair_has_seen(sample: Project) -> None:
    drawn = draw(sample, "round 3", coders=("coder-a", "coder-b"), strata=("site",), share=1.0)
    table = sample_table(sample, drawn)
    assert set(table.column("document")) == {"A-P1", "X-MOU"}
    names = {d.id: d.name for d in sample.documents.list()}
    assert {names[d] for d in drawn.skipped["discussed"]} == {"A-FG2", "A-INT2", "B-P1"}

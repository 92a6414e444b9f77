"""The methods paragraph and the checklist: every figure is the project's, the rest is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.errors import StillBlind
from qualcode.reports.agreement import agreement
from qualcode.reports.coreq import ITEMS, coreq
from qualcode.reports.methods import methods
from tests.reports.studies import Study

TEXT = """Moderator: How was it?

P1: I trusted her. She came back. We talked.

P2: I was afraid. Nobody called me.
"""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study(tmp_path / "s.qualcode", ["trust", "fear", "never"])
    for n in range(2):
        made.document(f"d{n}", f"{TEXT}\nP3: Number {n}.\n")
    made.round("r1", {"d0": ["ana", "ben"], "d1": ["ana", "ben"]})
    for n in range(2):
        made.code("ana", f"d{n}", "trust", "I trusted her.", round="r1")
        made.code("ana", f"d{n}", "fear", "I was afraid.", round="r1")
        made.code("ben", f"d{n}", "fear", "I was afraid.", round="r1")
    made.code("ben", "d0", "trust", "I trusted her.", round="r1")
    for coder in ("ana", "ben"):
        made.finish(coder, "d0", "d1", round="r1")
    yield made
    made.project.close()


def test_the_figures_are_those_of_the_agreement_table(study: Study) -> None:
    study.close("r1")
    words = " ".join(methods(study.project).paragraphs)
    assert "two coders, blind to each other, coded two of two documents" in words
    assert "12 sentences" in words
    alphas = {
        row["code"]: row["value"]
        for row in agreement(study.project)
        if row["statistic"] == "krippendorff_alpha"
    }
    low = f"{alphas['trust']:.2f}".removeprefix("0")
    assert f"Krippendorff's alpha per code was {low} to 1.00" in words
    assert "For one of three codes it does not exist" in words
    assert "krippendorff" in words


def test_what_only_the_authors_know_is_asked_for(study: Study) -> None:
    study.close("r1")
    words = " ".join(methods(study.project).paragraphs)
    for asked in ("recruitment", "how codes were derived", "how these were chosen"):
        assert f"[state: {asked}" in words


def test_a_drawn_sample_is_told_with_its_seed_and_strata(study: Study) -> None:
    study.close("r1")
    project = study.project
    round_ = project.rounds.named("r1")
    with project.history.action("draw sample", study.coders["ana"]) as action:
        project.settings.put(
            action, f"sample:{round_.id}", '{"seed": 7, "share": 0.2, "strata": ["site"]}'
        )
    words = " ".join(methods(project).paragraphs)
    assert "a random sample stratified by site, seed 7" in words


def test_decisions_are_counted_and_the_figures_stay_independent(study: Study) -> None:
    study.close("r1")
    study.adjudicate("r1", "d1", "trust", "I trusted her.", "present")
    words = " ".join(methods(study.project).paragraphs)
    assert "One disagreement was decided together" in words
    assert "the independent codings stayed as they were" in words


def test_an_open_blind_round_is_left_out_and_refused_by_name(study: Study) -> None:
    words = " ".join(methods(study.project).paragraphs)
    assert "Agreement between coders is not reported" in words
    with pytest.raises(StillBlind):
        methods(study.project, rounds=["r1"])


def test_the_checklist_has_all_items_and_fills_in_what_is_known(study: Study) -> None:
    study.close("r1")
    table = coreq(study.project)
    assert [row["item"] for row in table] == list(range(1, 33))
    answers = {row["topic"]: str(row["answer"]) for row in table}
    assert len(answers) == len(ITEMS) == 32
    assert answers["Number of data coders"] == "2: ana, ben."
    assert answers["Gender"] == "[state]"
    assert "3 codes, 3 at the top" in answers["Description of the coding tree"]

"""The methods paragraph and the checklist: every figure is the project's, the rest is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qualcode.errors import StillBlind
from qualcode.model import Span
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


def test_nothing_is_claimed_of_codes_that_have_no_definition(study: Study) -> None:
    study.close("r1")
    words = " ".join(methods(study.project).paragraphs)
    assert "The codebook has three codes." in words
    assert "definition" not in words
    codes = study.project.codebook.codes()
    study.project.codebook.import_codes(
        [replace(code, full="What it is.", use_when="Often.") for code in codes[:2]]
        + [replace(codes[2], full="What it is.", example=("so",))],
        by=study.coders["ana"],
    )
    words = " ".join(methods(study.project).paragraphs)
    assert "with a definition for three, rules for use for two, an example for one" in words


def test_only_the_round_that_was_unblinded_is_said_to_be(study: Study) -> None:
    ana, project = study.coders["ana"], study.project
    project.rounds.unblind(project.rounds.named("r1").id, by=ana, reason="discussion")
    project.rounds.open("r2", by=ana, blind=False)
    first, second = methods(project, rounds=["r1", "r2"]).paragraphs[2:4]
    assert "blind to each other until the round was unblinded" in first
    assert "not blind to each other" in second


def test_reasons_are_only_claimed_where_they_are(study: Study) -> None:
    study.close("r1")
    project, trust = study.project, study.project.codebook.named("trust").id
    round_, document = project.rounds.named("r1").id, study.documents["d1"].id
    start = project.documents.text(document).index("I trusted")
    for stop, reason in ((start + 5, "She says so."), (start + 9, "")):
        project.adjudications.decide(
            round_, document, trust, Span(stop - 1, stop), "present", by=study.coders["ana"],
            reason=reason,
        )  # fmt: skip
    words = " ".join(methods(project).paragraphs)
    assert "Two disagreements were decided together, one with a reason written down;" in words

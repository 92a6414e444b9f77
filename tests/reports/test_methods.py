"""The methods paragraph and the checklist: every figure is the project's, the rest is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qualcode.errors import StillBlind
from qualcode.model import Code, Span
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


def test_only_the_items_a_project_can_speak_to_are_filled_in(study: Study) -> None:
    study.close("r1")
    study.participants(
        {"participant": "A", "speaker": "P1", "role": "participant", "site": "north"},
        {"participant": "M", "speaker": "Moderator", "role": "moderator", "site": ""},
    )
    table = coreq(study.project)
    filled = {row["item"] for row in table if row["status"] == "check"}
    assert filled <= {12, 14, 15, 16, 19, 20, 21, 22, 24, 25, 26, 27, 29, 31, 32}
    assert {12, 14, 16, 22, 24, 25, 27, 29, 32} <= filled
    assert filled.isdisjoint({1, 19, 20, 21, 26})  # no times, no field notes, no origin of codes
    answers = {row["item"]: str(row["answer"]) for row in table}
    assert "north" in answers[14]
    assert "too few documents" in answers[22]
    assert "trust (1 of 3), fear (1 of 3)" in answers[32]


def test_the_study_is_told_with_what_is_recorded_and_asked_for_what_is_not(study: Study) -> None:
    words = methods(study.project).paragraphs[0]
    assert words == (
        "We analysed two documents ([state: participants]; [state: sites]) with three codes "
        "([state: origin of codes]; [state: codebook version]). "
        "[state: recruitment, setting, dates, consent]"
    )
    study.participants(
        {"participant": "A", "speaker": "P1", "site": "north"},
        {"participant": "B", "speaker": "P2", "site": "south"},
    )
    lead = study.project.coders.add("lead", by=study.coders["ana"])  # who codes is blind here
    codes = study.project.codebook.codes()
    origins = ("a-priori", "a-priori", "emergent")
    study.project.codebook.import_codes(
        [replace(code, origin=origin) for code, origin in zip(codes, origins, strict=True)],
        by=lead,
    )
    study.project.codebook.freeze("2", by=lead)
    words = methods(study.project).paragraphs[0]
    assert words.startswith(
        "We analysed two documents (two participants; two sites) with three codes "
        "(2 a priori, 1 emergent; codebook version 2). [state: recruitment"
    )
    study.project.codebook.add([Code("", "joy")], by=lead)
    assert "codebook changed since version 2" in methods(study.project).paragraphs[0]


def test_counting_is_told_as_it_is_done(study: Study) -> None:
    study.close("r1")
    words = " ".join(methods(study.project).paragraphs)
    assert "Two coders coded all documents, two of them by two or more." in words
    assert "Frequencies count participants (n of N) in every document and exclude moderators. " in (
        words
    )
    assert "They use one coder's record of each document; coders are never pooled." in words
    assert "[state: whether and how negative cases were looked for]" in words
    study.adjudicate("r1", "d1", "trust", "I trusted her.", "present")
    study.project.memos.write(
        "All of it.", by=study.coders["ana"], kind="negative-case-search",
        code_id=study.project.codebook.named("trust").id,
    )  # fmt: skip
    words = " ".join(methods(study.project).paragraphs)
    assert "the consensus where a document was adjudicated (one), else one coder's" in words
    assert "Negative cases were looked for, with a record, for one of three codes." in words


def test_what_nobody_finished_is_neither_coded_nor_counted(tmp_path: Path) -> None:
    made = Study(tmp_path / "n.qualcode", ["trust"])
    made.document("d", TEXT)
    words = " ".join(methods(made.project).paragraphs)
    assert "[state: who coded which documents]" in words
    assert "[state: how themes were counted]" in words
    assert "Frequencies" not in words
    made.project.close()


def test_the_checklist_has_all_items_and_fills_in_what_is_known(study: Study) -> None:
    study.close("r1")
    table = coreq(study.project)
    assert [row["item"] for row in table] == list(range(1, 33))
    answers = {row["topic"]: str(row["answer"]) for row in table}
    assert len(answers) == len(ITEMS) == 32
    assert answers["Number of data coders"] == "2: ana, ben."
    assert answers["Gender"] == "None"
    status = {row["item"]: row["status"] for row in table}
    assert (status[4], status[24]) == ("author to fill", "check")
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
    first, second = methods(project, rounds=["r1", "r2"]).paragraphs[3:5]
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


def test_codings_from_searches_and_suggestions_are_counted_where_there_are_any(
    study: Study,
) -> None:
    study.close("r1")
    project, ana = study.project, study.coders["ana"]
    words = " ".join(methods(project).paragraphs)
    assert "from a search" not in words
    assert "suggestions of similar" not in words
    document = study.documents["d0"].id
    fear, trust = (project.codebook.named(code).id for code in ("fear", "trust"))
    text = project.documents.text(document)

    def place(quote: str) -> tuple[str, Span]:
        return document, Span(text.index(quote), text.index(quote) + len(quote))

    places = [place("Nobody called me."), place("We talked.")]
    project.codings.apply_all(places, fear, by=ana, made_by="search")
    words = " ".join(methods(project).paragraphs)
    assert "Of nine codings two were made from a search." in words
    project.codings.apply_all([place("She came back.")], trust, by=ana, made_by="suggestion")
    told = methods(project)
    assert (
        "Of ten codings two were made from a search and one was accepted from suggestions of "
        "similar passages." in " ".join(told.paragraphs)
    )

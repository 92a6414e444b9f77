"""Rounds: drawing a sample into one, the cut they are counted on, and coding anew unseen."""

from __future__ import annotations

from typing import Any

import pytest

import qualcode
from qualcode.errors import Refused, RoundClosed
from qualcode.model import Round, Span
from qualcode.project import Project
from qualcode.store.check import check
from qualcode.text.roster import LabelDecision
from tests.store.conftest import Study
from tests.store.desk import NOT_A_SPEAKER, Desk
from tests.store.texts import reading

FACTS = {"seed": 7, "share": 0.2, "strata": ["site"], "quotas": []}


def draw(study: Study, name: str = "r1", **how: Any) -> Round:
    pairs = [(study.document.id, study.ana.id), (study.document.id, study.ben.id)]
    return study.project.rounds.draw(name, pairs, FACTS, by=study.ana, **how)


# A sample


def test_a_draw_opens_a_blind_round_assigns_and_keeps_how_in_one_action(study: Study) -> None:
    round_ = draw(study)
    assert (round_.purpose, round_.blind, round_.state) == ("reliability", True, "open")
    assert {a.coder_id for a in study.project.rounds.assignments(round_.id)} == {
        study.ana.id, study.ben.id,
    }  # fmt: skip
    assert study.project.rounds.samples() == {round_.id: FACTS}
    assert [one.verb for one in study.project.history.log()][:1] == ["draw sample"]


def test_taking_a_draw_back_leaves_no_round_and_no_setting(study: Study) -> None:
    draw(study)
    study.project.history.undo(study.ana)
    assert [r.name for r in study.project.rounds.list()] == ["solo"]
    assert study.project.rounds.samples() == {}
    study.project.history.redo(study.ana)
    assert [r.name for r in study.project.rounds.list()] == ["solo", "r1"]
    assert list(study.project.rounds.samples().values()) == [FACTS]
    assert all(result.ok for result in check(study.path))


def test_a_draw_into_a_round_that_is_open_adds_to_it(study: Study) -> None:
    opened = study.project.rounds.open("R1", by=study.ana)
    study.project.rounds.assign(opened.id, [study.document.id], [study.ana.id], by=study.ana)
    assert draw(study).id == opened.id
    assert len(study.project.rounds.assignments(opened.id)) == 2


def test_a_closed_round_takes_no_draw(study: Study) -> None:
    study.project.rounds.close(draw(study).id, by=study.ana)
    with pytest.raises(RoundClosed):
        draw(study)


def test_a_document_that_is_out_is_not_drawn_and_then_nothing_is_written(study: Study) -> None:
    study.project.documents.remove(study.document.id, by=study.ana)
    with pytest.raises(Refused):
        draw(study)
    assert [r.name for r in study.project.rounds.list()] == ["solo"]


# What was discussed


def test_what_was_decided_elsewhere_was_discussed(study: Study) -> None:
    round_ = draw(study)
    study.project.rounds.close(round_.id, by=study.ana)
    row = {
        "round": "r1", "document": "harbour", "code": "housing", "start": 40, "stop": 60,
        "decision": "present", "new_code": None, "reason": "", "decided_by": "ana",
        "decided_at": "2025-01-20", "line": 2, "file": "a.csv",
    }  # fmt: skip
    study.project.import_codings([], [], [row], by=study.ana)
    discussed = study.project.adjudications.discussed()
    assert discussed == {(round_.id, study.document.id): "2025-01-20"}


# The cut that a round is counted on


def sentences(project: Project, document: str, cut: str | None = None) -> list[str]:
    text = project.documents.text(document)
    found = project.documents.units("sentence", [document], cut=cut)
    return [text[int(str(row["start"])) : int(str(row["stop"]))] for row in found]


def cut_anew(study: Study, *spans: Span, maker: str = "another/2") -> None:
    """Store another cut of the document into sentences, as a later program would."""
    with study.project.history.action("add document", study.ana) as action:
        values = {"kind": "sentence", "maker": maker, "created_at": "2026-01-01T00:00:00Z"}
        cut = action.insert("segmentation", values)
        rows = [(n, span.start, span.stop) for n, span in enumerate(spans, 1)]
        action.put_layer("unit", [cut, study.document.id], rows)


def test_closing_pins_the_cut_and_a_later_one_changes_nothing_under_it(study: Study) -> None:
    round_ = draw(study)
    study.project.rounds.close(round_.id, by=study.ana)
    pinned = study.project.rounds.get(round_.id).segmentation_id
    before = sentences(study.project, study.document.id)
    cut_anew(study, study.span("She walked over and said her name. I had never seen her."))
    assert sentences(study.project, study.document.id, pinned) == before
    assert sentences(study.project, study.document.id) == [
        "She walked over and said her name. I had never seen her."
    ]


def test_the_maker_told_is_that_of_the_cut_in_force(study: Study) -> None:
    round_ = draw(study)
    first = study.project.documents.units("sentence").provenance["maker"]
    cut_anew(study, study.span("She walked over and said her name."))
    pinned = study.project.rounds.get(round_.id).segmentation_id
    assert study.project.documents.units("sentence").provenance["maker"] == "another/2"
    assert study.project.documents.units("sentence", cut=pinned).provenance["maker"] == first


def test_a_round_is_pinned_to_what_is_newest_when_it_closes_not_when_it_opened(
    study: Study,
) -> None:
    round_ = draw(study)
    cut_anew(study, study.span("She walked over and said her name."))
    study.project.rounds.close(round_.id, by=study.ana)
    pinned = study.project.rounds.get(round_.id).segmentation_id
    assert sentences(study.project, study.document.id, pinned) == [
        "She walked over and said her name."
    ]


def test_a_document_added_after_the_cut_was_pinned_has_its_own(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = draw(study).segmentation_id
    monkeypatch.setattr("qualcode.text.segmentation.maker", lambda: "another/2")
    later = study.project.documents.add(reading("One. Two.\n"), "later", by=study.ana)
    assert sentences(study.project, later.id, pinned) == ["One.", "Two."]


def closed_round(desk: Desk) -> Round:
    opened = desk.project.rounds.open("r1", by=desk.ana)
    desk.project.rounds.assign(opened.id, [desk.document.id], [desk.ana.id], by=desk.ana)
    desk.project.rounds.finish(opened.id, desk.document.id, desk.ana.id, by=desk.ana)
    desk.project.rounds.close(opened.id, by=desk.ana)
    return desk.project.rounds.get(opened.id)


def test_joining_turns_later_leaves_the_sentences_of_a_closed_round(plain: Desk) -> None:
    round_ = closed_round(plain)
    before = sentences(plain.project, plain.document.id)
    plain.decide(NOT_A_SPEAKER)
    assert sentences(plain.project, plain.document.id) != before
    assert sentences(plain.project, plain.document.id, round_.segmentation_id) == before


def test_parting_turns_later_leaves_the_sentences_of_a_closed_round(plain: Desk) -> None:
    plain.decide(NOT_A_SPEAKER)
    round_ = closed_round(plain)
    before = sentences(plain.project, plain.document.id)
    plain.decide(LabelDecision("Agenda", "Agenda"))
    assert sentences(plain.project, plain.document.id) != before
    assert sentences(plain.project, plain.document.id, round_.segmentation_id) == before


def test_two_rounds_closed_at_different_times_keep_different_cuts(plain: Desk) -> None:
    first = closed_round(plain)
    whole = sentences(plain.project, plain.document.id)
    plain.decide(NOT_A_SPEAKER)
    joined = sentences(plain.project, plain.document.id)
    second = plain.project.rounds.open("r2", by=plain.ana)
    plain.project.rounds.assign(second.id, [plain.document.id], [plain.ana.id], by=plain.ana)
    plain.project.rounds.close(second.id, by=plain.ana)
    plain.decide(LabelDecision("Agenda", "Agenda"))
    second = plain.project.rounds.get(second.id)
    assert sentences(plain.project, plain.document.id, first.segmentation_id) == whole
    assert sentences(plain.project, plain.document.id, second.segmentation_id) == joined


def test_without_a_closed_round_an_older_cut_is_dropped(plain: Desk) -> None:
    plain.project.rounds.open("r1", by=plain.ana)
    pinned = plain.project.rounds.named("r1").segmentation_id
    plain.decide(NOT_A_SPEAKER)
    assert sentences(plain.project, plain.document.id, pinned) == sentences(
        plain.project, plain.document.id
    )


# Coding anew


@pytest.fixture
def anew(study: Study) -> Study:
    """ana has coded the document alone, and is to code it anew in an open blind round."""
    study.project.codings.apply(
        study.document.id, study.span("walked over"), study.code("handoff"), by=study.ana
    )
    solo = study.project.rounds.named("solo")
    study.project.rounds.finish(solo.id, study.document.id, study.ana.id, by=study.ana)
    opened = study.project.rounds.open("again", by=study.ana, purpose="recode")
    study.project.rounds.assign(opened.id, [study.document.id], [study.ana.id], by=study.ana)
    return study


def seen(study: Study, coder: str | None) -> tuple[int, int, int]:
    """How many codings the screen, the table and a figure see."""
    with qualcode.open(study.path, coder=coder) as project:
        solo = project.rounds.named("solo").id
        return (
            len(project.codings.of(solo, study.document.id)),
            len(project.codings.table()),
            len(project.codings.list()),
        )


def test_who_codes_anew_does_not_see_what_they_coded_before(anew: Study) -> None:
    assert seen(anew, "ana") == (0, 0, 1)
    assert seen(anew, None) == (0, 0, 1)


def test_others_see_it(anew: Study) -> None:
    assert seen(anew, "ben") == (1, 1, 1)


def test_the_table_says_what_it_leaves_out(anew: Study) -> None:
    with qualcode.open(anew.path, coder="ana") as project:
        assert project.codings.table().notes == [
            "Left out, as ana is coding it anew: 1 earlier coding of harbour."
        ]
        (coding,) = project.codings.list()
        with pytest.raises(qualcode.errors.UnknownName):
            project.codings.get(coding.id)


def test_what_is_coded_anew_is_seen_while_it_is_coded(anew: Study) -> None:
    again = anew.project.rounds.named("again")
    current = anew.project.rounds.current(anew.document.id, anew.ana.id)
    assert current.id == again.id
    with qualcode.open(anew.path, coder="ana") as project:
        project.codings.apply(
            anew.document.id, anew.span("said her name"), anew.code("housing"), by=anew.ana
        )
        assert [c.round_id for c in project.codings.of(again.id, anew.document.id)] == [again.id]


def test_codings_of_other_documents_stay_visible(anew: Study) -> None:
    other = anew.project.documents.add(reading("P1: One. Two.\n"), "other", by=anew.ana)
    anew.project.codings.apply(other.id, Span(4, 8), anew.code("housing"), by=anew.ana)
    with qualcode.open(anew.path, coder="ana") as project:
        assert [row["document"] for row in project.codings.table()] == ["other"]


def test_closing_the_round_shows_them_again(anew: Study) -> None:
    again = anew.project.rounds.named("again")
    assert anew.project.rounds.coding_anew(anew.ana.id) == {anew.document.id: again.id}
    anew.project.rounds.close(again.id, by=anew.ana)
    assert anew.project.rounds.coding_anew(anew.ana.id) == {}
    assert seen(anew, "ana") == (1, 1, 1)

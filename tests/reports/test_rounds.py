"""Samples for double coding and plans from a pilot, on small studies that can be counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from qualcode.errors import Refused, RoundClosed, StillBlind, UnknownName, UsageProblem
from qualcode.model import Span, Table
from qualcode.reliability import sampling, student_t
from qualcode.reports.agreement import agreement
from qualcode.reports.rounds import PLAN, SAMPLE, draw, draw_sample, plan, rounds, sample_table
from tests.reports.studies import Study


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Twelve documents: eight of the north, four of the south."""
    made = Study(tmp_path / "s.qualcode", ["trust", "fear"])
    for n in range(12):
        site = "north" if n < 8 else "south"
        made.document(f"d{n}", f"P1: I trusted her {n}. So it went.\n", site=site)
    yield made
    made.project.close()


def drawn(study: Study, name: str = "r1", **how: Any) -> Table:
    asked: dict[str, Any] = {
        "coders": ("ana", "ben"),
        "strata": ("site",),
        "share": 0.5,
        "seed": 7,
    } | how
    return draw_sample(study.project, draw(study.project, name, **asked), by=study.coders["ana"])


def names(table: Table) -> list[str]:
    return [str(name) for name in table.column("document")]


def assigned(study: Study, name: str = "r1") -> dict[str, list[str]]:
    """Document → its coders."""
    documents = {d.id: d.name for d in study.project.documents.list()}
    coders = {c.id: c.name for c in study.project.coders.list()}
    found: dict[str, list[str]] = {}
    for one in study.project.rounds.assignments(study.project.rounds.named(name).id):
        found.setdefault(documents[one.document_id], []).append(coders[one.coder_id])
    return found


# The sample


def test_each_stratum_gives_its_share(study: Study) -> None:
    table = drawn(study)
    assert list(table.columns) == SAMPLE
    assert Counter(table.column("stratum")) == {"north": 4, "south": 2}
    assert {(r["stratum"], r["of"], r["drawn"]) for r in table} == {
        ("north", 8, 4), ("south", 4, 2),
    }  # fmt: skip


def test_what_was_drawn_is_assigned_in_a_blind_round(study: Study) -> None:
    table = drawn(study)
    round_ = study.project.rounds.named("r1")
    assert (round_.blind, round_.purpose, round_.state) == (True, "reliability", "open")
    assert assigned(study) == {name: ["ana", "ben"] for name in names(table)}


def test_the_same_seed_draws_the_same_documents_and_another_others(study: Study) -> None:
    first, again = (draw(study.project, "x", coders="ab", share=0.5, seed=3) for _ in range(2))
    assert first == again
    others = [draw(study.project, "x", coders="ab", share=0.5, seed=n) for n in range(5)]
    assert len({one.sample.documents for one in others}) > 1


def test_a_document_added_later_displaces_none_that_was_drawn_but_by_its_own_place(
    study: Study,
) -> None:
    before = names(sample_table(study.project, draw(study.project, "x", coders="ab", share=0.5)))
    study.document("late", "P1: I trusted nobody. It was late.\n", site="south")
    after = names(sample_table(study.project, draw(study.project, "x", coders="ab", share=0.5)))
    assert len(set(before) - set(after)) <= ("late" in after)


def test_a_dry_draw_writes_nothing(study: Study) -> None:
    log = len(study.project.history.log())
    sample_table(study.project, draw(study.project, "r1", coders=("ana", "new")))
    assert len(study.project.history.log()) == log
    assert [c.name for c in study.project.coders.list()] == ["ana"]


def test_kind_and_unknown_values_are_strata_too(study: Study) -> None:
    study.document("nowhere", "P1: I trusted no one. It was dark.\n")
    table = sample_table(
        study.project, draw(study.project, "x", coders="ab", strata=("SITE", "kind"), share=0.1)
    )
    assert sorted(map(str, table.column("stratum"))) == ["north, –", "south, –", "–, –"]
    assert table.provenance["strata"] == ["site", "kind"]


def test_pairs_rotate_so_that_all_coders_meet(study: Study) -> None:
    drawn(study, coders=("ana", "ben", "cho"))
    pairs = Counter(tuple(sorted(coders)) for coders in assigned(study).values())
    assert pairs == {("ana", "ben"): 2, ("ana", "cho"): 2, ("ben", "cho"): 2}


def test_crossed_gives_every_document_to_every_coder(study: Study) -> None:
    drawn(study, coders=("ana", "ben", "cho"), crossed=True)
    assert {tuple(sorted(coders)) for coders in assigned(study).values()} == {
        ("ana", "ben", "cho"),
    }  # fmt: skip


def test_what_two_coders_have_in_another_round_is_skipped_and_said(study: Study) -> None:
    first = names(drawn(study))
    second = drawn(study, "r2", share=1.0)
    assert set(names(second)).isdisjoint(first)
    assert len(second) == 6
    (note,) = [note for note in second.notes if note.startswith("Not drawn")]
    assert note.endswith("which are for two coders in another round (6).")
    assert len(second.provenance["skipped"]["double_coded"]) == 6


def test_what_one_coder_codes_alone_can_be_drawn(study: Study) -> None:
    study.code("ana", "d0", "trust", "trusted")
    assert "d0" in names(drawn(study, share=1.0))


def test_what_was_discussed_is_skipped_and_said(study: Study) -> None:
    study.round("pilot", {"d0": ["ana", "ben"]})
    study.close("pilot")
    pilot = study.project.rounds.named("pilot")
    study.project.adjudications.discuss(pilot.id, study.documents["d0"].id, by=study.coders["ana"])
    table = drawn(study, share=1.0)
    assert "d0" not in names(table)
    assert "Not drawn: d0, which were discussed or adjudicated (1)." in table.notes
    assert table.provenance["skipped"] == {
        "discussed": [study.documents["d0"].id], "double_coded": [],
    }  # fmt: skip


def test_where_nothing_is_left_to_draw_it_says_why(study: Study) -> None:
    drawn(study, share=1.0)
    with pytest.raises(Refused, match="12 are double-coded in another round"):
        draw(study.project, "r2", coders="ab")


def test_how_it_was_drawn_is_enough_to_draw_it_again(study: Study) -> None:
    table = drawn(study)
    (kept,) = study.project.rounds.samples().values()
    frame = {
        document: tuple(quota["stratum"])
        for quota in kept["quotas"]
        for document in quota["documents"] + quota["left"]
    }
    again = sampling.draw(frame, kept["share"], kept["seed"])
    assert list(again.documents) == table.column("document_id")
    assert (kept["frame"], kept["strata"], kept["crossed"]) == (12, ["site"], False)
    people = {study.coder("ana").id, study.project.coders.named("ben").id}
    assert set(kept["coders"]) == people


def test_drawing_again_after_more_documents_came_adds_and_takes_nothing_away(
    study: Study,
) -> None:
    drawn(study, coders=("ana", "ben", "cho"))
    before = assigned(study)
    for n in range(12, 20):
        study.document(f"d{n}", f"P1: I trusted her {n}. So it went.\n", site="south")
    table = drawn(study, coders=("ana", "ben", "cho"))
    after = assigned(study)
    assert {name: after[name] for name in before} == before
    assert set(names(table)) <= set(after)
    assert all(len(coders) == 2 for coders in after.values())
    pairs = Counter(tuple(sorted(coders)) for coders in after.values())
    assert max(pairs.values()) - min(pairs.values()) <= 1


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"coders": ("ana",)}, UsageProblem),
        ({"share": 0.0}, UsageProblem),
        ({"seed": -1}, UsageProblem),
        ({"strata": ("place",)}, UnknownName),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_written(
    study: Study, how: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        drawn(study, **how)
    assert [r.name for r in study.project.rounds.list()] == ["solo"]


def test_rounds_of_one_coder_and_closed_rounds_take_no_sample(study: Study) -> None:
    ana = study.coders["ana"]
    study.project.rounds.open("again", by=ana, purpose="recode")
    study.project.rounds.close(study.project.rounds.open("old", by=ana).id, by=ana)
    with pytest.raises(Refused):
        drawn(study, "again")
    with pytest.raises(Refused):
        drawn(study, "solo")
    with pytest.raises(RoundClosed):
        drawn(study, "old")


# The plan


Marks = list[tuple[str, str]]
MakePilot = Callable[..., Study]


@pytest.fixture
def piloted(tmp_path: Path) -> Iterator[MakePilot]:
    """Makes a pilot of documents of four sentences, in which ana and ben mark the letters named."""
    studies: list[Study] = []

    def make(marks: Marks, *, close: bool = True) -> Study:
        made = Study(tmp_path / "p.qualcode", ["trust", "fear"])
        studies.append(made)
        each = {}
        for n, _ in enumerate(marks):
            made.document(f"d{n}", f"P{n}: aa now. bb now. cc now. dd now.\n\nX: Then {n}.\n")
            each[f"d{n}"] = ["ana", "ben"]
        made.round("pilot", each)
        for n, (ana, ben) in enumerate(marks):
            for coder, letters in (("ana", ana), ("ben", ben)):
                for letter in letters:
                    made.code(coder, f"d{n}", "trust", f"{letter}{letter} now", round="pilot")
                made.finish(coder, f"d{n}", round="pilot")
        if close:
            made.close("pilot")
        return made

    yield make
    for study in studies:
        study.project.close()


MARKS = [("ab", "ab"), ("ab", "a"), ("a", "b"), ("abc", "ab"), ("d", "d")]


def planned(study: Study, **how: Any) -> dict[str, dict[str, Any]]:
    return {str(row["code"]): row for row in plan(study.project, **how)}


def test_half_width_and_documents_come_of_the_pilot_s_jackknife(piloted: MakePilot) -> None:
    study = piloted(MARKS)
    row = planned(study, target=0.2)["trust"]
    alphas: list[dict[str, Any]] = [
        r
        for r in agreement(study.project).records()
        if (r["code"], r["statistic"]) == ("trust", "krippendorff_alpha") and r["scope"] == "code"
    ]
    (alpha,) = alphas
    se = alpha["se"]
    assert (row["value"], row["se"], row["n_documents"]) == (alpha["value"], se, 5)
    assert row["half_width"] == pytest.approx(alpha["value"] - alpha["ci_low"])
    needed = row["documents_needed"]
    assert needed > 5
    at = [student_t.quantile(0.975, n - 1) * se * (5 / n) ** 0.5 for n in (needed - 1, needed)]
    assert at[0] > 0.2 >= at[1]


def test_a_wider_target_takes_fewer_documents(piloted: MakePilot) -> None:
    study = piloted(MARKS)
    needed = [planned(study, target=t)["trust"]["documents_needed"] for t in (0.5, 0.2, 0.1)]
    assert all(a < b for a, b in pairwise(needed))


def test_what_cannot_be_planned_says_why(piloted: MakePilot) -> None:
    rows = planned(piloted(MARKS), target=0.001)
    assert (rows["fear"]["status"], rows["fear"]["reason"]) == ("undefined", "code_never_used")
    assert rows["fear"]["half_width"] is None
    assert rows["trust"]["reason"] == "too_many_documents"
    assert rows["trust"]["half_width"] is not None


def test_documents_that_all_agree_alike_tell_nothing_of_spread(piloted: MakePilot) -> None:
    row = planned(piloted([("ab", "ab")] * 3))["trust"]
    assert (row["value"], row["half_width"], row["documents_needed"]) == (1.0, 0.0, None)
    assert row["reason"] == "no_spread"


def test_under_five_documents_there_is_a_figure_with_its_flag_and_note(piloted: MakePilot) -> None:
    table = plan(piloted(MARKS[:3]).project)
    rows = {row["code"]: row for row in table}
    assert rows["trust"]["documents_needed"] is not None
    assert "few_documents" in str(rows["trust"]["flags"]).split()
    assert any(note.startswith("A pilot of 3 documents says little") for note in table.notes)
    assert any(note.startswith("For planning only") for note in table.notes)
    assert list(table.columns) == PLAN


def test_a_single_document_gives_no_plan_but_a_reason(piloted: MakePilot) -> None:
    assert planned(piloted(MARKS[1:2]))["trust"]["reason"] == "few_documents"


def test_the_newest_round_with_two_documents_is_the_pilot(piloted: MakePilot) -> None:
    study = piloted(MARKS)
    study.round("late", {"d0": ["ana", "ben"]})
    study.finish("ana", "d0", round="late")
    study.finish("ben", "d0", round="late")
    study.close("late")
    assert planned(study)["trust"]["round"] == "pilot"
    assert planned(study, round="late")["trust"]["round"] == "late"


def test_a_pilot_that_is_blind_and_open_gives_no_plan(piloted: MakePilot) -> None:
    study = piloted(MARKS, close=False)
    with pytest.raises(StillBlind):
        plan(study.project, round="pilot")
    with pytest.raises(StillBlind):
        plan(study.project)


def test_numbers_that_make_no_plan_are_refused(piloted: MakePilot) -> None:
    study = piloted(MARKS[:2])
    for how in ({"target": 0.0}, {"level": 1.0}, {"unit": "segment"}):
        with pytest.raises(UsageProblem):
            plan(study.project, **how)
    with pytest.raises(UnknownName):
        plan(study.project, round="r9")


def test_names_in_strata_leave_as_their_labels(study: Study) -> None:
    project, ana = study.project, study.coders["ana"]
    study.document("harbour", "P1: I met Ottoline there. So it went.\n", site="Ottoline")
    start = project.documents.text(study.documents["harbour"].id).index("Ottoline")
    project.redactions.add(
        study.documents["harbour"].id, Span(start, start + 8), "[NAME]", "person", by=ana
    )
    table = drawn(study, share=0.1)
    assert "[NAME]" in table.column("stratum")
    assert "Ottoline" not in str(table.provenance)
    assert "Ottoline" not in str(rounds(project).provenance)
    assert "[NAME]" in str(rounds(project).provenance)

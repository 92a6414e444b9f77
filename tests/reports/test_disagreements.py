"""Disagreements and confusions of small rounds: what is listed, in which order, and what it tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.errors import StillBlind, UnknownName, UsageProblem
from qualcode.model import Cell, Span, Table
from qualcode.reports.agreement import agreement
from qualcode.reports.disagreements import (
    COLUMNS,
    CONFUSION,
    confusion,
    disagreements,
    discuss,
    to_adjudicate,
)
from tests.reports.studies import Study

TEXT = """Moderator: How was it?

P1: I trusted her. She came back. We talked. It helped.

P2: I was afraid. Nobody called me. Then nothing.
"""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """A closed round: three disagreements in d1, one in d2.

    d1, sentences 2 to 5 (the moderator's is 1): trust, ana 2-4 and ben 2, so 3-4 is a boundary;
    fear, ana 6, ben says trust there: confusable both ways. d2: ana alone says fear: an omission.
    """
    made = Study(tmp_path / "s.qualcode", ["trust", "fear"])
    for name in ("d1", "d2"):
        made.document(name, f"{TEXT}\nP3: {name}.\n")
    made.round("r1", {"d1": ("ana", "ben", "cho"), "d2": ("ana", "ben")})
    made.code("ana", "d1", "trust", "I trusted her. She came back. We talked.", round="r1")
    made.code("ben", "d1", "trust", "I trusted her.", "I was afraid.", round="r1")
    made.code("ana", "d1", "fear", "I was afraid.", round="r1")
    made.code("ana", "d2", "fear", "Nobody called me.", round="r1")
    for coder in ("ana", "ben"):
        made.finish(coder, "d1", "d2", round="r1")
    made.close("r1")
    yield made
    made.project.close()


def listed(table: Table, *columns: str) -> list[tuple[Cell, ...]]:
    return [tuple(row[name] for name in columns) for row in table]


def by_place(table: Table) -> list[dict[str, Cell]]:
    return sorted(table, key=lambda row: int(str(row["episode"])))


def test_the_columns_are_those_of_the_specification(study: Study) -> None:
    table = disagreements(study.project)
    assert list(table.columns) == COLUMNS
    assert COLUMNS[:18] == [
        "document", "unit_id", "episode", "start", "stop", "text", "code", "coders_present",
        "coders_absent", "type", "other_codes", "drift", "delta_present", "delta_absent",
        "delta_alpha", "decision", "decided_by", "reason",
    ]  # fmt: skip


def test_each_run_of_units_is_listed_once_with_its_type(study: Study) -> None:
    rows = by_place(disagreements(study.project))
    assert [(r["document"], r["unit_id"], r["code"], r["type"], r["text"]) for r in rows] == [
        ("d1", "3-4", "trust", "boundary", "She came back. We talked."),
        ("d1", "6", "trust", "confusable", "I was afraid."),
        ("d1", "6", "fear", "confusable", "I was afraid."),
        ("d2", "7", "fear", "omission", "Nobody called me."),
    ]
    assert [(r["coders_present"], r["coders_absent"], r["other_codes"]) for r in rows] == [
        ("ana", "ben", None), ("ben", "ana", "fear"), ("ana", "ben", "trust"), ("ana", "ben", None),
    ]  # fmt: skip


def test_offsets_are_those_of_the_text(study: Study) -> None:
    text = study.project.documents.text(study.documents["d1"].id)
    row = by_place(disagreements(study.project))[0]
    assert text[int(str(row["start"])) : int(str(row["stop"]))] == row["text"]


def test_deltas_are_the_changes_that_agreement_would_report(study: Study) -> None:
    def alpha() -> float:
        rows = agreement(
            study.project, resamples=50, statistics=["krippendorff_alpha"], codes=["fear"]
        )
        (row,) = [r for r in rows if r["scope"] == "code"]
        return float(str(row["value"]))

    before = alpha()
    (row,) = [
        r for r in disagreements(study.project) if (r["document"], r["code"]) == ("d2", "fear")
    ]
    # The same round once more, ben saying fear where only ana did.
    study.round("r2", {"d1": ("ana", "ben"), "d2": ("ana", "ben")})
    for coder in ("ana", "ben"):
        study.code(coder, "d2", "fear", "Nobody called me.", round="r2")
    study.code("ana", "d1", "fear", "I was afraid.", round="r2")
    for coder in ("ana", "ben"):
        study.finish(coder, "d1", "d2", round="r2")
    study.close("r2")
    rows = agreement(study.project, rounds=["r2"], resamples=50, codes=["fear"])
    after = next(r for r in rows if (r["scope"], r["statistic"]) == ("code", "krippendorff_alpha"))
    assert row["delta_present"] == pytest.approx(float(str(after["value"])) - before)


def test_what_moves_alpha_most_comes_first(study: Study) -> None:
    deltas = [row["delta_alpha"] for row in disagreements(study.project)]
    assert None not in deltas
    assert deltas == sorted(deltas, key=lambda delta: -float(str(delta)))


def test_filters_leave_numbers_and_deltas_as_they_are(study: Study) -> None:
    every = {row["episode"]: row for row in disagreements(study.project)}
    for only in (
        disagreements(study.project, codes=["fear"]),
        disagreements(study.project, documents=["d2"]),
        disagreements(study.project, kinds=["omission", "boundary"]),
    ):
        assert 0 < len(only) < len(every)
        assert all(row == every[row["episode"]] for row in only)


def test_a_name_that_does_not_exist_is_refused(study: Study) -> None:
    with pytest.raises(UnknownName, match="omission"):
        disagreements(study.project, kinds=["slip"])
    with pytest.raises(UnknownName):
        disagreements(study.project, codes=["hope"])
    for unit in ("character", "segment"):
        with pytest.raises(UsageProblem, match="units such as sentence"):
            disagreements(study.project, unit=unit)


def test_units_of_another_kind_are_counted_in_their_document(study: Study) -> None:
    rows = by_place(disagreements(study.project, unit="turn", codes=["trust"]))
    assert listed(Table("t", list(rows[0]), [tuple(r.values()) for r in rows]), "unit_id") == [
        ("3",)
    ]


# Decisions


def test_a_decided_one_shows_what_was_decided_by_whom_and_why(study: Study) -> None:
    study.adjudicate("r1", "d1", "trust", "She came back. We talked.", "absent")
    row = by_place(disagreements(study.project))[0]
    assert (row["decision"], row["decided_by"], row["reason"]) == ("absent", "ana", "agreed")
    assert len(disagreements(study.project, undecided=True)) == 3


def test_one_decided_in_part_is_still_to_decide(study: Study) -> None:
    study.adjudicate("r1", "d1", "trust", "She came back.", "present")
    assert by_place(disagreements(study.project))[0]["decision"] is None
    study.adjudicate("r1", "d1", "trust", "We talked.", "absent")
    assert by_place(disagreements(study.project))[0]["decision"] == "present; absent"


def test_a_recode_settles_both_codes(study: Study) -> None:
    study.adjudicate("r1", "d1", "trust", "I was afraid.", "recode", "fear")
    rows = by_place(disagreements(study.project))
    assert [row["decision"] for row in rows] == [None, "recode", "present", None]


def test_deciding_everything_changes_no_coding_and_no_figure(study: Study) -> None:
    def record() -> tuple[list[object], list[dict[str, Cell]]]:
        rows = agreement(study.project, resamples=50, by=["code", "pair", "document", "round"])
        return list(study.project.codings.list()), list(rows)

    before = record()
    project, ana = study.project, study.coders["ana"]
    discuss(project, disagreements(project), by=ana)
    round_ = to_adjudicate(project)
    for row in disagreements(project):
        project.adjudications.decide(
            round_.id, str(row["document_id"]), project.codebook.named(str(row["code"])).id,
            Span(int(str(row["start"])), int(str(row["stop"]))), "present", by=ana,
        )  # fmt: skip
    assert not len(disagreements(project, undecided=True))
    assert record() == before


# Showing


def test_looking_marks_the_documents_once(study: Study) -> None:
    project, ana = study.project, study.coders["ana"]
    table = disagreements(project, documents=["d2"])
    assert discuss(project, table, by=ana) == ["d2"]
    assert discuss(project, disagreements(project), by=ana) == ["d1"]
    assert discuss(project, table, by=ana) == []
    assert [act.verb for act in project.history.log(2)] == ["discuss document"] * 2


def test_redacted_names_are_shown_as_labels(study: Study) -> None:
    project, ana = study.project, study.coders["ana"]
    document = study.documents["d1"]
    start = project.documents.text(document.id).index("Nobody")
    project.redactions.add(document.id, Span(start, start + 6), "[P9]", "person", by=ana)
    rows = disagreements(project, documents=["d2"])
    # "Nobody" is covered in d1 alone: place by place, d2 shows its own words.
    assert [row["text"] for row in rows] == ["Nobody called me."]
    start = project.documents.text(study.documents["d2"].id).index("Nobody")
    project.redactions.add(
        study.documents["d2"].id, Span(start, start + 6), "[P9]", "person", by=ana
    )
    table = disagreements(project, documents=["d2"])
    assert [row["text"] for row in table] == ["[P9] called me."]
    assert any("De-identified" in note for note in table.notes)


def test_an_open_blind_round_is_refused_and_left_out(study: Study) -> None:
    study.round("r2", {"d1": ("ana", "ben")})
    for ask in (disagreements, confusion):
        with pytest.raises(StillBlind):
            ask(study.project, rounds=["r2"])
        assert {row["round"] for row in ask(study.project)} == {"r1"}
        assert any("left out: it is blind" in note for note in ask(study.project).notes)
    with pytest.raises(StillBlind):
        to_adjudicate(study.project, "r2")
    assert to_adjudicate(study.project).name == "r1"


# Drift


def test_a_coder_who_has_come_to_apply_a_code_more_often_is_marked(tmp_path: Path) -> None:
    made = Study(tmp_path / "drift.qualcode", ["trust"])
    names = [f"d{n}" for n in range(12)]
    for name in names:
        made.document(name, f"{TEXT}\nP3: {name}.\n")
    for round_, documents, quotes in (
        ("r1", names[:6], ("I trusted her.",)),
        ("r2", names[6:], ("I trusted her.", "She came back.", "Nobody called me.")),
    ):
        made.round(round_, dict.fromkeys(documents, ("ana", "ben")))
        for n, name in enumerate(documents):
            made.code("ana", name, "trust", *quotes, *(["It helped."] * (n == 0)), round=round_)
            made.code("ben", name, "trust", "I trusted her.", round=round_)
        for coder in ("ana", "ben"):
            made.finish(coder, *documents, round=round_)
        made.close(round_)
    marks = {(row["round"], row["drift"]) for row in disagreements(made.project)}
    made.project.close()
    assert marks == {("r1", None), ("r2", True)}


# Confusion


def test_pairs_used_for_each_other_are_counted(study: Study) -> None:
    table = confusion(study.project)
    assert list(table.columns) == CONFUSION
    assert CONFUSION[:3] == ["code_a", "code_b", "n"]
    assert list(table.rows) == [("trust", "fear", 1, "r1")]
    assert not len(confusion(study.project, documents=["d2"]))

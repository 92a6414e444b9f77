"""A coder against their earlier self: a recoding round, and nothing pooled with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode
from qualcode.errors import StillBlind
from qualcode.model import Code, Table
from qualcode.reports.agreement import agreement, agreement_wide
from qualcode.reports.disagreements import disagreements
from tests.reports.studies import Study

TEXT = "P1: aa now. bb now. cc now. dd now.\n\nX: Then.\n"
# Five sentences.


class Recoded:
    """Documents that ana and ben coded in r1, and that ana codes anew in ``again``."""

    def __init__(self, path: Path) -> None:
        self.study = Study(path, ["trust", ("hope", "trust"), "fear"])
        for name in ("one", "two"):
            self.study.document(name, f"{TEXT}\nP1: Of {name}.\n")
        self.coded("r1", {"one": {"ana": "ab", "ben": "abcd"}, "two": {"ana": "a", "ben": "b"}})

    def coded(
        self,
        name: str,
        marks: dict[str, dict[str, str]],
        *,
        purpose: str = "reliability",
        close: bool = True,
        code: str = "trust",
    ) -> None:
        """A round in which coders mark the sentences of these letters."""
        ana = self.study.coders["ana"]
        opened = self.study.project.rounds.open(name, by=ana, purpose=purpose)  # type: ignore[arg-type]
        for document, each in marks.items():
            where = [self.study.documents[document].id]
            for coder, letters in each.items():
                who = self.study.coder(coder)
                self.study.project.rounds.assign(opened.id, where, [who.id], by=ana)
                for letter in letters:
                    self.study.code(coder, document, code, f"{letter}{letter} now", round=name)
                self.study.finish(coder, document, round=name)
        if close:
            self.study.close(name)

    def again(self, marks: dict[str, dict[str, str]], **how: Any) -> None:
        self.coded("again", marks, purpose="recode", **how)

    def table(self, *rounds: str, **how: Any) -> Table:
        return agreement(self.study.project, rounds=rounds or ["again"], resamples=100, **how)


@pytest.fixture
def recoded(tmp_path: Path) -> Iterator[Recoded]:
    made = Recoded(tmp_path / "s.qualcode")
    yield made
    made.study.project.close()


def row(table: Table, statistic: str = "percent_agreement", code: str = "trust") -> dict[str, Any]:
    (found,) = [r for r in table if (r["statistic"], r["code"]) == (statistic, code)]
    return found


def test_a_coder_is_paired_with_what_they_said_before(recoded: Recoded) -> None:
    # ana said trust of a and b; now of a and c: 4 of 6 sentences alike, with "Of one."
    recoded.again({"one": {"ana": "ac"}})
    found = row(recoded.table())
    assert (found["scope"], found["round"]) == ("stability", "again")
    assert (found["coder_a"], found["coder_b"]) == ("ana", "ana (r1)")
    assert (found["n_units"], found["n_any"], found["n_all"], found["n_coders"]) == (6, 3, 1, 2)
    assert found["value"] == pytest.approx(4 / 6)


def test_every_row_of_a_recoding_round_is_of_stability(recoded: Recoded) -> None:
    recoded.again({"one": {"ana": "ac"}, "two": {"ana": "a"}})
    table = recoded.table(by=["code", "pair", "document", "round"])
    assert {r["scope"] for r in table} == {"stability"}
    assert {(r["coder_a"], r["coder_b"]) for r in table} == {("ana", "ana (r1)")}
    (whole,) = [r for r in table if r["code"] == "*" and r["document"] is None]
    assert whole["statistic"] == "krippendorff_alpha"
    assert whole["cross_check_difference"] == pytest.approx(0, abs=1e-9)


def test_a_document_coded_alone_has_an_earlier_self_too(recoded: Recoded) -> None:
    recoded.study.document("three", f"{TEXT}\nP1: Of three.\n")
    recoded.study.code("ana", "three", "trust", "aa now")
    recoded.study.finish("ana", "three")
    recoded.again({"three": {"ana": "a"}})
    assert row(recoded.table())["coder_b"] == "ana (solo)"
    assert row(recoded.table())["value"] == 1


def test_the_last_time_before_is_what_counts(recoded: Recoded) -> None:
    recoded.coded("r2", {"one": {"ana": "a", "ben": "a"}})
    for name, at in (("r1", "2025-01-01T00:00:00Z"), ("r2", "2025-02-01T00:00:00Z")):
        finished_at(recoded.study, name, at)
    recoded.again({"one": {"ana": "a"}, "two": {"ana": "a"}})
    table = recoded.table()
    found = {
        str(r["coder_b"]): r["n_documents"]
        for r in table
        if (r["statistic"], r["code"]) == ("percent_agreement", "trust")
    }
    assert found == {"ana (r1)": 1, "ana (r2)": 1}
    wide = agreement_wide(table)
    assert dict.fromkeys(wide.column("round")) == {
        "again: ana and ana (r1)": None, "again: ana and ana (r2)": None,
    }  # fmt: skip


def finished_at(study: Study, name: str, at: str) -> None:
    """Set when a round's documents were finished, as an import would have it."""
    round_ = study.project.rounds.named(name)
    with study.project.history.action("finish document", study.coders["ana"]) as action:
        for one in study.project.rounds.assignments(round_.id):
            action.put("assignment", one.id, {"finished_at": at})


def test_two_coders_who_recode_are_each_compared_with_themselves(recoded: Recoded) -> None:
    recoded.again({"one": {"ana": "ab", "ben": "a"}})
    table = recoded.table()
    found = {
        r["coder_a"]: r["n_all"]
        for r in table
        if (r["statistic"], r["code"]) == ("percent_agreement", "trust")
    }
    assert found == {"ana": 2, "ben": 1}
    assert table.provenance["cross_check"]["max_abs_difference"] <= 1e-9
    only = recoded.table(coders=["ben"])
    assert set(only.column("coder_a")) == {"ben"}


def test_no_other_figure_changes_by_it(recoded: Recoded) -> None:
    before = recoded.table("r1")
    every = agreement(recoded.study.project, resamples=100)
    recoded.again({"one": {"ana": "d"}})
    assert recoded.table("r1").rows == before.rows
    after = agreement(recoded.study.project, resamples=100)
    assert after.rows == every.rows
    assert any(note.startswith('Not compared here: "again"') for note in after.notes)


def test_a_document_without_an_earlier_self_is_left_out_and_named(recoded: Recoded) -> None:
    recoded.study.document("new", f"{TEXT}\nP1: Of new.\n")
    recoded.again({"one": {"ana": "ab"}, "new": {"ana": "a"}})
    table = recoded.table()
    assert row(table)["n_documents"] == 1
    assert 'Round "again": ana had not finished new before; it is left out.' in table.notes


def test_where_nobody_coded_before_there_is_one_coder(recoded: Recoded) -> None:
    recoded.study.document("new", f"{TEXT}\nP1: Of new.\n")
    recoded.again({"new": {"ana": "a"}})
    assert row(recoded.table())["reason"] in ("single_coder", "no_pairable_units")


def test_codes_that_one_version_has_not_are_no_disagreement(recoded: Recoded) -> None:
    study = recoded.study
    ana = study.coders["ana"]
    study.project.codebook.import_codes(
        [*study.project.codebook.codes(), Code("", "joy", position=9)], by=ana
    )
    study.project.codebook.freeze("v2", by=ana)
    opened = study.project.rounds.open("again", by=ana, purpose="recode", codebook_version="v2")
    study.project.codebook.import_codes(
        [c for c in study.project.codebook.codes() if c.code != "joy"], by=ana, retire_absent=True
    )
    study.project.rounds.assign(opened.id, [study.documents["one"].id], [ana.id], by=ana)
    study.finish("ana", "one", round="again")
    study.close("again")
    assert "joy" not in recoded.table().column("code")


def test_a_recoding_round_that_is_blind_and_open_is_refused(recoded: Recoded) -> None:
    recoded.again({"one": {"ana": "a"}}, close=False)
    with pytest.raises(StillBlind):
        recoded.table()


def test_an_earlier_round_that_is_blind_and_open_is_refused(recoded: Recoded) -> None:
    recoded.study.document("new", f"{TEXT}\nP1: Of new.\n")
    recoded.coded("r2", {"new": {"ana": "a", "ben": "b"}}, close=False)
    recoded.again({"new": {"ana": "a"}})
    with pytest.raises(StillBlind):
        recoded.table()


def test_what_was_discussed_before_it_was_coded_anew_is_flagged(recoded: Recoded) -> None:
    study = recoded.study
    r1 = study.project.rounds.named("r1")
    study.project.adjudications.discuss(r1.id, study.documents["one"].id, by=study.coders["ana"])
    recoded.again({"one": {"ana": "ab"}})
    finished_at(study, "again", "2999-01-01T00:00:00Z")
    table = recoded.table()
    assert "discussed" in row(table)["flags"].split()
    assert 'Round "again": ana had discussed one before coding it anew.' in table.notes


def test_segments_are_compared_with_the_earlier_self_too(recoded: Recoded) -> None:
    recoded.again({"one": {"ana": "ab"}})
    table = recoded.table(unit="segment")
    assert {r["scope"] for r in table} == {"stability"}
    assert row(table, "u_alpha")["value"] == 1


def test_rolling_up_counts_the_codes_below(recoded: Recoded) -> None:
    recoded.coded("again", {"one": {"ana": "ab"}}, purpose="recode", code="hope")
    assert row(recoded.table())["n_all"] == 0
    assert row(recoded.table(roll_up=True))["n_all"] == 2


def test_disagreements_show_nobody_what_they_are_coding_anew(recoded: Recoded) -> None:
    recoded.again({"one": {"ana": "a"}}, close=False)

    def listed(coder: str | None) -> tuple[set[Any], list[str]]:
        with qualcode.open(recoded.study.path, coder=coder) as project:
            table = disagreements(project, rounds=["r1"])
        notes = [note for note in table.notes if note.startswith("Left out")]
        return set(table.column("document")), notes

    said = "Left out, as somebody is coding them anew without looking: one."
    assert listed("ana") == ({"two"}, [said])
    assert listed(None) == ({"two"}, [said])
    assert listed("ben") == ({"one", "two"}, [])
    recoded.study.close("again")
    assert listed("ana") == ({"one", "two"}, [])

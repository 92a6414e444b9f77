"""The panel of units, and figures by other programs' rules, on a study checked by eye."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.errors import StillBlind, UsageProblem
from qualcode.model import Table
from qualcode.reports.agreement import agreement
from qualcode.reports.panel import UNITS, panel
from tests.reports.studies import Study

TEXT = """Moderator: How was it?

P1: I trusted her. She came back.

P2: I was afraid. Nobody called.
"""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study(tmp_path / "s.qualcode", ["trust", "fear"])
    made.document("one", TEXT)
    made.round("r1", {"one": ["ana", "ben"]})
    made.code("ana", "one", "trust", "I trusted her. She", round="r1")
    made.code("ben", "one", "trust", "trusted her. She", round="r1")
    made.code("ana", "one", "fear", "I was afraid.", round="r1")
    made.finish("ana", "one", round="r1")
    made.finish("ben", "one", round="r1")
    yield made
    made.project.close()


def value(table: Table, program: str, code: str, statistic: str, unit: str) -> object:
    (row,) = [
        row
        for row in table
        if (row["as"], row["code"], row["statistic"], row["unit"])
        == (program, code, statistic, unit)
    ]
    return row["value"]


def test_every_unit_has_the_figure_that_agreement_gives(study: Study) -> None:
    study.close("r1")
    found = panel(study.project)
    for unit in UNITS:
        (row,) = [
            row
            for row in agreement(study.project, unit=unit)
            if (row["scope"], row["code"], row["statistic"])
            == ("code", "trust", "krippendorff_alpha")
        ]
        assert value(found, "qualcode", "trust", "krippendorff_alpha", unit) == row["value"]
    assert value(found, "qualcode", "trust", "u_alpha", "segment") is not None


def test_other_programs_count_the_whole_document_or_its_segments(study: Study) -> None:
    study.close("r1")
    found = panel(study.project)
    length = len(TEXT.strip())
    (row,) = [
        r
        for r in found
        if (r["as"], r["code"], r["statistic"]) == ("NVivo", "trust", "cohen_kappa")
    ]
    assert abs(int(str(row["n_units"])) - length) <= 1
    # 18 and 16 characters with 16 in common is no match at 90 %; fear has none: 0 of 3
    assert value(found, "MAXQDA", "*", "percent_agreement", "segment") == 0
    # of ana's two excerpts ben gives trust to one and fear to none
    assert value(found, "Dedoose", "trust", "cohen_kappa", "excerpt") == 1
    assert value(found, "Dedoose", "fear", "cohen_kappa", "excerpt") == 0
    assert all(row["rule"] for row in found if row["as"] != "qualcode")


def test_codes_left_out_still_are_excerpts_and_chance_of_the_others(study: Study) -> None:
    study.close("r1")
    every, some = panel(study.project), panel(study.project, codes=["trust"])
    for program, statistic, unit in (
        ("Dedoose", "cohen_kappa", "excerpt"), ("NVivo", "percent_agreement", "character"),
    ):  # fmt: skip
        assert value(some, program, "trust", statistic, unit) == value(
            every, program, "trust", statistic, unit
        )
    assert "fear" not in some.column("code")


def test_an_open_blind_round_has_no_panel(study: Study) -> None:
    with pytest.raises(StillBlind):
        panel(study.project, rounds=["r1"])


def test_codes_of_a_document_are_compared_as_used_and_as_often_used(study: Study) -> None:
    study.close("r1")
    found = panel(study.project)
    assert value(found, "MAXQDA", "*", "presence_agreement", "code") == 0.5
    assert value(found, "MAXQDA", "*", "count_agreement", "code") == 0.5
    assert value(found, "ATLAS.ti", "*", "cu_alpha", "segment") is None


def test_a_recoding_round_has_no_panel(study: Study) -> None:
    study.project.rounds.open("again", by=study.coders["ana"], purpose="recode", blind=False)
    with pytest.raises(UsageProblem, match="earlier selves"):
        panel(study.project, rounds=["again"])

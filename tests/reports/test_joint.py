"""The joint display: themes beside outcomes, joined by group and by nothing else."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qualcode.errors import InputProblems, UnknownName, UsageProblem
from qualcode.exporters.spreadsheet import write_table
from qualcode.model import Span
from qualcode.reports.joint import joint
from tests.reports.studies import Study

HEADER = "attribute,value,measure,amount,unit,n,period,source\n"
OUTCOMES = (
    HEADER
    + "site,north,arrests,31.5,per month,12,2023,police\n"
    + "Site,South,arrests,8,per month,,2023,police\n"
)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study(tmp_path / "s.qualcode", ["trust", "fear"])
    made.document("n", "P1: I trusted her.\n\nP2: I never did.\n\nP1: No.\n", site="north")
    made.document("s", "P3: Well.\n\nP4: So.\n\nP3: Yes.\n", site="south")
    made.code("ana", "n", "trust", "I trusted her.", valence="facilitator")
    made.code("ana", "n", "trust", "I never did.", valence="barrier")
    made.code("ana", "n", "trust", "No.", valence="barrier")
    made.finish("ana", "n", "s")
    yield made
    made.project.close()


def file(study: Study, text: str, name: str = "outcomes.csv") -> Path:
    path = study.path.with_name(name)
    path.write_text(text, encoding="utf-8")
    return path


def test_each_theme_stands_beside_each_outcome_of_its_group(study: Study) -> None:
    rows = joint(study.project, outcomes=file(study, OUTCOMES)).records()
    assert [(row["code"], row["value"]) for row in rows] == [
        ("trust", "north"), ("trust", "south"), ("fear", "north"), ("fear", "south"),
    ]  # fmt: skip
    first: dict[str, Any] = rows[0]
    assert (first["participants"], first["n_participants"]) == (2, 2)
    assert (first["facilitator"], first["barrier"]) == (1, 2)
    assert first["balance"] == pytest.approx(-1 / 3)
    assert (first["measure"], first["amount"], first["n"]) == ("arrests", 31.5, 12)
    assert (first["source"], first["coding_source"]) == ("police", "reading")
    assert (rows[1]["codings"], rows[1]["balance"], rows[1]["n"]) == (0, None, None)
    assert {row["fit"] for row in rows} == {row["interpretation"] for row in rows} == {None}


def test_what_people_wrote_comes_back_with_the_next_making(study: Study) -> None:
    outcomes, filled = file(study, OUTCOMES), study.path.with_name("joint.csv")
    write_table(joint(study.project, outcomes=outcomes), filled, schema="themes", force=False)
    with filled.open(encoding="utf-8-sig", newline="") as written:
        header, *lines = csv.reader(written)
    place = header.index("fit")
    lines[1][place : place + 2] = ["Discordant", "'-nobody there spoke of it"]
    with filled.open("w", encoding="utf-8", newline="") as changed:
        csv.writer(changed).writerows([header, *lines])
    rows = joint(study.project, outcomes=outcomes, fit=filled).records()
    assert (rows[1]["fit"], rows[1]["interpretation"]) == (
        "discordant", "-nobody there spoke of it",
    )  # fmt: skip
    assert [row["fit"] for row in rows] == [None, "discordant", None, None]


def test_a_display_that_left_with_labels_for_names_comes_back_to_its_rows(study: Study) -> None:
    study.document("x", "P5: It was north all over.\n\nP6: So.\n\nP5: Yes.\n", site="south")
    study.finish("ana", "x")
    study.project.redactions.add(
        study.documents["x"].id, Span(11, 16), "[place]", "place", by=study.coders["ana"]
    )
    outcomes = file(study, OUTCOMES)
    assert joint(study.project, outcomes=outcomes).column("value")[0] == "[place]"
    fits = file(
        study,
        "code,attribute,value,measure,period,fit,interpretation\n"
        "trust,site,[place],arrests,2023,expands,More of it.\n",
        "fit.csv",
    )
    assert joint(study.project, outcomes=outcomes, fit=fits).column("fit")[0] == "expands"


def test_values_that_do_not_meet_are_listed_from_both_sides(study: Study) -> None:
    outcomes = file(study, OUTCOMES.replace("north", "nroth"))
    with pytest.raises(UsageProblem) as refused:
        joint(study.project, outcomes=outcomes)
    assert '"nroth" (line 2)' in str(refused.value)
    assert 'without an outcome: "north".' in str(refused.value)
    assert refused.value.exit_code == 2


def test_a_group_without_outcomes_is_told_of(study: Study) -> None:
    table = joint(study.project, outcomes=file(study, HEADER + "site,north,x,1,,,,\n"))
    assert "No outcomes for site: south." in table.notes


def test_an_unknown_attribute_is_an_unknown_name(study: Study) -> None:
    with pytest.raises(UnknownName):
        joint(study.project, outcomes=file(study, HEADER + "planet,Mars,x,1,,,,\n"))


def test_all_problems_of_the_outcomes_come_at_once_with_their_lines(study: Study) -> None:
    bad = HEADER + "site,,x,many,,,,\nsite,north,x,1,,1.5,,\nsite,north,x,nan,,,,\n"
    with pytest.raises(InputProblems) as found:
        joint(study.project, outcomes=file(study, bad))
    assert [(p.line, p.message) for p in found.value.problems] == [
        (2, 'the amount "many" is not a number.'),
        (2, 'the column "value" is empty.'),
        (3, 'n is "1.5", not a whole number.'),
        (4, 'the amount "nan" is not a number.'),
        (4, "this outcome is there already (line 3)."),
    ]


def test_all_problems_of_the_fits_come_at_once_with_their_lines(study: Study) -> None:
    outcomes = file(study, OUTCOMES)
    fits = file(
        study,
        "code,attribute,value,measure,period,fit,interpretation\n"
        "joy,site,north,arrests,2023,confirms,\n"
        "trust,site,north,arrests,2023,proves,\n"
        "trust,site,north,arrests,2019,expands,so\n"
        "fear,site,north,arrests,2023,,\n",
        "fit.csv",
    )
    with pytest.raises(InputProblems) as found:
        joint(study.project, outcomes=outcomes, fit=fits)
    assert [p.line for p in found.value.problems] == [2, 3, 4]
    assert "confirms, expands, discordant" in str(found.value)

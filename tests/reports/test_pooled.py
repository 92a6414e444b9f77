"""All rounds as one sample: what is missing in which, and what cannot be put together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qualcode.errors import UsageProblem
from qualcode.model import Code, Table
from qualcode.reliability.coefficients import krippendorff_alpha
from qualcode.reliability.patterns import count
from qualcode.reports.agreement import agreement, agreement_json, agreement_wide
from tests.reports.studies import Study

TEXT = "P1: I trusted her. She came back. We talked.\n\nP2: I was afraid. Nobody called.\n"
FIRST = ["I trusted her.", "She came back.", "We talked.", "I was afraid.", "Nobody called."]


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Round r1 on v1 (trust, fear; ana, ben), r2 on v2 (and hope; ben, cam); document "one" in both."""
    made = Study(tmp_path / "s.qualcode", ["trust", "fear"])
    project, ana = made.project, made.coders["ana"]
    for name in ("one", "two", "three"):
        made.document(name, f"{TEXT}\nP3: {name}.\n")
    project.codebook.freeze("v1", by=ana)
    made.round("r1", {"one": ["ana", "ben"], "two": ["ana", "ben"]}, version="v1")
    made.code("ana", "one", "trust", FIRST[0], FIRST[1], round="r1")
    made.code("ben", "one", "trust", FIRST[0], round="r1")
    made.code("ana", "two", "fear", FIRST[3], round="r1")
    made.code("ben", "two", "fear", FIRST[3], FIRST[4], round="r1")
    project.codebook.import_codes([Code("", "hope", position=0)], by=ana)
    project.codebook.freeze("v2", by=ana)
    made.round("r2", {"one": ["ben", "cam"], "three": ["ben", "cam"]}, version="v2")
    made.code("ben", "one", "hope", FIRST[2], round="r2")
    made.code("cam", "one", "hope", FIRST[2], FIRST[3], round="r2")
    made.code("cam", "three", "trust", FIRST[0], round="r2")
    for coder in ("ana", "ben"):
        made.finish(coder, "one", "two", round="r1")
    for coder in ("ben", "cam"):
        made.finish(coder, "one", "three", round="r2")
    made.close("r1")
    made.close("r2")
    yield made
    made.project.close()


def of(
    table: Table, round: str, code: str, statistic: str = "krippendorff_alpha"
) -> dict[str, Any]:
    (found,) = [
        row
        for row in table
        if (row["round"], row["code"], row["statistic"], row["scope"])
        == (round, code, statistic, "overall" if code == "*" else "code")
    ]
    return found


def test_rounds_have_the_rows_they_have_without_it(study: Study) -> None:
    plain = agreement(study.project)
    both = agreement(study.project, pool_versions=True)
    assert {row["round"] for row in plain} == {"r1", "r2"}
    assert [row for row in both if row["round"] != "*"] == list(plain)


def test_a_code_of_one_version_is_counted_where_it_could_be_applied(study: Study) -> None:
    table = agreement(study.project, pool_versions=True)
    hope, there = of(table, "*", "hope"), of(table, "r2", "hope")
    for column in ("value", "n_units", "n_present", "prevalence"):
        assert hope[column] == there[column]
    assert hope["codebook_version"] == "v1, v2"


def test_a_code_of_both_is_counted_on_the_units_of_both(study: Study) -> None:
    trust = of(agreement(study.project, pool_versions=True), "*", "trust")
    units = np.full((24, 3), -1)  # two documents of six sentences in each round; ana, ben, cam
    units[:12, :2] = 0
    units[12:, 1:] = 0
    units[0, 0] = units[0, 1] = units[1, 0] = 1
    units[18, 2] = 1
    (expected,) = krippendorff_alpha(count(units))
    assert trust["value"] == pytest.approx(expected.value, abs=1e-12)
    assert (trust["n_units"], trust["n_documents"]) == (24, 3)


def test_every_pooled_alpha_is_recomputed_by_the_other_package(study: Study) -> None:
    table = agreement(study.project, pool_versions=True, by=["code", "document"])
    alphas = [
        row
        for row in table
        if row["round"] == "*" and row["statistic"] == "krippendorff_alpha" and row["value"]
    ]
    assert alphas
    apart = [row["cross_check_difference"] for row in alphas if not row["document"]]
    assert all(isinstance(one, float) and one <= 1e-9 for one in apart)
    assert table.provenance["cross_check"]["agrees"]


def test_the_answer_says_what_was_pooled(study: Study) -> None:
    table = agreement(study.project, pool_versions=True)
    assert agreement_json(table)["options"]["pool_versions"] is True
    (said,) = [note for note in table.notes if note.startswith("All rounds together: 2")]
    assert "2 rounds on codebook v1, v2" in said
    assert "Documents of several rounds count once for each" in said
    assert [row["round"] for row in agreement_wide(table)].count("*") == 4


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"rounds": ["r1"]}, "only one round"),
        ({"unit": "segment"}, "Free segments"),
        ({"statistics": ["krippendorff_alpha_set"]}, "Sets of codes"),
    ],
)
def test_what_cannot_be_pooled_is_refused(study: Study, how: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageProblem, match=words):
        agreement(study.project, pool_versions=True, **how)


@pytest.mark.parametrize("unit", ["turn", "document", "character", "window:3"])
def test_every_other_unit_can(study: Study, unit: str) -> None:
    table = agreement(study.project, pool_versions=True, unit=unit)
    both = [of(table, name, "trust")["n_units"] for name in ("r1", "r2")]
    assert of(table, "*", "trust")["n_units"] == sum(both)

"""``qualcode agreement --ratings``: tables from other tools, against published figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Shell

GOLDEN = Path(__file__).parents[1] / "golden" / "agreement"


def case(name: str) -> dict[str, Any]:
    found = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def wide(raw: dict[str, Any]) -> str:
    rows = [
        ",".join(["" if value is None else str(value) for value in (n, *row)])
        for n, row in enumerate(raw["ratings"], 1)
    ]
    return "\n".join([",".join(["unit", *raw["coders"]]), *rows]) + "\n"


@pytest.mark.parametrize(
    ("name", "measured"),
    [
        ("krippendorff2011_4coders_missing", "nominal"),
        ("krippendorff2011_4coders_missing", "ordinal"),
        ("krippendorff2011_4coders_missing", "interval"),
        ("krippendorff2011_4coders_missing", "ratio"),
        ("irrcac_raw_5observers", "nominal"),
        ("krippendorff2011_sectC_nominal", "nominal"),
    ],
)
def test_alpha_of_a_published_table_is_the_published_one(
    shell: Shell, name: str, measured: str
) -> None:
    raw = case(name)
    shell.file("r.csv", wide(raw))
    categories = ",".join(str(one) for one in raw["categories"])
    answer = shell.json(
        "agreement", "--ratings", "r.csv", "--level", measured, "--categories", categories
    )
    (expected,) = [
        entry["value"]
        for entry in raw["expected"]
        if entry["stat"] == "krippendorff_alpha" and entry["params"] == {"level": measured}
    ]
    (row,) = [
        row
        for row in answer["rows"]
        if row["statistic"] == "krippendorff_alpha" and row["scope"] == "code"
    ]
    assert row["value"] == pytest.approx(expected, abs=1e-9)
    assert answer["cross_check"]["agrees"]
    assert answer["cross_check"]["checked"] == 2


def test_every_statistic_of_a_table_has_the_figure_of_the_case(shell: Shell) -> None:
    raw = case("krippendorff2011_4coders_missing")
    shell.file("r.csv", wide(raw))
    names = ["percent_agreement", "light_kappa", "conger_kappa", "fleiss_kappa", "gwet_ac1",
             "brennan_prediger"]  # fmt: skip
    asked = [word for name in names for word in ("--statistic", name)]
    answer = shell.json("agreement", "--ratings", "r.csv", *asked, "--interval", "gwet")
    found = {row["statistic"]: row for row in answer["rows"] if row["scope"] == "code"}
    plain: tuple[dict[str, str], ...] = ({}, {"weights": "none"}, {"averaging": "unit_mean"})
    entries = {e["stat"]: e for e in raw["expected"] if e["params"] in plain}
    compared = 0
    for name in names:
        if name in entries:
            compared += 1
            assert found[name]["value"] == pytest.approx(entries[name]["value"], abs=1e-6), name
            if "se" in entries[name]:
                assert found[name]["se"] == pytest.approx(entries[name]["se"], abs=1e-6), name
    assert compared >= 4


def test_a_long_table_of_codes_has_figures_per_code_and_document_intervals(shell: Shell) -> None:
    rows = ["unit,document,code,coder,value"]
    for document in range(6):
        for unit in range(10):
            for code in ("handoff", "buy_in"):
                first = int((unit + document) % 3 == 0)
                second = int((unit + document) % 3 == 0 and unit != 9)
                rows += [f"{unit},d{document},{code},ana,{first}"]
                rows += [f"{unit},d{document},{code},ben,{second}"]
    shell.file("r.csv", "\n".join(rows) + "\n")
    answer = shell.json("agreement", "--ratings", "r.csv")
    codes = [r for r in answer["rows"] if r["scope"] == "code"]
    assert {row["code"] for row in codes} == {"handoff", "buy_in"}
    assert {row["ci_method"] for row in codes} == {"jackknife"}
    assert "positive_agreement" in {row["statistic"] for row in codes}
    assert answer["data"]["documents"] == 6


def test_the_table_is_readable_and_says_what_it_compared(shell: Shell) -> None:
    shell.file("r.csv", "unit,ana,ben\n1,a,a\n2,b,a\n3,c,c\n4,a,a\n")
    result = shell.run("agreement", "--ratings", "r.csv")
    assert result.exit_code == 0
    assert "r.csv (wide): 4 units, 2 coders; values: a, b, c (nominal)." in result.stderr
    assert "value" in result.stdout
    chosen = shell.ok("agreement", "--ratings", "r.csv", "--statistic", "scott_pi")
    assert "scott_pi" in chosen


def test_problems_of_the_file_come_with_their_lines(shell: Shell) -> None:
    shell.file("r.csv", "unit,coder,value\n1,ana,yes\n1,ana,no\n1,ben,yes\n")
    result = shell.run("agreement", "--ratings", "r.csv")
    assert result.exit_code == 1
    assert 'r.csv:3: ana rated unit 1 "no" here and "yes" on line 2.' in result.stderr


def test_a_project_or_a_file_but_not_both_and_no_option_of_the_other(study: Shell) -> None:
    study.file("r.csv", "unit,ana,ben\n1,a,a\n2,b,a\n")
    assert study.run("agreement").exit_code == 2
    assert study.run("agreement", "s.qualcode", "--ratings", "r.csv").exit_code == 2
    result = study.run("agreement", "--ratings", "r.csv", "--unit", "turn")
    assert result.exit_code == 2
    assert "--unit is for a project" in result.stderr
    assert study.run("agreement", "s.qualcode", "--level", "ordinal").exit_code == 2
    assert study.run("agreement", "--ratings", "r.csv", "--statistic", "guess").exit_code == 2
    assert study.run("agreement", "--ratings", "r.csv", "--coder", "zoe").exit_code == 2


def test_an_alpha_below_the_threshold_exits_with_3(shell: Shell) -> None:
    shell.file("r.csv", "unit,ana,ben\n" + "".join(f"{n},{n % 2},{n % 3 % 2}\n" for n in range(30)))
    assert shell.run("agreement", "--ratings", "r.csv", "--fail-under", "0.8").exit_code == 3


def test_linear_weights_count_numbers_as_themselves(shell: Shell) -> None:
    # 1 and 2 lie near each other, 9 far away: by rank 1–2 would weigh as much as 2–9.
    shell.file("r.csv", "unit,ana,ben\n1,1,2\n2,2,1\n3,9,9\n4,1,1\n")
    answer = shell.json(
        "agreement", "--ratings", "r.csv", "--weights", "linear", "--statistic", "cohen_kappa",
        "--by", "code",
    )  # fmt: skip
    (row,) = answer["rows"]
    assert row["observed"] == pytest.approx((7 / 8 + 7 / 8 + 1 + 1) / 4)


def test_weights_on_words_need_their_order(shell: Shell) -> None:
    shell.file("r.csv", "unit,ana,ben\n1,low,high\n2,mid,low\n")
    arguments = ("agreement", "--ratings", "r.csv", "--weights", "quadratic")
    refused = shell.run(*arguments)
    assert refused.exit_code == 2
    assert "need the order of the values" in refused.output
    shell.ok(*arguments, "--categories", "low,mid,high")


def test_each_value_against_the_rest_is_the_published_figure(shell: Shell) -> None:
    raw = case("fleiss1971_psychiatric")
    entries = {
        (entry["stat"], str(entry["params"]["category"])): entry["value"]
        for entry in raw["expected"]
        if entry["stat"].startswith("category_")
    }
    assert entries
    shell.file("r.csv", wide(raw))
    asked = [word for stat in {stat for stat, _ in entries} for word in ("--statistic", stat)]
    answer = shell.json("agreement", "--ratings", "r.csv", *asked)
    found = {
        (row["statistic"], row["code"]): row["value"]
        for row in answer["rows"]
        if row["scope"] == "category"
    }
    for key, value in entries.items():
        assert found[key] == pytest.approx(value, abs=1e-6), key

"""Agreement on small projects: what is compared, what is missing, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qualcode.errors import CheckFailed, StillBlind, UnknownName, UsageProblem
from qualcode.model import Cell, Table
from qualcode.reports.agreement import (
    WIDE,
    agreement,
    agreement_json,
    agreement_wide,
    require_cross_check,
    require_lower_limit,
)
from qualcode.reports.figures import COLUMNS
from tests.reports.studies import Study

TEXT = """Moderator: How was it?

P1: I trusted her. She came back. We talked.

P2: I was afraid. Nobody called me. Then nothing.
"""
# Six sentences that count; the moderator's does not.

MakeStudy = Callable[[], Study]


@pytest.fixture
def new_study(tmp_path: Path) -> Iterator[MakeStudy]:
    made: list[Study] = []

    def make() -> Study:
        path = tmp_path / f"study{len(made)}.qualcode"
        made.append(Study(path, ["trust", ("hope", "trust"), "fear"]))
        return made[-1]

    yield make
    for study in made:
        study.project.close()


def compared(
    study: Study,
    documents: int = 1,
    *,
    coders: tuple[str, ...] = ("ana", "ben"),
    name: str = "r1",
    close: bool = True,
) -> Study:
    """A closed (or else unblinded) round in which ana codes a sentence more than ben in every second document.

    In even documents both say trust of the first sentence; in odd ones ben says nothing.
    """
    names = [f"{name}-d{n}" for n in range(documents)]
    for n, document in enumerate(names):
        study.document(document, f"{TEXT}\nP3: Number {n} of {name}.\n")
    study.round(name, dict.fromkeys(names, coders))
    for n, document in enumerate(names):
        study.code("ana", document, "trust", "I trusted her.", round=name)
        if n % 2 == 0:
            study.code("ben", document, "trust", "trusted her", round=name)
    for coder in coders:
        study.finish(coder, *names, round=name)
    if close:
        study.close(name)
    else:
        opened = study.project.rounds.named(name)
        study.project.rounds.unblind(opened.id, by=study.coders["ana"], reason="discussion")
    return study


def figures(table: Table, scope: str = "code", code: str = "trust") -> dict[str, dict[str, Any]]:
    """Statistic → row."""
    return {str(r["statistic"]): r for r in table if (r["scope"], r["code"]) == (scope, code)}


def test_a_study_worked_by_hand(new_study: MakeStudy) -> None:
    # 2 documents of 7 sentences: 1 both present, 1 ana only, 12 neither.
    rows = figures(agreement(compared(new_study(), 2).project, resamples=100))
    assert rows["percent_agreement"]["value"] == pytest.approx(13 / 14)
    assert rows["positive_agreement"]["value"] == pytest.approx(2 / 3)
    # pe = (2 * 1 + 12 * 13) / 14²
    pe = 158 / 196
    assert rows["cohen_kappa"]["value"] == pytest.approx((13 / 14 - pe) / (1 - pe))
    # n1 = 3, n0 = 25, n = 28, o01 = 1
    assert rows["krippendorff_alpha"]["value"] == pytest.approx(1 - 27 / 75)
    pi = 3 / 28
    chance = 2 * pi * (1 - pi)
    assert rows["gwet_ac1"]["value"] == pytest.approx((13 / 14 - chance) / (1 - chance))


def test_every_figure_carries_its_counts(new_study: MakeStudy) -> None:
    row = figures(agreement(compared(new_study(), 2).project, resamples=100))["cohen_kappa"]
    expected = {
        "n_units": 14, "n_documents": 2, "n_coders": 2, "n_pairs": 14, "n_present": 3, "n_any": 2,
        "n_all": 1, "n_none": 12, "unit": "sentence", "overlap": "any", "coder_a": "ana",
        "coder_b": "ben", "round": "r1", "status": "ok", "reason": None,
    }  # fmt: skip
    assert {key: row[key] for key in expected} == expected
    assert row["prevalence"] == pytest.approx(3 / 28)


def test_two_coders_have_one_pair_with_the_same_kappa(new_study: MakeStudy) -> None:
    table = agreement(compared(new_study(), 2).project, resamples=100)
    pair = figures(table, "pair")["cohen_kappa"]
    assert pair["value"] == figures(table)["cohen_kappa"]["value"]
    assert (pair["n_units"], pair["n_any"], pair["n_all"], pair["n_documents"]) == (14, 2, 1, 2)


def test_three_coders_have_congers_kappa_and_three_pairs(new_study: MakeStudy) -> None:
    study = compared(new_study(), 2, coders=("ana", "ben", "cho"))
    table = agreement(study.project, resamples=100, codes=["trust"])
    assert "conger_kappa" in figures(table)
    assert "cohen_kappa" not in figures(table)
    pairs = [(r["coder_a"], r["coder_b"]) for r in table if r["scope"] == "pair"]
    assert pairs == [("ana", "ben"), ("ana", "cho"), ("ben", "cho")]


def test_a_pairs_interval_rests_on_the_documents_that_both_finished(new_study: MakeStudy) -> None:
    study = new_study()
    names = [f"d{n}" for n in range(6)]
    for n, name in enumerate(names):
        study.document(name, f"{TEXT}\nP3: Number {n}.\n")
    third = ["d0", "d1", "d2"]
    study.round("r1", {d: ["ana", "ben", *(["cho"] if d in third else [])] for d in names})
    for n, name in enumerate(names):
        for coder in ("ana", *(["ben"] if n % 2 else []), *(["cho"] if name in third else [])):
            study.code(coder, name, "trust", "I trusted her.", round="r1")
    for coder, finished in (("ana", names), ("ben", names), ("cho", third)):
        study.finish(coder, *finished, round="r1")
    study.close("r1")
    table = agreement(study.project, rounds=["r1"], resamples=100)
    pairs = {
        (r["coder_a"], r["coder_b"]): r
        for r in table
        if r["scope"] == "pair" and r["code"] == "trust"
    }
    assert pairs["ana", "ben"]["ci_method"] == "jackknife"
    assert "few_documents" not in str(pairs["ana", "ben"]["flags"])
    for pair in (("ana", "cho"), ("ben", "cho")):
        assert pairs[pair]["n_documents"] == 3
        assert pairs[pair]["ci_method"] == "bootstrap-units"
        assert "few_documents" in str(pairs[pair]["flags"])
    assert any("kappa of ana and cho; ben and cho: Intervals by" in note for note in table.notes)
    apart = agreement(study.project, rounds=["r1"], coders=["ben", "cho"], interval="jackknife")
    among = agreement(study.project, rounds=["r1"], interval="jackknife")
    alone = next(r for r in apart if r["scope"] == "pair" and r["code"] == "trust")
    again = next(
        r
        for r in among
        if (r["coder_a"], r["coder_b"], r["code"], r["scope"]) == ("ben", "cho", "trust", "pair")
    )
    for column in ("value", "ci_low", "ci_high", "se", "n_units", "p_below_667"):
        assert again[column] == alone[column], column


def test_a_coder_who_has_not_finished_is_missing_and_their_codings_are_ignored(
    new_study: MakeStudy,
) -> None:
    study = new_study()
    for name in ("one", "two"):
        study.document(name, TEXT + f"\nP3: {name}.\n")
    study.round("r1", {"one": ["ana", "ben"], "two": ["ana", "ben"]})
    for coder in ("ana", "ben"):
        study.code(coder, "one", "trust", "I trusted her.", round="r1")
        study.finish(coder, "one", round="r1")
    study.code("ana", "two", "trust", "I trusted her.", round="r1")
    study.code("ben", "two", "trust", "Nobody called me.", round="r1")
    study.finish("ana", "two", round="r1")
    study.close("r1")
    table = agreement(study.project, resamples=100)
    row = figures(table)["krippendorff_alpha"]
    assert (row["value"], row["n_units"], row["n_documents"]) == (1.0, 7, 1)
    assert any("1 coding in documents their coder has not finished" in n for n in table.notes)


def test_one_finished_coder_gives_reasons_and_no_number(new_study: MakeStudy) -> None:
    study = new_study()
    study.document("one", TEXT)
    study.round("r1", {"one": ["ana", "ben"]})
    study.code("ana", "one", "trust", "I trusted her.", round="r1")
    study.finish("ana", "one", round="r1")
    study.close("r1")
    table = agreement(study.project)
    assert {row["status"] for row in table} == {"undefined"}
    assert {row["reason"] for row in table} == {"single_coder"}
    assert any("ben finished no document" in note for note in table.notes)
    json.dumps(agreement_json(table), allow_nan=False)


def test_nobody_finished_gives_reasons_and_no_number(new_study: MakeStudy) -> None:
    study = new_study()
    study.document("one", TEXT)
    study.round("r1", {"one": ["ana", "ben"]})
    study.close("r1")
    assert {row["reason"] for row in agreement(study.project)} == {"no_pairable_units"}


def test_an_unused_code_is_undefined_for_alpha_and_flagged_for_ac1(new_study: MakeStudy) -> None:
    rows = figures(agreement(compared(new_study(), 2).project, resamples=100), code="fear")
    assert rows["krippendorff_alpha"]["reason"] == "code_never_used"
    assert rows["gwet_ac1"]["value"] == 1.0
    assert "no_variation" in str(rows["gwet_ac1"]["flags"])


def test_alpha_of_all_codes_stacks_unit_and_code_cells(new_study: MakeStudy) -> None:
    table = agreement(compared(new_study(), 2).project, resamples=100)
    row = figures(table, "overall", "*")["krippendorff_alpha"]
    # 14 units × 3 codes: n1 = 3, n0 = 81, n = 84, o01 = 1
    assert row["value"] == pytest.approx(1 - 83 / (3 * 81))
    assert (row["n_units"], row["averaging"]) == (42, "unit_x_code")


def test_a_code_in_one_document_has_a_figure_but_no_interval(new_study: MakeStudy) -> None:
    study = compared(new_study(), 5)
    study.document("extra", TEXT)
    study.round("r2", {f"r1-d{n}": ["ana", "ben"] for n in range(5)})
    study.code("ana", "r1-d0", "fear", "I was afraid.", round="r2")
    study.code("ben", "r1-d0", "fear", "I was afraid.", round="r2")
    for coder in ("ana", "ben"):
        study.finish(coder, *(f"r1-d{n}" for n in range(5)), round="r2")
    study.close("r2")
    row = figures(agreement(study.project, rounds=["r2"]), code="fear")["krippendorff_alpha"]
    assert (row["value"], row["ci_low"], row["ci_reason"]) == (1.0, None, "code_in_one_document")


def test_five_documents_take_the_jackknife_and_fewer_resampled_units_with_a_warning(
    new_study: MakeStudy,
) -> None:
    study = compared(compared(new_study(), 5), 2, name="r2")
    five = agreement(study.project, rounds=["r1"])
    two = agreement(study.project, rounds=["r2"], resamples=100)
    assert {row["ci_method"] for row in five} == {"jackknife"}
    assert {row["ci_method"] for row in two} == {"bootstrap-units"}
    assert not any("resampling units" in warning for warning in five.provenance["warnings"])
    assert any("resampling units" in warning for warning in two.provenance["warnings"])
    assert figures(five)["krippendorff_alpha"]["se"] is not None


def test_an_open_blind_round_refuses_and_an_unblinded_one_answers(new_study: MakeStudy) -> None:
    study = new_study()
    study.document("one", TEXT)
    opened = study.round("r1", {"one": ["ana", "ben"]})
    for coder in ("ana", "ben"):
        study.finish(coder, "one", round="r1")
    for rounds in (["r1"], None):
        with pytest.raises(StillBlind):
            agreement(study.project, rounds=rounds)
    study.project.rounds.unblind(opened.id, by=study.coders["ana"], reason="pilot")
    assert len(agreement(study.project, resamples=50)) > 0


def test_a_round_still_blind_is_left_out_of_the_default_with_a_warning(
    new_study: MakeStudy,
) -> None:
    study = compared(new_study(), 2)
    study.round("r2", {"r1-d0": ["ana", "ben"]})
    table = agreement(study.project, resamples=50)
    assert set(table.column("round")) == {"r1"}
    assert 'Round "r2" is left out: it is blind and open.' in table.notes


def test_rounds_are_never_pooled(new_study: MakeStudy) -> None:
    study = compared(compared(new_study(), 2), 3, name="r2")
    table = agreement(study.project, resamples=50, codes=["trust"])
    alphas = [r for r in table if r["statistic"] == "krippendorff_alpha" and r["scope"] == "code"]
    assert [(r["round"], r["n_documents"]) for r in alphas] == [("r1", 2), ("r2", 3)]
    assert [one["round"] for one in table.provenance["data"]["rounds"]] == ["r1", "r2"]


def test_solo_coding_is_compared_only_where_there_is_no_other_round(new_study: MakeStudy) -> None:
    study = new_study()
    study.document("one", TEXT)
    for coder in ("ana", "ben"):
        study.code(coder, "one", "trust", "I trusted her.")
        study.finish(coder, "one")
    assert set(agreement(study.project, resamples=50).column("round")) == {"solo"}
    compared(study, 1)
    assert set(agreement(study.project, resamples=50).column("round")) == {"r1"}


def test_codes_outside_the_pinned_version_are_missing_and_said_so(new_study: MakeStudy) -> None:
    study = new_study()
    project, ana = study.project, study.coders["ana"]
    project.codebook.freeze("v1", by=ana)
    from qualcode.model import Code

    project.codebook.import_codes([Code("", "later", position=9)], by=ana)
    study.document("one", TEXT)
    study.round("r1", {"one": ["ana", "ben"]}, version="v1")
    for coder in ("ana", "ben"):
        study.finish(coder, "one", round="r1")
    study.close("r1")
    table = agreement(project, resamples=50, codes=["later"])
    assert figures(table, code="later")["percent_agreement"]["reason"] == "no_pairable_units"
    assert "later" not in agreement(project, resamples=50).column("code")


def test_another_unit_gives_other_counts(new_study: MakeStudy) -> None:
    project = compared(new_study(), 1).project
    counts = {
        unit: figures(agreement(project, unit=unit, resamples=50))["krippendorff_alpha"]["n_units"]
        for unit in ("sentence", "turn", "document")
    }
    assert counts == {"sentence": 7, "turn": 3, "document": 1}


def test_the_moderators_sentences_are_left_out_and_counted(new_study: MakeStudy) -> None:
    table = agreement(compared(new_study(), 1).project, resamples=50)
    assert table.provenance["data"]["units_excluded"] == 1


def test_every_alpha_is_recomputed_by_the_second_package(new_study: MakeStudy) -> None:
    table = agreement(compared(new_study(), 5).project)
    check = table.provenance["cross_check"]
    assert check["package"] == "krippendorff"
    assert check["checked"] == 4  # three codes and all of them together
    assert check["max_abs_difference"] < 1e-9
    assert figures(table)["krippendorff_alpha"]["cross_check_difference"] < 1e-9
    require_cross_check(table)


def test_an_alpha_the_second_package_disputes_fails_the_check(
    new_study: MakeStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qualcode.reliability.crosscheck.recomputed", lambda *_: 0.5)
    table = agreement(compared(new_study(), 2).project, resamples=50)
    with pytest.raises(CheckFailed, match="r1: trust"):
        require_cross_check(table)


def test_the_cross_check_can_be_left_out(new_study: MakeStudy) -> None:
    table = agreement(compared(new_study(), 2).project, resamples=50, check=False)
    assert table.provenance["cross_check"] is None
    require_cross_check(table)


def test_a_lower_limit_below_the_threshold_or_undefined_fails(new_study: MakeStudy) -> None:
    table = agreement(compared(new_study(), 5).project, codes=["trust"])
    require_lower_limit(table, -5)
    with pytest.raises(CheckFailed, match="trust"):
        require_lower_limit(table, 0.99)
    with pytest.raises(CheckFailed, match="fear"):
        require_lower_limit(agreement(compared(new_study(), 5).project, codes=["fear"]), -5)


def test_the_same_project_and_seed_give_the_same_answer_to_the_letter(
    new_study: MakeStudy,
) -> None:
    project = compared(new_study(), 2).project
    one, two = (json.dumps(agreement_json(agreement(project, resamples=80))) for _ in range(2))
    other = json.dumps(agreement_json(agreement(project, resamples=80, seed=2)))
    assert one == two != other


def test_the_same_codings_in_another_project_have_the_same_digest(new_study: MakeStudy) -> None:
    one, two = (
        agreement(compared(new_study(), 2).project, resamples=50).provenance["data"]
        for _ in range(2)
    )
    assert one == two


def test_adjudicating_changes_no_row(new_study: MakeStudy) -> None:
    study = compared(new_study(), 2, close=False)
    before = agreement(study.project, resamples=80)
    study.adjudicate("r1", "r1-d1", "trust", "I trusted her.", "present")
    assert len(study.project.adjudications.list()) == 1
    assert agreement(study.project, resamples=80).rows == before.rows


def test_a_duplicate_or_split_coding_changes_no_row(new_study: MakeStudy) -> None:
    study, again = new_study(), new_study()
    for one in (study, again):
        one.document("one", TEXT)
        one.round("r1", {"one": ["ana", "ben"]})
        one.code("ben", "one", "trust", "trusted her. She", round="r1")
    study.code("ana", "one", "trust", "I trusted her.", round="r1")
    again.code("ana", "one", "trust", "I trusted", "trusted her.", "trusted", round="r1")
    for one in (study, again):
        for coder in ("ana", "ben"):
            one.finish(coder, "one", round="r1")
        one.close("r1")
    tables = [agreement(one.project, resamples=50) for one in (study, again)]
    assert tables[0].rows == tables[1].rows
    assert tables[0].provenance["data"] == tables[1].provenance["data"]


def test_the_wide_table_has_one_row_per_code_and_the_reason_in_words(
    new_study: MakeStudy,
) -> None:
    wide = agreement_wide(agreement(compared(new_study(), 5).project))
    assert list(wide.columns) == WIDE
    assert wide.column("code") == ["trust", "hope", "fear", "*"]
    by_code: dict[Cell, dict[str, Cell]] = {row["code"]: row for row in wide}
    assert by_code["trust"]["kappa_name"] == "cohen_kappa"
    assert by_code["fear"]["reason"] == "never used"
    assert by_code["trust"]["reason"] is None


def test_the_json_answer_has_what_others_rely_on(new_study: MakeStudy) -> None:
    answer = json.loads(json.dumps(agreement_json(agreement(compared(new_study(), 5).project))))
    assert {"options", "versions", "data", "cross_check", "rows", "coverage", "warnings"} <= set(
        answer
    )
    assert {"unit", "overlap", "round", "coders", "interval", "ci_level", "level", "seed"} <= set(
        answer["options"]
    )
    assert {"sha256", "unit_cut", "documents", "units", "coders"} <= set(answer["data"])
    assert list(answer["rows"][0]) == COLUMNS
    assert answer["coverage"][0]["status"] == "finished"


@pytest.mark.parametrize(
    "options",
    [
        {"unit": "window"}, {"codes": ["nothing"]}, {"coders": ["nobody"]}, {"rounds": ["r9"]},
        {"interval": "guess"},
    ],
    ids=lambda options: next(iter(options)),
)  # fmt: skip
def test_an_unknown_name_is_refused(new_study: MakeStudy, options: dict[str, Any]) -> None:
    with pytest.raises(UnknownName):
        agreement(compared(new_study(), 1).project, **options)


@pytest.mark.parametrize("options", [{"level": 95}, {"overlap": "half"}, {"resamples": 0}])
def test_an_option_that_makes_no_sense_is_refused(
    new_study: MakeStudy, options: dict[str, Any]
) -> None:
    with pytest.raises(UsageProblem):
        agreement(compared(new_study(), 1).project, **options)


def test_comparing_one_coder_with_nobody_says_so(new_study: MakeStudy) -> None:
    table = agreement(compared(new_study(), 1).project, coders=["ana"])
    assert {row["reason"] for row in table} == {"single_coder"}


def test_statistics_asked_for_are_those_of_pairs_and_of_all_codes(new_study: MakeStudy) -> None:
    study = compared(new_study(), 2, coders=("ana", "ben", "cho"))
    table = agreement(study.project, statistics=["krippendorff_alpha", "gwet_ac1"], resamples=50)
    for scope, code in (("code", "trust"), ("pair", "trust"), ("overall", "*")):
        assert set(figures(table, scope, code)) == {"krippendorff_alpha", "gwet_ac1"}
    two = agreement(study.project, coders=["ana", "ben"], resamples=50)
    (row,) = [
        row
        for row in table
        if (row["scope"], row["code"], row["statistic"]) == ("pair", "trust", "krippendorff_alpha")
        and (row["coder_a"], row["coder_b"]) == ("ana", "ben")
    ]
    assert row["value"] == figures(two)["krippendorff_alpha"]["value"]


def test_alphas_of_pairs_and_documents_are_recomputed_too(new_study: MakeStudy) -> None:
    study = compared(new_study(), 2, coders=("ana", "ben", "cho"))
    table = agreement(
        study.project, statistics=["krippendorff_alpha"], by=["pair", "document"], resamples=50
    )
    assert {row["scope"] for row in table} == {"pair", "document"}
    for row in table:
        assert (row["cross_check_difference"] is None) == (row["value"] is None)
    assert table.provenance["cross_check"]["checked"] == len(table)
    require_cross_check(table)


def test_a_pooled_kappa_is_one_figure_of_all_codes(new_study: MakeStudy) -> None:
    study = compared(new_study(), 6)
    each = figures(agreement(study.project, statistics=["cohen_kappa"]), "code", "trust")
    table = agreement(study.project, statistics=["pooled_kappa"])
    assert {row["code"] for row in table} == {"*"}
    row = figures(table, "overall", "*")["pooled_kappa"]
    assert (row["averaging"], row["coder_a"], row["n_documents"]) == ("code_mean", "ana", 6)
    # The codes besides trust were never used: po = pe = 1 for them.
    trust = each["cohen_kappa"]
    po, pe = (trust["observed"] + 2) / 3, (trust["expected"] + 2) / 3
    assert row["value"] == pytest.approx((po - pe) / (1 - pe))
    assert row["ci_method"] == "jackknife"
    assert row["ci_low"] < row["value"]


def test_a_statistic_of_two_coders_without_a_row_says_where_it_is(new_study: MakeStudy) -> None:
    study = compared(new_study(), 2, coders=("ana", "ben", "cho"))
    table = agreement(study.project, statistics=["cohen_kappa"], by=["code"], resamples=50)
    assert not len(table)
    assert "cohen_kappa has no row here: it compares two coders; see it by pair." in table.notes


def test_few_documents_are_flagged_by_their_number_whatever_the_interval(
    new_study: MakeStudy,
) -> None:
    study = compared(new_study(), 6)
    for interval in ("gwet", "fce", "hayes-krippendorff", "bootstrap-units"):
        table = agreement(study.project, codes=["trust"], interval=interval, resamples=50)
        assert not any("few_documents" in str(row["flags"]) for row in table)


def test_naming_a_code_round_or_coder_twice_changes_nothing(new_study: MakeStudy) -> None:
    study = compared(new_study(), 2)
    once = agreement(study.project, rounds=["r1"], codes=["trust"], resamples=50)
    twice = agreement(
        study.project, rounds=["r1", "R1"], codes=["trust", "Trust"],
        coders=["ana", "ben", "ana"], resamples=50,
    )  # fmt: skip
    assert twice.rows == once.rows
    assert twice.provenance["data"]["documents"] == 2


def test_a_lower_limit_cannot_be_checked_without_alpha(new_study: MakeStudy) -> None:
    study = compared(new_study(), 6)
    table = agreement(study.project, statistics=["cohen_kappa"], by=["pair"])
    with pytest.raises(UsageProblem, match="no alpha"):
        require_lower_limit(table, 0.1)
    # Single documents have no interval by their nature.
    require_lower_limit(agreement(study.project, codes=["trust"], by=["code", "document"]), -1)
    with pytest.raises(CheckFailed):
        require_lower_limit(agreement(study.project, codes=["trust"]), float("nan"))


def test_the_wide_table_needs_alpha(new_study: MakeStudy) -> None:
    study = compared(new_study(), 2)
    table = agreement(study.project, statistics=["cohen_kappa"], resamples=50)
    with pytest.raises(UsageProblem):
        agreement_wide(table)

"""What the reports say of the sample study: the planned ranges, and what was planted in it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from qualcode.exporters.workbook import write_workbook
from qualcode.model import Table
from qualcode.project import Project
from qualcode.reports.agreement import agreement
from qualcode.reports.disagreements import confusion
from qualcode.reports.disclosure import disclosure
from qualcode.reports.evidence import evidence
from qualcode.reports.joint import joint
from qualcode.reports.printed import withheld
from qualcode.reports.sample import STUDY, folder
from qualcode.reports.saturation import saturation
from qualcode.reports.themes import frequency
from qualcode.store.check import check
from tests.stories.planted import finds, planted


def alphas(table: Table) -> dict[str, dict[str, Any]]:
    """Code → its row of Krippendorff's alpha; ``*`` is all codes together."""
    return {
        str(row["code"]): row
        for row in table
        if row["statistic"] == "krippendorff_alpha" and row["scope"] in ("code", "overall")
    }


@pytest.fixture
def first(sample: Project) -> Table:
    return agreement(sample, rounds=["round 1"])


@pytest.fixture
def second(sample: Project) -> Table:
    return agreement(sample, rounds=["round 2"])


def test_the_project_holds_what_its_log_says(sample: Project) -> None:
    assert [result for result in check(sample.path) if not result.ok] == []


def test_round_1_agrees_as_first_rounds_do(first: Table) -> None:
    overall = alphas(first)["*"]
    assert 0.50 <= overall["value"] <= 0.68
    assert overall["ci_method"] == "bootstrap-units"


def test_round_2_agrees_as_trained_coders_do(second: Table) -> None:
    common = {code: row for code, row in alphas(second).items() if row["n_any"] >= 30}
    assert len(common) > 5
    for code, row in common.items():
        assert 0.70 <= row["value"] <= 0.90, code
        assert row["ci_method"] == "jackknife"


def test_the_rounds_of_before_have_the_figures_they_had(first: Table, second: Table) -> None:
    assert [round(alphas(each)["*"]["value"], 3) for each in (first, second)] == [0.608, 0.824]


@finds("late_drift")
def test_coders_have_drifted_apart_in_the_late_document(sample: Project, second: Table) -> None:
    late = alphas(agreement(sample, rounds=[planted()["late_drift"]["round"]]))["*"]
    assert late["value"] < alphas(second)["*"]["ci_low"]
    assert late["value"] == pytest.approx(0.566, abs=0.0005)


def test_a_coder_alone_or_once_more_is_not_compared(sample: Project) -> None:
    rounds = {row["round"] for row in agreement(sample)}
    assert rounds == {"round 1", "round 2", "drift"}


@finds("lowest_in_round_2")
def test_the_planted_code_is_the_lowest_of_round_2(second: Table) -> None:
    item = planted()["lowest_in_round_2"]
    common = {
        code: row["value"]
        for code, row in alphas(second).items()
        if row["n_any"] >= item["at_least_sentences"] and code != "*"
    }
    assert [min(common, key=lambda code: common[code])] == item["codes"]


def test_every_alpha_meets_the_independent_package(first: Table, second: Table) -> None:
    for table in (first, second):
        found = table.provenance["cross_check"]
        assert found["checked"] > 10
        assert found["max_abs_difference"] <= 1e-9


@finds("one_speaker")
def test_the_talkative_officer_is_flagged(sample: Project) -> None:
    item = planted()["one_speaker"]
    rows = {str(row["code"]): row for row in frequency(sample) if row["group"] == "*"}
    row = rows[item["codes"][0]]
    assert row["top_participant"] == item["participant"]
    assert float(str(row["top_share"])) > item["top_share_above"]
    assert item["flag"] in str(row["flags"])


@finds("leadership_contradiction")
def test_praise_and_contradiction_of_leadership_are_both_there(sample: Project) -> None:
    item = planted()["leadership_contradiction"]
    rows = list(sample.codings.table("round 2", code=item["codes"][0]))
    praise = [r for r in rows if r["document"] == item["praise"]["document"]]
    against = [r for r in rows if r["document"] == item["contradiction"]["document"]]
    assert Counter(r["valence"] for r in praise).most_common(1)[0][0] == "facilitator"
    assert Counter(r["valence"] for r in against).most_common(1)[0][0] == "barrier"
    assert sum(bool(r["disconfirming"]) for r in against) > len(against) / 2
    assert not any(r["disconfirming"] for r in praise)


@finds("single_coder_code")
def test_what_one_coder_alone_uses_has_no_agreement(second: Table) -> None:
    row = alphas(second)[planted()["single_coder_code"]["codes"][0]]
    assert row["n_all"] == 0
    assert row["value"] <= 0.0


@finds("rare_code")
def test_what_too_few_sentences_bear_is_flagged(second: Table) -> None:
    item = planted()["rare_code"]
    row = alphas(second)[item["codes"][0]]
    assert row["n_any"] < 10
    assert item["flag"] in str(row["flags"]).split()


@finds("one_document_code")
def test_what_one_document_alone_speaks_of_is_flagged(sample: Project) -> None:
    item = planted()["one_document_code"]
    rows = {row["code"]: row for row in frequency(sample) if row["group"] == "*"}
    row = rows[item["codes"][0]]
    assert (row["documents"], item["flag"] in str(row["flags"]).split()) == (1, True)


@finds("formula_like_turns")
def test_turns_like_formulas_are_text_in_a_workbook(sample: Project, tmp_path: Path) -> None:
    passages = planted()["formula_like_turns"]["passages"]
    rows = [(one["document"], one["text"]) for one in passages]
    for document, text in rows:
        assert text in sample.documents.text(sample.documents.named(document).id)
    path = tmp_path / "turns.xlsx"
    with path.open("wb") as file:
        write_workbook([("turns", Table("turns", ["document", "text"], rows))], file)
    sheet = load_workbook(path)["turns"]
    held = [sheet.cell(row, 2) for row in range(2, 2 + len(rows))]
    assert [cell.value for cell in held] == [text for _, text in rows]
    assert {cell.data_type for cell in held} == {"s"}


@finds("confusable_pair")
def test_no_two_codes_are_confused_more_than_the_planted_pair(sample: Project) -> None:
    item = planted()["confusable_pair"]
    pairs: Counter[frozenset[str]] = Counter()
    for row in confusion(sample, rounds=[item["round"]]):
        pairs[frozenset((str(row["code_a"]), str(row["code_b"])))] += int(str(row["n"]))
    assert pairs.most_common(1)[0][0] == set(item["codes"])


@finds("small_cells")
def test_the_study_names_nobody_and_its_small_cells_are_found_in_full(sample: Project) -> None:
    item = planted()["small_cells"]
    rows = list(disclosure(sample))
    assert [row for row in rows if row["severity"] == "fail"] == []
    found = {str(row["text"]): row["n"] for row in rows if row["rule"] == "small-cell"}
    assert found == {cell["participant"]: 1 for cell in item["cells"]}
    people = {one.label: one.attributes for one in sample.participants.list()}
    for cell in item["cells"]:
        who = cell["participant"]
        for name in item["attributes"]:
            assert people[who][name] == cell[name]
        assert withheld(sample)[who] == {"stakeholder_role"}  # its site, many share


def evidence_cells(sample: Project) -> dict[tuple[Any, ...], dict[str, Any]]:
    table = evidence(sample, site="site", stakeholder="stakeholder_role")
    return {(row["code"], row["exemplar_document"], row["stakeholder"]): row for row in table}


@finds("leadership_contradiction")
def test_the_sergeants_contradiction_stands_in_the_disconfirming_column(sample: Project) -> None:
    item = planted()["leadership_contradiction"]
    cells = evidence_cells(sample)
    code = item["codes"][0]
    against = cells[code, item["contradiction"]["document"], "sergeant"]
    assert int(against["disconfirming"]) > 0
    assert against["barrier"] > against["facilitator"]
    assert against["exemplar_participant"] == item["contradiction"]["participant"]
    praise = cells[code, item["praise"]["document"], "officer"]
    assert praise["facilitator"] > praise["barrier"]
    assert praise["disconfirming"] == "not searched"


@finds("unwelcome_handoff", "price_of_the_post")
@pytest.mark.parametrize(
    ("name", "role"), [("unwelcome_handoff", "participant"), ("price_of_the_post", "public health")]
)
def test_the_one_who_tells_it_otherwise_is_counted_and_quoted(
    sample: Project, name: str, role: str
) -> None:
    item = planted()[name]
    cell = evidence_cells(sample)[item["codes"][0], item["document"], role]
    assert int(cell["disconfirming"]) > 0
    assert cell["exemplar_participant"] == item["participant"]


@finds("paper_and_practice")
def test_paper_and_practice_stand_in_rows_of_their_own(sample: Project) -> None:
    item = planted()["paper_and_practice"]
    promised = item["passages"][0]["text"]
    for code in item["codes"]:
        paper = evidence_cells(sample)[code, item["document"], "(not set)"]
        assert paper["facilitator"] > 0
        assert paper["participants"] == 0
    cell = evidence_cells(sample)["availability", item["document"], "(not set)"]
    assert cell["exemplar"] == promised
    told = evidence_cells(sample)["availability", item["passages"][1]["document"], "(not set)"]
    assert (told["barrier"], told["facilitator"]) == (2, 0)


def test_the_columns_of_evidence_are_never_empty_and_a_search_is_seen(sample: Project) -> None:
    assert all(cell["disconfirming"] for cell in evidence_cells(sample).values())
    code = sample.codebook.named("model_fidelity")
    you = sample.acting("you")
    sample.memos.write("Read all 12.", by=you, kind="negative-case-search", code_id=code.id)
    table = evidence(sample, site="site", stakeholder="stakeholder_role", codes=[code.code])
    said = set(table.column("disconfirming"))
    assert said == {"1", "none found (search recorded)"}


def test_the_joint_display_takes_the_outcomes_of_the_sample(sample: Project) -> None:
    table = joint(sample, outcomes=folder(STUDY) / "outcomes_by_site.csv")
    assert len(table) == len(sample.codebook.codes()) * 10
    assert set(table.column("fit")) == {None}


def test_saturation_follows_the_collection_dates_of_the_sample(sample: Project) -> None:
    table = saturation(sample)
    dates = [str(on) for on in table.column("collected_on")]
    assert dates == sorted(dates)
    assert table.column("codes")[-1] == sum(int(str(n)) for n in table.column("new_codes"))
    assert set(table.column("saturation")) == {"5+2"}

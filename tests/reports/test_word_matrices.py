"""Theme tables in the Word report: which are there, what their rows say, what is held back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.errors import UsageProblem
from qualcode.exporters.report import Figures, PrintedTable
from qualcode.model import Cell
from qualcode.reports.word import SMALL, word_report
from qualcode.reports.word_matrices import NO_PAIR, Asked
from qualcode.reports.word_themes import of
from tests.reports.studies import Study

NORTH = """P1: I trusted her, and I hoped.

P1: Trust and hope, again.

P1: Then it rained.

P2: I was afraid.

P2: It was cold.
"""
SOUTH = """P3: I trusted nobody.

P3: We waited.
"""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study(tmp_path / "study.qualcode", ["trust", "hope", "fear"])
    made.document("north", NORTH, site="North", role="officer")
    made.document("south", SOUTH, site="South", role="nurse")
    made.code("ana", "north", "trust", "trusted her", "Trust")
    made.code("ana", "north", "hope", "hoped", "hope, again")
    made.code("ana", "north", "fear", "afraid", valence="barrier")
    made.code("ana", "south", "trust", "trusted nobody", disconfirming=True)
    made.finish("ana", "north")
    made.finish("ana", "south")
    yield made
    made.project.close()


def printed(study: Study, part: str, tables: Asked | None = None) -> tuple[Figures, PrintedTable]:
    (made,) = word_report(study.project, what=[part], tables=tables).parts
    assert isinstance(made, Figures)
    return made, made.tables[0]


def cells(table: PrintedTable) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def note(table: PrintedTable) -> str:
    return "".join(piece.text for piece in table.note)


def outcomes(tmp_path: Path) -> Path:
    path = tmp_path / "outcomes.csv"
    path.write_text(
        "attribute,value,measure,amount,unit,n,period,source\n"
        "site,North,arrests,31.5,per month,12,2023,log\n"
        "site,South,arrests,8,per month,12,2023,log\n"
    )
    return path


def test_tables_that_need_an_attribute_are_there_only_when_it_is_given(
    study: Study, tmp_path: Path
) -> None:
    asked = Asked(by=["site"], site="site", stakeholder="role", outcomes=outcomes(tmp_path))
    plain, full = (word_report(study.project, what=["tables"], tables=t) for t in (None, asked))
    without = ["Theme frequency", "Codes that come up together", "Saturation"]
    assert [part.heading for part in plain.parts][:3] == without
    assert [part.heading for part in full.parts][:6] == [
        "Theme frequency", "Themes by site", "Codes that come up together", "Evidence matrix",
        "Joint display", "Saturation",
    ]  # fmt: skip
    said = dict(full.provenance)
    assert (said["Groups by"], said["Evidence by"]) == ("site", "site and role")
    assert said["Outcomes"] == "outcomes.csv"


@pytest.mark.parametrize(
    ("part", "asked", "option"),
    [
        ("crosstab", Asked(), "--by"),
        ("evidence", Asked(), "--site and --stakeholder"),
        ("joint", Asked(), "--outcomes"),
        ("tables", Asked(site="site"), "--stakeholder"),
        ("tables", Asked(fit=Path("fit.csv")), "--outcomes"),
    ],
)
def test_a_table_asked_for_by_name_names_the_option_it_lacks(
    study: Study, part: str, asked: Asked, option: str
) -> None:
    with pytest.raises(UsageProblem, match=option):
        word_report(study.project, what=[part], tables=asked)


def test_a_crosstab_stands_below_its_base_and_counts_people(study: Study) -> None:
    _, table = printed(study, "crosstab", Asked(by=["site"]))
    assert [column.label for column in table.columns] == ["Code", "All", "North", "South"]
    assert cells(table)[:2] == [
        ["Base: documents", "2", "1", "1"], ["Base: participants", "3", "2", "1"],
    ]  # fmt: skip
    assert cells(table)[3:] == [
        ["trust", "2", "1", "1"], ["hope", "1", "1", "0"], ["fear", "1", "1", "0"],
    ]  # fmt: skip


def test_codes_that_share_two_turns_more_often_than_by_chance_are_a_pair(study: Study) -> None:
    _, table = printed(study, "cooccurrence")
    # of 7 turns 3 with trust, 2 with hope, 2 with both: lift 2 x 7 / (3 x 2)
    assert [row[:5] for row in cells(table)] == [["trust", "hope", "2", "0.67", "2.33"]]
    assert "1 of 1 pairs" in note(table)
    assert "sparse" not in note(table)
    assert "Fewer than 5 expected by chance" in note(table)


def test_without_such_a_pair_the_part_says_so(tmp_path: Path) -> None:
    small = Study(tmp_path / "small.qualcode", ["trust", "hope"])
    small.document("d", SOUTH)
    small.code("ana", "d", "trust", "trusted nobody")
    small.finish("ana", "d")
    (part,) = word_report(small.project, what=["cooccurrence"]).parts
    small.project.close()
    assert isinstance(part, Figures)
    assert (part.tables, part.sentences) == ((), [NO_PAIR])


def test_the_evidence_matrix_has_its_disconfirming_column_and_where_the_exemplar_is(
    study: Study,
) -> None:
    part, table = printed(study, "evidence", Asked(site="site", stakeholder="role"))
    assert part.across
    assert [column.label for column in table.columns][-2:] == ["Disconfirming", "Exemplar"]
    assert [row[:4] + row[-2:] for row in cells(table)][:3] == [
        ["trust", "all", "all", "2 / 3", "1", "north, 1"],
        ["trust", "North", "officer", "1 / 2", "not searched", "north, 1"],
        ["trust", "South", "nurse", "1 / 1", "1", "south, 1"],
    ]
    assert "qualcode memos add" not in note(table)
    assert [row[0].text for row in table.rows if row[0].bold] == ["trust", "hope", "fear"]
    assert all(cell.bold for cell in table.rows[0])
    assert not any(cell.bold for cell in table.rows[1])


def test_the_joint_display_sets_codes_beside_amounts(study: Study, tmp_path: Path) -> None:
    _, table = printed(study, "joint", Asked(outcomes=outcomes(tmp_path)))
    assert table.columns[-1].label == "arrests, per month"
    assert [row[:3] + row[-1:] for row in cells(table)][:2] == [
        ["trust", "North", "1 / 2", "31.5"],
        ["trust", "South", "1 / 1", "8.0"],
    ]
    assert [row[6] for row in cells(table) if row[0] == "fear"] == ["−1.00"]  # one barrier
    assert "arrests: 2023." in note(table)
    assert "--fit" not in note(table)


def more_outcomes(tmp_path: Path, *lines: str) -> Asked:
    path = outcomes(tmp_path)
    path.write_text(path.read_text() + "".join(f"{line}\n" for line in lines))
    return Asked(outcomes=path)


def test_each_measure_is_a_column_and_a_dash_where_it_was_not_taken(
    study: Study, tmp_path: Path
) -> None:
    asked = more_outcomes(tmp_path, "site,North,referrals,2,per month,12,2024,log")
    _, table = printed(study, "joint", asked)
    assert [column.label for column in table.columns][-2:] == [
        "arrests, per month", "referrals, per month",
    ]  # fmt: skip
    assert [row[-2:] for row in cells(table)][:2] == [["31.5", "2.0"], ["8.0", "–"]]
    assert "arrests: 2023. referrals: 2024." in note(table)


def test_periods_that_differ_between_groups_are_told_or_are_columns(
    study: Study, tmp_path: Path
) -> None:
    asked = more_outcomes(tmp_path, "site,South,visits,5,,,2022,", "site,North,visits,4,,,2023,")
    _, table = printed(study, "joint", asked)
    assert table.columns[-1].label == "visits"
    assert "visits: North 2023, South 2022." in note(table)
    asked = more_outcomes(tmp_path, "site,North,arrests,20,per month,12,2024,log")
    _, table = printed(study, "joint", asked)
    assert [column.label for column in table.columns][-2:] == [
        "arrests, per month, 2023", "arrests, per month, 2024",
    ]  # fmt: skip
    assert [row[-2:] for row in cells(table)][:2] == [["31.5", "20.0"], ["8.0", "–"]]


def test_more_measures_than_have_room_are_rows_that_do_not_repeat_the_figures(
    study: Study, tmp_path: Path
) -> None:
    asked = more_outcomes(tmp_path, *(f"site,North,m{n},{n},,,2023," for n in range(6)))
    _, table = printed(study, "joint", asked)
    assert [row[:3] + row[-3:-1] for row in cells(table)][:3] == [
        ["trust", "North", "1 / 2", "arrests, 2023", "31.5"],
        ["", "", "", "m0, 2023", "0.0"],
        ["", "", "", "m1, 2023", "1.0"],
    ]


def test_saturation_comes_with_its_sentence(study: Study) -> None:
    part, table = printed(study, "saturation")
    assert part.sentences == ["All documents: too few documents for a base and one run."]
    assert [row[1] + " " + row[3] for row in cells(table)] == ["north 3", "south 0"]


def test_few_participants_are_told_on_the_last_page_or_not_printed(study: Study) -> None:
    asked = Asked(by=["site"])
    report = word_report(study.project, what=["crosstab"], tables=asked)
    assert dict(report.provenance)[SMALL].startswith("Rows with 1 to 2 participants: crosstab ")
    asked = Asked(by=["site"], site="site", stakeholder="role", suppress=True)
    report = word_report(study.project, what=["tables"], tables=asked)
    assert SMALL not in dict(report.provenance)
    assert "none can be worked out from the others" in dict(report.provenance)["Suppressed"]
    tables = {t.key: t for part in report.parts if isinstance(part, Figures) for t in part.tables}
    assert cells(tables["crosstab 1"])[3][1:] == ["<3", "withheld", "withheld"]
    assert [row[:3] for row in cells(tables["evidence"])] == [
        [code, "all", "all"] for code in ("trust", "hope", "fear")
    ]
    assert cells(tables["frequency"])[0][3] == "<3 / 3"
    assert cells(tables["cooccurrence"])[0][-1] == "<3 / 3"


def test_what_is_hidden_in_a_table_is_told_nowhere_else_in_the_report(study: Study) -> None:
    what = ["front", "frequency", "crosstab", "figures", "coreq"]
    open_, hidden = (
        word_report(study.project, what=what, tables=Asked(by=["site"], suppress=suppress))
        for suppress in (False, True)
    )
    texts = []
    for report in (open_, hidden):
        parts = [part for part in report.parts if isinstance(part, Figures)]
        told = [cell.text for part in parts for t in part.tables for row in t.rows for cell in row]
        told += [picture.alt for part in parts for picture in part.pictures]
        texts.append(" ".join(told))
    assert "(2 of 3)" in texts[0]
    for said in ("(2 of 3)", "(1 of 3)", "2 / 3", "1 / 3"):
        assert said not in texts[1]
    assert open_.front is not None
    assert hidden.front is not None
    assert "3 participants" in hidden.front.counts


def test_a_study_of_two_people_does_not_say_how_many_they_are(tmp_path: Path) -> None:
    small = Study(tmp_path / "small.qualcode", ["trust"])
    small.document("d", NORTH, site="North")
    small.participants(*({"participant": who, "speaker": who} for who in ("P1", "P2")))
    small.code("ana", "d", "trust", "trusted her")
    small.finish("ana", "d")
    report = word_report(
        small.project, what=["front", "tables", "coreq"], tables=Asked(by=["site"], suppress=True)
    )
    small.project.close()
    assert report.front is not None
    assert "<3 participants" in report.front.counts
    tables = {t.key: t for part in report.parts if isinstance(part, Figures) for t in part.tables}
    assert cells(tables["frequency"])[0][3] == "<3 / <3"
    assert cells(tables["crosstab 1"])[1] == ["Base: participants", "<3", "withheld"]
    assert cells(tables["coreq"])[11][2].startswith("<3 participants in 1 document.")


def test_pictures_stand_below_the_tables_they_show(study: Study) -> None:
    report = word_report(study.project, what=["tables", "figures"])
    shown = {
        part.heading: [picture.key for picture in part.pictures]
        for part in report.parts
        if isinstance(part, Figures)
    }
    assert shown["Theme frequency"] == ["picture frequency"]
    assert shown["Codes that come up together"] == ["picture cooccurrence"]
    assert shown["Saturation"] == ["picture saturation"]
    assert shown["Pictures"] == []


def test_a_picture_below_its_table_does_not_say_the_same_again(study: Study) -> None:
    parts = word_report(study.project, what=["saturation", "figures"]).parts
    (part,) = (part for part in parts if part.heading == "Saturation")
    assert isinstance(part, Figures)
    assert "Source: reading. 2 documents read" in note(part.tables[0])
    said = "".join(piece.text for piece in part.pictures[0].note)
    assert said == "Note. Source and exclusions as in the table above."


def test_where_both_counts_are_withheld_that_is_said_once() -> None:
    said = of("n", "of")
    rows: list[dict[str, Cell]] = [
        {"n": 17, "of": 26}, {"n": "withheld", "of": 26}, {"n": "<3", "of": "withheld"},
        {"n": "withheld", "of": "withheld"}, {"n": None, "of": 26},
    ]  # fmt: skip
    assert [said(row) for row in rows] == [
        "17 / 26", "withheld / 26", "<3 / withheld", "withheld", "–",
    ]  # fmt: skip

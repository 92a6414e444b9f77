"""Crosstab, matrix and co-occurrence of small projects: who counts where, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

import qualcode
from qualcode import reports
from qualcode.errors import QualcodeError, UnknownName, UsageProblem
from qualcode.model import Cell, Span, Table
from qualcode.reports.cooccurrence import COLUMNS as PAIR_COLUMNS
from qualcode.reports.cooccurrence import related
from qualcode.reports.crosstab import COLUMNS as CROSSTAB_COLUMNS
from qualcode.reports.crosstab import crosstab_wide
from qualcode.reports.matrix import COLUMNS as MATRIX_COLUMNS
from qualcode.reports.matrix import matrix_wide
from tests.reports.studies import Study

GROUP = """Moderator: Did you trust her?

P1: I trusted her. She came back.

P2: I was afraid. Nobody called me.
"""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """A group in the north of which P2 is from the south, and field notes from the south."""
    made = Study(tmp_path / "study.qualcode", ["trust", ("hope", "trust"), "fear"])
    made.document("fg", GROUP, site="north")
    made.document("notes", "They trusted us.\n\nNothing else.\n", site="south")
    made.participants({"participant": "P2", "speaker": "P2", "site": "south", "job": "nurse"})
    made.code("ana", "fg", "trust", "trusted her")
    made.code("ana", "fg", "hope", "She came back")
    made.code("ana", "fg", "fear", "afraid")
    made.code("ana", "notes", "trust", "trusted us")
    made.finish("ana", "fg", "notes")
    yield made
    made.project.close()


def also(study: Study, code: str, quote: str) -> None:
    """Code one more stretch of the finished group."""
    solo, ana = study.project.rounds.named("solo"), study.coders["ana"]
    study.project.rounds.reopen_document(solo.id, study.documents["fg"].id, ana.id, by=ana)
    study.code("ana", "fg", code, quote)
    study.finish("ana", "fg")


def values(table: Table, code: str | None, cell: str) -> dict[Cell, Any]:
    return {r["group"]: r["value"] for r in table if (r["code"], r["cell"]) == (code, cell)}


def test_a_value_comes_from_the_participant_then_from_the_document(study: Study) -> None:
    table = reports.crosstab(study.project, by=["SITE"], cell="codings")
    assert list(table.columns) == CROSSTAB_COLUMNS
    assert values(table, "trust", "codings") == {"*": 3, "north": 2, "south": 1}
    assert values(table, "fear", "codings") == {"*": 1, "north": 0, "south": 1}


def test_base_rows_count_notes_as_documents_and_words_but_not_as_participants(
    study: Study,
) -> None:
    table = reports.crosstab(study.project, by=["site"], cell="words", percent="column")
    assert values(table, None, "documents") == {"*": 2, "north": 1, "south": 2}
    assert values(table, None, "participants") == {"*": 2, "north": 1, "south": 1}
    assert values(table, None, "words") == {"*": 17, "north": 6, "south": 11}
    assert [r["kind"] for r in table][:9] == ["base"] * 9
    hope = next(r for r in table if (r["code"], r["group"]) == ("hope", "north"))
    assert (hope["value"], hope["base"], hope["percent"]) == (3, 6, 50.0)


def test_two_attributes_give_a_group_for_each_pair_of_values(study: Study) -> None:
    table = reports.crosstab(study.project, by=["site", "job"], cell="participants")
    groups = [(r["group"], r["group_2"]) for r in table if r["code"] == "fear"]
    assert groups == [
        ("*", "*"), ("north", "(not set)"), ("south", "nurse"), ("south", "(not set)"),
    ]  # fmt: skip
    assert "south × nurse" in crosstab_wide(table).columns


def test_percent_of_codings_in_a_column_counts_each_coding_once(study: Study) -> None:
    table = reports.crosstab(study.project, by=["site"], percent="column")
    bases = {r["code"]: r["base"] for r in table if r["group"] == "*" and r["code"]}
    assert bases == {"trust": 4, "hope": 4, "fear": 4}


def test_a_parent_holds_its_childs_codings_unless_own_is_asked_for(study: Study) -> None:
    table = reports.crosstab(study.project, by=["site"], own=True)
    assert values(table, "trust", "codings") == {"*": 2, "north": 1, "south": 1}


def test_a_comparison_of_few_documents_has_a_ratio_and_no_interval(study: Study) -> None:
    table = reports.crosstab(study.project, by=["site"], compare=("North", "south"))
    found = {r["code"]: r for r in table if r["cell"] == "rate_ratio"}
    trust = found["trust"]
    assert (trust["group"], trust["compared_with"]) == ("north", "south")
    assert trust["value"] == pytest.approx((2 / 6) / (1 / 11))
    assert (trust["ci_low"], trust["reason"]) == (None, "few_documents")
    assert (found["fear"]["value"], found["fear"]["reason"]) == (None, "zero_cell")


def test_a_comparison_over_enough_documents_has_an_interval(tmp_path: Path) -> None:
    study = Study(tmp_path / "six.qualcode", ["trust"])
    for n in range(6):
        words = "I trust. " * (n + 1) + "Well now then."
        study.document(
            f"d{n}", f"P{n}: {words}\n\nP{n}: Yes.\n", site="north" if n % 2 else "south"
        )
        study.code("ana", f"d{n}", "trust", "trust")
        study.finish("ana", f"d{n}")
    [found] = [
        cast("dict[str, Any]", r)
        for r in reports.crosstab(study.project, by=["site"], compare=("north", "south"))
        if r["cell"] == "rate_ratio"
    ]
    # south: 3 codings in 6 + 10 + 14 words; north: 3 in 8 + 12 + 16.
    assert found["value"] == pytest.approx((3 / 36) / (3 / 30))
    assert (found["n_documents"], found["ci_level"], found["reason"]) == (6, 0.95, None)
    assert found["ci_low"] < found["value"] < found["ci_high"]
    study.project.close()


def test_a_wide_crosstab_has_a_column_per_group_and_the_ratio_beside(study: Study) -> None:
    table = crosstab_wide(reports.crosstab(study.project, by=["site"], compare=("north", "south")))
    assert list(table.columns) == [
        "code", "path", "level", "kind", "cell", "*", "north", "south", "rate_ratio", "ci_low",
        "ci_high", "reason",
    ]  # fmt: skip
    assert [row["cell"] for row in table][:4] == ["documents", "participants", "words", "codings"]
    trust = next(row for row in table if row["code"] == "trust")
    assert (trust["*"], trust["north"], trust["south"], trust["reason"]) == (
        3, 2, 1, "few_documents",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"by": ["shoe_size"]}, UnknownName),
        ({"by": []}, UsageProblem),
        ({"by": ["site", "job", "site"]}, UsageProblem),
        ({"by": ["site", "site"]}, UsageProblem),
        ({"by": ["site"], "cell": "shouts"}, UnknownName),
        ({"by": ["site"], "percent": "all"}, UnknownName),
        ({"by": ["site"], "cell": "per_1000_words", "percent": "row"}, UsageProblem),
        ({"by": ["site"], "compare": ("north", "nowhere")}, UnknownName),
        ({"by": ["site"], "compare": ("north", "north")}, UsageProblem),
        ({"by": ["site", "job"], "compare": ("north", "south")}, UsageProblem),
    ],
)
def test_what_a_crosstab_cannot_do_is_refused(
    study: Study, options: dict[str, Any], error: type[QualcodeError]
) -> None:
    with pytest.raises(error):
        reports.crosstab(study.project, **options)


def cells(table: Table, code: str) -> dict[Cell, Cell]:
    return {r["case"]: r["value"] for r in table if r["code"] == code}


def test_a_matrix_of_documents_holds_codings_presence_or_share(study: Study) -> None:
    table = reports.matrix(study.project)
    assert list(table.columns) == MATRIX_COLUMNS
    assert cells(table, "trust") == {"fg": 2, "notes": 1}
    assert cells(reports.matrix(study.project, cell="present"), "fear") == {"fg": 1, "notes": 0}
    assert cells(reports.matrix(study.project, cell="share"), "fear") == {"fg": 1 / 12, "notes": 0}


def test_a_document_that_is_not_read_is_a_dash_and_no_zero(study: Study) -> None:
    study.document("later", "P3: I trusted him.\n")
    table = reports.matrix(study.project)
    assert cells(table, "trust") == {"fg": 2, "notes": 1, "later": None}
    assert {r["reason"] for r in table if r["case"] == "later"} == {"not_read"}


def test_a_matrix_of_participants_counts_a_joint_coding_for_both(study: Study) -> None:
    also(study, "fear", "She came back.\n\nP2: I was")
    table = reports.matrix(study.project, rows="participant")
    assert cells(table, "fear") == {"P1": 1, "P2": 2}
    assert cells(table, "trust") == {"P1": 2, "P2": 0}
    share = cells(reports.matrix(study.project, rows="participant", cell="share"), "hope")
    assert share == {"P1": 0.5, "P2": 0.0}


def test_a_wide_matrix_has_a_row_per_case_and_a_column_per_code(study: Study) -> None:
    table = matrix_wide(reports.matrix(study.project))
    assert list(table.columns) == ["case", "trust", "hope", "fear"]
    assert list(table.rows) == [("fg", 2, 1, 1), ("notes", 1, 0, 0)]


def test_a_document_in_which_only_the_moderator_speaks_has_no_share(study: Study) -> None:
    study.document("asked", "Moderator: Did you trust her?\n\nModerator: Anybody?\n")
    study.finish("ana", "asked")
    table = reports.matrix(study.project, cell="share")
    assert [(r["value"], r["reason"]) for r in table if r["case"] == "asked"] == [
        (None, "no_words")
    ] * 3


def pair(table: Table, a: str, b: str) -> dict[str, Any]:
    return next(r for r in table if (r["code_a"], r["code_b"]) == (a, b))


def test_codes_of_one_turn_come_up_together_and_a_parent_never_with_its_child(
    study: Study,
) -> None:
    also(study, "fear", "came back")
    table = reports.cooccurrence(study.project)
    assert list(table.columns) == PAIR_COLUMNS
    assert [(r["code_a"], r["code_b"]) for r in table] == [("trust", "fear"), ("hope", "fear")]
    found = pair(table, "hope", "fear")
    expected = {
        "relation": "turn", "n": 1, "pairs": None, "n_a": 1, "n_b": 2, "n_all": 4, "jaccard": 0.5,
        "near_index": None, "expected": 0.5, "lift": 2.0, "lift_within": 1.0, "documents": 1,
        "n_documents": 2, "participants": 1, "n_participants": 2, "flags": "sparse",
        "reason": None,
    }  # fmt: skip
    assert {key: found[key] for key in expected} == expected
    own = reports.cooccurrence(study.project, own=True)
    assert [(r["code_a"], r["code_b"]) for r in own] == [("trust", "fear"), ("hope", "fear")]


def test_answers_on_either_side_of_a_question_are_near(study: Study) -> None:
    study.document("more", "P1: I trusted her.\n\nModerator: And?\n\nP2: I was afraid.\n")
    study.code("ana", "more", "trust", "I trusted")
    study.code("ana", "more", "fear", "afraid")
    study.finish("ana", "more")
    found = pair(reports.cooccurrence(study.project, relation="near:1"), "trust", "fear")
    assert (found["a_near"], found["b_near"], found["n"]) == (2, 2, 4)
    apart = reports.cooccurrence(study.project, relation="near:1", include_moderator=True)
    assert pair(apart, "trust", "fear")["n"] == 2


def test_a_pair_without_a_lift_says_why(tmp_path: Path) -> None:
    study = Study(tmp_path / "apart.qualcode", ["trust", "fear", "awe"])
    for name, code, quote in (("one", "trust", "trusted"), ("two", "fear", "afraid")):
        study.document(name, f"P1: I trusted her.\n\nP2: I was afraid {name}.\n")
        study.code("ana", name, code, quote)
        study.finish("ana", name)
    table = reports.cooccurrence(study.project)
    apart = pair(table, "trust", "fear")
    assert (apart["n"], apart["lift"], apart["lift_within"]) == (0, 0.0, None)
    assert apart["reason"] == "no_shared_document"
    unused = pair(table, "trust", "awe")
    assert (unused["jaccard"], unused["lift"], unused["reason"]) == (0.0, None, "unused_code")
    study.project.close()


@pytest.mark.parametrize("relation", ["near:", "near:0", "near:x", "turn:2", "sentence", "near:²"])
def test_an_unknown_relation_is_refused(relation: str) -> None:
    with pytest.raises(UsageProblem, match="near:K"):
        related(relation)


@pytest.mark.parametrize("k", ["1001", "0000010001", "9" * 5000])
def test_turns_beyond_a_thousand_are_refused_in_a_few_words(k: str) -> None:
    with pytest.raises(UsageProblem, match=r"near:K takes .* from 1 to 1,000\.") as caught:
        related(f"near:{k}")
    assert len(str(caught.value)) < 80
    assert related("near:0000000000000003") == ("near", 3)
    with pytest.raises(UsageProblem) as caught:
        related("x" * 5000)
    assert len(str(caught.value)) < 160


@pytest.mark.parametrize(
    ("relation", "meant"),
    [("near", ("near", 2)), ("near:3", ("near", 3)), ("Turn", ("turn", 0))],
)
def test_near_is_two_turns_if_nobody_says(relation: str, meant: tuple[str, int]) -> None:
    assert related(relation) == meant


@pytest.mark.parametrize("question", ["crosstab", "matrix", "cooccurrence"])
def test_an_open_blind_round_shows_only_the_readers_own(study: Study, question: str) -> None:
    study.document("blind", "P5: I trusted him.\n", site="east")
    study.round("r1", {"blind": ["ana", "ben"]})
    study.code("ben", "blind", "trust", "trusted", round="r1")
    study.finish("ben", "blind", round="r1")
    study.project.close()
    options = {"by": ["site"]} if question == "crosstab" else {}
    with qualcode.open(study.path, coder="ana") as project:
        table = getattr(reports, question)(project, **options)
    assert any("neither counted nor in N: blind" in note for note in table.notes)
    assert "east" not in {r.get("group") for r in table}


def test_a_value_that_is_a_star_is_not_the_row_of_all(study: Study) -> None:
    study.document("odd", "P3: I trusted nobody here.\n", site="*")
    study.document("odder", "P4: I trusted nobody there.\n", site='"*"')
    study.code("ana", "odd", "trust", "trusted nobody")
    study.finish("ana", "odd", "odder")
    codings = values(reports.crosstab(study.project, by=["site"]), "trust", "codings")
    assert codings == {"*": 4, "north": 2, "south": 1, '"*"': 1, '""*""': 0}
    table = reports.frequency(study.project, by="site")
    assert [row["codings"] for row in table if row["code"] == "trust"] == list(codings.values())
    ratio = reports.crosstab(study.project, by=["site"], compare=("north", "*"))
    assert {r["compared_with"] for r in ratio if r["cell"] == "rate_ratio"} == {'"*"'}


def test_groups_are_compared_by_their_labels_not_by_the_names_behind_them(study: Study) -> None:
    study.document("x", "P5: It was north all over.\n", site="south")
    study.project.redactions.add(
        study.documents["x"].id, Span(11, 16), "[place]", "place", by=study.coders["ana"]
    )
    by_label = reports.crosstab(study.project, by=["site"], compare=("[place]", "south"))
    assert {r["group"] for r in by_label if r["cell"] == "rate_ratio"} == {"[place]"}
    with pytest.raises(UnknownName, match=r'There is no group "north". Known: \[place\], south'):
        reports.crosstab(study.project, by=["site"], compare=("north", "south"))

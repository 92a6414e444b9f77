"""Excerpts of small projects: whose codings, whose words, and which line stands under a quote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import qualcode
from qualcode.errors import QualcodeError, StillBlind, UnknownName, UsageProblem
from qualcode.reports.attribution import attribution
from qualcode.reports.excerpts import collect, excerpts
from qualcode.reports.word_excerpts import quote, whole_words
from tests.reports.studies import Study

GROUP = """Moderator: Did you trust her?

P1: I trusted her. She came back.

P2: I was afraid. Nobody called me.
"""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study(tmp_path / "study.qualcode", ["trust", ("hope", "trust"), "fear"])
    made.document("fg", GROUP, site="North")
    yield made
    made.project.close()


def test_an_excerpt_names_its_place_its_speaker_and_its_exact_words(study: Study) -> None:
    study.participants({"participant": "X-1", "speaker": "P1", "stakeholder_role": "officer"})
    study.code("ana", "fg", "trust", "trusted her", valence="facilitator", exemplar=True)
    study.finish("ana", "fg")
    (row,) = excerpts(study.project)
    expected = {
        "document": "fg", "turns": "2", "time": None, "participant": "X-1", "speaker": "P1",
        "site": "North", "stakeholder_role": "officer", "codes": "trust", "valence": "facilitator",
        "exemplar": True, "disconfirming": False, "coder": "ana", "round": "solo", "memo": None,
        "text": "trusted her",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert GROUP[int(str(row["start"])) : int(str(row["stop"]))] == "trusted her"


def test_overlapping_codings_of_a_code_are_one_excerpt_touching_ones_two(study: Study) -> None:
    study.code("ana", "fg", "trust", "I trusted her", "trusted her. She")
    study.code("ana", "fg", "fear", "I was ", "afraid")
    study.finish("ana", "fg")
    assert excerpts(study.project).column("text") == ["I trusted her. She", "I was", "afraid"]


def test_a_code_asked_for_comes_with_those_below_it_and_no_words_twice(study: Study) -> None:
    study.code("ana", "fg", "trust", "I trusted her")
    study.code("ana", "fg", "hope", "her. She came back")
    study.code("ana", "fg", "fear", "afraid")
    study.finish("ana", "fg")
    (row,) = excerpts(study.project, code="Trust")
    assert (row["codes"], row["text"]) == ("trust; hope", "I trusted her. She came back")
    assert excerpts(study.project, code="hope").column("text") == ["her. She came back"]
    assert len(excerpts(study.project)) == 3


def test_two_coders_are_never_pooled(study: Study) -> None:
    study.round("r", {"fg": ["ana", "ben"]})
    study.code("ana", "fg", "trust", "trusted her", round="r")
    study.code("ben", "fg", "trust", "I trusted", round="r")
    study.finish("ana", "fg", round="r")
    study.finish("ben", "fg", round="r")
    study.close("r")
    assert excerpts(study.project).column("text") == ["trusted her"]
    both = excerpts(study.project, round="r")
    assert both.column("coder") == ["ben", "ana"]
    assert excerpts(study.project, coder="ben").column("text") == ["I trusted"]


def test_what_coders_agree_on_is_quoted_where_it_was_adjudicated(study: Study) -> None:
    study.round("r", {"fg": ["ana", "ben"]})
    study.code("ana", "fg", "trust", "trusted her", round="r", exemplar=True)
    study.code("ben", "fg", "trust", "I trusted", round="r")
    study.code("ben", "fg", "fear", "Nobody called", round="r")
    study.finish("ana", "fg", round="r")
    study.finish("ben", "fg", round="r")
    study.close("r")
    study.adjudicate("r", "fg", "fear", "Nobody called", "absent")
    (row,) = excerpts(study.project)
    assert (row["coder"], row["text"], row["exemplar"]) == ("consensus", "I trusted her", True)


def test_in_an_open_blind_round_only_ones_own_excerpts_are_there(study: Study) -> None:
    study.round("r", {"fg": ["ana", "ben"]})
    study.code("ana", "fg", "trust", "trusted her", round="r")
    study.code("ben", "fg", "fear", "afraid", round="r")
    study.project.close()
    with qualcode.open(study.path, coder="ana") as seen:
        assert excerpts(seen, round="r").column("coder") == ["ana"]
        assert len(excerpts(seen, coder="ben")) == 0
    with qualcode.open(study.path) as seen, pytest.raises(StillBlind):
        excerpts(seen, round="r")


def test_an_unfinished_document_is_left_out_unless_asked_for(study: Study) -> None:
    study.code("ana", "fg", "trust", "trusted her")
    with pytest.raises(QualcodeError, match="finish one"):
        excerpts(study.project)
    assert len(excerpts(study.project, include_unfinished=True)) == 1


@pytest.mark.parametrize("option", ["code", "coder", "round", "document"])
def test_an_unknown_name_is_said(study: Study, option: str) -> None:
    study.finish("ana", "fg")
    with pytest.raises(UnknownName, match="nobody"):
        excerpts(study.project, **{option: "nobody"})  # type: ignore[arg-type]


def test_without_excerpts_the_columns_stay(study: Study) -> None:
    study.finish("ana", "fg")
    table = excerpts(study.project)
    assert len(table) == 0
    assert table.columns[0] == "excerpt_id"


def test_a_quote_of_several_speakers_names_each_on_its_line(study: Study) -> None:
    study.code("ana", "fg", "trust", "came back.\n\nP2: I was afraid")
    study.finish("ana", "fg")
    (one,) = collect(study.project).excerpts
    made = quote(one)
    assert made.passages == [("P1", "came back."), ("P2", "I was afraid")]
    assert "".join(piece.text for piece in made.attribution) == "North · fg, turns 2–3"


def test_a_quote_is_widened_to_whole_words(study: Study) -> None:
    study.code("ana", "fg", "trust", "rusted h")
    study.finish("ana", "fg")
    (one,) = collect(study.project).excerpts
    assert one.text == "rusted h"
    assert quote(one).passages == [("", "trusted her")]
    assert whole_words("a b", 2, 3) == (2, 3)


FULL = {"participant": "P1", "role": "officer", "site": "North", "document": "fg", "turns": "turn 2",
        "time": "00:01:02"}  # fmt: skip


@pytest.mark.parametrize(
    ("missing", "line"),
    [
        ([], "P1, officer, North · fg, turn 2, 00:01:02"),
        (["role"], "P1, North · fg, turn 2, 00:01:02"),
        (["participant", "site"], "officer · fg, turn 2, 00:01:02"),
        (["participant", "role", "site"], "fg, turn 2, 00:01:02"),
        (["time", "turns"], "P1, officer, North · fg"),
        (list(FULL), ""),
    ],
)
def test_a_missing_part_takes_its_separator_along(missing: list[str], line: str) -> None:
    values = {name: "" if name in missing else value for name, value in FULL.items()}
    pieces = attribution(values)
    assert "".join(text for text, _ in pieces) == line
    assert [text for text, bold in pieces if bold] == ([] if "participant" in missing else ["P1"])


def test_an_attribution_of_ones_own_may_have_brackets_and_names_what_is_unknown() -> None:
    pieces = attribution(FULL, "({participant}; {time})")
    assert "".join(text for text, _ in pieces) == "(P1; 00:01:02)"
    with pytest.raises(UsageProblem, match=r"\{shoe\}"):
        attribution(FULL, "{shoe}")

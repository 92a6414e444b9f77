"""Queries over small projects: what is asked for, how it is shown, whom it quotes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode
from qualcode.errors import QueryProblem, StillBlind, UsageProblem
from qualcode.model import Cell, Table
from qualcode.reports.excerpts import excerpts
from qualcode.text import patterns
from qualcode.text.names import Suggestion
from tests.reports.studies import Study

GROUP = """Moderator: Did you trust her?

P1: I trusted her. She came back.

P2: I was afraid. Nobody called me.

Moderator: And then?

P1: Then the bed was gone.
"""
NOTES = "The bed stood empty.\n\nNobody called.\n"


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study(tmp_path / "study.qualcode", ["trust", ("hope", "trust"), "fear", "bed"])
    made.document("fg", GROUP, site="North")
    made.document("notes", NOTES, site="South")
    made.participants(
        {"participant": "X-1", "speaker": "P1", "stakeholder_role": "officer", "years": "10"},
        {"participant": "X-2", "speaker": "P2", "stakeholder_role": "defender", "years": "9"},
    )
    made.code("ana", "fg", "trust", "I trusted her. She", valence="facilitator", exemplar=True)
    made.code("ana", "fg", "hope", "She came back")
    made.code("ana", "fg", "fear", "afraid", "called me", valence="barrier")
    made.code("ana", "fg", "bed", "the bed was gone")
    made.code("ana", "notes", "bed", "The bed stood empty.")
    made.finish("ana", "fg", "notes")
    yield made
    made.project.close()


def texts(study: Study, query: str, **options: Any) -> list[Cell]:
    return excerpts(study.project, query, **options).column("text")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("trust", ["I trusted her. She came back"]),
        ("trust!", ["I trusted her. She"]),
        ("trust! AND hope", ["I trusted her. She came back"]),
        ("fear AND years<10", ["afraid", "called me"]),
        ("fear AND site=north", ["afraid", "called me"]),
        ("bed AND stakeholder_role=officer", ["the bed was gone"]),
        ("bed AND document:NOTES", ["The bed stood empty."]),
        ("bed AND NOT speaker:X-1", ["The bed stood empty."]),
        ("bed AND speaker:P1", ["the bed was gone"]),
        ("bed AND trust WITHIN participant", ["I trusted her. She came back", "the bed was gone"]),
        ("bed NEAR/1 fear", ["afraid", "called me", "the bed was gone"]),
        ("bed NEAR/1 trust", []),
        ('"nobody called"', ["I was afraid. Nobody called me.", "Nobody called."]),
        (r"/^the\b/", ["The bed stood empty."]),
        ('bed AND /gone$/', ["the bed was gone"]),
        ("has:exemplar", ["I trusted her. She came back."]),
    ],
)  # fmt: skip
def test_a_query_gives_what_it_holds_of(study: Study, query: str, found: list[str]) -> None:
    assert texts(study, query) == found


def test_no_words_are_printed_twice_and_a_row_lists_its_codes(study: Study) -> None:
    (row,) = excerpts(study.project, "trust AND hope OR hope")
    assert (row["codes"], row["valence"], row["exemplar"]) == ("trust; hope", "facilitator", True)


def test_cut_gives_what_the_codes_share(study: Study) -> None:
    (row,) = excerpts(study.project, "trust! AND hope", cut=True)
    assert (row["text"], row["codes"]) == ("She", "trust; hope")
    with pytest.raises(UsageProblem, match="WITHIN overlap"):
        excerpts(study.project, "trust AND hope WITHIN turn", cut=True)
    with pytest.raises(UsageProblem, match="say which"):
        excerpts(study.project, cut=True)


def test_a_turn_comes_with_what_is_coded_in_it_and_moderators_only_if_asked_for(
    study: Study,
) -> None:
    table = excerpts(study.project, '"trust" OR "called"')
    assert table.column("codes") == ["trust; hope", "fear", None]
    assert table.column("turns") == ["2", "3", None]
    assert any("excerpts are turns" in note for note in table.notes)
    assert len(excerpts(study.project, '"trust" OR "called"', include_moderator=True)) == 4


def test_options_and_query_must_both_hold(study: Study) -> None:
    assert texts(study, "site=North", code="bed") == ["the bed was gone"]
    assert texts(study, "bed", document="notes") == ["The bed stood empty."]
    assert texts(study, "fear AND valence=barrier", coder="ana", round="solo") == [
        "afraid",
        "called me",
    ]
    assert texts(study, "fear", coder="ana", code="bed") == []


def test_a_query_names_coders_whose_records_are_never_pooled(study: Study) -> None:
    study.round("r", {"fg": ["ana", "ben"]})
    study.code("ben", "fg", "fear", "I trusted her", round="r")
    study.code("ana", "fg", "trust", "trusted her", round="r")
    study.finish("ana", "fg", round="r")
    study.finish("ben", "fg", round="r")
    study.close("r")
    both = excerpts(study.project, "(fear OR trust) AND round:r")
    assert sorted(map(str, both.column("coder"))) == ["ana", "ben"]
    assert texts(study, "fear AND coder:BEN") == ["I trusted her"]
    assert texts(study, "fear AND trust AND round:r") == []
    assert both.provenance["source"] is None


def test_in_an_open_blind_round_a_query_sees_ones_own_only(study: Study) -> None:
    study.round("r", {"fg": ["ana", "ben"]})
    study.code("ana", "fg", "trust", "trusted her", round="r")
    study.code("ben", "fg", "fear", "I trusted her", round="r")
    study.finish("ben", "fg", round="r")
    study.project.close()
    with qualcode.open(study.path, coder="ana") as seen:
        assert excerpts(seen, "(fear OR trust) AND round:r").column("text") == ["trusted her"]
        assert len(excerpts(seen, '"bed" AND coder:ben')) == 0
    with qualcode.open(study.path) as seen, pytest.raises(StillBlind):
        excerpts(seen, "fear AND round:r")


def test_the_context_is_what_was_said_before_and_after(study: Study) -> None:
    (row,) = excerpts(study.project, "hope")
    assert row["context_before"] == "Moderator: Did you trust her?\nX-1: I trusted her."
    assert row["context_after"] == ".\nX-2: I was afraid. Nobody called me."
    (row,) = excerpts(study.project, "hope", context=0)
    assert (row["context_before"], row["context_after"]) == ("X-1: I trusted her.", ".")
    (row,) = excerpts(study.project, "bed AND document:notes")
    assert (row["context_before"], row["context_after"]) == (None, "Nobody called.")
    assert excerpts(study.project, "hope").columns[-3:] == [
        "text",
        "context_before",
        "context_after",
    ]


def test_a_value_nobody_has_is_told_with_those_there_are(study: Study) -> None:
    table = excerpts(study.project, 'bed AND site="Port Alder"')
    assert len(table) == 0
    assert (
        'Column 9: nothing has this value of "site"; as shown there are: North, South.'
        in table.notes
    )
    study.document("more", "P2: A bed.\n", years="many")
    study.finish("ana", "more")
    notes = excerpts(study.project, "bed AND years>5").notes
    assert any("1 value of" in note and "cannot be compared" in note for note in notes)


@pytest.mark.parametrize(
    ("asked", "kind"), [("stakeholder_role<5", "number"), ("site>=2024-05", "date")]
)
def test_words_are_not_compared_with_less_and_more(study: Study, asked: str, kind: str) -> None:
    with pytest.raises(QueryProblem, match=f"no value of .* is a {kind} \\(there are: ") as caught:
        excerpts(study.project, f"bed AND {asked}")
    assert (caught.value.column, caught.value.exit_code) == (9, 2)


def test_what_redactions_hide_is_told_with_the_way_out(study: Study) -> None:
    redacted(study)
    study.project.participants.import_table(
        [(2, {"participant": "X-1", "speaker": "P1", "unit": "Nobody Hall"})],
        by=study.coders["ana"],
    )
    for query, what in (
        ('bed AND unit="Nobody Hall"', 'Column 9: redactions hide this value of "unit".'),
        ('fear AND "nobody called"', "Column 10: redactions hide these words, or some of them."),
    ):
        table = excerpts(study.project, query)
        assert len(table) == 0
        (note,) = (one for one in table.notes if "redactions hide" in one)
        assert note == f"{what} Ask by the label that is shown, or with --identified REASON."
        assert "Nobody" not in said(table)
    assert texts(study, 'bed AND unit="[N-1] Hall"') == ["the bed was gone"]
    study.project.identify("a check", by=study.coders["ana"])
    assert texts(study, 'bed AND unit="Nobody Hall"') == ["the bed was gone"]


def test_a_document_asked_for_by_a_name_that_is_hidden_is_an_error_with_the_way_out(
    study: Study,
) -> None:
    redacted(study)
    study.document("talk of Nobody", "P1: A bed.\n")
    with pytest.raises(
        QueryProblem, match=r"redactions hide this document; .* --identified"
    ) as caught:
        excerpts(study.project, 'bed AND document:"talk of nobody"')
    assert caught.value.column == 9


def test_a_pattern_that_never_ends_is_an_error_at_its_column(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    study.document("long", "P1: " + "a" * 5000 + "b\n")
    study.finish("ana", "long")
    real = patterns.matches
    monkeypatch.setattr(patterns, "matches", lambda *a, **o: real(*a, **o, seconds=0.5))
    with pytest.raises(QueryProblem, match=r"more than 0\.5 seconds") as caught:
        excerpts(study.project, "NOT bed AND /(a+)+$/")
    assert caught.value.column == 13


def redacted(study: Study) -> None:
    """``Nobody`` and ``North`` are names from now on."""
    ana = study.coders["ana"]
    document = study.documents["fg"].id
    text = study.project.documents.text(document)
    start = text.index("Nobody")
    span = qualcode.model.Span(start, start + 6)
    study.project.redactions.suggest([Suggestion(document, span, "[N-1]", "person")], by=ana)
    ids = [one.id for one in study.project.redactions.list()]
    study.project.redactions.decide(ids, "accepted", by=ana)


def said(table: Table) -> str:
    return repr([table.rows, table.notes, dict(table.provenance)])


def test_a_redacted_name_is_not_found_and_its_label_is(study: Study) -> None:
    redacted(study)
    assert texts(study, '"nobody" AND document:fg') == []
    assert texts(study, '"[N-1] called"') == ["I was afraid. [N-1] called me."]
    for typed in ("Nobody", "nobody", "NOBODY"):
        hidden = excerpts(study.project, f'"{typed}" AND document:fg')
        assert "[N-1]" not in said(hidden)  # not even beside what was asked for
        assert typed not in said(hidden)
    study.project.identify("a check", by=study.coders["ana"])
    assert texts(study, '"nobody" AND document:fg') == ["I was afraid. Nobody called me."]


def test_what_participants_are_called_cannot_be_asked_for(study: Study) -> None:
    study.participants({"participant": "X-1", "name": "Zephyrine Quillon"})
    with pytest.raises(QueryProblem, match='no attribute "name"'):
        excerpts(study.project, 'bed AND name="Zephyrine Quillon"')


def test_one_voice_is_flagged_and_balance_spreads_the_quotes(study: Study) -> None:
    table = excerpts(study.project, code="hope")
    assert table.provenance["concentration"]["top_share"] == 1.0
    assert table.provenance["concentration"]["flags"] == ""  # too few to say
    ana, solo = study.coders["ana"], study.project.rounds.named("solo")
    study.project.rounds.reopen_document(solo.id, study.documents["fg"].id, ana.id, by=ana)
    study.code("ana", "fg", "fear", "trusted", "came", "back", "Then", "gone")
    study.finish("ana", "fg")
    table = excerpts(study.project)
    facts = table.provenance["concentration"]
    people = [row["participant"] for row in table if row["participant"]]
    assert facts["quotes"] == len(table) >= 8
    assert facts["top_participant"] == "X-1"
    assert facts["top_share"] == people.count("X-1") / len(table) > 0.25
    assert (facts["quoted"], facts["n_participants"], facts["flags"]) == (2, 2, "one_voice")
    assert any("Flag one_voice" in note for note in table.notes)
    first = excerpts(study.project, limit=2)
    assert first.column("participant") == ["X-1", "X-1"]
    assert "Coded, and never quoted here (stakeholder_role): defender." in first.notes
    two = excerpts(study.project, "trust OR fear", limit=2, balance=True)
    assert two.column("participant") == ["X-1", "X-2"]
    assert two.column("exemplar") == [True, False]
    with pytest.raises(UsageProblem, match="--limit"):
        excerpts(study.project, balance=True)

"""Theme frequencies of small projects: which codings speak, and who and what counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode
from qualcode.errors import QualcodeError, UnknownName
from qualcode.model import Span, Table
from qualcode.reports.crosstab import crosstab, crosstab_wide
from qualcode.reports.evidence import evidence
from qualcode.reports.themes import COLUMNS, frequency
from tests.reports.studies import Study

GROUP = """Moderator: Did you trust her?

P1: I trusted her. She came back.

P2: I was afraid. Nobody called me.
"""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study(tmp_path / "study.qualcode", ["trust", ("hope", "trust"), "fear"])
    made.document("fg", GROUP)
    yield made
    made.project.close()


def row(table: Table, code: str, group: str = "*") -> dict[str, Any]:
    return next(r for r in table if (r["code"], r["group"]) == (code, group))


def test_a_code_counts_participants_documents_turns_and_words(study: Study) -> None:
    study.code("ana", "fg", "trust", "trusted her")
    study.finish("ana", "fg")
    found = row(frequency(study.project), "trust")
    expected = {
        "codings": 1, "documents": 1, "n_documents": 1, "participants": 1, "n_participants": 2,
        "groups": 1, "n_groups": 1, "turns": 1, "n_turns": 2, "words": 2, "n_words": 12,
        "characters": 11, "no_valence": 1, "top_participant": "P1", "level": 1,
    }  # fmt: skip
    assert {key: found[key] for key in expected} == expected
    assert list(found) == COLUMNS


def test_a_parent_holds_its_childs_codings_unless_own_is_asked_for(study: Study) -> None:
    study.code("ana", "fg", "trust", "I trusted her. She")
    study.code("ana", "fg", "hope", "She came back")
    study.finish("ana", "fg")
    rolled = frequency(study.project)
    assert (row(rolled, "trust")["codings"], row(rolled, "hope")["codings"]) == (1, 1)
    assert row(rolled, "trust")["words"] == 6
    assert row(frequency(study.project, own=True), "trust")["words"] == 4
    assert row(rolled, "hope")["path"] == "trust › hope"


def test_a_parent_of_0_to_100_and_its_child_of_40_to_160_are_one_coding_of_160(
    tmp_path: Path,
) -> None:
    study = Study(tmp_path / "long.qualcode", ["parent", ("child", "parent")])
    words = "".join(f"{n:04}" for n in range(40))
    study.document("d", f"{words} end.\n")
    study.code("ana", "d", "parent", words[:100])
    study.code("ana", "d", "child", words[40:])
    study.finish("ana", "d")
    found = row(frequency(study.project), "parent")
    assert (found["codings"], found["characters"]) == (1, 160)
    study.project.close()


def test_a_duplicate_nested_in_a_coding_changes_nothing(study: Study) -> None:
    study.code("ana", "fg", "trust", "I trusted her.")
    nested = frequency(study.project, include_unfinished=True)
    study.code("ana", "fg", "trust", "trusted", "her")
    again = frequency(study.project, include_unfinished=True)
    assert row(again, "trust") == row(nested, "trust")


def test_what_a_moderator_says_counts_only_if_asked_for(study: Study) -> None:
    study.code("ana", "fg", "trust", "trust her?")
    study.finish("ana", "fg")
    table = frequency(study.project)
    assert row(table, "trust")["codings"] == 0
    assert any("1 coding holds no letter" in note for note in table.notes)
    with_moderator = row(frequency(study.project, include_moderator=True), "trust")
    assert (with_moderator["codings"], with_moderator["n_participants"]) == (1, 2)


def test_an_unfinished_document_is_neither_counted_nor_in_n(study: Study) -> None:
    study.document("later", "P3: I trusted him.\n")
    study.code("ana", "fg", "trust", "trusted her")
    study.finish("ana", "fg")
    study.code("ana", "later", "trust", "trusted him")
    table = frequency(study.project)
    assert (row(table, "trust")["documents"], row(table, "trust")["n_documents"]) == (1, 1)
    assert any("neither counted nor in N: later" in note for note in table.notes)
    both = row(frequency(study.project, include_unfinished=True), "trust")
    assert (both["documents"], both["n_documents"]) == (2, 2)


def test_no_finished_document_is_an_error_and_no_table_of_zeros(study: Study) -> None:
    study.code("ana", "fg", "trust", "trusted her")
    with pytest.raises(QualcodeError, match="--include-unfinished") as raised:
        frequency(study.project)
    assert raised.value.exit_code == 1


def test_an_unused_code_is_zero_of_n(study: Study) -> None:
    study.code("ana", "fg", "trust", "trusted her")
    study.finish("ana", "fg")
    found = row(frequency(study.project), "fear")
    assert (found["codings"], found["participants"], found["n_participants"]) == (0, 0, 2)
    assert (found["share"], found["top_participant"], found["flags"]) == (0.0, None, "")


def test_coders_are_never_pooled_and_the_busiest_one_speaks(study: Study) -> None:
    study.document("more", "P3: I hoped.\n")
    study.code("ben", "fg", "trust", "trusted her")
    study.code("ana", "fg", "trust", "trusted her", "came back")
    for coder, documents in (("ana", ["fg"]), ("ben", ["fg", "more"])):
        study.finish(coder, *documents)
    found = row(frequency(study.project), "trust")
    assert (found["codings"], found["codings_min"], found["codings_max"]) == (1, 1, 2)
    by_ana = row(frequency(study.project, source="coder:ana"), "trust")
    assert (by_ana["codings"], by_ana["n_documents"], by_ana["source"]) == (2, 1, "coder:ana")


def double_coded(study: Study) -> None:
    """ana and ben agree on one sentence and differ on another; the round is unblinded."""
    opened = study.round("r1", {"fg": ["ana", "ben"]})
    study.code("ana", "fg", "trust", "I trusted her.", "She came back.", round="r1")
    study.code("ben", "fg", "trust", "trusted her", round="r1")
    study.finish("ana", "fg", round="r1")
    study.finish("ben", "fg", round="r1")
    study.project.rounds.unblind(opened.id, by=study.coders["ana"], reason="discussion")


def test_a_consensus_leaves_out_what_is_undecided_and_says_how_much(study: Study) -> None:
    double_coded(study)
    table = frequency(study.project, source="consensus")
    assert (row(table, "trust")["codings"], row(table, "trust")["words"]) == (1, 3)
    assert any(note.startswith("1 sentence × code is still undecided") for note in table.notes)


def test_an_adjudicated_document_is_read_by_its_consensus(study: Study) -> None:
    double_coded(study)
    assert "1 by one coder" in frequency(study.project).notes[0]
    study.adjudicate("r1", "fg", "trust", "She came back.", "absent")
    table = frequency(study.project)
    assert "1 by consensus" in table.notes[0]
    assert row(table, "trust")["words"] == 3


def test_an_adjudicated_document_keeps_its_consensus_when_a_coder_codes_it_once_more(
    study: Study,
) -> None:
    double_coded(study)
    study.adjudicate("r1", "fg", "trust", "She came back.", "absent")
    study.round("r2", {"fg": ["ana"]})
    study.code("ana", "fg", "fear", "I was afraid.", round="r2")
    study.finish("ana", "fg", round="r2")
    study.close("r2")
    table = frequency(study.project)
    assert "1 by consensus" in table.notes[0]
    assert (row(table, "trust")["words"], row(table, "fear")["words"]) == (3, 0)
    assert row(frequency(study.project, source="coder:ana"), "fear")["words"] == 3


def test_of_two_joint_rounds_without_decisions_the_later_one_is_the_consensus(
    study: Study,
) -> None:
    double_coded(study)
    study.round("r2", {"fg": ["ana", "ben"]})
    for coder in ("ana", "ben"):
        study.code(coder, "fg", "fear", "I was afraid.", round="r2")
        study.finish(coder, "fg", round="r2")
    study.close("r2")
    table = frequency(study.project, source="consensus")
    assert (row(table, "trust")["words"], row(table, "fear")["words"]) == (0, 3)


def test_a_majority_of_two_is_both(study: Study) -> None:
    double_coded(study)
    assert row(frequency(study.project, source="majority"), "trust")["words"] == 3


def test_groups_take_their_value_from_the_participant_then_from_the_document(
    study: Study,
) -> None:
    study.document("south", "P3: I trusted him.\n\nP4: So did I.\n", site="south")
    study.participants({"participant": "P1", "speaker": "P1", "site": "north"})
    study.code("ana", "fg", "trust", "trusted her", "Nobody")
    study.code("ana", "south", "trust", "trusted him")
    study.finish("ana", "fg", "south")
    table = frequency(study.project, by="SITE")
    assert [r["group"] for r in table if r["code"] == "trust"] == [
        "*",
        "north",
        "south",
        "(not set)",
    ]
    counts = {g: row(table, "trust", g)["codings"] for g in ("*", "north", "south", "(not set)")}
    assert counts == {"*": 3, "north": 1, "south": 1, "(not set)": 1}
    assert row(table, "trust", "south")["n_participants"] == 2


def test_speakers_of_one_participant_count_once_and_unlinked_ones_are_named(study: Study) -> None:
    study.document("again", "Speaker 1: I trusted him.\n\nSpeaker 2: So did I.\n")
    study.participants({"participant": "A1", "speaker": "P1; Speaker 1"})
    study.code("ana", "fg", "trust", "trusted her")
    study.code("ana", "again", "trust", "trusted him")
    study.finish("ana", "fg", "again")
    table = frequency(study.project)
    found = row(table, "trust")
    assert (found["participants"], found["n_participants"], found["top_participant"]) == (
        1,
        3,
        "A1",
    )
    assert any("2 speakers are linked to no participant" in note for note in table.notes)


def test_a_document_without_speakers_counts_no_participants(study: Study) -> None:
    study.document("notes", "They trusted us.\n\nNothing else.\n")
    study.code("ana", "notes", "trust", "trusted us")
    study.finish("ana", "notes")
    found = row(frequency(study.project), "trust")
    assert (found["documents"], found["turns"], found["n_turns"]) == (1, 1, 2)
    assert (found["participants"], found["n_participants"], found["top_share"]) == (0, 0, None)


def test_valences_and_disconfirming_codings_have_columns(study: Study) -> None:
    study.code("ana", "fg", "fear", "I was afraid.", valence="barrier")
    study.code("ana", "fg", "fear", "Nobody called me.", disconfirming=True)
    study.finish("ana", "fg")
    found = row(frequency(study.project), "fear")
    assert (found["barrier"], found["no_valence"], found["disconfirming"]) == (1, 1, 1)


def test_in_an_open_blind_round_only_the_readers_own_codings_count(study: Study) -> None:
    study.round("r1", {"fg": ["ana", "ben"]})
    study.code("ana", "fg", "trust", "trusted her", round="r1")
    study.code("ben", "fg", "trust", "trusted her", "came back", round="r1")
    for coder in ("ana", "ben"):
        study.finish(coder, "fg", round="r1")
    study.project.close()
    for coder, codings in (("ana", 1), ("ben", 2)):
        with qualcode.open(study.path, coder=coder) as project:
            found = row(frequency(project), "trust")
            assert (found["codings"], found["codings_max"]) == (codings, codings)
    with qualcode.open(study.path) as project, pytest.raises(QualcodeError, match="No document"):
        frequency(project)


def test_a_removed_document_counts_no_more(study: Study) -> None:
    study.document("out", "P9: I trusted them.\n")
    study.code("ana", "out", "trust", "trusted them")
    study.finish("ana", "fg", "out")
    study.project.documents.remove(study.documents["out"].id, by=study.coders["ana"])
    found = row(frequency(study.project), "trust")
    assert (found["codings"], found["n_documents"]) == (0, 1)


@pytest.mark.parametrize(
    "options",
    [{"source": "everyone"}, {"source": "coder:nobody"}, {"by": "shoe_size"}],
    ids=["source", "coder", "attribute"],
)
def test_an_unknown_name_is_refused(study: Study, options: dict[str, Any]) -> None:
    study.finish("ana", "fg")
    with pytest.raises(UnknownName):
        frequency(study.project, **options)


def test_values_that_one_label_hides_are_one_group_and_the_table_says_so(tmp_path: Path) -> None:
    study = Study(tmp_path / "p.qualcode", ["trust"])
    for name, town in (("A", "Beta"), ("B", "Zeta"), ("C", "Gamma")):
        study.document(name, f"P-{name}: We met in {town}.\n", town=town, role="all")
        study.code("ana", name, "trust", "We met")
        if town != "Gamma":
            at = study.project.documents.text(study.documents[name].id).index(town)
            span, ana = Span(at, at + 4), study.coders["ana"]
            study.project.redactions.add(study.documents[name].id, span, "[town]", "place", by=ana)
    study.finish("ana", "A", "B", "C")
    tables = [
        frequency(study.project, by="town"),
        crosstab(study.project, by=["town"], cell="documents"),
        evidence(study.project, site="town", stakeholder="role"),
    ]
    wide = crosstab_wide(tables[1])
    study.project.identify("a check", by=study.coders["ana"])
    apart = frequency(study.project, by="town")
    study.project.close()
    assert tables[0].column("group") == ["*", "[town]", "Gamma"]
    assert tables[0].column("documents") == [3, 2, 1]
    assert wide.columns[5:] == ["*", "[town]", "Gamma"]
    assert wide.rows[3][5:] == (3, 2, 1)
    for table in tables:
        assert any('2 values of "town" are shown as "[town]"' in note for note in table.notes)
    assert apart.column("group") == ["*", "Beta", "Gamma", "Zeta"]


def test_groups_stand_in_the_order_of_what_is_shown(tmp_path: Path) -> None:
    """That of the names behind the labels would tell which label is which."""
    study = Study(tmp_path / "p.qualcode", ["trust"])
    for name, town, label in (("A", "Beta", "[town 2]"), ("B", "Zeta", "[town 1]")):
        study.document(name, f"We met in {town}.\n", town=town)
        study.code("ana", name, "trust", "We met")
        document = study.documents[name].id
        study.project.redactions.add(document, Span(10, 14), label, "place", by=study.coders["ana"])
    study.finish("ana", "A", "B")
    table = frequency(study.project, by="town")
    study.project.close()
    assert table.column("group") == ["*", "[town 1]", "[town 2]"]

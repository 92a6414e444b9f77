"""Keyword in context, in what is shown and where it may be looked; proposals before any coding."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import qualcode
from qualcode.errors import Refused, UnknownName
from qualcode.model import Span
from qualcode.project import Project
from qualcode.reports.autocode import apply_proposal, proposal
from qualcode.reports.search import Scope, hits, search
from tests.reports.studies import Study

A = (
    "Moderator: Did anybody walk you over?\n\n"
    "P1: Ana walked me over. Then she left.\n\n"
    "P2: Nobody walked with me. I walked alone.\n"
)
B = "P3: The van was late, so we walked.\n\nP4: Yes.\n\nP3: It was.\n"


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study(tmp_path / "p.qualcode", ["handoff", ("warm", "handoff"), "alone"])
    made.document("A", A, site="harbour")
    made.document("B", B, site="hill")
    yield made
    made.project.close()


def found(
    project: Project, asked: str, scope: Scope | None = None, mode: str = "words"
) -> list[str]:
    """Every hit with its document and turn."""
    return [
        f"{one.document.name}{one.turn.n if one.turn else '-'} {one.words}"
        for one in hits(project, asked, mode=mode, scope=scope or Scope())
    ]


def test_every_place_is_shown_with_its_words_around(study: Study) -> None:
    table = search(study.project, "walked", context=8)
    first = table.records()[0]
    assert (first["document"], first["turn"], first["speaker"]) == ("A", 2, "P1")
    assert (first["before"], first["hit"], first["after"]) == ("P1: Ana ", "walked", " me over")
    assert A[int(str(first["start"])) : int(str(first["stop"]))] == "walked"
    assert len(table) == 4
    assert table.notes == ["4 places in 2 documents."]


def test_the_scope_narrows_by_document_speaker_code_attribute_and_moderator(study: Study) -> None:
    project = study.project
    study.code("ana", "A", "warm", "Ana walked me over")
    assert found(project, "walk*", Scope(documents=["b"])) == ["B1 walked"]
    assert found(project, "walk*", Scope(speakers=["p2"])) == ["A3 walked", "A3 walked"]
    assert found(project, "walk*", Scope(codes=["handoff"])) == ["A2 walked"]
    assert found(project, "walk*", Scope(attributes={"Site": "HILL"})) == ["B1 walked"]
    assert found(project, "walk", Scope()) == ["A1 walk"]
    assert found(project, "walk", Scope(moderator=False)) == []


@pytest.mark.parametrize(
    "scope",
    [
        Scope(documents=["C"]), Scope(codes=["cold"]), Scope(speakers=["P9"]),
        Scope(attributes={"role": "x"}), Scope(attributes={"site": "x"}),
    ],
)  # fmt: skip
def test_an_unknown_name_in_the_scope_is_named(study: Study, scope: Scope) -> None:
    with pytest.raises(UnknownName):
        hits(study.project, "walked", scope=scope)


def test_a_name_behind_a_label_is_not_found_and_the_label_is(study: Study) -> None:
    project = study.project
    ana = study.coders["ana"]
    start = A.index("Ana walked")
    project.redactions.add(
        study.documents["A"].id, Span(start, start + 3), "[worker]", kind="person", by=ana
    )
    assert found(project, "Ana") == []
    (hit,) = hits(project, "[worker]")
    assert hit.words == "[worker]"
    assert (hit.place.start, hit.place.stop) == (start, start + 3)
    assert found(project, "walked") == ["A2 walked", "A3 walked", "A3 walked", "B1 walked"]


def test_a_hit_shows_nothing_another_coded_in_an_open_blind_round(study: Study) -> None:
    study.round("r1", {"A": ["ana", "ben"]})
    study.code("ben", "A", "alone", "I walked alone", round="r1")
    with qualcode.open(study.path, coder="ana") as project:
        assert all(one.codes == () for one in hits(project, "walked"))
        assert found(project, "walked", Scope(codes=["alone"])) == []
    with qualcode.open(study.path, coder="ben") as project:
        assert found(project, "walked", Scope(codes=["alone"])) == ["A3 walked"]


def test_a_proposal_changes_nothing_and_is_one_undo_once_applied(study: Study) -> None:
    project, ana = study.project, study.coders["ana"]
    study.code("ana", "A", "alone", "I walked alone.")
    alone = project.codebook.named("alone")
    proposed = proposal(project, hits(project, "walked"), alone, "sentence", by=ana)
    assert proposed.sentence() == "3 new, 1 already coded"
    assert len(project.codings.list()) == 1
    made = apply_proposal(project, proposed, by=ana)
    assert {one.made_by for one in made} == {"search"}
    assert sorted(str(row["excerpt"]) for row in project.codings.table()) == [
        "Ana walked me over.", "I walked alone.", "Nobody walked with me.",
        "The van was late, so we walked.",
    ]  # fmt: skip
    assert proposal(project, hits(project, "walked"), alone, "sentence", by=ana).new == ()
    project.history.undo(ana)
    assert len(project.codings.list()) == 1


def test_a_sentence_within_a_longer_coding_with_the_code_is_coded_already(study: Study) -> None:
    project, ana = study.project, study.coders["ana"]
    study.code("ana", "A", "alone", "Nobody walked with me. I walked alone.")
    study.code("ana", "B", "warm", "The van was late, so we walked.")
    study.code("ben", "B", "alone", "The van was late, so we walked.")
    alone = project.codebook.named("alone")
    asked = hits(project, "walked")
    proposed = proposal(project, asked, alone, "sentence", by=ana)
    assert proposed.sentence() == "2 new, 2 already coded"
    whole = proposal(project, asked, alone, "turn", by=ana)
    assert whole.sentence() == "2 new, 1 already coded, 1 more hit in the same turn"
    assert len(apply_proposal(project, proposed, by=ana)) == 2


def test_the_unit_says_how_much_is_coded(study: Study) -> None:
    project, ana = study.project, study.coders["ana"]
    alone = project.codebook.named("alone")
    asked = hits(project, "walked", scope=Scope(speakers=["P2"]))
    lengths = {}
    for unit in ("hit", "sentence", "turn"):
        found = proposal(project, asked, alone, unit, by=ana)
        lengths[unit] = [len(span) for _, span in found.new]
    assert lengths == {"hit": [6, 6], "sentence": [22, 15], "turn": [38]}
    with pytest.raises(UnknownName):
        proposal(project, asked, alone, "page", by=ana)


def test_finished_documents_are_left_alone_and_named(study: Study) -> None:
    project, ana = study.project, study.coders["ana"]
    study.code("ana", "A", "warm", "Then she left.")
    study.finish("ana", "A")
    alone = project.codebook.named("alone")
    proposed = proposal(project, hits(project, "walked"), alone, "turn", by=ana)
    assert proposed.sentence() == "1 new, left out, as finished: A"
    apply_proposal(project, proposed, by=ana)
    assert [row["document"] for row in project.codings.table(code="alone")] == ["B"]


def test_if_one_coding_is_refused_none_is_made(study: Study) -> None:
    project, ana = study.project, study.coders["ana"]
    alone = project.codebook.named("alone")
    proposed = proposal(project, hits(project, "walked"), alone, "hit", by=ana)
    study.code("ana", "B", "alone", "walked")  # meanwhile, in another window
    with pytest.raises(Refused):
        apply_proposal(project, proposed, by=ana)
    assert len(project.codings.list()) == 1

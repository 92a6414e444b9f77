"""What counting reads is what everybody else reads, only less of each row."""

from __future__ import annotations

from pathlib import Path

import pytest

import qualcode
from qualcode.project import Project
from tests.reports.studies import Study
from tests.store.desk import Desk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Codes merged after a pinned round, an open blind round, a document taken out."""
    study = Study(tmp_path / "study.qualcode", ["cold", "warm"])
    ana = study.coder("ana")
    for name in ("d1", "d2", "gone"):
        study.document(name, f"P1: It was cold.\n\nP2: It was warm.\n\nP1: {name}\n")
    study.code("ana", "d2", "warm", "warm", valence="barrier")
    study.code("ana", "d2", "cold", "It was warm", "cold", disconfirming=True)
    study.code("ana", "gone", "cold", "cold")
    study.project.codebook.freeze("v1", by=ana)
    study.round("pinned", {"d1": ["ana", "ben"]}, version="v1")
    study.code("ana", "d1", "cold", "It was cold", round="pinned")
    study.finish("ana", "d1", round="pinned")
    study.finish("ben", "d1", round="pinned")
    study.close("pinned")
    cold, warm = (study.project.codebook.named(code).id for code in ("cold", "warm"))
    study.project.codebook.merge(cold, warm, by=ana)
    study.round("blind", {"d1": ["ana", "ben"]})
    study.code("ana", "d1", "warm", "cold", round="blind")
    study.code("ben", "d1", "warm", "warm", round="blind", valence="facilitator")
    study.project.documents.remove(study.documents["gone"].id, by=ana)
    study.project.close()
    return study.path


@pytest.mark.parametrize(("viewer", "seen"), [(None, 4), ("ana", 5), ("ben", 5)])
def test_marks_are_the_codings_that_one_may_see(path: Path, viewer: str | None, seen: int) -> None:
    with qualcode.open(path, coder=viewer) as project:
        marks = project.codings.marks()
        assert [(*work, *row) for work, rows in marks.items() for row in rows] == [
            (
                c.document_id, c.round_id, c.coder_id, c.code_id, c.span.start, c.span.stop,
                c.valence, int(c.disconfirming),
            )
            for a in project.rounds.assignments()
            for c in project.codings.list(
                round_id=a.round_id, document_id=a.document_id, coder_id=a.coder_id
            )
        ]  # fmt: skip
        codes = {code.id: code.code for code in project.codebook.codes(removed=True)}
        pinned = project.rounds.named("pinned").id
        assert sum(map(len, marks.values())) == len(project.codings.list()) == seen
        told = {
            where: {codes[row[0]] for work, rows in marks.items() for row in rows
                    if (work[1] == pinned) == where}
            for where in (True, False)
        }  # fmt: skip
        assert told == {True: {"cold"}, False: {"warm"}}


def spoken(project: Project, document_id: str) -> bool:
    turns = project.documents.transcript(document_id).turns
    said = [(t.start, t.stop, (t.speaker, t.role, t.participants)) for t in turns]
    return said == list(project.documents.spoken(document_id))


def test_what_is_spoken_is_what_the_turns_say(desk: Desk) -> None:
    desk.project.speakers.link(desk.speaker("CM").id, "P01", by=desk.ana)
    desk.project.speakers.set_role(desk.speaker("MOD").id, "moderator", by=desk.ana)
    assert {turn.speaker for turn in desk.transcript.turns} >= {"CM", "CM, PO", "MOD"}
    assert spoken(desk.project, desk.document.id)
    notes = desk.add("Nobody speaks here.\n", "notes")
    assert desk.project.documents.spoken(notes.id) == []

"""Documents that come many at a time: the answers of a survey, with who gave them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import qualcode
from qualcode.errors import Refused
from qualcode.importers import read_all
from qualcode.model import DifferingValue, NamedReading
from qualcode.project import Project
from qualcode.store.check import check

HOW = "Somebody walked me over to the door and waited for answer number"


def survey(folder: Path, *rows: str, name: str = "survey.csv") -> list[NamedReading]:
    path = folder / name
    path.write_text("\n".join(["id,site,day,how", *rows]))
    return read_all(path)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with qualcode.create(tmp_path / "a.qualcode", title="Survey", coder="ana") as project:
        yield project


def live(project: Project) -> list[str]:
    return [document.name for document in project.documents.list() if not document.removed]


def test_a_survey_of_54_answers_gives_54_documents_that_one_undo_takes_out(
    tmp_path: Path, project: Project
) -> None:
    ana = project.acting("ana")
    rows = [f"R{n},North,{n},{HOW} {n}" for n in range(1, 55)]
    added = project.documents.add_all(survey(tmp_path, *rows), by=ana, kind="survey")
    assert len(added.documents) == len(live(project)) == 54
    project.history.undo(ana)
    assert live(project) == []
    assert project.participants.list() == []
    project.history.redo(ana)
    assert len(live(project)) == 54


def test_an_answer_has_its_turn_its_participant_and_its_attributes(
    tmp_path: Path, project: Project
) -> None:
    ana = project.acting("ana")
    project.documents.add_all(
        survey(tmp_path, f"R1,North,1,{HOW} 1", f"R1,North,2,{HOW} 2"),
        by=ana,
        attributes={"wave": "1"},
    )
    second = project.documents.named("survey/R1 (2)")
    (turn,) = project.documents.transcript(second.id).turns
    assert (turn.speaker, turn.participants) == ("R1", ("R1",))
    assert project.documents.text(second.id) == f"{HOW} 2"
    assert project.documents.attributes()[second.id] == {"day": "2", "wave": "1"}
    assert [(p.label, p.attributes) for p in project.participants.list()] == [
        ("R1", {"site": "North"})
    ]


def test_a_survey_with_more_answers_than_before_adds_only_those(
    tmp_path: Path, project: Project
) -> None:
    ana = project.acting("ana")
    rows = [f"R1,North,1,{HOW} 1", f"R2,North,1,{HOW} 2"]
    project.documents.add_all(survey(tmp_path, *rows[:1]), by=ana)
    added = project.documents.add_all(survey(tmp_path, *rows), by=ana)
    assert [document.name for document in added.documents] == ["survey/R2"]
    assert added.there == 1


def test_the_same_survey_again_is_refused_unless_asked_for(
    tmp_path: Path, project: Project
) -> None:
    ana = project.acting("ana")
    named = survey(tmp_path, f"R1,North,1,{HOW} 1")
    project.documents.add_all(named, by=ana)
    with pytest.raises(Refused, match='as "survey/R1"'):
        project.documents.add_all(named, by=ana)
    again = project.documents.add_all(named, by=ana, again=True)
    assert [document.name for document in again.documents] == ["survey/R1 (2)"]


def test_a_value_that_is_there_stays_and_the_difference_is_told(
    tmp_path: Path, project: Project
) -> None:
    ana = project.acting("ana")
    project.participants.import_table([(2, {"id": "R1", "site": "South"})], by=ana)
    added = project.documents.add_all(survey(tmp_path, f"R1,North,1,{HOW} 1"), by=ana)
    assert added.differing == (DifferingValue("R1", "site", "South", "North"),)
    assert project.participants.list()[0].attributes["site"] == "South"


def test_a_speaker_linked_to_another_participant_stays_so(tmp_path: Path, project: Project) -> None:
    ana = project.acting("ana")
    project.participants.import_table([(2, {"id": "Ola", "speaker": "R1"})], by=ana)
    project.documents.add_all(survey(tmp_path, f"R1,North,1,{HOW} 1"), by=ana)
    document = project.documents.named("survey/R1")
    assert project.documents.transcript(document.id).turns[0].participants == ("Ola",)


def test_numbers_of_rows_are_no_speakers_to_be_linked(tmp_path: Path, project: Project) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"site,how\nNorth,{HOW} 1\n")
    project.documents.add_all(read_all(path), by=project.acting("ana"), kind="survey")
    assert project.participants.unlinked() == []


def test_every_file_as_received_has_its_digest(tmp_path: Path, project: Project) -> None:
    project.documents.add_all(survey(tmp_path, f"R1,N,1,{HOW} 1"), by=project.acting("ana"))
    assert all(result.ok for result in check(project.path))

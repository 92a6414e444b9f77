"""Who codes blind beside others changes no code: they would see it in the draft while they code."""

from __future__ import annotations

import pytest

import qualcode
from qualcode.contents import ProjectContents
from qualcode.errors import Refused
from qualcode.model import Code, Document, Round, Span
from qualcode.store.purge import Withdrawn
from tests.store.conftest import Study
from tests.store.texts import reading


def together(study: Study, document: Document, version: str | None) -> Round:
    """The open blind round r1 in which ana and ben have the document."""
    opened = study.project.rounds.open("r1", by=study.ana, codebook_version=version)
    people = [study.ana.id, study.ben.id]
    study.project.rounds.assign(opened.id, [document.id], people, by=study.ana)
    return opened


@pytest.mark.parametrize("version", [None, "v1"])
def test_who_codes_blind_changes_no_code_that_the_others_would_see(
    study: Study, version: str | None
) -> None:
    project, codebook, housing = study.project, study.project.codebook, study.code("housing")
    codebook.freeze("v1", by=study.ana)
    other = project.documents.add(reading("P1: Nobody called."), "other", by=study.ana)
    codebook.edit(housing, by=study.ben, brief="A bed.")
    opened = together(study, study.document, version)
    before = codebook.codes()
    changes = {
        "add": lambda by: codebook.add([Code("", "luck")], by=by),
        "edit": lambda by: codebook.edit(housing, by=by, name="a place to sleep"),
        "split": lambda by: codebook.split(housing, [Code("", "beds"), Code("", "rent")], by=by),
        "move": lambda by: codebook.move(housing, under=None, place=0, by=by),
        "merge": lambda by: codebook.merge(housing, study.code("handoff"), by=by),
        "retire": lambda by: codebook.retire(study.code("timing"), by=by),
        "example": lambda by: codebook.add_example(housing, "A bed.", by=by),
        "import": lambda by: codebook.import_codes([Code("", "luck")], by=by),
        "in vivo, elsewhere": lambda by: project.codings.apply_new(
            other.id, Span(4, 10), Code("", "nobody"), by=by
        ),
        "another program's": lambda by: project.import_contents(
            ProjectContents("qdpx", "NVivo", "In", codes=(Code("x", "luck"),)), by=by, name="in"
        ),
        "undo": project.history.undo,  # of the edit before the round
    }
    for how, change in changes.items():
        with pytest.raises(Refused, match=r'^You code round "r1" blind: .* once the round is clos'):
            change(study.ben)
        assert codebook.codes() == before, how
    seen = []
    for who in ("ana", "ben"):
        with qualcode.open(study.path, coder=who) as own:
            seen.append((own.codebook.codes(removed=True), own.history.log()))
    assert seen[0] == seen[1]
    lead = project.coders.add("lead", by=study.ana)  # has nothing to code in it
    codebook.edit(housing, by=lead, full="A place to stay.")
    project.rounds.close(opened.id, by=study.ana)
    codebook.edit(housing, by=study.ben, name="a place to sleep")


def test_who_opened_a_round_that_pins_a_version_keeps_the_next_draft(study: Study) -> None:
    project, housing = study.project, study.code("housing")
    version = project.codebook.freeze("v1", by=study.ana)
    opened = together(study, study.document, "v1")
    assert project.codebook.kept_by(study.ana) is None
    project.codebook.edit(housing, by=study.ana, brief="A bed.")
    assert project.rounds.get(opened.id).codebook_version == "v1"
    assert project.codebook.version("v1") == version
    assert project.codebook.kept_by(study.ben) == "r1"


def test_where_nothing_is_pinned_who_opened_the_round_changes_no_code_either(study: Study) -> None:
    together(study, study.document, None)
    with pytest.raises(Refused, match=r'^You code round "r1" blind'):
        study.project.codebook.edit(study.code("housing"), by=study.ana, brief="A bed.")


def test_who_codes_a_round_alone_changes_codes(study: Study) -> None:
    project = study.project
    opened = project.rounds.open("again", by=study.ana, purpose="recode")
    project.rounds.assign(opened.id, [study.document.id], [study.ana.id], by=study.ana)
    assert project.codebook.kept_by(study.ana) is None
    project.codebook.add([Code("", "luck")], by=study.ana)


def test_withdrawn_words_leave_the_codes_while_blind_too(study: Study) -> None:
    project, housing = study.project, study.code("housing")
    other = project.documents.add(reading("P1: Nobody called."), "other", by=study.ana)
    said = "She walked over and said her name."
    project.codebook.add_example(housing, said, by=study.ana)
    together(study, other, None)
    project.purge(Withdrawn(document="harbour"), reason="withdrew", by=study.ana)
    assert project.codebook.named("housing").example == ()

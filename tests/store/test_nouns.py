"""What documents, participants, codes, codings, rounds and memos can do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import qualcode
from qualcode.errors import (
    AlreadyFinished,
    AlreadyThere,
    InputProblems,
    InvalidSpan,
    Refused,
    RoundClosed,
    StillBlind,
    UnknownName,
    UsageProblem,
)
from qualcode.model import Code, Span
from qualcode.project import Project
from tests.store.conftest import Study
from tests.store.texts import HARBOUR, reading

# Documents


def test_a_document_keeps_its_text_turns_and_sentences(study: Study) -> None:
    transcript = study.project.documents.transcript(study.document.id)
    assert transcript.text == HARBOUR
    assert [(t.n, t.speaker, t.role) for t in transcript.turns[:2]] == [
        (1, "Moderator", "moderator"),
        (2, "P1", "participant"),
    ]
    said = [HARBOUR[s.start : s.stop] for s in transcript.sentences]
    assert said[:2] == ["How did they meet you?", "She walked over and said her name."]


def test_the_same_file_twice_is_refused_by_name(study: Study) -> None:
    with pytest.raises(AlreadyThere, match=r'already, as "harbour"\.$'):
        study.project.documents.add(reading(HARBOUR), "again", by=study.ana)
    added = study.project.documents.add(reading(HARBOUR), "harbour", by=study.ana, again=True)
    assert added.name == "harbour (2)"


def test_a_document_taken_out_is_in_no_list_and_comes_back_by_undo(study: Study) -> None:
    project = study.project
    project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
    )
    project.documents.remove(study.document.id, by=study.ana)
    assert (project.codings.list(), project.codings.table().rows) == ([], [])
    assert project.rounds.coverage().rows == []
    with pytest.raises(UnknownName):
        project.documents.named("harbour")
    project.history.undo(study.ana)
    assert len(project.codings.list()) == 1


def test_units_are_what_is_said(study: Study) -> None:
    sentences = study.project.documents.units("sentence")
    assert [row[4] for row in sentences.rows][:3] == ["Moderator", "P1", "P1"]
    turns = study.project.documents.units("turn", [study.document.id])
    assert len(turns) == 5
    assert len(study.project.documents.units("document")) == 1


def test_a_document_without_speakers_has_its_paragraphs_as_turns(study: Study) -> None:
    notes = study.project.documents.add(
        reading("It rained.\n\nNobody came. We waited.\n"), "notes", by=study.ana
    )
    turns = study.project.documents.units("turn", [notes.id])
    assert [(row[2], row[3], row[5]) for row in turns.rows] == [(0, 10, ""), (12, 35, "")]
    assert len(study.project.documents.units("sentence", [notes.id])) == 3


# Participants


def people(*rows: dict[str, str]) -> list[tuple[int, dict[str, str]]]:
    return list(enumerate(rows, 2))


def test_participants_are_linked_to_who_speaks(study: Study) -> None:
    study.project.participants.import_table(
        people(
            {"participant": "A1", "speaker": "P1", "site": "North", "years": "3"},
            {"participant": "A2", "speaker": "P2; Pat", "site": "", "years": "12"},
        ),
        by=study.ana,
    )
    turns = study.project.documents.transcript(study.document.id).turns
    assert [t.participants for t in turns] == [(), ("A1",), ("A2",), (), ("A1",)]
    table = study.project.participants.table()
    assert table.columns == ["participant", "speakers", "role", "site", "years"]
    assert table.rows == [
        ("A1", "P1", "participant", "North", "3"),
        ("A2", "P2; Pat", "participant", None, "12"),
    ]


def test_a_role_column_says_who_moderates(study: Study) -> None:
    study.project.participants.import_table(
        people({"id": "M", "speaker": "P2", "role": "moderator"}), by=study.ana
    )
    assert study.project.documents.transcript(study.document.id).turns[2].role == "moderator"


def test_values_that_are_there_stay_unless_update_is_given(study: Study) -> None:
    take = study.project.participants.import_table
    take(people({"id": "A1", "site": "North"}), by=study.ana)
    assert take(people({"id": "A1", "site": "South"}), by=study.ana)["kept"] == 1
    assert study.project.participants.list()[0].attributes == {"site": "North"}
    take(people({"id": "A1", "site": "South"}), by=study.ana, update=True)
    assert study.project.participants.list()[0].attributes == {"site": "South"}


def test_all_problems_of_a_participant_table_come_at_once(study: Study) -> None:
    with pytest.raises(InputProblems) as caught:
        study.project.participants.import_table(
            people(
                {"id": "A1", "speaker": "P1", "role": ""},
                {"id": "A1", "speaker": "P1", "role": "boss"},
                {"id": "", "speaker": "", "role": ""},
            ),
            by=study.ana,
        )
    assert [problem.line for problem in caught.value.problems] == [3, 3, 3, 4]
    assert study.project.participants.list() == []


# Codebook


def test_the_codebook_is_read_depth_first(study: Study) -> None:
    assert [c.code for c in study.project.codebook.codes()] == ["handoff", "timing", "housing"]


@pytest.mark.parametrize("name", ["handoff", "HANDOFF", "warm handoff", "Warm_Handoff"])
def test_a_code_is_found_by_code_or_name(study: Study, name: str) -> None:
    assert study.project.codebook.named(name).code == "handoff"


def test_an_unknown_code_names_near_ones(study: Study) -> None:
    with pytest.raises(UnknownName, match="Known: housing"):
        study.project.codebook.named("hous")


def test_importing_again_changes_what_differs_and_says_so(study: Study) -> None:
    found = study.project.codebook.import_codes(
        [Code("", "housing", brief="A bed."), Code("", "buy_in")], by=study.ana
    )
    assert {k: v for k, v in found.items() if v} == {
        "added": ["buy_in"],
        "changed": ["housing"],
        "absent": ["handoff", "timing"],
    }


def test_a_code_in_use_is_never_retired(study: Study) -> None:
    project = study.project
    project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
    )
    found = project.codebook.import_codes(
        [c for c in project.codebook.codes() if c.code == "handoff"],
        by=study.ana,
        retire_absent=True,
    )
    assert (found["retired"], found["absent"]) == (["timing"], ["housing"])


def test_keys_can_be_exchanged(study: Study) -> None:
    codes = study.project.codebook.codes()
    keys = {"handoff": "2", "timing": None, "housing": "1"}
    study.project.codebook.import_codes([replace(c, key=keys[c.code]) for c in codes], by=study.ana)
    assert {c.code: c.key for c in study.project.codebook.codes()} == keys


def test_an_example_goes_into_the_draft_and_is_taken_back(study: Study) -> None:
    codebook, code = study.project.codebook, study.code("handoff")
    before = codebook.get(code)
    version = codebook.freeze("v1", by=study.ana)
    codebook.add_example(code, "She drove him there.", by=study.ana)
    codebook.add_example(code, "He got a leaflet.", by=study.ana, near_miss=True)
    now = codebook.get(code)
    assert now.example == (*before.example, "She drove him there.")
    assert now.near_miss == (*before.near_miss, "He got a leaflet.")
    assert codebook.version("v1").codes == version.codes
    with pytest.raises(Refused, match="already"):
        codebook.add_example(code, "She drove him there.", by=study.ana)
    study.project.history.undo(study.ana)
    assert codebook.get(code).near_miss == before.near_miss


def test_a_frozen_version_stays_when_the_codebook_changes(study: Study) -> None:
    study.project.codebook.freeze("v1", by=study.ana)
    study.project.codebook.import_codes([Code("", "housing", brief="New.")], by=study.ana)
    frozen = {c.code: c.brief for c in study.project.codebook.version("V1").codes}
    assert frozen == {"handoff": "", "timing": "", "housing": ""}
    with pytest.raises(Refused, match="version V1 already"):
        study.project.codebook.freeze("V1", by=study.ana)


# Codings


def test_outer_white_space_is_trimmed(study: Study) -> None:
    made = study.project.codings.apply(
        study.document.id, study.span(" Nobody called.\n"), study.code("housing"), by=study.ana
    )
    assert HARBOUR[made.span.start : made.span.stop] == "Nobody called."


def test_a_span_that_does_not_fit_is_refused(study: Study) -> None:
    gap = HARBOUR.index("\n\n")
    for span, says in ((Span(gap, gap + 2), "white space"), (Span(200, 99999), "past the end")):
        with pytest.raises(InvalidSpan, match=says):
            study.project.codings.apply(
                study.document.id, span, study.code("housing"), by=study.ana
            )


def test_a_character_is_not_cut_in_two(study: Study) -> None:
    thumb = HARBOUR.index("👍🏽")
    with pytest.raises(InvalidSpan, match="cut a character"):
        study.project.codings.apply(
            study.document.id, Span(thumb, thumb + 1), study.code("housing"), by=study.ana
        )


def test_the_same_coding_twice_is_refused_and_toggled_off(study: Study) -> None:
    codings, span, code = study.project.codings, study.span("a bed"), study.code("housing")
    made = codings.apply(study.document.id, span, code, by=study.ana)
    with pytest.raises(Refused, match="already"):
        codings.apply(study.document.id, span, code, by=study.ana)
    assert codings.toggle(study.document.id, span, code, by=study.ana) == (None, made)
    assert codings.list() == []


def test_a_solo_coder_never_meets_assignments(study: Study) -> None:
    study.project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
    )
    assert [(r["round"], r["coder"], r["status"]) for r in study.project.rounds.coverage()] == [
        ("solo", "ana", "unfinished")
    ]


def test_the_tidy_table_promises_its_columns(study: Study) -> None:
    made = study.project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana,
        valence="barrier",
    )  # fmt: skip
    study.project.memos.write("for weeks", by=study.ana, coding_id=made.id)
    (row,) = study.project.codings.table().records()
    assert row == {
        "coding_id": made.id, "document": "harbour", "document_id": study.document.id, "turn": 3,
        "start": made.span.start, "stop": made.span.stop, "code": "housing", "coder": "ana",
        "round": "solo", "codebook_version": None, "valence": "barrier", "exemplar": False,
        "disconfirming": False, "made_by": "hand", "memo": "for weeks", "excerpt": "a bed",
    }  # fmt: skip


def test_a_heading_is_not_applied(study: Study) -> None:
    study.project.codebook.import_codes([Code("", "group", codable=False)], by=study.ana)
    with pytest.raises(Refused, match="heading"):
        study.project.codings.apply(
            study.document.id, study.span("a bed"), study.code("group"), by=study.ana
        )


def test_a_round_takes_only_codes_of_its_version(study: Study) -> None:
    project = study.project
    project.codebook.freeze("v1", by=study.ana)
    project.codebook.import_codes([Code("", "late")], by=study.ana)
    opened = project.rounds.open("r1", by=study.ana, codebook_version="v1")
    project.rounds.assign(opened.id, [study.document.id], [study.ana.id], by=study.ana)
    with pytest.raises(Refused, match="late is not in codebook version v1"):
        project.codings.apply(
            study.document.id, study.span("a bed"), study.code("late"), by=study.ana
        )


# Rounds


def double_coded(study: Study) -> str:
    opened = study.project.rounds.open("r1", by=study.ana)
    study.project.rounds.assign(
        opened.id, [study.document.id], [study.ana.id, study.ben.id], by=study.ana
    )
    return opened.id


def test_codings_go_to_the_open_round_that_has_the_document_to_do(study: Study) -> None:
    round_id = double_coded(study)
    made = study.project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
    )
    assert made.round_id == round_id
    assert study.project.rounds.current(study.document.id, study.ana.id).name == "r1"


def test_without_an_assignment_a_round_takes_no_codings(study: Study) -> None:
    opened = study.project.rounds.open("r1", by=study.ana)
    with pytest.raises(Refused, match="round assign"):
        study.project.codings.apply(
            study.document.id, study.span("a bed"), study.code("housing"), by=study.ana,
            round_id=opened.id,
        )  # fmt: skip


def test_a_finished_document_takes_no_change_until_it_is_reopened(study: Study) -> None:
    project, round_id = study.project, double_coded(study)
    place = (round_id, study.document.id, study.ana.id)
    made = project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana
    )
    project.rounds.finish(*place, by=study.ana)
    with pytest.raises(AlreadyFinished):
        project.codings.remove(made.id, by=study.ana)
    project.rounds.reopen_document(*place, by=study.ana)
    project.codings.remove(made.id, by=study.ana)
    assert [a.verb for a in project.history.log(2)] == ["remove coding", "reopen document"]


def test_nobody_finishes_for_another(study: Study) -> None:
    with pytest.raises(Refused, match="Only the coder"):
        study.project.rounds.finish(
            double_coded(study), study.document.id, study.ben.id, by=study.ana
        )


def test_an_unblinded_round_reopens_no_document(study: Study) -> None:
    round_id = double_coded(study)
    place = (round_id, study.document.id, study.ana.id)
    study.project.rounds.finish(*place, by=study.ana)
    study.project.rounds.unblind(round_id, by=study.ana, reason="pilot")
    with pytest.raises(Refused, match="unblinded"):
        study.project.rounds.reopen_document(*place, by=study.ana)


def test_a_closed_round_takes_nothing_more(study: Study) -> None:
    round_id = double_coded(study)
    study.project.rounds.close(round_id, by=study.ana)
    with pytest.raises(RoundClosed):
        study.project.codings.apply(
            study.document.id, study.span("a bed"), study.code("housing"), by=study.ana,
            round_id=round_id,
        )  # fmt: skip


# Blindness


def eyes(study: Study, name: str | None) -> Project:
    return qualcode.open(study.path, coder=name)


def test_in_an_open_blind_round_nothing_of_another_coder_is_read(study: Study) -> None:
    round_id = double_coded(study)
    for who, words in ((study.ana, "a bed"), (study.ben, "her name")):
        made = study.project.codings.apply(
            study.document.id, study.span(words), study.code("housing"), by=who
        )
        study.project.memos.write(f"{who.name} thinks", by=who, coding_id=made.id)
        study.project.memos.write(f"{who.name} notes", by=who, document_id=study.document.id)
    seen: list[tuple[str | None, list[str]]] = [
        ("ana", ["a bed"]), ("ben", ["her name"]), (None, []),
    ]  # fmt: skip
    for eye, passages in seen:
        with eyes(study, eye) as project:
            assert project.codings.table().column("excerpt") == passages
            assert len(project.codings.of(round_id, study.document.id)) == len(passages)
            assert {m.body.split()[0] for m in project.memos.list()} == ({eye} if eye else set())
            others = {"ana", "ben"} - {eye}
            coded = [a.coder for a in project.history.log() if a.verb == "apply code"]
            assert not others & set(coded)
            with pytest.raises(StillBlind):
                project.rounds.require_visible(round_id)
    study.project.rounds.close(round_id, by=study.ana)
    with eyes(study, None) as project:
        assert len(project.codings.list()) == 2
        assert len(project.memos.list()) == 4
        project.rounds.require_visible(round_id)


def test_no_code_is_made_while_coders_work_blind(study: Study) -> None:
    round_id = double_coded(study)  # it pins no codebook version
    before = study.project.codebook.codes()

    def make() -> None:
        study.project.codings.apply_new(
            study.document.id, study.span("a bed"), Code("", "a_bed", name="a bed"), by=study.ana,
            round_id=round_id,
        )  # fmt: skip

    with pytest.raises(Refused, match=r'^Round "r1" is blind and open: .* Propose it in a memo'):
        make()
    assert study.project.codebook.codes() == before
    study.project.rounds.unblind(round_id, by=study.ana, reason="pilot")
    make()
    assert [c.code for c in study.project.codebook.codes()] == [*(c.code for c in before), "a_bed"]


def test_the_codebook_as_it_is_now_is_frozen_once(study: Study) -> None:
    codebook = study.project.codebook
    first = codebook.as_now(by=study.ana)
    assert first is not None
    assert first.label == "v1"
    assert codebook.as_now(by=study.ben) == first
    codebook.edit(study.code("housing"), by=study.ana, brief="A place to stay.")
    second = codebook.as_now(by=study.ana)
    assert second is not None
    assert (second.label, len(codebook.versions())) == ("v2", 2)


def test_another_coders_coding_cannot_be_asked_for_by_id_while_blind(study: Study) -> None:
    double_coded(study)
    made = study.project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ben
    )
    with eyes(study, "ana") as project, pytest.raises(UnknownName):
        project.codings.get(made.id)


def test_a_private_memo_is_its_authors_alone(study: Study) -> None:
    study.project.memos.write("mine", by=study.ana, private=True, document_id=study.document.id)
    with eyes(study, "ben") as project:
        assert project.memos.list() == []


# Who acts


def test_who_acts_is_who_acted_last_in_this_copy(study: Study) -> None:
    study.project.coders.add("cam", by=study.ben)
    assert study.project.acting(None).name == "ben"
    assert study.project.acting("ANA").name == "ana"


def test_the_environment_names_who_acts(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUALCODE_CODER", "ben")
    assert study.project.acting(None).name == "ben"


def test_an_unknown_coder_is_added_only_where_a_new_name_may_be_given(study: Study) -> None:
    with pytest.raises(UnknownName):
        study.project.acting("zoe")
    assert study.project.acting("zoe", new=True).name == "zoe"


def test_a_project_without_coders_asks_who_acts(tmp_path: Path) -> None:
    with (
        qualcode.create(tmp_path / "p.qualcode", title="T") as project,
        pytest.raises(UsageProblem, match="--coder"),
    ):
        project.acting(None)

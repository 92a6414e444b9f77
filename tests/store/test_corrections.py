"""A corrected transcript takes the place of the one that was coded. All of it is invented."""

from __future__ import annotations

import pytest

from qualcode.errors import AlreadyFinished, Refused, RoundClosed, UndoRefused
from qualcode.model import Coder, Correction, Span
from qualcode.project import open as open_project
from qualcode.reports.agreement import agreement
from qualcode.reports.source import reading as read_source
from qualcode.store.check import check
from tests.store.conftest import Study
from tests.store.texts import HARBOUR, reading

CORRECTED = """Moderator: How did they meet you?

P1: She walked over and
said her own name. I had never seen her.

P2: They put me on the waiting list for a bed.

Moderator: And then?

P1: Then nothing, for weeks. 👍🏽 she wrote, that was all.
"""
"""Wrapped anew, "own" and "waiting" added, and "Nobody called." is gone."""

WORDS = {
    "I had never seen her": "I had never seen her",
    "said her name": "said her own name",
    "And then": "And then",
    "a bed": "a bed",
}
"""Words of the first version → the same in the corrected one."""


def apply(study: Study, words: str, code: str, by: Coder, round_id: str | None = None) -> str:
    found = study.project.codings.apply(
        study.document.id, study.span(words), study.code(code), by=by, round_id=round_id
    )
    return found.id


def correct(study: Study, text: str = CORRECTED, by: Coder | None = None) -> Correction:
    return study.project.documents.replace(
        study.document.id, reading(text), by=by or study.ana, source_name="harbour-2.txt"
    )


def coded(study: Study, round_name: str | None = None) -> list[tuple[str, str, str]]:
    """Coder, code and words of every coding in the project as it is now."""
    rows = study.project.codings.table(round_name)
    return [(str(r["coder"]), str(r["code"]), str(r["excerpt"])) for r in rows]


def sound(study: Study) -> bool:
    return all(result.ok for result in check(study.path))


def state(study: Study) -> list[object]:
    """Everything that a correction moves, as it is read."""
    project = study.project
    return [
        project.documents.named("harbour").id,
        project.codings.list(),
        project.rounds.list(),
        project.rounds.coverage().rows,
        project.redactions.list(),
        [(memo.id, memo.coding_id, memo.document_id) for memo in project.memos.list()],
        project.documents.unplaced().rows,
    ]


def in_round(study: Study, name: str, *, blind: bool = True) -> str:
    """A round in which ana and ben have the document."""
    opened = study.project.rounds.open(name, by=study.ana, blind=blind)
    study.project.rounds.assign(
        opened.id, [study.document.id], [study.ana.id, study.ben.id], by=study.ana
    )
    return opened.id


def finish(study: Study, round_id: str, *coders: Coder) -> None:
    for coder in coders:
        study.project.rounds.finish(round_id, study.document.id, coder.id, by=coder)


def test_codings_go_to_the_same_words(study: Study) -> None:
    for words in WORDS:
        apply(study, words, "handoff", study.ana)
    found = correct(study)
    assert [words for _, _, words in coded(study)] == sorted(
        WORDS.values(), key=CORRECTED.replace("\n", " ").index
    )
    assert len(found.placed) == 3
    assert [study.project.documents.text(found.document.id)[c.new.start : c.new.stop]
            for c in found.changed if c.new] == ["said her own name"]  # fmt: skip
    assert sound(study)


def test_the_corrected_version_takes_over_what_the_document_was_called_and_known_by(
    study: Study,
) -> None:
    project = study.project
    first = project.documents.add(
        reading("P1: One more.\n\nP2: Yes.\n"), "two", by=study.ana, kind="interview", language="de",
        attributes={"site": "North"}, collected_on="2026-03-01",
    )  # fmt: skip
    found = project.documents.replace(
        first.id, reading("P1: One thing more.\n\nP2: Yes.\n"), by=study.ana
    )
    new = found.document
    assert (new.name, new.kind, new.language, new.replaces) == ("two", "interview", "de", first.id)
    assert project.documents.attributes()[new.id] == {"site": "North"}
    assert project.documents.get(first.id).removed
    assert project.documents.named("two").id == new.id
    assert [t.speaker for t in project.documents.transcript(new.id).turns] == ["P1", "P2"]


def test_what_cannot_be_placed_is_reported_and_listed_later(study: Study) -> None:
    apply(study, "Nobody called", "timing", study.ana)
    found = correct(study)
    assert [(c.coder_id, c.code_id, c.old) for c in found.unplaced] == [
        (study.ana.id, study.code("timing"), study.span("Nobody called"))
    ]
    (row,) = study.project.documents.unplaced()
    assert (row["document"], row["what"], row["turn"], row["code"], row["excerpt"]) == (
        "harbour", "coding", 3, "timing", "Nobody called",
    )  # fmt: skip
    assert coded(study) == []


def test_marks_and_dates_of_a_coding_stay(study: Study) -> None:
    made = study.project.codings.apply(
        study.document.id, study.span("a bed"), study.code("housing"), by=study.ana,
        valence="barrier", exemplar=True,
    )  # fmt: skip
    correct(study)
    (new,) = study.project.codings.list()
    assert (new.valence, new.exemplar, new.made_by, new.created_at) == (
        "barrier", True, "hand", made.created_at,
    )  # fmt: skip


def test_memos_follow_their_coding_and_the_document(study: Study) -> None:
    coding = apply(study, "a bed", "housing", study.ana)
    study.project.memos.write("On the bed.", by=study.ana, coding_id=coding)
    study.project.memos.write("On it all.", by=study.ben, document_id=study.document.id)
    found = correct(study)
    (new,) = study.project.codings.list()
    assert [m.body for m in study.project.memos.list(coding_id=new.id)] == ["On the bed."]
    assert [m.body for m in study.project.memos.list(document_id=found.document.id)] == [
        "On it all."
    ]


def test_two_codings_that_fall_on_the_same_words_become_one_with_both_memos(study: Study) -> None:
    one = apply(study, "She walked over and said her name.", "handoff", study.ana)
    two = apply(study, "She walked over and said her name", "handoff", study.ana)
    study.project.memos.write("first", by=study.ana, coding_id=one)
    study.project.memos.write("second", by=study.ana, coding_id=two)
    text = HARBOUR.replace("her name. I had", "her name, I had")
    study.project.documents.replace(study.document.id, reading(text), by=study.ana)
    assert len(study.project.memos.list()) == 2
    assert all(memo.coding_id is not None for memo in study.project.memos.list())
    assert sound(study)


def test_assignments_and_finished_marks_of_an_open_round_are_carried(study: Study) -> None:
    round_id = in_round(study, "r1", blind=False)
    apply(study, "a bed", "housing", study.ana)
    apply(study, "Nobody called", "timing", study.ben)
    finish(study, round_id, study.ana, study.ben)
    found = correct(study)
    marks = {
        a.coder_id: a.finished_at is not None for a in study.project.rounds.assignments(round_id)
    }
    assert marks == {study.ana.id: True, study.ben.id: False}
    assert found.unfinished == (("r1", "ben"),)
    assert coded(study, "r1") == [("ana", "housing", "a bed")]


@pytest.mark.parametrize("finished", [False, True])
def test_one_undo_takes_everything_back_and_one_redo_repeats_it(
    study: Study, finished: bool
) -> None:
    round_id = in_round(study, "r1", blind=False)
    for words in WORDS:
        coding = apply(study, words, "handoff", study.ana)
    study.project.memos.write("A memo.", by=study.ana, coding_id=coding)
    if finished:
        finish(study, round_id, study.ana)
    study.project.redactions.add(study.document.id, study.span("P2"), "[P2]", by=study.ana)
    before = state(study)
    correct(study)
    after = state(study)
    study.project.history.undo(study.ana)
    assert state(study) == before
    assert sound(study)
    study.project.history.redo(study.ana)
    assert state(study) == after
    assert sound(study)


def test_a_mark_carried_in_an_unblinded_round_goes_with_the_undo(study: Study) -> None:
    round_id = in_round(study, "r1")
    finish(study, round_id, study.ana)
    study.project.rounds.unblind(round_id, by=study.ana, reason="pilot")
    correct(study)
    study.project.history.undo(study.ana)
    assert [a.finished_at is not None for a in study.project.rounds.assignments(round_id)] == [
        True,
        False,
    ]
    assert sound(study)


def test_undo_is_refused_once_the_new_version_was_coded(study: Study) -> None:
    found = correct(study)
    study.project.codings.apply(found.document.id, Span(0, 9), study.code("housing"), by=study.ben)
    with pytest.raises(UndoRefused, match=r"in use|has codings"):
        study.project.history.undo(study.ana)
    assert study.project.documents.named("harbour").id == found.document.id
    assert sound(study)


def test_undo_is_refused_once_a_coder_has_finished_the_new_version(study: Study) -> None:
    round_id = in_round(study, "r1", blind=False)
    apply(study, "a bed", "housing", study.ben)
    found = correct(study)
    study.project.rounds.finish(round_id, found.document.id, study.ben.id, by=study.ben)
    with pytest.raises((UndoRefused, AlreadyFinished)):
        study.project.history.undo(study.ana)
    assert sound(study)


def test_undo_is_refused_once_the_round_was_closed(study: Study) -> None:
    round_id = in_round(study, "r1")
    apply(study, "a bed", "housing", study.ben)
    correct(study)
    study.project.rounds.close(round_id, by=study.ben)
    with pytest.raises((UndoRefused, RoundClosed)):
        study.project.history.undo(study.ana)
    assert sound(study)


# Closed rounds


def closed(study: Study) -> str:
    """A closed round that both finished, in which ben applied a code that will lose its place."""
    version = study.project.codebook.freeze("v1", by=study.ana)
    opened = study.project.rounds.open("r1", by=study.ana, codebook_version=version.label)
    study.project.rounds.assign(
        opened.id, [study.document.id], [study.ana.id, study.ben.id], by=study.ana
    )
    apply(study, "a bed", "housing", study.ana)
    apply(study, "a bed", "housing", study.ben)
    apply(study, "Nobody called", "timing", study.ben)
    finish(study, opened.id, study.ana, study.ben)
    study.project.rounds.close(opened.id, by=study.ana)
    return opened.id


def test_what_a_closed_round_holds_goes_into_a_round_beside_it(study: Study) -> None:
    closed(study)
    found = correct(study)
    beside = study.project.rounds.named("r1, corrected")
    assert found.rounds == ("r1, corrected",)
    assert (beside.purpose, beside.blind, beside.state, beside.codebook_version) == (
        "import", False, "open", "v1",
    )  # fmt: skip
    assert coded(study, "r1, corrected") == [
        ("ana", "housing", "a bed"),
        ("ben", "housing", "a bed"),
    ]
    marks = {a.coder_id: bool(a.finished_at) for a in study.project.rounds.assignments(beside.id)}
    assert marks == {study.ana.id: True, study.ben.id: False}
    assert sound(study)


def test_agreement_of_a_closed_round_stays_as_it_was(study: Study) -> None:
    closed(study)
    before = agreement(study.project, rounds=["r1"])
    correct(study)
    after = agreement(study.project, rounds=["r1"])
    assert after.rows == before.rows
    assert after.provenance["data"] == before.provenance["data"]
    assert after.provenance["coverage"] == before.provenance["coverage"]
    (note,) = (text for text in after.notes if "corrected" in text)
    assert 'Round "r1": harbour: counted as coded in this round' in note
    assert 'counted in "r1, corrected"' in note
    assert note not in before.notes


def test_a_document_taken_out_for_good_leaves_a_closed_round(study: Study) -> None:
    closed(study)
    found = correct(study)
    study.project.documents.remove(found.document.id, by=study.ana)
    assert agreement(study.project, rounds=["r1"]).provenance["coverage"] == []


def test_themes_read_the_corrected_version(study: Study) -> None:
    closed(study)
    found = correct(study)
    (read,) = read_source(study.project)
    assert read.document.id == found.document.id
    assert read.round_id == study.project.rounds.named("r1, corrected").id


def test_decisions_are_carried_into_the_round_beside(study: Study) -> None:
    closed(study)
    bed, called = study.span("a bed"), study.span("Nobody called")
    rows = [
        {
            "line": 1, "file": "", "round": "r1", "document": "harbour", "start": span.start,
            "stop": span.stop, "code": code, "decision": "present", "new_code": None,
            "reason": "", "decided_by": "ana", "decided_at": None,
        }
        for span, code in ((bed, "housing"), (called, "timing"))
    ]  # fmt: skip
    study.project.import_codings([], [], rows, by=study.ana)
    found = correct(study)
    (one,) = study.project.adjudications.list()
    assert one.round_id == study.project.rounds.named("r1, corrected").id
    assert (found.decisions, found.undecided) == (1, 1)
    whats = [row["what"] for row in study.project.documents.unplaced()]
    assert whats == ["coding", "decision"]


def test_undo_in_the_case_of_a_closed_round(study: Study) -> None:
    closed(study)
    rounds = [r.name for r in study.project.rounds.list()]
    before = coded(study), study.project.rounds.coverage().rows
    correct(study)
    study.project.history.undo(study.ana)
    assert (coded(study), study.project.rounds.coverage().rows) == before
    assert [r.name for r in study.project.rounds.list()] == rounds
    assert sound(study)
    study.project.history.redo(study.ana)
    assert len(coded(study, "r1, corrected")) == 2
    assert sound(study)


def test_a_version_is_corrected_again(study: Study) -> None:
    closed(study)
    before = agreement(study.project, rounds=["r1"])
    correct(study)
    again = study.project.documents.named("harbour")
    second = CORRECTED.replace("weeks", "many weeks")
    found = study.project.documents.replace(again.id, reading(second), by=study.ana)
    assert found.rounds == ()  # the round beside is open: it takes the newest version too
    assert coded(study) == [("ana", "housing", "a bed"), ("ben", "housing", "a bed")]
    assert agreement(study.project, rounds=["r1"]).rows == before.rows
    assert len(study.project.documents.unplaced()) == 1
    study.project.history.undo(study.ana)
    study.project.history.undo(study.ana)
    assert len(coded(study, "r1")) == 3
    assert sound(study)


def test_a_round_beside_that_was_closed_itself_gets_another(study: Study) -> None:
    closed(study)
    correct(study)
    study.project.rounds.close(study.project.rounds.named("r1, corrected").id, by=study.ana)
    again = study.project.documents.named("harbour")
    second = CORRECTED.replace("weeks", "many weeks")
    found = study.project.documents.replace(again.id, reading(second), by=study.ana)
    assert found.rounds == ("r1, corrected (2)",)
    assert sound(study)


# Blind rounds


def test_who_corrects_learns_nothing_of_others_in_a_blind_round(study: Study) -> None:
    in_round(study, "r1")
    apply(study, "Nobody called", "timing", study.ana)
    apply(study, "Nobody called", "housing", study.ben)
    apply(study, "a bed", "housing", study.ben)
    found = correct(study)
    assert [c.coder_id for c in found.unplaced] == [study.ana.id]
    assert (len(found.placed), found.others) == (0, True)
    entry = study.project.history.log(1)[0]
    assert (entry.verb, entry.summary) == ("replace document", "harbour")
    with open_project(study.path, coder="ana") as project:
        assert [row["coder"] for row in project.documents.unplaced()] == ["ana"]
    with open_project(study.path, coder="ben") as project:
        assert [row["coder"] for row in project.documents.unplaced()] == ["ben"]
        assert [row["excerpt"] for row in project.codings.table()] == ["a bed"]
    with open_project(study.path) as project:
        assert len(project.documents.unplaced()) == 0


def test_the_number_of_changes_tells_nothing_of_others_in_a_blind_round(study: Study) -> None:
    in_round(study, "r1")
    correct(study)
    without = study.project.history.log(1)[0].changes
    study.project.history.undo(study.ana)
    apply(study, "a bed", "housing", study.ben)
    correct(study)
    assert study.project.history.log(1)[0].changes == without


# Redactions


def test_redactions_are_carried_whatever_their_status(study: Study) -> None:
    redactions = study.project.redactions
    for words, status in (("P2", "accepted"), ("P1", "suggested"), ("weeks", "rejected")):
        redactions.add(study.document.id, study.span(words), f"[{words}]", by=study.ana,
                       status=status)  # type: ignore[arg-type]  # fmt: skip
    found = correct(study)
    text = study.project.documents.text(found.document.id)
    assert [(text[r.span.start : r.span.stop], r.label, r.status) for r in redactions.list()] == [
        ("P1", "[P1]", "suggested"), ("P2", "[P2]", "accepted"), ("weeks", "[weeks]", "rejected"),
    ]  # fmt: skip
    assert (found.redactions, found.repeated, found.uncovered) == (3, 0, ())


def test_a_name_spelt_anew_in_its_place_stays_hidden(study: Study) -> None:
    redactions = study.project.redactions
    redactions.add(study.document.id, study.span("weeks"), "[time]", by=study.ana)
    found = correct(study, HARBOUR.replace("for weeks.", "for Xqzyy."))
    text = study.project.documents.text(found.document.id)
    assert [text[r.span.start : r.span.stop] for r in redactions.list()] == ["Xqzyy"]
    assert found.uncovered == ()


def test_a_redacted_name_that_the_new_version_has_once_more_is_hidden_there_too(
    study: Study,
) -> None:
    redactions = study.project.redactions
    redactions.add(study.document.id, study.span("P2"), "[P2]", by=study.ana)
    found = correct(study, HARBOUR + "\nModerator: That was P2, then.\n")
    assert [r.status for r in redactions.list()] == ["accepted", "accepted"]
    assert found.repeated == 1


def test_a_word_that_is_shown_elsewhere_is_only_suggested_in_new_places(study: Study) -> None:
    redactions = study.project.redactions
    redactions.add(study.document.id, study.span("her"), "[who]", by=study.ana)
    correct(study, HARBOUR + "\nP2: It was her again.\n")
    statuses = [r.status for r in redactions.list()]
    assert (statuses.count("accepted"), set(statuses)) == (1, {"accepted", "suggested"})


def test_an_accepted_redaction_without_a_place_is_reported_without_its_words(study: Study) -> None:
    redactions = study.project.redactions
    redactions.add(study.document.id, study.span("Nobody called"), "[P9]", by=study.ana)
    found = correct(study)
    assert [r.label for r in found.uncovered] == ["[P9]"]
    (row,) = study.project.documents.unplaced()
    assert (row["what"], row["code"], row["excerpt"]) == ("redaction", "[P9]", "[P9]")


def test_an_excerpt_without_a_place_is_shown_through_the_layer(study: Study) -> None:
    apply(study, "Nobody called", "timing", study.ana)
    redactions = study.project.redactions
    redactions.add(study.document.id, study.span("Nobody"), "[P9]", by=study.ana)
    redactions.add(study.document.id, study.span("a bed"), "[thing]", by=study.ana)
    correct(study)
    assert [row["excerpt"] for row in study.project.documents.unplaced()] == [
        "[P9] called", "[P9]",
    ]  # fmt: skip


def test_purged_words_are_not_listed_for_they_cannot_be_placed_by_anyone(study: Study) -> None:
    purged = HARBOUR.replace("Nobody called", "██████ ██████")
    study.project.documents.remove(study.document.id, by=study.ana)
    document = study.project.documents.add(reading(purged), "pier", by=study.ana)
    span = Span(purged.index("█"), purged.rindex("█") + 1)
    study.project.codings.apply(document.id, span, study.code("housing"), by=study.ana)
    study.project.documents.replace(document.id, reading(CORRECTED), by=study.ana)
    assert len(study.project.documents.unplaced()) == 0


# What is refused


def test_the_very_file_of_the_document_corrects_nothing(study: Study) -> None:
    with pytest.raises(Refused, match="corrects nothing"):
        correct(study, HARBOUR)


def test_the_file_of_another_document_is_refused_by_name(study: Study) -> None:
    study.project.documents.add(reading(CORRECTED), "pier", by=study.ana)
    with pytest.raises(Refused, match='already, as "pier"'):
        correct(study)


def test_a_document_that_was_taken_out_is_not_replaced(study: Study) -> None:
    study.project.documents.remove(study.document.id, by=study.ana)
    before = study.project.digest()
    with pytest.raises(Refused, match="harbour has been taken out"):
        correct(study)
    assert study.project.digest() == before


def test_after_undo_the_corrected_file_can_come_in_again(study: Study) -> None:
    apply(study, "a bed", "housing", study.ana)
    correct(study)
    study.project.history.undo(study.ana)
    correct(study)
    assert coded(study) == [("ana", "housing", "a bed")]
    assert sound(study)

"""Whoever withdraws is found under every name they had, and nobody else loses theirs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import qualcode
from qualcode.errors import Refused, UnknownName
from qualcode.model import Coder, Document, Span
from qualcode.project import Project
from qualcode.store.check import check
from qualcode.store.purge import Withdrawn
from qualcode.store.withdrawal import Withdrawal
from qualcode.store.written import Written
from qualcode.text.alignment import tokens
from qualcode.text.roster import LabelDecision
from tests.store.purging import held
from tests.store.texts import reading

TALK = """Moderator: How did they meet you?

Zedquartz: She walked over. I had never seen her before that day.

P2: They put me on the list with Zedquartz there. Nobody called.

Zedquartz: Then nothing at all, for weeks and weeks.

P2: Nothing for me.
"""


@dataclass
class Desk:
    project: Project
    ana: Coder

    def add(self, text: str, name: str = "talk") -> Document:
        return self.project.documents.add(reading(text), name, by=self.ana)

    def rename(self, name: str, new: str) -> None:
        speakers = self.project.speakers
        speakers.rename(speakers.named(name).id, new, by=self.ana)

    def link(self, name: str, participant: str = "X1") -> None:
        speakers = self.project.speakers
        speakers.link(speakers.named(name).id, participant, by=self.ana)

    def purge(self, participant: str = "X1", **how: bool) -> None:
        what = Withdrawn(participant=participant, **how)  # type: ignore[arg-type]
        self.project.purge(what, reason="form of 3 May", by=self.ana)
        assert [one for one in check(self.project.path) if not one.ok] == []

    def left(self, *words: str) -> set[str]:
        """Which of the words some byte of the file still holds."""
        return held(self.project.path, words)

    @property
    def memos(self) -> list[str]:
        return [memo.body for memo in self.project.memos.list()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with qualcode.create(tmp_path / "p.qualcode", title="Talks", coder="ana") as project:
        yield Desk(project, project.acting("ana"))


def test_the_name_of_a_speaker_who_was_merged_goes_from_the_log(desk: Desk) -> None:
    desk.add(TALK.replace("Zedquartz", "Z1"))
    desk.add(TALK.replace("Zedquartz", "Z2"), "other")
    desk.rename("Z1", "Mergedquartz")
    speakers = desk.project.speakers
    speakers.merge(speakers.named("Mergedquartz").id, speakers.named("Z2").id, by=desk.ana)
    desk.link("Z2")
    desk.purge()
    assert desk.left("Mergedquartz") == set()


def test_the_name_of_a_participant_they_were_for_a_moment_goes_from_the_log(desk: Desk) -> None:
    desk.add(TALK)
    desk.link("Zedquartz", "Momentquartz")
    desk.project.history.undo(desk.ana)
    desk.link("Zedquartz")
    desk.purge(mentions=True)
    assert desk.left("Momentquartz", "Zedquartz") == set()


@pytest.mark.parametrize(
    ("label", "memo", "left"),
    [
        ("ZEDQUARTZ", "Zedquartz was nervous.", "█████████ was nervous."),
        ("Mary Zedquartz", "Ask Zedquartz, or Mary.", "Ask █████████, or ████."),
        ("Zedquartz, Mary", "Mary Zedquartz came.", "██████████████ came."),
    ],
)
def test_memos_lose_what_somebody_is_called_for_short(
    desk: Desk, label: str, memo: str, left: str
) -> None:
    desk.add(TALK.replace("Zedquartz:", f"{label}:"))
    desk.project.memos.write(memo, by=desk.ana)
    desk.link(label)
    desk.purge(mentions=True)
    assert desk.memos == [left]
    assert desk.left("Zedquartz", "ZEDQUARTZ") == set()


def test_a_first_name_that_somebody_else_has_too_stays(desk: Desk) -> None:
    desk.add(TALK.replace("Zedquartz:", "Mary Zedquartz:").replace("P2:", "Mary Pike:"))
    desk.project.memos.write("Mary Pike and Mary Zedquartz.", by=desk.ana)
    desk.link("Mary Zedquartz")
    desk.purge()
    assert desk.memos == ["Mary Pike and ██████████████."]


def test_a_part_of_a_name_that_was_rejected_as_a_word_stays(desk: Desk) -> None:
    talk = desk.add(TALK.replace("Zedquartz:", "Will Zedquartz:").replace("Nobody", "Will they"))
    at = desk.project.documents.text(talk.id).index("Will they")
    desk.project.redactions.add(
        talk.id, Span(at, at + 4), "[P01]", "person", by=desk.ana, status="rejected"
    )
    desk.project.memos.write("Will she see Zedquartz?", by=desk.ana)
    desk.link("Will Zedquartz")
    desk.purge()
    assert desk.memos == ["Will she see █████████?"]


def test_labels_that_say_what_somebody_does_stay_in_memos(desk: Desk) -> None:
    talk = desk.add(TALK.replace("Zedquartz:", "Nurse:").replace("P2:", "Agenda:"))
    desk.project.speakers.decide(
        talk.id, [LabelDecision("Agenda", "", kind="not a speaker")], by=desk.ana
    )
    desk.project.memos.write("Nurse in charge; Agenda point 2.", by=desk.ana)
    desk.project.purge(Withdrawn(document="talk"), reason="form of 3 May", by=desk.ana)
    assert desk.memos == ["Nurse in charge; Agenda point 2."]


def test_a_name_is_found_however_its_accents_are_written(desk: Desk) -> None:
    name = unicodedata.normalize("NFD", "Zoéquartz")
    desk.add(
        TALK.replace("Zedquartz", name).replace("walked", unicodedata.normalize("NFD", "wálked"))
    )
    desk.project.memos.write("I asked Zoéquartz.", by=desk.ana)
    desk.project.memos.write("As in “She wálked over. I had never seen her”.", by=desk.ana)
    desk.link(name)
    desk.purge(mentions=True)
    assert desk.memos[0] == "I asked █████████."
    assert desk.left("quartz", "wálked") == set()


def test_a_label_that_is_no_speaker_somewhere_does_not_keep_a_name(desk: Desk) -> None:
    desk.add(TALK)
    other = desk.add(TALK.replace("weeks", "days"), "other")
    desk.link("Zedquartz")
    desk.project.speakers.decide(
        other.id, [LabelDecision("Zedquartz", "", kind="not a speaker")], by=desk.ana
    )
    desk.project.memos.write("I asked Zedquartz.", by=desk.ana)
    desk.purge(mentions=True)
    assert desk.left("Zedquartz") == set()


def test_a_label_spelt_otherwise_in_the_replaced_version_goes_too(desk: Desk) -> None:
    first = desk.add(TALK.replace("Zedquartz", "Zetquartz"))
    desk.project.documents.replace(first.id, reading(TALK), by=desk.ana)
    desk.link("Zedquartz")
    desk.purge(mentions=True)
    assert desk.left("Zedquartz", "Zetquartz", "walked over") == set()


def test_a_speaker_named_after_the_correction_goes_from_the_replaced_version(desk: Desk) -> None:
    first = desk.add(TALK)
    new = desk.project.documents.replace(first.id, reading(TALK + "\nP2: No.\n"), by=desk.ana)
    decided = LabelDecision("Zedquartz", "Named Afterquartz", participant="X1")
    desk.project.speakers.decide(new.document.id, [decided], by=desk.ana)
    desk.purge(mentions=True)
    assert desk.left("Zedquartz", "Afterquartz", "walked over") == set()
    assert [one.name for one in desk.project.speakers.list()] == ["Moderator", "P2", "withdrawn-1"]


def test_a_redaction_label_that_names_them_goes(desk: Desk) -> None:
    talk = desk.add(TALK)
    desk.project.redactions.add(
        talk.id, Span(11, 14), "[a friend of Zedquartz]", "person", by=desk.ana
    )
    desk.link("Zedquartz")
    desk.purge(mentions=True)
    assert desk.left("Zedquartz") == set()


def test_who_turns_out_to_be_somebody_purged_before_can_go_as_well(desk: Desk) -> None:
    desk.add(TALK)
    desk.link("P2")
    desk.purge()
    desk.link("Zedquartz", "withdrawn-1")
    desk.purge("withdrawn-1", mentions=True)
    assert desk.left("Zedquartz", "walked over") == set()


def test_two_labels_of_one_document_get_two_neutral_names(desk: Desk) -> None:
    talk = desk.add(TALK)
    desk.link("P2")
    desk.purge()
    speakers = desk.project.speakers
    speakers.merge(speakers.named("Zedquartz").id, speakers.named("withdrawn-1").id, by=desk.ana)
    desk.purge("withdrawn-1", mentions=True)
    labels = [one.label for one in speakers.labels(talk.id)]
    assert sorted(labels) == ["Moderator", "withdrawn-1", "withdrawn-1-2"]


def test_two_documents_called_by_two_names_of_one_person_stay_two(desk: Desk) -> None:
    desk.add(TALK, "Zedquartz")
    desk.add(TALK.replace("Zedquartz:", "Zq:").replace("weeks", "days"), "Zq")
    desk.link("Zedquartz")
    desk.link("Zq")
    desk.purge(mentions=True)
    names = [document.name for document in desk.project.documents.list()]
    assert names == ["withdrawn-1", "withdrawn-1-2"]


def test_a_new_name_that_a_document_has_is_refused_by_name(desk: Desk) -> None:
    desk.add(TALK)
    desk.add(TALK.replace("weeks", "days"), "other")
    what = Withdrawn(document="talk", new_name="Other")
    with pytest.raises(Refused, match='There is a document "other" already; choose another name'):
        desk.project.purges.plan(what)


def test_a_replaced_version_is_renamed_along_where_a_turn_goes(desk: Desk) -> None:
    first = desk.add(TALK, "Talkquartz")
    desk.project.documents.replace(first.id, reading(TALK + "\nP2: No.\n"), by=desk.ana)
    what = Withdrawn(document="Talkquartz", turns=(6,), new_name="talk 1")
    desk.project.purge(what, reason="form of 3 May", by=desk.ana)
    assert desk.left("Talkquartz") == set()


def test_a_turn_that_is_not_there_is_named_with_its_document(desk: Desk) -> None:
    desk.add(TALK)
    with pytest.raises(UnknownName, match='no turn of talk "99"'):
        desk.project.purges.plan(Withdrawn(document="talk", turns=(99,)))


def test_labels_of_nobody_that_are_blanked_alike_stay_two(desk: Desk) -> None:
    talk = desk.add(TALK.replace("P2:", "Zebquartz:"))
    other = desk.add(TALK.replace("P2:", "Zebquartz:").replace("weeks", "days"), "other")
    nobodies = [
        LabelDecision(label, "", kind="not a speaker") for label in ("Zedquartz", "Zebquartz")
    ]
    desk.project.speakers.decide(other.id, nobodies, by=desk.ana)
    desk.link("Zedquartz")
    desk.link("Zebquartz")
    desk.purge(mentions=True)
    labels = [one.label for one in desk.project.speakers.labels(other.id)]
    assert labels == ["Moderator", "█████████", "█████████-2"]
    assert len(desk.project.speakers.labels(talk.id)) == 3
    assert desk.left("Zedquartz", "Zebquartz") == set()


def test_no_traceback_of_a_purge_could_hold_a_word(desk: Desk) -> None:
    desk.add(TALK)
    desk.link("Zedquartz")
    goes = Withdrawal(desk.project._db, Withdrawn(participant="X1"))
    records = [*goes.touched, *Written(desk.project._db, goes)._lines, tokens(TALK)]
    assert len(records) > 3
    assert [one for one in records if "Zedquartz" in repr(one) or "walked" in repr(one)] == []


def test_an_import_that_was_undone_loses_their_words_too(desk: Desk) -> None:
    desk.add(TALK)
    desk.add(TALK.replace("weeks", "undonequartz"), "other")
    desk.project.history.undo(desk.ana)
    desk.link("Zedquartz")
    desk.purge(mentions=True)
    assert desk.left("Zedquartz", "undonequartz", "walked over") == set()
    other = Withdrawal(desk.project._db, Withdrawn(document="other")).touched[0]
    assert "on the list" in other.text


def test_a_correction_that_was_undone_loses_the_label_it_had(desk: Desk) -> None:
    first = desk.add(TALK)
    text = TALK.replace("Zedquartz:", "Undonequartz:")
    desk.project.documents.replace(first.id, reading(text), by=desk.ana)
    desk.project.history.undo(desk.ana)
    desk.link("Zedquartz")
    desk.purge(mentions=True)
    assert desk.left("Zedquartz", "Undonequartz", "walked over") == set()

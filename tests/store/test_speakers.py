"""The label table and the roster: who speaks, and the turns that follow from it."""

from __future__ import annotations

import pytest

from qualcode.errors import Conflict, Refused, UnknownName
from qualcode.model import Span
from qualcode.text.roster import LabelDecision
from tests.store.desk import MEETING, NEXT, NOT_A_SPEAKER, Desk
from tests.store.test_random_actions import state

TITLED = "**Agenda:** First the beds.\n\n**Agenda:** Then the bus.\n\n**CM:** I came on foot.\n"


def test_labels_come_as_they_first_occur_and_what_is_no_speaker_last(desk: Desk) -> None:
    desk.decide(NOT_A_SPEAKER)
    assert desk.table() == [
        ("MOD", "speaker", "MOD"),
        ("CM", "speaker", "CM"),
        ("PO", "speaker", "PO"),
        ("CM, PO", "joint", "CM;PO"),
        ("Agenda", "not a speaker", ""),
    ]
    assert [one.turns for one in desk.project.speakers.labels(desk.document.id)] == [1, 1, 1, 1, 0]


def test_the_words_of_what_is_no_speaker_join_the_turn_before_with_their_label(desk: Desk) -> None:
    counts = desk.decide(NOT_A_SPEAKER)
    assert counts == {"labels": 1, "speakers": 0, "participants": 0, "turns": 1}
    assert desk.turns[1] == (
        "CM",
        "She walked over. I had never seen her.\n\n**Agenda:** Send the list. Call back.",
    )
    turns = desk.transcript.turns
    assert [turn.n for turn in turns] == [1, 2, 3, 4]
    assert turns[1].label == "CM"
    assert turns[1].flags == ("continuation",)


def test_its_sentences_are_cut_anew(desk: Desk) -> None:
    assert "Send the list." in desk.sentences
    desk.project.speakers.not_a_speaker(desk.label("Agenda"), by=desk.ana)
    assert desk.sentences == [
        "How did they meet you?",
        "She walked over.",
        "I had never seen her.",
        "**Agenda:** Send the list.",
        "Call back.",
        "They put me on the list.",
        "Nobody called.",
    ]


def test_without_a_turn_before_its_words_stand_outside_turns(desk: Desk) -> None:
    titled = desk.add(TITLED, "titled")
    desk.project.speakers.not_a_speaker(desk.label("Agenda", titled), by=desk.ana)
    transcript = desk.project.documents.transcript(titled.id)
    assert [(turn.n, turn.speaker) for turn in transcript.turns] == [(1, "CM")]
    outside = [block for block in transcript.blocks if block.turn is None]
    assert [transcript.text[one.start : one.stop] for one in outside] == [
        "**Agenda:** First the beds.",
        "**Agenda:** Then the bus.",
    ]


def test_text_and_codings_stay_where_they_are(desk: Desk) -> None:
    code = desk.project.codebook.named("list")
    start = MEETING.index("Send the list")
    desk.project.codings.apply(desk.document.id, Span(start, start + 13), code.id, by=desk.ana)
    before = desk.project.codings.list()
    desk.project.speakers.not_a_speaker(desk.label("Agenda"), by=desk.ana)
    assert desk.project.codings.list() == before
    assert desk.project.documents.text(desk.document.id) == MEETING


def test_a_label_becomes_a_speaker_again_with_its_turns_and_its_speaker(desk: Desk) -> None:
    desk.decide(LabelDecision("Agenda", "Anna Gent", "moderator"))
    before = desk.turns, desk.sentences, desk.table()
    label = desk.label("Agenda")
    desk.project.speakers.not_a_speaker(label, by=desk.ana)
    assert desk.turns != before[0]
    desk.decide(LabelDecision("PO", "Pat Olsen"))  # undo would have to take this back first
    desk.decide(LabelDecision("PO", "PO"))
    desk.project.speakers.as_speaker(label, by=desk.ana)
    assert (desk.turns, desk.sentences, desk.table()) == before
    assert desk.speaker("Anna Gent").role == "moderator"


def test_a_joint_label_is_joint_again(desk: Desk) -> None:
    label = desk.label("CM, PO")
    desk.project.speakers.not_a_speaker(label, by=desk.ana)
    desk.project.speakers.as_speaker(label, by=desk.ana)
    assert desk.table()[-1] == ("CM, PO", "joint", "CM;PO")
    assert desk.transcript.turns[-1].flags == ("joint",)


def test_making_a_speaker_of_a_speaker_changes_nothing(desk: Desk) -> None:
    desk.project.speakers.as_speaker(desk.label("CM"), by=desk.ana)
    assert state(desk.project) == desk.first


def test_a_label_gets_another_speaker_and_stays_as_the_file_has_it(desk: Desk) -> None:
    desk.decide(LabelDecision("CM", "Carla Mendez", participant="P01"))
    assert desk.turns[1][0] == "Carla Mendez"
    assert desk.transcript.turns[1].label == "CM"
    assert desk.transcript.turns[1].participants == ("P01",)


def test_a_new_name_renames_a_speaker_nobody_else_is(desk: Desk) -> None:
    before = desk.speaker("MOD")
    desk.decide(LabelDecision("MOD", "Dana"))
    assert desk.speaker("Dana").id == before.id
    assert desk.speaker("Dana").role == "moderator"


def test_a_joint_label_follows_the_new_name_of_its_voice(desk: Desk) -> None:
    unchanged = LabelDecision("CM, PO", "CM;PO", kind="joint")
    desk.decide(LabelDecision("CM", "Carla"), unchanged)
    assert desk.table()[-1] == ("CM, PO", "joint", "Carla;PO")


def test_a_joint_label_made_without_names_has_the_speakers_of_its_voices(desk: Desk) -> None:
    desk.decide(LabelDecision("CM, PO", "Both"), LabelDecision("PO", "Pat"))
    desk.decide(LabelDecision("CM, PO", "", kind="joint"))
    assert desk.table()[-1] == ("CM, PO", "joint", "CM;Pat")


def test_a_new_name_in_one_document_leaves_the_speaker_of_another(desk: Desk) -> None:
    other = desk.add(NEXT, "next")
    desk.decide(LabelDecision("MOD", "Dana"), document=other)
    assert desk.table()[0] == ("MOD", "speaker", "MOD")
    assert desk.table(other)[0] == ("MOD", "speaker", "Dana")


def test_two_labels_become_one_speaker_who_keeps_the_participant(desk: Desk) -> None:
    desk.project.speakers.link(desk.speaker("Agenda").id, "P09", by=desk.ana)
    desk.decide(LabelDecision("Agenda", "PO"))
    assert [one for one, _ in desk.turns] == ["MOD", "CM", "PO", "PO", "CM, PO"]
    assert desk.speaker("PO").participant == "P09"
    assert "Agenda" not in [one.name for one in desk.project.speakers.list()]


def test_a_speaker_who_is_another_participant_stays_on_the_roster(desk: Desk) -> None:
    desk.project.speakers.link(desk.speaker("Agenda").id, "P09", by=desk.ana)
    desk.project.speakers.link(desk.speaker("PO").id, "P02", by=desk.ana)
    desk.decide(LabelDecision("Agenda", "PO"))
    assert desk.speaker("Agenda").participant == "P09"
    assert desk.speaker("PO").participant == "P02"


def test_several_speakers_of_a_label_make_it_joint(desk: Desk) -> None:
    desk.decide(LabelDecision("Agenda", "CM; PO", kind="joint"))
    assert desk.turns[2] == ("CM, PO", "Send the list. Call back.")
    assert list(desk.transcript.turns[2].flags) == ["joint"]
    desk.decide(LabelDecision("Agenda", "Agenda"))
    assert list(desk.transcript.turns[2].flags) == []


def test_roles_and_participants_go_to_each_speaker_of_a_joint_label(desk: Desk) -> None:
    desk.decide(LabelDecision("CM, PO", "PO;CM", "moderator;", "joint", ";P01"))
    po, cm = desk.speaker("PO"), desk.speaker("CM")
    assert (po.role, po.participant) == ("moderator", None)
    assert (cm.role, cm.participant) == ("participant", "P01")


def test_a_blank_speaker_role_and_participant_leave_what_is_known(desk: Desk) -> None:
    desk.decide(LabelDecision("CM", "Carla", "other", participant="P01"))
    before = state(desk.project)
    assert desk.decide(LabelDecision("CM", "")) == {
        "labels": 0,
        "speakers": 0,
        "participants": 0,
        "turns": 0,
    }
    assert state(desk.project) == before


@pytest.mark.parametrize(
    ("decision", "message"),
    [
        (LabelDecision("CM", "CM", "boss"), "role is none of"),
        (LabelDecision("CM", "CM", kind="singer"), "kind is none of"),  # type: ignore[arg-type]
        (LabelDecision("CM", "A;B"), "only if its kind is joint"),
        (LabelDecision("CM", "A", kind="joint"), "two speakers or more"),
        (LabelDecision("CM, PO", "A;B", "other;other;other", "joint"), "each of the 2"),
    ],
)
def test_what_cannot_be_decided_is_refused(
    desk: Desk, decision: LabelDecision, message: str
) -> None:
    with pytest.raises(Refused, match=message):
        desk.decide(LabelDecision("MOD", "Dana"), decision)
    assert state(desk.project) == desk.first


def test_decisions_that_contradict_each_other_are_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match='role of "Pat" is moderator in another row'):
        desk.decide(LabelDecision("CM", "Pat", "moderator"), LabelDecision("PO", "pat", "other"))


def test_a_label_the_document_does_not_have_is_unknown(desk: Desk) -> None:
    with pytest.raises(UnknownName, match='There is no label "XX"'):
        desk.decide(LabelDecision("XX", "CM"))


def test_renaming_holds_in_all_documents(desk: Desk) -> None:
    other = desk.add(NEXT, "next")
    desk.project.speakers.rename(desk.speaker("CM").id, " Carla Mendez ", by=desk.ana)
    assert desk.table()[1] == ("CM", "speaker", "Carla Mendez")
    assert desk.table(other)[1] == ("CM", "speaker", "Carla Mendez")


def test_renaming_to_a_name_that_is_taken_offers_to_merge(desk: Desk) -> None:
    with pytest.raises(Refused, match='There is a speaker "PO" already; merge'):
        desk.project.speakers.rename(desk.speaker("CM").id, "po", by=desk.ana)


def test_renaming_may_change_case_alone(desk: Desk) -> None:
    assert desk.project.speakers.rename(desk.speaker("CM").id, "Cm", by=desk.ana).name == "Cm"


@pytest.mark.parametrize("name", ["", "  ", "A;B"])
def test_a_name_that_can_be_none_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(Refused):
        desk.project.speakers.rename(desk.speaker("CM").id, name, by=desk.ana)


def test_an_edit_of_what_has_changed_since_is_a_conflict(desk: Desk) -> None:
    shown = desk.speaker("CM")
    desk.project.speakers.set_role(shown.id, "other", by=desk.ana, rev=shown.rev)
    with pytest.raises(Conflict):
        desk.project.speakers.rename(shown.id, "Carla", by=desk.ana, rev=shown.rev)
    with pytest.raises(Conflict):
        desk.project.speakers.link(shown.id, "P01", by=desk.ana, rev=shown.rev)
    with pytest.raises(Conflict):
        desk.project.speakers.set_role(shown.id, "moderator", by=desk.ana, rev=shown.rev)


def test_merging_gives_all_labels_to_the_one_who_stays(desk: Desk) -> None:
    other = desk.add(NEXT, "next")
    desk.project.speakers.link(desk.speaker("Agenda").id, "P05", by=desk.ana)
    gone, stays = desk.speaker("Agenda"), desk.speaker("PO")
    merged = desk.project.speakers.merge(gone.id, stays.id, by=desk.ana)
    assert (merged.id, merged.name, merged.participant) == (stays.id, "PO", "P05")
    for document in (desk.document, other):
        assert ("Agenda", "speaker", "PO") in desk.table(document)
    with pytest.raises(UnknownName):
        desk.speaker("Agenda")


def test_merging_voices_of_a_joint_label_makes_them_one(desk: Desk) -> None:
    desk.project.speakers.merge(desk.speaker("CM").id, desk.speaker("PO").id, by=desk.ana)
    assert desk.table()[-1] == ("CM, PO", "speaker", "PO")
    assert desk.transcript.turns[-1].flags == ()


def test_speakers_who_are_two_participants_are_not_merged(desk: Desk) -> None:
    desk.decide(
        LabelDecision("CM", "CM", participant="P01"), LabelDecision("PO", "PO", participant="P02")
    )
    with pytest.raises(Refused, match="linked to two participants"):
        desk.project.speakers.merge(desk.speaker("CM").id, desk.speaker("PO").id, by=desk.ana)


def test_nobody_is_merged_with_themselves(desk: Desk) -> None:
    one = desk.speaker("CM").id
    with pytest.raises(Refused):
        desk.project.speakers.merge(one, one, by=desk.ana)


def test_a_moderator_is_nobody_whose_turns_count(desk: Desk) -> None:
    desk.project.speakers.set_role(desk.speaker("CM").id, "moderator", by=desk.ana)
    assert desk.transcript.turns[1].role == "moderator"
    with pytest.raises(UnknownName, match='no role "boss"'):
        desk.project.speakers.set_role(desk.speaker("CM").id, "boss", by=desk.ana)


def test_linking_adds_the_participant_and_unlinking_keeps_them(desk: Desk) -> None:
    speaker = desk.speaker("CM").id
    assert "CM" in desk.project.participants.unlinked()
    assert desk.project.speakers.link(speaker, "P01", by=desk.ana).participant == "P01"
    assert "CM" not in desk.project.participants.unlinked()
    assert desk.project.speakers.link(speaker, None, by=desk.ana).participant is None
    assert desk.project.participants.silent() == ["P01"]


def test_every_edit_is_one_action_that_says_what_it_touched(desk: Desk) -> None:
    desk.decide(NOT_A_SPEAKER, LabelDecision("CM", "PO"))
    newest = desk.project.history.log(1)[0]
    assert (newest.verb, newest.summary) == ("edit labels", "2 labels in meeting")
    desk.project.speakers.rename(desk.speaker("MOD").id, "Dana", by=desk.ana)
    assert desk.project.history.log(1)[0].summary == "1 speaker"


def test_an_edit_made_since_stands_in_the_way_of_another_coders_undo(plain: Desk) -> None:
    ben = plain.project.coders.add("ben", by=plain.ana)
    label = plain.label("Agenda")
    plain.project.speakers.not_a_speaker(label, by=ben)
    plain.project.speakers.as_speaker(label, by=plain.ana)
    with pytest.raises(Refused, match="changed since"):
        plain.project.history.undo(ben)

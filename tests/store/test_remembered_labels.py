"""What one document decides on a label, the next begins with; and what is told about labels."""

from __future__ import annotations

from qualcode.text.roster import LabelDecision
from tests.store.desk import MEETING, NEXT, NOT_A_SPEAKER, Desk
from tests.store.texts import reading


def test_a_new_document_begins_with_what_was_decided(desk: Desk) -> None:
    desk.decide(
        NOT_A_SPEAKER,
        LabelDecision("CM", "Carla Mendez", "other"),
        LabelDecision("CM, PO", "Somebody"),
    )
    other = desk.add(NEXT, "next")
    assert desk.table(other) == [
        ("MOD", "speaker", "MOD"),
        ("CM", "speaker", "Carla Mendez"),
        ("PO", "speaker", "PO"),
        ("CM, PO", "speaker", "Somebody"),
        ("Agenda", "not a speaker", ""),
    ]
    transcript = desk.project.documents.transcript(other.id)
    assert [turn.n for turn in transcript.turns] == [1, 2, 3, 4]
    assert "**Agenda:** Send the list." in [
        transcript.text[one.start : one.stop] for one in transcript.sentences
    ]


def test_what_began_as_no_speaker_can_become_one(desk: Desk) -> None:
    desk.decide(NOT_A_SPEAKER)
    other = desk.add(NEXT, "next")
    desk.project.speakers.as_speaker(desk.label("Agenda", other), by=desk.ana)
    transcript = desk.project.documents.transcript(other.id)
    assert [turn.speaker for turn in transcript.turns] == ["MOD", "CM", "Agenda", "PO", "CM, PO"]


def test_a_voice_that_joins_in_for_the_first_time_is_who_it_was_before(desk: Desk) -> None:
    desk.decide(LabelDecision("CM", "Carla"))
    other = desk.add(NEXT.replace("CM, PO", "CM, MOD"), "next")
    assert desk.table(other)[-1] == ("CM, MOD", "joint", "MOD;Carla")


def test_a_corrected_version_keeps_the_label_table_of_the_one_it_replaces(desk: Desk) -> None:
    numbered = MEETING.replace("MOD", "SPEAKER_00")
    first = desk.add(numbered, "numbered")
    desk.decide(NOT_A_SPEAKER, LabelDecision("SPEAKER_00", "Dana"), document=first)
    desk.decide(LabelDecision("Agenda", "Anna Gent"))  # later, and elsewhere
    corrected = reading(numbered.replace("meet you", "find you"))
    desk.project.documents.replace(first.id, corrected, by=desk.ana)
    second = desk.project.documents.named("numbered")
    assert desk.table(second)[0] == ("SPEAKER_00", "speaker", "Dana")
    assert desk.table(second)[-1] == ("Agenda", "not a speaker", "")


def test_the_latest_decision_on_a_label_holds(desk: Desk) -> None:
    desk.decide(NOT_A_SPEAKER)
    second = desk.add(NEXT, "second")
    desk.project.speakers.as_speaker(desk.label("Agenda", second), by=desk.ana)
    third = desk.add(NEXT + "\n", "third")
    assert ("Agenda", "speaker", "Agenda") in desk.table(third)


def test_a_renamed_speaker_is_met_again_under_the_old_label(desk: Desk) -> None:
    desk.project.speakers.rename(desk.speaker("CM").id, "Carla", by=desk.ana)
    assert desk.table(desk.add(NEXT, "next"))[1] == ("CM", "speaker", "Carla")


def test_a_recorders_number_is_another_person_in_the_next_file(desk: Desk) -> None:
    one = "SPEAKER_00: Hello there.\n\nSPEAKER_01: Hi.\n\nSPEAKER_00: So.\n\nSPEAKER_01: Yes.\n"
    first = desk.add(one, "first")
    desk.decide(LabelDecision("SPEAKER_00", "Carla"), document=first)
    second = desk.add(one + "\nSPEAKER_01: More.\n", "second")
    assert desk.table(second)[0] == ("SPEAKER_00", "speaker", "SPEAKER_00")
    assert not list(desk.project.speakers.proposals(second.id))


def test_a_recorders_number_never_brings_a_participant_along(desk: Desk) -> None:
    one = "SPEAKER_00: Hello there.\n\nSPEAKER_01: Hi.\n\nSPEAKER_00: So.\n\nSPEAKER_01: Yes.\n"
    first = desk.add(one, "first")
    desk.decide(LabelDecision("SPEAKER_00", "", participant="P01"), document=first)
    second = desk.add(one + "\nSPEAKER_01: More.\n", "second")
    assert [row[2] for row in desk.table(second)] == ["SPEAKER_00 (second)", "SPEAKER_01 (second)"]
    assert desk.speaker("SPEAKER_00 (second)").participant is None
    assert desk.speaker("SPEAKER_00").participant == "P01"


def test_a_corrected_version_keeps_a_recorders_numbers(desk: Desk) -> None:
    one = "SPEAKER_00: Hello there.\n\nSPEAKER_01: Hi.\n\nSPEAKER_00: So.\n\nSPEAKER_01: Yes.\n"
    desk.add(one, "first")
    second = desk.add(one + "\nSPEAKER_01: More.\n", "second")
    again = reading(one + "\nSPEAKER_01: Much more.\n")
    desk.project.documents.replace(second.id, again, by=desk.ana)
    table = desk.table(desk.project.documents.named("second"))
    assert [row[2] for row in table] == ["SPEAKER_00 (second)", "SPEAKER_01 (second)"]


def test_decisions_given_with_an_import_hold_from_the_start_in_the_same_action(desk: Desk) -> None:
    before = len(desk.project.history.log())
    other = desk.add(NEXT, "next", labels=[NOT_A_SPEAKER, LabelDecision("XX", "nobody here")])
    assert ("Agenda", "not a speaker", "") in desk.table(other)
    assert ("Agenda", "speaker", "Agenda") in desk.table()
    assert len(desk.project.history.log()) == before + 1


def test_what_was_decided_is_listed_with_where(desk: Desk) -> None:
    desk.decide(NOT_A_SPEAKER, LabelDecision("CM", "Carla", "other", participant="P01"))
    assert list(desk.project.speakers.confirmed()) == [
        LabelDecision("Agenda", "", "", "not a speaker", None, "meeting"),
        LabelDecision("CM", "Carla", "other", "speaker", "P01", "meeting"),
        LabelDecision("CM, PO", "Carla;PO", "other;participant", "joint", "P01;", "meeting"),
    ]


def test_known_labels_are_names_and_labels_but_no_rows_of_a_survey(desk: Desk) -> None:
    answer = reading("A01: Fine.\n\nA01: Good.\n")
    desk.project.documents.add(answer, "survey", by=desk.ana, kind="survey")
    desk.decide(NOT_A_SPEAKER, LabelDecision("CM", "Carla", participant="P01"))
    assert desk.project.speakers.known() == {"MOD", "CM", "PO", "CM, PO", "Carla", "P01"}


def test_participants_are_linked_by_name_or_by_label(desk: Desk) -> None:
    desk.decide(LabelDecision("CM", "Carla"))
    rows = [(2, {"case": "P01", "speaker": "CM"}), (3, {"case": "P02", "speaker": "PO"})]
    desk.project.participants.import_table(rows, by=desk.ana)
    assert desk.speaker("Carla").participant == "P01"
    assert desk.speaker("PO").participant == "P02"


def test_what_looks_alike_is_paired_unless_it_is_known_to_be_one(desk: Desk) -> None:
    text = MEETING.replace("PO:", "P0:").replace("CM, PO", "CM, P0")
    other = desk.add(text, "typed")
    assert (
        list(desk.project.speakers.near_duplicates(other.id))
        == [
            ("P0", "PO"),
            ("CM, P0", "CM, PO"),
        ][:1]
    )
    desk.decide(LabelDecision("P0", "PO"), document=other)
    assert list(desk.project.speakers.near_duplicates(other.id)) == []


def test_editing_what_somebody_finished_in_a_closed_round_is_told(plain: Desk) -> None:
    speakers, rounds = plain.project.speakers, plain.project.rounds
    assert speakers.caution([plain.document.id]) is None
    opened = rounds.open("R1", by=plain.ana)
    rounds.assign(opened.id, [plain.document.id], [plain.ana.id], by=plain.ana)
    rounds.finish(opened.id, plain.document.id, plain.ana.id, by=plain.ana)
    assert speakers.caution([plain.document.id]) is None
    rounds.close(opened.id, by=plain.ana)
    assert "(R1)" in str(speakers.caution([plain.document.id]))
    plain.decide(NOT_A_SPEAKER)
    assert speakers.spoken_in(plain.speaker("CM").id) == [plain.document.id]


ANSWER = "**CM:** It was fine. I came on foot.\n\n**CM:** No.\n"


def test_a_survey_begins_with_nothing_decided_elsewhere(desk: Desk) -> None:
    desk.decide(LabelDecision("CM", "Carla"))
    survey = desk.add(ANSWER, "survey/CM", kind="survey")
    assert desk.table(survey) == [("CM", "speaker", "CM")]


def test_what_nobody_says_in_a_survey_is_a_paragraph(desk: Desk) -> None:
    survey = desk.add(ANSWER, "survey/CM", kind="survey")
    desk.decide(LabelDecision("CM", "", kind="not a speaker"), document=survey)
    transcript = desk.project.documents.transcript(survey.id)
    assert transcript.turns == ()
    assert [transcript.text[one.start : one.stop] for one in transcript.sentences] == [
        "**CM:** It was fine.",
        "I came on foot.",
        "**CM:** No.",
    ]

"""After a purge a word is in no table, no index, no line of the log and no page of the file."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import qualcode
from qualcode.errors import Conflict, Refused, UndoRefused, UnknownName, UsageProblem
from qualcode.model import NamedReading, Span
from qualcode.store import purge as purging
from qualcode.store.backup import write_backup
from qualcode.store.check import check
from qualcode.store.purge import Withdrawn
from tests.store.purging import (
    EARLIER,
    EVERYWHERE,
    INTERVIEW,
    OF_THE_DOCUMENT,
    OF_THE_PERSON,
    QUOTE,
    Withdrawing,
    build,
    held,
)
from tests.store.test_check import behind_its_back
from tests.store.texts import reading

DOCUMENT = Withdrawn(document="a-p1")
PERSON = Withdrawn(participant="personquartz")
WHY = "consent withdrawn, form of 3 May"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Withdrawing:
    """Made once: every test works on a copy."""
    built = build(tmp_path_factory.mktemp("purge") / "p.qualcode")
    built.project.close()
    return built


@pytest.fixture
def made(built: Withdrawing, tmp_path: Path) -> Iterator[Withdrawing]:
    path = tmp_path / "p.qualcode"
    shutil.copy(built.path, path)
    with qualcode.open(path, coder="ana") as project:
        yield replace(built, project=project)


def wrong(path: Path) -> list[str]:
    return [f"{one.name}: {one.detail}" for one in check(path) if not one.ok]


def purge(made: Withdrawing, what: Withdrawn) -> purging.Purged:
    return made.project.purge(what, reason=WHY, by=made.ana)


@pytest.mark.parametrize(
    ("what", "goes"),
    [
        (DOCUMENT, (*EVERYWHERE, *OF_THE_DOCUMENT)),
        (PERSON, (*EVERYWHERE, *OF_THE_PERSON)),
        (replace(PERSON, document="A-P1"), (*EVERYWHERE, *OF_THE_DOCUMENT, *OF_THE_PERSON)),
    ],
    ids=["document", "participant", "both"],
)
def test_no_byte_of_the_file_holds_a_purged_word(
    made: Withdrawing, what: Withdrawn, goes: tuple[str, ...]
) -> None:
    assert held(made.path, goes) == set(goes)  # they are there, and would be found
    assert purge(made, what).finished
    assert held(made.path, goes) == set()
    made.project.close()
    assert held(made.path, goes) == set()
    assert wrong(made.path) == []


def test_texts_keep_their_length_their_lines_and_what_others_say(made: Withdrawing) -> None:
    purge(made, PERSON)
    text = made.project.documents.text(made.document_id)
    assert len(text) == len(INTERVIEW)
    assert text.splitlines()[2:7] == [
        "Moderator: How did they meet you?",
        "",
        f"{'█' * 11}: {'█' * len('She walked over and said textquartz to my face. I had never seen her.')}",
        "",
        "P2: They put me on the list for a bed. Nobody called me back.",
    ]


def test_codings_turns_sentences_and_units_stay_where_they_were(made: Withdrawing) -> None:
    project = made.project

    def places() -> list[object]:
        shown = project.documents.transcript(made.document_id)
        kinds = ("sentence", "turn", "paragraph", "document")
        return [
            [(c.id, c.span, c.code_id, c.coder_id) for c in project.codings.list()],
            [(turn.n, turn.start, turn.stop) for turn in shown.turns],
            [(block.start, block.stop) for block in shown.blocks],
            [[row[:4] for row in project.documents.units(kind).rows] for kind in kinds],  # type: ignore[arg-type]
            project.rounds.coverage().rows,
        ]

    before = places()
    purge(made, replace(PERSON, document="A-P1"))
    assert places() == before


def test_labels_on_lines_of_their_own_go_without_moving_a_block(made: Withdrawing) -> None:
    text = "Ann Arbor:\nI was there.\n\nBob:\nSo was I.\n\nAnn Arbor:\nYes.\n\nBob:\nNo.\n"
    project = made.project
    document = project.documents.add(reading(text), "lines", by=made.ana)
    project.participants.import_table([(1, {"id": "A1", "speaker": "Ann Arbor"})], by=made.ana)
    before = [(b.start, b.stop) for b in project.documents.transcript(document.id).blocks]
    purge(made, Withdrawn(participant="A1"))
    shown = project.documents.transcript(document.id)
    assert shown.text.startswith("█████████:\n████████████\n\nBob:\nSo was I.")
    assert [(b.start, b.stop) for b in shown.blocks] == before


def test_a_participant_keeps_a_neutral_name(made: Withdrawing) -> None:
    purge(made, PERSON)
    people = made.project.participants.list()
    assert [(one.label, dict(one.attributes)) for one in people] == [
        ("P2", {"job": "sailor"}),
        ("withdrawn-1", {}),
    ]
    turns = made.project.documents.transcript(made.document_id).turns
    assert [turn.speaker for turn in turns] == ["Moderator", "withdrawn-1", "P2", "withdrawn-1"]
    assert [turn.participants for turn in turns] == [
        (),
        ("withdrawn-1",),
        ("P2",),
        ("withdrawn-1",),
    ]


def test_two_who_withdraw_get_two_names(made: Withdrawing) -> None:
    purge(made, PERSON)
    purge(made, Withdrawn(participant="P2"))
    labels = sorted(one.label for one in made.project.participants.list())
    assert labels == ["withdrawn-1", "withdrawn-2"]
    made.project.close()
    assert wrong(made.path) == []


def test_what_does_not_quote_or_concern_it_stays(made: Withdrawing) -> None:
    purge(made, PERSON)
    code, other = made.project.codebook.codes()
    assert code.example == ("A made-up one.",)
    assert (
        code.full
        == f"A meeting in person, such as {'█' * len('“walked over and said textquartz”')}. Not by phone."
    )
    assert other.example == ("They put me on the list for a bed.",)
    bodies = {memo.body for memo in made.project.memos.list()}
    assert f"My own thought. Then {'█' * (len(QUOTE) + 2)} was said. Another thought." in bodies
    assert "This one stays." in bodies


def test_a_frozen_codebook_keeps_its_length_and_is_still_read(made: Withdrawing) -> None:
    size = "SELECT length(body) FROM codebook_version"
    connection = sqlite3.connect(made.path)
    before = connection.execute(size).fetchone()
    purge(made, DOCUMENT)
    assert connection.execute(size).fetchone() == before
    connection.close()
    frozen = made.project.codebook.version("v1").codes[0]
    assert frozen.example[1] == "A made-up one."
    assert set(frozen.example[0]) == {"█"}


def test_words_that_others_say_too_are_not_taken_from_an_example(made: Withdrawing) -> None:
    text = "P9: They put me on the list for a bed. Good.\n\nP9: And I waited.\n"
    made.project.documents.add(reading(text), "other", by=made.ana)
    purge(made, DOCUMENT)
    assert made.project.codebook.named("housing").example == ("They put me on the list for a bed.",)


def test_another_document_with_the_same_words_is_named_and_left_alone(made: Withdrawing) -> None:
    text = "P2: They put me on the list for a bed. Nobody called me back.\n\nP2: No.\n"
    other = made.project.documents.add(reading(text), "other", by=made.ana)
    assert made.project.purges.plan(DOCUMENT).same_words == ("other",)
    purge(made, DOCUMENT)
    assert made.project.documents.text(other.id) == text


def test_a_question_asked_of_everybody_is_nobodys_words(made: Withdrawing) -> None:
    question = "Moderator: Please tell me how you came to be where you are today.\n\n"
    for n in (1, 2):
        text = f"{question}P{n}: As number {n}.\n\n{question}P{n}: It is {n}.\n"
        made.project.documents.add(reading(text), f"asked {n}", by=made.ana)
    assert made.project.purges.plan(Withdrawn(document="asked 1")).same_words == ()


def test_one_turn_goes_and_the_others_stay(made: Withdrawing) -> None:
    plan = made.project.purges.plan(Withdrawn(document="A-P1", turns=(2,)))
    assert [(one.whole, one.turns, one.characters) for one in plan.documents] == [(False, 1, 69)]
    purge(made, Withdrawn(document="A-P1", turns=(2,)))
    text = made.project.documents.text(made.document_id)
    assert "textquartz" not in text
    assert "Labelquartz: Then nothing" in text
    assert held(made.path, ["textquartz", "oncodingbenquartz", "bytesquartz"]) == set()


def test_memos_on_a_document_stay_on_request_where_only_a_part_goes(made: Withdrawing) -> None:
    what = Withdrawn(document="A-P1", turns=(2,), keep_memos=True)
    purge(made, what)
    assert held(made.path, ["ownquartz", "privatequartz"]) == {"ownquartz", "privatequartz"}
    assert held(made.path, ["oncodingbenquartz"]) == set()


@pytest.mark.parametrize("case", ["document", "participant"])
def test_a_summary_of_what_somebody_said_of_a_code_goes_with_them(
    made: Withdrawing, case: str
) -> None:
    people = {p.label: p.id for p in made.project.participants.list()}
    on: dict[str, Any] = (
        {"document_id": made.document_id}
        if case == "document"
        else {"participant_id": people["personquartz"]}
    )
    code = made.project.codebook.named("handoff").id
    made.project.memos.write("summaryquartz", by=made.ana, kind="summary", code_id=code, **on)
    purge(made, PERSON)
    assert held(made.path, ["summaryquartz"]) == set()
    assert wrong(made.path) == []


def test_the_version_that_was_corrected_loses_the_same_words(tmp_path: Path) -> None:
    with qualcode.create(tmp_path / "c.qualcode", title="Corrected", coder="ana") as project:
        ana = project.acting("ana")
        old = project.documents.add(reading(EARLIER), "A-P1", by=ana)
        project.documents.replace(old.id, reading(INTERVIEW), by=ana)
        words = ["misheardquartz", "textquartz", "Earquartz"]
        assert held(project.path, words) == set(words)
        plan = project.purges.plan(Withdrawn(document="A-P1", turns=(2, 4)))
        assert [one.removed for one in plan.documents] == [True, False]
        project.purge(Withdrawn(document="A-P1", turns=(2, 4)), reason=WHY, by=ana)
        assert held(project.path, words) == set()
        assert "on the list for a bed" in project.documents.text(old.id)
    assert wrong(project.path) == []


def test_a_document_taken_out_is_purged_by_its_name(made: Withdrawing) -> None:
    made.project.documents.remove(made.document_id, by=made.ben)
    purge(made, DOCUMENT)
    assert held(made.path, EVERYWHERE) == set()


def test_the_same_file_imported_twice_is_purged_twice(made: Withdrawing) -> None:
    text = "P8: twicequartz said it all.\n\nP8: And so it was.\n"
    for name in ("one", "two"):
        made.project.documents.add_all([NamedReading(name, reading(text))], by=made.ana, again=True)
    purge(made, Withdrawn(document="two"))
    assert held(made.path, ["twicequartz"]) == set()


def test_a_name_that_only_a_redaction_told_goes_from_memos_too(made: Withdrawing) -> None:
    project = made.project
    at = INTERVIEW.index("Earquartz")
    project.redactions.add(made.document_id, Span(at, at + 9), "[friend]", by=made.ana)
    project.memos.write("Ask Earquartz again.", by=made.ben)
    purge(made, DOCUMENT)
    assert held(made.path, ["Earquartz"]) == set()
    assert "Ask █████████ again." in {memo.body for memo in project.memos.list()}


def test_former_names_and_names_in_attributes_go_from_memos_too(made: Withdrawing) -> None:
    project = made.project
    speaker = next(one for one in project.speakers.list() if one.name == "Labelquartz")
    for name in ("Formerquartz", "Labelquartz"):
        project.speakers.rename(speaker.id, name, by=made.ana)
    table = [(1, {"id": "personquartz", "Nickname": "Nickquartz"})]
    project.participants.import_table(table, by=made.ana)
    project.memos.write("Formerquartz is Nickquartz; ask P2.", by=made.ben)
    purge(made, PERSON)
    assert held(made.path, ["Formerquartz", "Nickquartz"]) == set()
    assert "████████████ is ██████████; ask P2." in {memo.body for memo in project.memos.list()}


def test_other_participants_in_a_document_are_named_for_a_purge_of_their_own(
    made: Withdrawing,
) -> None:
    assert made.project.purges.plan(DOCUMENT).people == ("personquartz", "P2")
    assert made.project.purges.plan(PERSON).people == ()


def test_others_who_name_them_are_counted_and_blanked_only_on_request(made: Withdrawing) -> None:
    text = "P7: I know Labelquartz well.\n\nP7: And so do you.\n"
    other = made.project.documents.add(reading(text), "other", by=made.ana)
    assert made.project.purges.plan(PERSON).mentions == 1
    purge(made, replace(PERSON, mentions=True))
    assert "P7: I know ███████████ well." in made.project.documents.text(other.id)
    assert held(made.path, ["Labelquartz"]) == set()


def test_a_document_whose_name_tells_gets_another(made: Withdrawing) -> None:
    text = "Nameinfilequartz: I said this.\n\nNameinfilequartz: And that.\n"
    made.project.documents.add(reading(text), "Talk Nameinfilequartz", by=made.ana)
    table = [(1, {"id": "N1", "speaker": "Nameinfilequartz"})]
    made.project.participants.import_table(table, by=made.ana)
    purge(made, Withdrawn(participant="N1"))
    assert held(made.path, ["Nameinfilequartz"]) == set()
    names = [document.name for document in made.project.documents.list()]
    assert names == ["A-P1", "Talk withdrawn-1"]
    purge(made, Withdrawn(document="A-P1", new_name="gone"))
    assert held(made.path, ["A-P1"]) == set()


def test_the_plan_tells_counts_and_names_and_changes_nothing(made: Withdrawing) -> None:
    before = made.project.digest()
    plan = made.project.purges.plan(PERSON)
    assert (plan.participant, plan.speakers, plan.labels, plan.values) == ("personquartz", 1, 1, 1)
    assert (plan.memos, plan.examples, plan.versions, plan.reasons) == (9, 1, 1, 1)
    assert "textquartz" not in repr(plan)
    assert made.project.digest() == before


def test_a_plan_that_is_no_longer_true_is_not_carried_out(made: Withdrawing) -> None:
    plan = made.project.purges.plan(DOCUMENT)
    made.project.memos.write("one more", by=made.ben, document_id=made.document_id)
    with pytest.raises(Conflict):
        made.project.purge(DOCUMENT, reason=WHY, by=made.ana, expected=plan)
    assert held(made.path, EVERYWHERE) == set(EVERYWHERE)


def test_a_second_purge_finds_nothing_left(made: Withdrawing) -> None:
    purge(made, DOCUMENT)
    assert made.project.purges.plan(DOCUMENT).empty
    with pytest.raises(Refused, match="Nothing of it is left"):
        purge(made, DOCUMENT)


def test_another_part_of_a_purged_document_can_still_go(made: Withdrawing) -> None:
    purge(made, Withdrawn(document="A-P1", turns=(2,)))
    purge(made, Withdrawn(document="A-P1", turns=(4,)))
    assert "Earquartz" not in made.project.documents.text(made.document_id)
    made.project.close()
    assert wrong(made.path) == []


@pytest.mark.parametrize(
    ("what", "error"),
    [
        (Withdrawn(), UsageProblem),
        (Withdrawn(turns=(1,), participant="P2"), UsageProblem),
        (Withdrawn(document="none"), UnknownName),
        (Withdrawn(document="A-P1", turns=(99,)), UnknownName),
        (Withdrawn(participant="none"), UnknownName),
    ],
)
def test_what_is_not_there_cannot_be_purged(
    made: Withdrawing, what: Withdrawn, error: type[Exception]
) -> None:
    with pytest.raises(error):
        made.project.purges.plan(what)


@pytest.mark.parametrize("reason", ["", "  ", "Labelquartz has left the study"])
def test_a_reason_is_needed_and_must_not_tell(made: Withdrawing, reason: str) -> None:
    with pytest.raises(UsageProblem):
        made.project.purge(PERSON, reason=reason, by=made.ana)
    assert "Labelquartz" in made.project.documents.text(made.document_id)


def test_the_reason_and_the_end_of_a_purge_are_in_the_log(made: Withdrawing) -> None:
    purge(made, DOCUMENT)
    assert [entry.verb for entry in made.project.history.log(2)] == ["purge", "purge"]
    connection = sqlite3.connect(made.path)
    events = connection.execute("SELECT kind, reason FROM event ORDER BY pk").fetchall()
    connection.close()
    assert events == [("purge", WHY), ("purge finished", "")]


# Undo and check afterwards


def test_a_purge_is_never_undone(made: Withdrawing) -> None:
    purge(made, DOCUMENT)
    with pytest.raises(UndoRefused, match="a purge cannot be taken back"):
        made.project.history.undo(made.ana)


def test_what_was_purged_comes_back_by_no_undo_of_anybody(made: Withdrawing) -> None:
    project = made.project
    project.memos.write("benquartz", by=made.ben, document_id=made.document_id)
    purge(made, DOCUMENT)
    with pytest.raises(UndoRefused, match="has been purged"):
        project.history.undo(made.ben)
    project.memos.write("Afterwards.", by=made.ben, document_id=made.document_id)
    assert project.history.undo(made.ben).verb == "write memo"
    assert project.history.redo(made.ben).verb == "write memo"
    project.close()
    assert wrong(made.path) == []


def test_a_document_taken_out_before_comes_back_without_its_words(made: Withdrawing) -> None:
    made.project.documents.remove(made.document_id, by=made.ben)
    purge(made, DOCUMENT)
    made.project.history.undo(made.ben)
    assert "█" in made.project.documents.text(made.document_id)
    assert held(made.path, EVERYWHERE) == set()
    made.project.close()
    assert wrong(made.path) == []


def test_rows_changed_after_a_purge_are_still_checked(made: Withdrawing) -> None:
    purge(made, DOCUMENT)
    project = made.project
    memo = next(memo for memo in project.memos.list(document_id=made.document_id))
    project.memos.edit(
        memo.id, "New words.", by=next(c for c in (made.ana, made.ben) if c.id == memo.coder_id)
    )
    project.documents.remove(made.document_id, by=made.ana)
    project.close()
    assert wrong(made.path) == []
    behind_its_back(made.path, "UPDATE memo SET body = 'other' WHERE body = 'New words.'")
    assert wrong(made.path) != []


def test_a_blank_that_somebody_fills_is_noticed(made: Withdrawing) -> None:
    purge(made, DOCUMENT)
    made.project.close()
    behind_its_back(made.path, "UPDATE memo SET body = 'x' WHERE body = '█'")
    assert wrong(made.path) != []


def test_others_purged_memos_stay_hidden_in_the_history_of_a_blind_round(
    made: Withdrawing,
) -> None:
    project = made.project
    document = project.documents.add(reading("P3: Oh.\n\nP3: Ah.\n"), "blind", by=made.ana)
    opened = project.rounds.open("r2", by=made.ana)
    project.rounds.assign(opened.id, [document.id], [made.ana.id, made.ben.id], by=made.ana)
    project.memos.write("hint", by=made.ana, document_id=document.id)
    project.purge(Withdrawn(document="blind"), reason=WHY, by=made.ana)
    with qualcode.open(made.path, coder="ben") as own:
        assert "write memo" not in [e.verb for e in own.history.log(6) if e.coder == "ana"]


# The index, free pages, copies


def test_the_full_text_index_is_emptied(made: Withdrawing) -> None:
    connection = sqlite3.connect(made.path)
    connection.execute("INSERT INTO turn_fts (rowid, text) VALUES (1, 'textquartz in the index')")
    connection.commit()
    found = "SELECT count(*) FROM turn_fts WHERE turn_fts MATCH 'textquartz'"
    assert connection.execute(found).fetchone() == (1,)
    purge(made, DOCUMENT)
    assert connection.execute(found).fetchone() == (0,)
    connection.close()
    assert held(made.path, ["textquartz"]) == set()


def test_free_pages_of_a_careless_program_are_overwritten(made: Withdrawing) -> None:
    connection = sqlite3.connect(made.path)
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute("CREATE TABLE spare (text TEXT)")
    connection.executemany("INSERT INTO spare VALUES (?)", [("textquartz" * 500,)] * 50)
    connection.commit()
    connection.execute("DROP TABLE spare")
    connection.commit()
    connection.close()
    purge(made, DOCUMENT)
    assert held(made.path, ["textquartz"]) == set()


def test_a_purge_beside_another_reader_says_that_it_is_not_finished(
    made: Withdrawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.project.close()
    monkeypatch.setattr("qualcode.store.opening.WAIT", 0.1)
    with qualcode.open(made.path, coder="ana") as project:
        real = purging.Purges.finish

        def beside_a_reader(self: purging.Purges, **by: object) -> None:
            reader = sqlite3.connect(made.path, isolation_level=None)
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM document").fetchall()
            try:
                real(self, **by)  # type: ignore[arg-type]
            finally:
                reader.close()

        monkeypatch.setattr(purging.Purges, "finish", beside_a_reader)
        assert not project.purge(DOCUMENT, reason=WHY, by=made.ana).finished
        assert project.purges.unfinished()
        assert [one.split(":")[0] for one in wrong(made.path)] == ["purges"]
        monkeypatch.undo()
        project.purges.finish(by=made.ana)
        assert not project.purges.unfinished()
    assert wrong(made.path) == []


def test_a_file_in_wal_mode_is_purged_with_what_lies_beside_it(made: Withdrawing) -> None:
    connection = made.project._db.connection
    connection.execute("PRAGMA query_only = OFF")
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("PRAGMA query_only = ON")
    made.project.memos.write("walquartz", by=made.ana, document_id=made.document_id)
    assert held(made.path, ["walquartz"]) == {"walquartz"}
    assert purge(made, DOCUMENT).finished
    assert held(made.path, [*EVERYWHERE, "walquartz"]) == set()


def test_copies_that_still_hold_it_are_found(made: Withdrawing, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    write_backup(made.path, tmp_path / "backups" / "old.qualcode")
    (tmp_path / "copy.bak").write_bytes((tmp_path / "backups" / "old.qualcode").read_bytes())
    (tmp_path / "interview.txt").write_bytes(INTERVIEW.encode() + b"\n<!-- bytesquartz -->\n")
    (tmp_path / "notes.txt").write_text("nothing of it")
    qualcode.create(tmp_path / "strange.qualcode", title="Another", coder="ana").close()
    found = {(copy.path.name, copy.what) for copy in made.project.purges.plan(PERSON).copies}
    assert found == {
        ("old.qualcode", "copy"),
        ("copy.bak", "copy"),
        ("interview.txt", "transcript"),
    }
    purge(made, PERSON)
    later = made.project.purges.plan(Withdrawn(participant="withdrawn-1")).copies
    assert {copy.path.name for copy in later} == {"old.qualcode", "copy.bak"}
    write_backup(made.path, tmp_path / "new.qualcode")
    later = made.project.purges.plan(Withdrawn(participant="withdrawn-1")).copies
    assert {copy.path.name for copy in later} == {"old.qualcode", "copy.bak"}

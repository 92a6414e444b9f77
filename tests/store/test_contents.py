"""A project of another program in the store: one action, once, and never at anybody's expense."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import qualcode
from qualcode.contents import ProjectContents
from qualcode.errors import AlreadyFinished
from qualcode.importers.refi_qda import read_project
from qualcode.model import Code, Coder, NamedReading
from qualcode.project import Project
from qualcode.store.check import check
from qualcode.store.outside import outside_ids, program
from qualcode.store.purge import Withdrawn
from tests.golden.interchange.projects import (
    BEN,
    COLD,
    FIRST,
    HARBOUR,
    TEXTS,
    USERS,
    WARM,
    WHEN,
    inline,
    packed,
    project,
    selection,
    twin,
)
from tests.store.purging import held
from tests.store.texts import reading

LINK = "99999999-0000-4000-8000-000000000001"
GRAPH = "99999999-0000-4000-8000-000000000002"
NOTE = "99999999-0000-4000-8000-000000000003"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Project]:
    with qualcode.create(tmp_path / "here.qualcode", title="Here", coder="Kim") as opened:
        yield opened


@pytest.fixture
def kim(here: Project) -> Coder:
    return here.acting("Kim")


def contents(data: bytes | str, folder: Path) -> ProjectContents:
    path = folder / ("p.qde" if isinstance(data, str) else "p.qdpx")
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_project(path)


def sound(project: Project) -> bool:
    path = project.path
    project.close()
    return all(one.ok for one in check(path))


def state(project: Project) -> list[object]:
    return [
        [one.name for one in project.documents.list() if not one.removed],
        [one.code for one in project.codebook.codes()],
        [one.span for one in project.codings.list()],
        [one.body for one in project.memos.list()],
        [(one.label, dict(one.attributes)) for one in project.participants.list()],
        [one.name for one in project.rounds.list()],
        list(project.documents.attributes().values()),
    ]


FULL = (
    f'<Variables><Variable guid="{LINK}" name="age" typeOfVariable="Integer"/></Variables><Cases>'
    f'<Case guid="{WARM}" name="Rosa"><VariableValue><VariableRef targetGUID="{LINK}"/>'
    f'<IntegerValue>41</IntegerValue></VariableValue><SourceRef targetGUID="{FIRST}"/></Case>'
    f'<Case guid="{COLD}" name="P9"><SourceRef targetGUID="{FIRST}"/></Case></Cases>'
)


def everything() -> str:
    after = (
        f'<Notes><Note guid="{NOTE}" creatingUser="{BEN}"><PlainTextContent>Two officers?'
        f"</PlainTextContent></Note></Notes><Graphs><Graph guid=\"{GRAPH}\" name=\"Net\"/></Graphs>"
    )  # fmt: skip
    inside = selection(2, 11, inside=f'<NoteRef targetGUID="{NOTE}"/>') + selection(
        2, 11, COLD, n=2
    )
    return project(inline(HARBOUR, inside), before=FULL, after=after)


def test_everything_comes_in_as_one_action_and_one_undo_takes_it_out(
    here: Project, kim: Coder, tmp_path: Path
) -> None:
    before = state(here)
    found = contents(everything(), tmp_path)
    brought = here.import_contents(found, by=kim, name="harbour")
    after = state(here)
    assert brought.round == "import harbour"
    assert brought.counts["codings"] == 2
    assert here.history.log(1)[0].verb == "import project"
    here.history.undo(kim)
    assert state(here) == before
    here.history.redo(kim)
    assert state(here) == after
    assert sound(here)


def test_a_second_import_adds_nothing_and_logs_nothing(
    here: Project, kim: Coder, tmp_path: Path
) -> None:
    found = contents(everything(), tmp_path)
    here.import_contents(found, by=kim, name="harbour")
    before, digest = state(here), here.digest()
    brought = here.import_contents(found, by=kim, name="harbour")
    assert (brought.counts, brought.round) == ({}, None)
    assert brought.there["codings"] == 2
    assert (state(here), here.digest()) == (before, digest)


def test_after_an_undo_it_comes_in_again(here: Project, kim: Coder, tmp_path: Path) -> None:
    found = contents(everything(), tmp_path)
    first = here.import_contents(found, by=kim, name="harbour")
    after = state(here)
    here.history.undo(kim)
    again = here.import_contents(found, by=kim, name="harbour")
    assert again.counts["codings"] == first.counts["codings"]
    assert state(here) == after
    assert sound(here)


def test_new_guids_at_every_export_bring_nothing_in_twice(
    here: Project, kim: Coder, tmp_path: Path
) -> None:
    here.import_contents(contents(twin("utf16"), tmp_path), by=kim, name="a")
    minted = twin("codepoint")  # the same project, stored otherwise …
    for old, new in (
        ("eeeeeeee-", "e0e0e0e0-"),
        ("ffffffff-", "f0f0f0f0-"),
        ("dddddddd-", "d0d0d0d0-"),
    ):
        minted = _replaced(minted, old, new)
    brought = here.import_contents(contents(minted, tmp_path), by=kim, name="a")
    assert brought.counts == {}


def _replaced(data: bytes, old: str, new: str) -> bytes:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {
            name.replace(old, new): archive.read(name)
            for name in archive.namelist()
            if not name.endswith(".qde")
        }
        xml = archive.read("project.qde").decode().replace(old, new)
    return packed(xml, files)


def test_the_round_is_open_to_all_eyes_and_silence_in_it_is_missing(
    here: Project, kim: Coder, tmp_path: Path
) -> None:
    here.import_contents(contents(twin(), tmp_path), by=kim, name="harbour")
    found = here.rounds.named("import harbour")
    assert (found.purpose, found.blind, found.state) == ("import", False, "open")
    given = here.rounds.assignments(found.id)
    assert len(given) == 4  # two coders, each with codings in two documents
    assert not any(one.finished_at for one in given)
    assert {one.made_by for one in here.codings.list()} == {"import"}


def test_finished_marks_only_when_asked_for(here: Project, kim: Coder, tmp_path: Path) -> None:
    here.import_contents(contents(twin(), tmp_path), by=kim, name="h", mark_finished=True)
    given = here.rounds.assignments(here.rounds.named("import h").id)
    assert all(one.finished_at for one in given)
    ana = here.coders.named("Ana")
    own = next(one for one in here.codings.list() if one.coder_id == ana.id)
    with pytest.raises(AlreadyFinished):
        here.codings.remove(own.id, by=ana)
    here.history.undo(kim)
    assert not here.codings.list()
    assert sound(here)


def test_coders_are_known_by_name_then_by_guid(here: Project, kim: Coder, tmp_path: Path) -> None:
    ben = here.coders.add("BEN", by=kim)
    here.import_contents(contents(twin(), tmp_path), by=kim, name="h")
    assert [one.name for one in here.coders.list()] == ["Ana", "BEN", "Kim"]
    assert any(one.coder_id == ben.id for one in here.codings.list())
    married = USERS.replace('"Ana"', '"Ana K."')
    xml = project(inline("Another text.", selection(0, 7)), users=married)
    here.import_contents(contents(xml, tmp_path), by=kim, name="h2")
    assert [one.name for one in here.coders.list()] == ["Ana", "BEN", "Kim"]


def test_a_user_named_as_the_program_is_does_not_become_it(tmp_path: Path) -> None:
    with qualcode.create(tmp_path / "n.qualcode", title="N") as here:
        kim = here.coders.add("Kim")
        users = USERS.replace('"Ana"', '"qualcode"')
        here.import_contents(contents(project(users=users), tmp_path), by=kim, name="h")
        assert {"qualcode", "qualcode (2)"} <= {one.name for one in here.coders.list()}


def test_codes_that_are_here_are_used_and_keep_their_definition(
    here: Project, kim: Coder, tmp_path: Path
) -> None:
    here.codebook.import_codes([Code("", "Warm_Handoff", full="Ours.")], by=kim)
    brought = here.import_contents(contents(twin(), tmp_path), by=kim, name="h")
    code = here.codebook.named("warm handoff")
    assert (code.code, code.full) == ("Warm_Handoff", "Ours.")
    assert brought.there["definitions left alone"] == 1
    assert here.codebook.named("waiting").parent == "Warm_Handoff"


def test_a_code_of_an_equal_name_elsewhere_in_the_tree_gets_a_number(
    here: Project, kim: Coder, tmp_path: Path
) -> None:
    here.codebook.import_codes([Code("", "waiting")], by=kim)
    brought = here.import_contents(contents(twin(), tmp_path), by=kim, name="h")
    assert here.codebook.named("waiting (2)").parent == "warm handoff"
    assert "waiting (2)" in brought.warnings[0]


def test_a_text_that_is_here_is_not_stored_twice(here: Project, kim: Coder, tmp_path: Path) -> None:
    here.documents.add_all([NamedReading("mine", reading(HARBOUR))], by=kim)
    here.import_contents(contents(twin(), tmp_path), by=kim, name="h")
    assert [one.name for one in here.documents.list()] == ["mine", "A-N1"]
    assert here.codings.list(document_id=here.documents.named("mine").id)


def test_a_changed_text_under_a_known_guid_is_a_document_of_its_own(
    here: Project, kim: Coder, tmp_path: Path
) -> None:
    here.import_contents(
        contents(project(inline(HARBOUR, selection(2, 11))), tmp_path), by=kim, name="h"
    )
    changed = project(inline("A " + HARBOUR, selection(4, 13)))
    brought = here.import_contents(contents(changed, tmp_path), by=kim, name="h")
    assert [one.name for one in here.documents.list()] == ["A-P1", "A-P1 (2)"]
    assert "is not the one here" in brought.warnings[0]
    assert brought.round == "import h (2)"
    again = here.import_contents(contents(changed, tmp_path), by=kim, name="h")
    assert again.counts == {}


def test_what_was_removed_here_stays_removed(here: Project, kim: Coder, tmp_path: Path) -> None:
    found = contents(twin(), tmp_path)
    here.import_contents(found, by=kim, name="h")
    ana = here.coders.named("Ana")
    own = next(one for one in here.codings.list() if one.coder_id == ana.id)
    here.codings.remove(own.id, by=ana)
    here.documents.remove(here.documents.named("A-N1").id, by=kim)
    brought = here.import_contents(found, by=kim, name="h")
    assert brought.counts == {}
    assert brought.there["codings removed here"] == 1
    assert brought.there["documents taken out here"] == 1


def test_cases_link_the_speaker_of_their_name_else_the_document_names_them(
    here: Project, kim: Coder, tmp_path: Path
) -> None:
    here.import_contents(contents(everything(), tmp_path), by=kim, name="h")
    speakers = {one.name: one.participant for one in here.speakers.list()}
    assert speakers["Rosa"] == "Rosa"
    assert here.documents.attributes() == {here.documents.named("A-P1").id: {"case": "P9"}}
    assert [(one.label, dict(one.attributes)) for one in here.participants.list()] == [
        ("P9", {}), ("Rosa", {"age": "41"}),
    ]  # fmt: skip


def test_attribute_values_that_are_here_stay(here: Project, kim: Coder, tmp_path: Path) -> None:
    here.participants.import_table([(2, {"id": "Rosa", "age": "40"})], by=kim)
    brought = here.import_contents(contents(everything(), tmp_path), by=kim, name="h")
    assert {one.label: dict(one.attributes) for one in here.participants.list()}["Rosa"] == {
        "age": "40"
    }
    assert brought.there["values left alone"] == 1


def test_memos_keep_their_coder_and_ids_are_known_elsewhere(
    here: Project, kim: Coder, tmp_path: Path
) -> None:
    here.import_contents(contents(everything(), tmp_path), by=kim, name="h")
    memo = next(one for one in here.memos.list() if one.body == "Two officers?")
    assert memo.coder_id == here.coders.named("Ben").id
    rows = [memo.id, here.documents.named("A-P1").id, here.codebook.named("referral").id]
    known = outside_ids(here._db)
    assert [known[row] for row in rows] == [NOTE, FIRST, COLD]


def test_dates_and_turns_and_labels_are_those_of_the_file(
    here: Project, kim: Coder, tmp_path: Path
) -> None:
    here.import_contents(contents(twin(), tmp_path), by=kim, name="h")
    document = here.documents.named("A-P1")
    assert {one.created_at for one in here.codings.list()} == {WHEN}
    assert [t.speaker for t in here.documents.transcript(document.id).turns] == [
        "Moderator", "Rosa", "Moderator", "Rosa",
    ]  # fmt: skip
    label = next(one for one in here.speakers.labels(document.id) if one.label == "Rosa")
    here.speakers.not_a_speaker(label.id, by=kim)
    here.speakers.as_speaker(label.id, by=kim)
    assert sound(here)


def test_a_program_without_a_name_is_known_by_the_format() -> None:
    assert program("", "qdpx") == "qdpx"
    assert program("NVivo 12/Windows\n", "qdpx") == "NVivo 12-Windows"


def test_a_purge_takes_kept_elements_that_quote_what_goes(
    here: Project, kim: Coder, tmp_path: Path
) -> None:
    words = "They put me on the list quartzword for a bed."
    graphs = (
        f'<Graphs><Graph guid="{GRAPH}" name="Net"><Vertex guid="{LINK}" firstX="1" firstY="1"'
        f' name="They put me on the list quartzword &quot;for&quot; a bed."/></Graph>'
        f'<Graph guid="{NOTE}" name="Harmless"/></Graphs>'
    )
    xml = project(inline(f"Rosa: {words}\n\nRosa: Yes.\n", selection(6, 10)), after=graphs)
    here.import_contents(contents(xml, tmp_path), by=kim, name="h")
    here.purge(Withdrawn(document="A-P1"), reason="consent withdrawn", by=kim)
    kept = here._db.query("SELECT guid, xml FROM kept_xml ORDER BY guid")
    assert [guid for guid, _ in kept] == [NOTE]
    path = here.path
    assert sound(here)
    assert held(path, ["quartzword"]) == set()


def test_a_purge_takes_kept_elements_that_stood_in_a_document_that_goes(
    here: Project, kim: Coder, tmp_path: Path
) -> None:
    pdf = (
        f'<PDFSource guid="{GRAPH}" name="A-P1"><PDFSelection guid="{LINK}" name="quartzword" page="0"'
        f' firstX="1" firstY="1" secondX="2" secondY="2"/><Representation guid="{FIRST}">'
        "<PlainTextContent>Rosa: Nothing more.</PlainTextContent></Representation></PDFSource>"
    )
    here.import_contents(contents(project(pdf), tmp_path), by=kim, name="h")
    here.purge(Withdrawn(document="A-P1"), reason="consent withdrawn", by=kim)
    path = here.path
    assert sound(here)
    assert held(path, ["quartzword"]) == set()


def test_twins_become_the_same_project(kim: Coder, here: Project, tmp_path: Path) -> None:
    here.import_contents(contents(twin("utf16-bom"), tmp_path), by=kim, name="h")
    with qualcode.create(tmp_path / "other.qualcode", title="Other", coder="Kim") as other:
        found = contents(twin("codepoint-crlf1"), tmp_path)
        other.import_contents(found, by=other.acting("Kim"), name="h")
        assert state(other) == state(here)
    assert len(here.codings.list()) == sum(len(one.passages) for one in TEXTS)

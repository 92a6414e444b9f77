"""REFI-QDA out: valid, the same twice, and what comes back is what went out."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import qualcode
from qualcode.contents import (
    ForeignAttribute,
    ForeignCoder,
    ForeignCoding,
    ForeignDocument,
    ForeignMemo,
    ForeignParticipant,
    KeptXml,
    ProjectContents,
)
from qualcode.errors import ExportError, UsageProblem
from qualcode.exporters.refi_qda import Target, derived, write_qdc, write_qdpx
from qualcode.formats.refi_elements import problems
from qualcode.model import Code, NamedReading, Reading, Span
from qualcode.reports.refi import ALWAYS, contents_of, losses
from tests.reports.studies import Study

TARGETS: tuple[Target, ...] = get_args(Target)
REFERENCE = os.environ.get("QUALCODE_INTERCHANGE_CASES")
TEXT = """Moderator: How was it? 🙂

P1: I trusted her. She came back.

P2: I was afraid 👩🏽‍⚕️ of him. Nobody called.
"""


def root_of(path: Path) -> etree._Element:
    if path.suffix == ".qdc":
        return etree.fromstring(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read("project.qde"))


def validate(path: Path) -> None:
    """Against the grammar always, and against the schema where the reference data are."""
    root = root_of(path)
    assert problems(root) == []
    if REFERENCE:
        name = "Codebook.xsd" if path.suffix == ".qdc" else "Project-mrt2019.xsd"
        schema = etree.XMLSchema(etree.parse(Path(REFERENCE) / "refi" / name))
        assert schema.validate(root), schema.error_log


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study(tmp_path / "s.qualcode", ["trust", ("hope", "trust"), "fear"])
    made.document("one", TEXT, site="North", visits="3")
    made.document("two", TEXT + "\nP3: Else.\n", site="South")
    made.round("r1", {"one": ["ana", "ben"], "two": ["ana", "ben"]})
    made.code("ana", "one", "trust", "I trusted her.", round="r1")
    made.code("ana", "one", "hope", "I trusted her.", round="r1")
    made.code("ben", "one", "fear", "afraid 👩🏽‍⚕️ of him", round="r1")
    made.code("ben", "two", "trust", "She came back.", round="r1")
    for coder in ("ana", "ben"):
        made.finish(coder, "one", "two", round="r1")
    made.close("r1")
    project, ana = made.project, made.coders["ana"]
    coding = project.codings.list()[0]
    project.memos.write("Is that trust?", by=ana, coding_id=coding.id)
    project.memos.write("About the code.", by=ana, code_id=project.codebook.codes()[0].id)
    project.memos.write("Of the day.", by=ana, document_id=made.documents["two"].id)
    project.memos.write("Of it all.", by=ana)
    project.memos.write("Mine alone.", by=ana, private=True)
    project.participants.import_table(
        [(2, {"participant": "P-1", "speaker": "P1", "age": "40"})], by=ana
    )
    yield made
    made.project.close()


def seen(path: Path) -> list[tuple[str, str, str, str]]:
    """(document, coder, code, words) of every coding in a project."""
    with qualcode.open(path) as project:
        return sorted(
            (str(r["document"]), str(r["coder"]), str(r["code"]), str(r["excerpt"]))
            for r in project.codings.table()
        )


@pytest.mark.parametrize("target", TARGETS)
def test_what_comes_back_is_what_went_out(study: Study, tmp_path: Path, target: Target) -> None:
    from qualcode.importers.refi_qda import read_project

    out = tmp_path / "out.qdpx"
    write_qdpx(contents_of(study.project), out, target=target)
    validate(out)
    with qualcode.create(tmp_path / "back.qualcode", title="Back", coder="ana") as back:
        back.import_contents(read_project(out), by=back.acting("ana"), name="out")
        (participant,) = back.participants.list()
        assert (participant.label, participant.attributes["age"]) == ("P-1", "40")
        attributes = {d.name: back.documents.attributes()[d.id] for d in back.documents.list()}
        assert attributes["one"]["site"] == "North"
        assert {memo.body for memo in back.memos.list()} == {
            "Is that trust?", "About the code.", "Of the day.", "Of it all.",
        }  # fmt: skip
        parents = {code.code: code.parent for code in back.codebook.codes()}
        assert parents == {"trust": None, "hope": "trust", "fear": None}
    assert seen(tmp_path / "back.qualcode") == seen(study.path)


def test_a_document_said_to_be_of_a_participant_goes_out_as_their_case(study: Study) -> None:
    study.document("three", "Just words.\n", case="P-1")
    study.document("four", "More words.\n", case="landlord; P-1")
    contents = contents_of(study.project)
    (participant,) = contents.participants
    ids = {one.named.name: one.guid for one in contents.documents}
    assert [*participant.documents] == [ids["one"], ids["two"], ids["three"]]
    held = {one.named.name: one.named.attributes.get("case") for one in contents.documents}
    assert held == {"one": None, "two": None, "three": None, "four": "landlord; P-1"}
    assert [one.name for one in contents.attributes].count("case") == 1


def test_what_came_back_with_labels_for_names_leaves_beside_what_it_was(
    study: Study, tmp_path: Path
) -> None:
    from qualcode.importers.refi_qda import read_project

    ana = study.coders["ana"]
    at = TEXT.index("afraid")
    study.project.redactions.add(study.documents["one"].id, Span(at, at + 6), "[X]", by=ana)
    write_qdpx(contents_of(study.project), tmp_path / "out.qdpx")
    brought = study.project.import_contents(read_project(tmp_path / "out.qdpx"), by=ana, name="out")
    (warning,) = brought.warnings
    assert "left with labels for names" in warning
    both = contents_of(study.project, round="r1")
    assert len({one.guid for one in both.documents}) == len(both.documents) == 3
    assert len({one.guid for one in both.memos}) == len(both.memos)
    assert both.documents[0].guid == study.documents["one"].id
    write_qdpx(both, tmp_path / "both.qdpx")
    validate(tmp_path / "both.qdpx")
    with zipfile.ZipFile(tmp_path / "both.qdpx") as archive:
        assert len(set(archive.namelist())) == len(archive.namelist()) == 4


def test_two_exports_of_the_same_project_are_the_same_bytes(study: Study, tmp_path: Path) -> None:
    for name in ("a.qdpx", "b.qdpx"):
        write_qdpx(contents_of(study.project), tmp_path / name)
    assert (tmp_path / "a.qdpx").read_bytes() == (tmp_path / "b.qdpx").read_bytes()
    assert (tmp_path / "a.qdpx").stat().st_mode & 0o777 == 0o600


def test_a_selection_is_one_for_each_span_and_coder_and_names_its_words(
    study: Study, tmp_path: Path
) -> None:
    write_qdpx(contents_of(study.project), tmp_path / "out.qdpx")
    root = root_of(tmp_path / "out.qdpx")
    named = [
        (s.get("name"), len(s.findall("{*}Coding"))) for s in root.iter("{*}PlainTextSelection")
    ]
    assert named == [("I trusted her.", 2), ("afraid 👩🏽‍⚕️ of him", 1), ("She came back.", 1)]
    users = {user.get("guid") for user in root.iter("{*}User")}
    assert all(coding.get("creatingUser") in users for coding in root.iter("{*}Coding"))


def test_offsets_count_as_the_target_counts(study: Study, tmp_path: Path) -> None:
    starts = {}
    for target in TARGETS:
        write_qdpx(contents_of(study.project), tmp_path / f"{target}.qdpx", target=target)
        root = root_of(tmp_path / f"{target}.qdpx")
        starts[target] = [
            s.get("startPosition")
            for s in root.iter("{*}PlainTextSelection")
            if s.get("name") == "I trusted her."
        ]
    at = TEXT.index("I trusted her.")
    assert starts["spec"] == starts["maxqda"] == starts["atlas"] == [str(at)]
    assert starts["nvivo"] == [str(at + 2 + 1)]  # two line ends of two, one emoji of two


def test_names_leave_as_labels_with_their_offsets(study: Study, tmp_path: Path) -> None:

    ana = study.coders["ana"]
    one = study.documents["one"]
    at = TEXT.index("afraid")
    study.project.redactions.add(one.id, Span(at, at + 6), "[feeling of P2]", by=ana)
    write_qdpx(contents_of(study.project), tmp_path / "out.qdpx")
    root = root_of(tmp_path / "out.qdpx")
    assert "[feeling of P2] 👩🏽‍⚕️ of him" in [
        s.get("name") for s in root.iter("{*}PlainTextSelection")
    ]
    with zipfile.ZipFile(tmp_path / "out.qdpx") as archive:
        texts = b"".join(archive.read(name) for name in archive.namelist() if one.id in name)
    assert b"afraid" not in texts


def test_codings_of_several_rounds_need_a_name(study: Study, tmp_path: Path) -> None:
    study.code("ana", "two", "fear", "I was afraid")
    with pytest.raises(UsageProblem, match="solo, r1"):
        contents_of(study.project)
    assert len(contents_of(study.project, round="solo").codings) == 1
    assert len(contents_of(study.project, round="r1").codings) == 4


def test_the_consensus_is_signed_as_such(study: Study) -> None:
    study.adjudicate("r1", "one", "trust", "I trusted her.", "present")
    found = contents_of(study.project, consensus=True)
    assert [coder.name for coder in found.coders][-1] == "consensus"
    assert {coding.coder for coding in found.codings} == {found.coders[-1].guid}


def test_an_open_blind_round_gives_ones_own_codings_only(study: Study, tmp_path: Path) -> None:
    study.round("r2", {"one": ["ana", "ben"]})
    study.code("ana", "one", "fear", "Nobody called.", round="r2")
    study.code("ben", "one", "hope", "Nobody called.", round="r2")
    with qualcode.open(study.path, coder="ben") as project:
        assert len(contents_of(project, round="r2").codings) == 1
    with qualcode.open(study.path) as project:
        assert contents_of(project, round="r2").codings == ()


def test_what_cannot_be_carried_is_listed(study: Study) -> None:
    table = losses(contents_of(study.project))
    assert [row["element"] for row in table] == [element for element, _ in ALWAYS]
    assert all(row["reason"] for row in table)


def test_what_xml_cannot_hold_is_replaced_and_counted(tmp_path: Path) -> None:
    code = Code(derived("c"), "a\x00b", brief="\x1b[31mred\ufffe")
    written = write_qdc([code], tmp_path / "out.qdc", origin="qualcode")
    validate(tmp_path / "out.qdc")
    assert written.replaced == 3


def test_an_empty_project_is_valid(tmp_path: Path) -> None:
    write_qdpx(ProjectContents("qdpx", "qualcode", ""), tmp_path / "out.qdpx")
    validate(tmp_path / "out.qdpx")


def test_an_existing_file_is_replaced_only_by_force(tmp_path: Path) -> None:
    out = tmp_path / "out.qdpx"
    contents = ProjectContents("qdpx", "qualcode", "t")
    write_qdpx(contents, out)
    with pytest.raises(ExportError):
        write_qdpx(contents, out)
    write_qdpx(contents, out, force=True)


def test_what_was_kept_goes_back_where_it_still_fits(tmp_path: Path) -> None:
    graph = f'<Graph guid="{derived("g")}" name="web"/>'
    kept = (
        KeptXml(derived("g"), "Graph", "Graphs", graph),
        KeptXml(derived("h"), "Odd", "Graphs", "<Odd/>"),
        KeptXml(derived("p"), "PictureSource", "Sources", "<PictureSource/>"),
        KeptXml(derived("s"), "PDFSelection", derived("gone"), "<PDFSelection/>"),
    )
    written = write_qdpx(ProjectContents("qdpx", "qualcode", "t", kept=kept), tmp_path / "out.qdpx")
    validate(tmp_path / "out.qdpx")
    assert [g.get("name") for g in root_of(tmp_path / "out.qdpx").iter("{*}Graph")] == ["web"]
    assert [one.element for one in written.losses] == ["Odd", "PictureSource", "PDFSelection"]


WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c\ufeff\ufffe\x00"), max_size=40
)


@settings(max_examples=40, deadline=None)
@given(WORDS, WORDS, st.data(), st.sampled_from(TARGETS))
def test_any_text_survives_the_way_out_and_in(
    text: str, words: str, data: st.DataObject, target: Target
) -> None:
    from qualcode.importers.refi_qda import read_project

    text = "Some words first. " + "".join(c for c in text if c == "\n" or c >= " ") + " the end"
    start = data.draw(st.integers(0, len(text) - 1))
    stop = data.draw(st.integers(start + 1, len(text)))
    if any(text[i - 1 : i + 1].isalnum() and 0 < i < len(text) for i in (start, stop)):
        return  # a rule is chosen by how few words its ends cut
    document = ForeignDocument(
        derived("d"),
        NamedReading("d", Reading(text, (), "txt", None, None, "0" * 64, b""), {"a": "1"}),
    )
    contents = ProjectContents(
        "qdpx", "qualcode", "title", (ForeignCoder(derived("u"), "ana"),),
        (Code(derived("c"), "code", full=" ".join(words.split())),), (document,),
        (ForeignCoding(derived("x"), derived("d"), derived("c"), derived("u"), start, stop),),
        (ForeignMemo(derived("m"), "a memo", "document", derived("d"), derived("u")),),
        (ForeignAttribute(derived("v"), "a", "number"),),
        (ForeignParticipant(derived("p"), "P1", {"a": "2.5"}, (derived("d"),)),),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.qdpx"
        write_qdpx(contents, out, target=target)
        validate(out)
        back = read_project(out)
    (found,) = back.codings
    assert back.documents[0].named.reading.text == text
    assert (found.start, found.stop) == (start, stop)


def test_a_name_in_what_was_kept_leaves_as_a_label(study: Study) -> None:

    ana = study.coders["ana"]
    graph = '<Graph guid="g" name="afraid of &lt;it"><Vertex guid="v" name="so afraid"/></Graph>'
    with study.project.history.action("import project", ana) as action:
        action.put_layer("kept_xml", ["NVivo", derived("g")], [("Graphs", graph)])
    before = contents_of(study.project).kept[0].xml
    assert "afraid" in before
    at = TEXT.index("afraid")
    one = study.documents["one"]
    study.project.redactions.add(one.id, Span(at, at + 6), "[<feeling>]", by=ana)
    kept = contents_of(study.project).kept[0].xml
    assert "afraid" not in kept
    assert etree.fromstring(kept).get("name") == "[<feeling>] of <it"

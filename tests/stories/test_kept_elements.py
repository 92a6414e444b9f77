"""What only another program has a use for comes in, is kept, and leaves again where it stood."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from lxml import etree

import qualcode
from qualcode.contents import Loss, ProjectContents
from qualcode.exporters.refi_kept import FILE, NO_PLACE, NOWHERE, OWNERLESS, UNKNOWN
from qualcode.exporters.refi_qda import write_qdpx
from qualcode.importers.refi_qda import read_project
from qualcode.model import Span
from qualcode.project import Project
from qualcode.reports.refi import UNREAD, contents_of
from tests.exporters.test_refi_qda import root_of, validate
from tests.golden.interchange.projects import (
    ANA,
    BEN,
    COLD,
    FIRST,
    HARBOUR,
    SECOND,
    WARM,
    WHEN,
    inline,
    project,
    selection,
)


def g(n: int) -> str:
    return f"12121212-0000-4000-8000-{n:012d}"


RECTANGLE = 'firstX="1" firstY="2" secondX="30" secondY="40"'
MADE = f'creatingUser="{ANA}" creationDateTime="{WHEN}"'
PASSAGE = "eeeeeeee-0000-4000-8000-000000000001"
"""GUID of the first selection that ``selection`` writes."""


def coding(n: int, code: str = WARM, coder: str = BEN) -> str:
    return f'<Coding guid="{g(n)}" creatingUser="{coder}"><CodeRef targetGUID="{code}"/></Coding>'


PICTURE = (
    f'<PictureSource guid="{g(1)}" name="map" path="internal://{g(1)}.jpg">'
    f'<PictureSelection guid="{g(2)}" name="gate" {RECTANGLE}>{coding(3)}</PictureSelection>'
    "</PictureSource>"
)
PDF = (
    f'<PDFSource guid="{g(4)}" name="flyer" path="absolute:///C:/Rosa/flyer.pdf">'
    f'<PDFSelection guid="{g(5)}" page="0" {RECTANGLE}><Description>A stamp.</Description>'
    f"{coding(6, COLD)}</PDFSelection>"
    f'<Representation guid="{SECOND}" name="flyer"><PlainTextContent>Beds for all.'
    f"</PlainTextContent>{selection(0, 4, COLD, n=2)}</Representation></PDFSource>"
)
TAPE = (
    f'<AudioSource guid="{g(7)}" name="tape"><AudioSelection guid="{g(8)}" begin="10" end="90">'
    f"{coding(9)}</AudioSelection></AudioSource>"
    f'<VideoSource guid="{g(10)}" name="film"/>'
)
VARIABLES = (
    f'<Variables><Variable guid="{g(11)}" name="age" typeOfVariable="Integer">'
    "<Description>At the first visit.</Description></Variable></Variables>"
)
AGE = f'<VariableValue><VariableRef targetGUID="{g(11)}"/><IntegerValue>41</IntegerValue></VariableValue>'
CASES = (
    f'<Cases><Case guid="{WARM}" name="P1"><CodeRef targetGUID="{COLD}"/>{AGE}'
    f'<SourceRef targetGUID="{FIRST}"/><SelectionRef targetGUID="{PASSAGE}"/></Case></Cases>'
)
AFTER = (
    f'<Notes><Note guid="{g(12)}" {MADE}><PlainTextContent>Two officers?</PlainTextContent>'
    f'{coding(13)}<NoteRef targetGUID="{g(14)}"/>{AGE}</Note>'
    f'<Note guid="{g(14)}" {MADE}><PlainTextContent>Ask.</PlainTextContent></Note></Notes>'
    f'<Links><Link guid="{g(15)}" name="see" originGUID="{PASSAGE}" targetGUID="{g(2)}"/></Links>'
    f'<Sets><Set guid="{g(16)}" name="key"><MemberCode targetGUID="{WARM}"/>'
    f'<MemberSource targetGUID="{FIRST}"/><MemberNote targetGUID="{g(12)}"/></Set>'
    f'<Set guid="{g(17)}" name="papers"><MemberSource targetGUID="{g(4)}"/></Set></Sets>'
    f'<Graphs><Graph guid="{g(18)}" name="net"><Vertex guid="{g(19)}" representedGUID="{WARM}"'
    f' firstX="1" firstY="1"/><Vertex guid="{g(20)}" firstX="9" firstY="9"/><Edge guid="{g(21)}"'
    f' sourceVertex="{g(19)}" targetVertex="{g(20)}" representedGUID="{g(15)}"/></Graph></Graphs>'
)
EVERYTHING = project(
    inline(HARBOUR, selection(2, 11)) + PICTURE + PDF + TAPE,
    before=VARIABLES + CASES, after=AFTER,
)  # fmt: skip
PLACES = (
    ("Case", "CodeRef"), ("Case", "SelectionRef"), ("Variable", "Description"),
    ("PictureSource", "PictureSelection"), ("PDFSource", "PDFSelection"),
    ("PDFSelection", "Coding"), ("AudioSource", "AudioSelection"), ("Sources", "VideoSource"),
    ("Note", "Coding"), ("Note", "NoteRef"), ("Note", "VariableValue"), ("Links", "Link"),
    ("Set", "MemberCode"), ("Set", "MemberNote"), ("Graph", "Vertex"), ("Graph", "Edge"),
)  # fmt: skip
"""An element, and what of it is kept."""


def brought(xml: str | bytes | Path, folder: Path, name: str = "first") -> Project:
    """A new project with everything of another program's."""
    path = xml if isinstance(xml, Path) else folder / f"{name}.qde"
    if not isinstance(xml, Path):
        path.write_bytes(xml.encode() if isinstance(xml, str) else xml)
    made = qualcode.create(folder / f"{name}.qualcode", title="Harbour", coder="zoe")
    made.import_contents(read_project(path), by=made.acting("zoe"), name=name)
    return made


def sent(made: Project, out: Path) -> tuple[ProjectContents, Sequence[Loss]]:
    """What left, validated, and what showed only then."""
    contents = contents_of(made)
    losses = write_qdpx(contents, out).losses
    validate(out)
    return contents, losses


def out_of(xml: str, folder: Path) -> tuple[etree._Element, Sequence[Loss]]:
    with brought(xml, folder) as made:
        _, losses = sent(made, folder / "out.qdpx")
    return root_of(folder / "out.qdpx"), losses


def reasons(losses: Sequence[Loss]) -> list[tuple[str, str, str]]:
    return [(one.element, one.fate, one.reason) for one in losses]


@pytest.mark.parametrize(("outer", "inner"), PLACES, ids="-".join)
def test_what_was_kept_stands_again_where_it_stood(outer: str, inner: str, tmp_path: Path) -> None:
    root, _ = out_of(EVERYTHING, tmp_path)
    before = etree.fromstring(EVERYTHING.encode())
    path = f".//{{*}}{outer}/{{*}}{inner}"
    was = [(one.get("guid"), one.get("targetGUID")) for one in before.findall(path)]
    now = [(one.get("guid"), one.get("targetGUID")) for one in root.findall(path)]
    assert was
    assert now == was


def test_what_leaves_a_second_time_is_what_left_the_first_time(tmp_path: Path) -> None:
    out_of(EVERYTHING, tmp_path)
    with brought(tmp_path / "out.qdpx", tmp_path, "second") as made:
        sent(made, tmp_path / "again.qdpx")
    assert (tmp_path / "again.qdpx").read_bytes() == (tmp_path / "out.qdpx").read_bytes()


def test_a_file_that_is_not_kept_is_said_to_be_and_no_path_of_a_computer_leaves(
    tmp_path: Path,
) -> None:
    root, losses = out_of(EVERYTHING, tmp_path)
    assert [one.reason for one in losses if one.fate == "changed"] == [
        f"{FILE}: internal://{g(1)}.jpg",
        f"{FILE}: absolute:///C:/Rosa/flyer.pdf",
    ]
    (picture,) = root.iter("{*}PictureSource")
    (pdf,) = root.iter("{*}PDFSource")
    assert picture.get("path") == f"internal://{g(1)}.jpg"
    assert pdf.get("path") is None


def test_a_recording_without_selections_left_is_its_transcript_everywhere(tmp_path: Path) -> None:
    tape = (
        f'<AudioSource guid="{g(1)}" name="tape"><Transcript guid="{FIRST}">'
        "<PlainTextContent>She walked.</PlainTextContent></Transcript></AudioSource>"
    )
    sets = (
        f'<Sets><Set guid="{g(2)}" name="key"><MemberCode targetGUID="{WARM}"/>'
        f'<MemberSource targetGUID="{g(1)}"/></Set></Sets>'
    )
    root, losses = out_of(project(tape, after=sets), tmp_path)
    assert [one.get("targetGUID") for one in root.iter("{*}MemberSource")] == [FIRST]
    assert not losses


def test_what_leads_to_something_that_is_not_in_the_file_stays_out_by_name(tmp_path: Path) -> None:
    after = (
        f'<Links><Link guid="{g(1)}" originGUID="{WARM}" targetGUID="{g(99)}"/></Links>'
        f'<Sets><Set guid="{g(2)}" name="key"><MemberCode targetGUID="{g(98)}"/></Set></Sets>'
        f'<Graphs><Graph guid="{g(3)}"><Vertex guid="{g(4)}" representedGUID="{g(1)}" firstX="1"'
        f' firstY="1"/><Edge guid="{g(5)}" sourceVertex="{g(4)}" targetVertex="{g(97)}"/></Graph>'
        "</Graphs>"
    )
    root, losses = out_of(project(inline(HARBOUR), after=after), tmp_path)
    assert sorted(reasons(losses)) == [
        ("Edge", "dropped", NOWHERE), ("Link", "dropped", NOWHERE),
        ("MemberCode", "dropped", NOWHERE), ("Set", "dropped", NOWHERE),
        ("Vertex", "changed", NOWHERE),
    ]  # fmt: skip
    assert [one.get("representedGUID") for one in root.iter("{*}Vertex")] == [None]


def test_a_code_that_was_removed_takes_its_kept_codings_along(tmp_path: Path) -> None:
    with brought(project(inline(HARBOUR) + PICTURE), tmp_path) as made:
        stays = [made.codebook.named("referral")]
        made.codebook.import_codes(stays, by=made.acting("zoe"), retire_absent=True)
        _, losses = sent(made, tmp_path / "out.qdpx")
    (one,) = root_of(tmp_path / "out.qdpx").iter("{*}PictureSelection")
    assert len(one) == 0
    assert ("Coding", "dropped", NOWHERE) in reasons(losses)


def test_vendors_words_stay_out_and_what_they_stand_in_goes(tmp_path: Path) -> None:
    picture = PICTURE.replace(
        "</PictureSource>",
        '<v:Shade xmlns:v="urn:vendor" v:depth="3">dark</v:Shade></PictureSource>',
    ).replace('name="map"', 'name="map" mood="odd"')
    root, losses = out_of(project(inline(HARBOUR) + picture, after="<Weather/>"), tmp_path)
    assert [one.get("name") for one in root.iter("{*}PictureSource")] == ["map"]
    unknown = [one.element for one in losses if one.reason == UNKNOWN]
    assert unknown == ["Shade", "mood", "Weather"]


def test_what_was_never_valid_stays_out(tmp_path: Path) -> None:
    graph = f'<Graphs><Graph guid="{g(1)}"><Vertex guid="{g(2)}" firstX="left"/></Graph></Graphs>'
    root, losses = out_of(project(inline(HARBOUR), after=graph), tmp_path)
    assert reasons(losses) == [("Graph", "dropped", NO_PLACE)]
    assert root.find("{*}Graphs") is None


def test_what_belonged_to_a_memo_goes_with_it(tmp_path: Path) -> None:
    after = AFTER.replace(MADE, "")  # so that the memos are those of whoever brings them in
    with brought(project(inline(HARBOUR), before=VARIABLES, after=after), tmp_path) as made:
        for memo in made.memos.list():
            made.memos.remove(memo.id, by=made.acting("zoe"))
        _, losses = sent(made, tmp_path / "out.qdpx")
    assert ("Note", "dropped", OWNERLESS) in reasons(losses)
    assert ("MemberNote", "dropped", NOWHERE) in reasons(losses)


def test_things_that_were_here_under_other_ids_are_called_by_those(tmp_path: Path) -> None:
    path = tmp_path / "in.qde"
    path.write_text(EVERYTHING, encoding="utf-8")
    with qualcode.create(tmp_path / "p.qualcode", title="Harbour", coder="zoe") as made:
        zoe = made.acting("zoe")
        ben = made.coders.add("Ben", by=zoe)
        made.participants.import_table([(2, {"participant": "P1"})], by=zoe)
        made.import_contents(read_project(path), by=zoe, name="in")
        _, losses = sent(made, tmp_path / "out.qdpx")
        (person,) = made.participants.list()
        assert made.import_contents(read_project(path), by=zoe, name="in").counts == {}
    root = root_of(tmp_path / "out.qdpx")
    assert {
        one.get("creatingUser") for one in root.findall(".//{*}PictureSelection/{*}Coding")
    } == {ben.id}
    (case,) = root.iter("{*}Case")
    assert case.get("guid") == person.id
    assert [one.get("targetGUID") for one in case.iter("{*}CodeRef")] == [COLD]
    assert {one.get("targetGUID") for one in root.iter("{*}MemberCode")} == {WARM}
    assert NOWHERE not in {one.reason for one in losses}


def test_no_word_that_nobody_looked_through_leaves_where_redactions_count(tmp_path: Path) -> None:
    with brought(EVERYTHING.replace('"map"', '"Rosa at the gate"'), tmp_path) as made:
        zoe = made.acting("zoe")
        document = made.documents.named("A-P1")
        at = HARBOUR.index("Rosa")
        made.redactions.add(document.id, Span(at, at + 4), "[R]", by=zoe)
        contents, _ = sent(made, tmp_path / "out.qdpx")
        told = [one.element for one in contents.losses if one.reason == UNREAD]
        assert sorted(told) == ["Description", "Description", "VariableValue"]
        root = root_of(tmp_path / "out.qdpx")
        assert [one.get("name") for one in root.iter("{*}PictureSource")] == ["[R] at the gate"]
        assert [one.get("name") for one in root.iter("{*}PictureSelection")] == [None]
        assert b"Rosa" not in etree.tostring(root)
        assert [len(one) for one in root.iter("{*}PDFSelection")] == [1]
        made.identify("the archive asks for it", by=zoe)
        contents, _ = sent(made, tmp_path / "identified.qdpx")
        assert not [one for one in contents.losses if one.reason == UNREAD]
    assert b"A stamp." in etree.tostring(root_of(tmp_path / "identified.qdpx"))


def test_a_coder_of_nothing_but_pictures_is_among_the_users(tmp_path: Path) -> None:
    root, _ = out_of(project(inline(HARBOUR, selection(2, 11)) + PICTURE), tmp_path)
    assert {one.get("guid") for one in root.iter("{*}User")} == {ANA, BEN}

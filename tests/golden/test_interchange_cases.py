"""Projects and codebooks of other programs with known answers: ``FILE.expected.json``, or the same
without FILE's own ending.

Other people's are read in place, where the environment variable QUALCODE_INTERCHANGE_CASES names
their folder. Our own are fictional, written by ``interchange/projects.py``, and always run. Every
key of an expectation is compared with ``qualcode preview``, and every case is imported twice.
"""

from __future__ import annotations

import copy
import json
import os
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import qualcode
from qualcode.codebook_files import read_qdc, read_table
from qualcode.exporters.refi_qda import write_qdpx
from qualcode.formats.refi import codes_of, guid, local
from qualcode.formats.refi_elements import problems
from qualcode.formats.refi_positions import BY_NAME, RULES, offsets
from qualcode.importers.refi_qda import read_project
from qualcode.importers.tables import read_records
from qualcode.reports.project_preview import preview_project
from qualcode.reports.refi import contents_of
from qualcode.store.check import check
from tests.golden.interchange.projects import TEXTS, inline, packed, project, stored, twin

VARIABLE = "QUALCODE_INTERCHANGE_CASES"
ENDING = ".expected.json"
PROJECTS, CODEBOOKS = (".qdpx", ".qde"), (".qdc",)
REMARKS = {"file", "notes"}
"""Keys for people."""


def file_of(expected: Path) -> Path | None:
    """The file an expectation is of; None where it is of another kind, such as a transcript."""
    whole = expected.with_name(expected.name.removesuffix(ENDING))
    named = json.loads(expected.read_text(encoding="utf-8")).get("file", "")
    found = [whole, *(expected.with_name(name) for name in [Path(str(named)).name] if name)]
    found += [whole.with_name(whole.name + ending) for ending in (*PROJECTS, *CODEBOOKS)]
    kinds = (*PROJECTS, *CODEBOOKS)
    return next((one for one in found if one.is_file() and one.suffix.casefold() in kinds), None)


def cases() -> Iterator[Any]:
    if not os.environ.get(VARIABLE):
        return
    folder = Path(os.environ[VARIABLE])
    for expected in sorted(folder.rglob("*" + ENDING)):
        path = file_of(expected)
        if path is not None:
            yield pytest.param(path, expected, id=str(path.relative_to(folder)))


OTHERS = list(cases())


def test_the_cases_of_others_are_named() -> None:
    if not os.environ.get(VARIABLE):
        pytest.skip(f"{VARIABLE} is not set: projects of other programs were not read")
    assert OTHERS, "no project or codebook with an expectation in that folder"


@pytest.mark.parametrize(("path", "expected"), OTHERS)
def test_a_file_previews_as_expected(path: Path, expected: Path) -> None:
    wanted = json.loads(expected.read_text(encoding="utf-8"))
    found = codebook(path) if path.suffix in CODEBOOKS else preview_project(path)
    assert compared(found, wanted) == {k: v for k, v in wanted.items() if k not in REMARKS}


@pytest.mark.parametrize(
    "path", [case.values[0] for case in OTHERS if Path(str(case.values[0])).suffix in PROJECTS]
)
def test_a_file_imports_once_and_leaves_the_project_sound(path: Path, tmp_path: Path) -> None:
    contents = read_project(path)
    with qualcode.create(tmp_path / "p.qualcode", title="Case", coder="Kim") as project:
        by = project.acting("Kim")
        first = project.import_contents(contents, by=by, name=path.stem)
        codings = len(project.codings.list())
        assert codings == first.counts.get("codings", 0)
        assert project.import_contents(contents, by=by, name=path.stem).counts == {}
        project.history.undo(by)
        assert not project.codings.list()
        project.history.redo(by)
        assert len(project.codings.list()) == codings
    assert all(one.ok for one in check(tmp_path / "p.qualcode"))


@pytest.mark.parametrize(
    "path", [case.values[0] for case in OTHERS if Path(str(case.values[0])).suffix in PROJECTS]
)
def test_what_was_kept_leaves_or_is_named_and_twice_alike(path: Path, tmp_path: Path) -> None:
    rules = schema("Project-mrt2019.xsd")
    for n in range(2):
        out = tmp_path / f"{n}.qdpx"
        with qualcode.create(tmp_path / f"{n}.qualcode", title="Case", coder="Kim") as project:
            contents = read_project(path)
            project.import_contents(contents, by=project.acting("Kim"), name="case")
            named = {one.guid for one in write_qdpx(contents_of(project), out).losses}
        with zipfile.ZipFile(out) as archive:
            root = etree.fromstring(archive.read("project.qde"))
        assert rules.validate(root), rules.error_log
        assert problems(root) == []
        there = {guid(one.get("guid")) for one in root.iter()}
        assert {one.guid for one in contents.kept} <= there | named
        path = out
    assert (tmp_path / "0.qdpx").read_bytes() == (tmp_path / "1.qdpx").read_bytes()


def codebook(path: Path) -> dict[str, Any]:
    """What a codebook is checked for: there is no preview of one."""
    book, _ = read_qdc(path)
    data = path.read_bytes()
    root = etree.fromstring(data)
    codes = codes_of(next(one for one in root if local(one) == "Codes"))
    errors = problems(root)
    counts = {"Code": len(book.codes), "Set": sum(local(one) == "Set" for one in root.iter())}
    return {
        "bytes": len(data),
        "xml_bom": data.startswith(b"\xef\xbb\xbf"),
        "valid": not errors,
        "errors": errors,
        "origin": book.title,
        "counts": {name: count for name, count in counts.items() if count},
        "code_depth": max((one.depth for one in codes), default=0),
        "not_codable": sum(not one.codable for one in book.codes),
    }


def compared(found: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Our answer to every key that an expectation has; equal to it where it is right."""
    return {key: answer(found, key, wanted[key]) for key in wanted if key not in REMARKS}


def answer(found: dict[str, Any], key: str, wanted: Any) -> Any:
    if key == "errors":  # in whose words is nobody's business
        return wanted if len(found["errors"]) == len(wanted) else found["errors"]
    if key == "program":  # whose name may be written in other ways than the file's
        same = str(wanted).split()[0].casefold() == found["origin"].split()[0].casefold()
        return wanted if same else found["origin"]
    if key == "end":
        return "exclusive"  # as all our spans; the words of each item prove it
    if key == "codes":
        return found["counts"].get("Code", 0)
    if key == "users":
        return found["counts"].get("User", 0)
    rule = found.get("offset_rule", {})
    if key == "offset_unit":
        return wanted if str(wanted).casefold() == rule["unit"].casefold() else rule["unit"]
    if key == "bom_counted":
        return rule["bom_counted"]
    if key == "newline_counted":
        return wanted if ("as stored" in wanted) == ("as stored" in rule["newline"]) else rule
    if key == "offsets":
        return {name: found["offsets"][name] for name in wanted}
    if key == "sources":
        return [source(found, one) for one in wanted]
    return found[key]


def source(found: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    base = Path(wanted["file"]).name
    named = (wanted["name"], base)
    one = next(one for one in found["sources"] if (one["name"], one["file"]) == named)
    held = {
        "name": one["name"], "bom": one["bom"], "crlf": one["crlf"], "astral": one["astral"],
        "chars_codepoints": one["characters"],
        "selections": len({each["guid"] for each in one["selections"]}),
        "file": wanted["file"],
    }  # fmt: skip
    by_guid: dict[str, list[dict[str, Any]]] = {}
    for each in one["selections"]:
        by_guid.setdefault(each["guid"], []).append(each)
    held["items"] = [item(by_guid.get(each["guid"].lower(), []), each) for each in wanted["items"]]
    return {key: held[key] for key in wanted}


def item(there: list[dict[str, Any]], wanted: dict[str, Any]) -> Any:
    """The expected item where it is among those of its GUID, else those."""
    for one in there:
        if (one["start"], one["stop"]) == (
            wanted["codepoint_start_LF"], wanted["codepoint_end_LF"],
        ) and (one["text"], one["code"]) == (wanted["text"], wanted["code"]):  # fmt: skip
            return wanted
    return there


# Our own


def expectation(rule_name: str) -> dict[str, Any]:
    """What the twin of a rule is expected to hold, said as others' expectations say it."""
    rule = BY_NAME[rule_name]
    sources = []
    names = {"cccccccc-0000-4000-8000-000000000001": "warm handoff",
             "cccccccc-0000-4000-8000-000000000002": "referral",
             "cccccccc-0000-4000-8000-000000000003": "waiting"}  # fmt: skip
    for text in TEXTS:
        raw = stored(text.text, crlf=True, bom=True)
        places = list(offsets(raw, rule))
        items = []
        for n, passage in enumerate(text.passages):
            at, start = raw.index(passage.words), text.text.index(passage.words)
            items.append(
                {
                    "guid": f"eeeeeeee-00{text.guid[-2:]}-4000-8000-{n:012d}",
                    "code": names[passage.code],
                    "raw_start": places[at],
                    "raw_end": places[at + len(passage.words)],
                    "text": passage.words,
                    "codepoint_start_LF": start,
                    "codepoint_end_LF": start + len(passage.words),
                }
            )
        sources.append(
            {
                "name": text.name, "file": f"x/sources/{text.guid}.txt", "bom": True, "crlf": True,
                "chars_codepoints": len(raw) - 1, "astral": sum(c > "\uffff" for c in raw),
                "selections": len(items), "items": items,
            }
        )  # fmt: skip
    return {
        "program": "Example", "codes": 3, "users": 2, "end": "exclusive",
        "offset_unit": rule.unit, "bom_counted": rule.bom_counted, "newline_counted": rule.newline,
        "sources": sources, "qde_name": "project.qde", "folder": ["sources"], "entries": 5,
        "xml_bom": False, "valid": False, "errors": ["a colour"], "origin": "Example",
        "counts": {"User": 2, "Code": 3, "TextSource": 2, "PlainTextSelection": 11, "Coding": 11},
        "code_depth": 2, "not_codable": 1,
        "offsets": {"texts": 2, "text_bom": 2, "crlf_texts": 2, "sel": 11},
    }  # fmt: skip


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_our_own_project_previews_as_expected_under_every_rule(rule: str, tmp_path: Path) -> None:
    path = tmp_path / "Harbour.qdpx"
    path.write_bytes(twin(rule))
    wanted = expectation(rule)
    assert compared(preview_project(path), wanted) == {
        key: value for key, value in wanted.items() if key not in REMARKS
    }


@pytest.mark.parametrize(
    ("xml", "counts", "depth"),
    [
        (project(users="", codes=""), {}, 0),
        (project(codes=""), {"User": 2}, 0),
        (project(inline("")), {"User": 2, "Code": 3, "TextSource": 1}, 2),
    ],
    ids=["empty project", "no codes", "empty text"],
)
def test_our_own_bare_projects_preview_as_expected(
    xml: str, counts: dict[str, int], depth: int, tmp_path: Path
) -> None:
    for path, data in ((tmp_path / "a.qde", xml.encode()), (tmp_path / "a.qdpx", packed(xml))):
        path.write_bytes(data)
        found = preview_project(path)
        assert (found["counts"], found["code_depth"]) == (counts, depth)
        assert found["offset_rule"]["of"] == 0


def test_a_wrong_expectation_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "Harbour.qdpx"
    path.write_bytes(twin("utf16"))
    found, wanted = preview_project(path), expectation("utf16")
    for key, wrong in (("codes", 4), ("bom_counted", True), ("newline_counted", "CRLF as 1")):
        assert compared(found, {**wanted, key: wrong})[key] != wrong
    wanted["sources"][0]["items"][0]["codepoint_start_LF"] += 1
    assert compared(found, wanted)["sources"] != wanted["sources"]


# Our own grammar beside the standard's


def schema(name: str) -> etree.XMLSchema:
    folder = Path(os.environ.get(VARIABLE, "")) / "refi"
    if not os.environ.get(VARIABLE) or not (folder / name).is_file():
        pytest.skip(f"{VARIABLE} names no folder with the schema {name}")
    return etree.XMLSchema(etree.parse(str(folder / name)))


WHOLE = """<Project xmlns="urn:QDA-XML:project:1.0" name="x" creationDateTime="2026-05-01T12:00:00Z">
<Users><User guid="G" name="a"/><User guid="G"/></Users>
<CodeBook><Codes><Code guid="G" name="a" isCodable="true" color="#D55E00"><Description/>
<NoteRef targetGUID="G"/><Code guid="G" name="b" isCodable="0"/></Code></Codes></CodeBook>
<Variables><Variable guid="G" name="v" typeOfVariable="Date"><Description/></Variable></Variables>
<Cases><Case guid="G"><CodeRef targetGUID="G"/><VariableValue><VariableRef targetGUID="G"/>
<DateValue>2026-05-01</DateValue></VariableValue><SourceRef targetGUID="G"/></Case></Cases>
<Sources><TextSource guid="G"><Description/><PlainTextContent/><PlainTextSelection guid="G"
startPosition="1" endPosition="2" creatingUser="G"><Coding guid="G"><CodeRef targetGUID="G"/>
<NoteRef targetGUID="G"/></Coding></PlainTextSelection><NoteRef targetGUID="G"/></TextSource>
<PDFSource guid="G"><PDFSelection guid="G" page="1" firstX="1" firstY="1" secondX="2" secondY="2"/>
<Representation guid="G"/></PDFSource><PictureSource guid="G"><TextDescription guid="G"/>
<PictureSelection guid="G" firstX="1" firstY="1" secondX="2" secondY="2"/></PictureSource>
<AudioSource guid="G"><Transcript guid="G"><SyncPoint guid="G" timeStamp="1" position="2"/>
<TranscriptSelection guid="G" fromSyncPoint="G"/></Transcript><AudioSelection guid="G" begin="1"
end="2"/></AudioSource><VideoSource guid="G"><VideoSelection guid="G" begin="1" end="2"/>
</VideoSource></Sources><Notes><Note guid="G"/></Notes><Links><Link guid="G" direction="OneWay"
color="#abc"><NoteRef targetGUID="G"/></Link></Links><Sets><Set guid="G" name="s"><MemberCode
targetGUID="G"/><MemberSource targetGUID="G"/><MemberNote targetGUID="G"/></Set></Sets>
<Graphs><Graph guid="G"><Vertex guid="G" firstX="1" firstY="1" shape="Oval"/><Edge guid="G"
sourceVertex="G" targetVertex="G" lineStyle="solid"/></Graph></Graphs><Description/>
<NoteRef targetGUID="G"/></Project>""".replace('"G"', '"0d62985d-b147-5d01-a9b5-cae5dcd98342"')


def spoilt(root: etree._Element, seed: int) -> str:
    """Change one thing at random, and say what."""
    chance = random.Random(seed)
    element = chance.choice([one for one in root.iter() if one is not root])
    parent = element.getparent()
    assert parent is not None
    what = chance.choice(["drop", "double", "move", "attribute", "value", "text"])
    if what == "drop":
        parent.remove(element)
    elif what == "double":
        element.addnext(copy.deepcopy(element))
    elif what == "move":
        parent.insert(chance.randrange(len(parent)), element)
    elif what == "attribute" and element.attrib:
        del element.attrib[chance.choice(sorted(map(str, element.attrib)))]
    elif what == "value" and element.attrib:
        name = chance.choice(sorted(map(str, element.attrib)))
        element.set(
            name, chance.choice(["", "1", "x", " 7 ", "true", "#ABC", "2026-05-01T24:00:00"])
        )
    else:
        element.text = chance.choice(["words", " ", "2026-13-01"])
    return f"{seed}: {what} {local(element)}"


def test_our_grammar_agrees_with_the_schema_on_projects_spoilt_at_random() -> None:
    rules = schema("Project-mrt2019.xsd")
    whole = etree.fromstring(WHOLE)
    assert rules.validate(whole)
    assert problems(whole) == []
    verdicts = set()
    for seed in range(600):
        root = copy.deepcopy(whole)
        done = spoilt(root, seed)
        valid = rules.validate(root)
        assert (problems(root) == []) == valid, (done, problems(root), str(rules.error_log))
        verdicts.add(valid)
    assert verdicts == {True, False}


BOOKS = [Path(str(case.values[0])) for case in OTHERS if Path(str(case.values[0])).suffix == ".qdc"]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.name)
def test_a_codebook_holds_the_same_codes_in_every_format(path: Path) -> None:
    codes = {code.code for code in read_qdc(path)[0].codes}
    for other in (path.with_suffix(".csv"), path.with_suffix(".xlsx")):
        if other.is_file():
            book, _ = read_table(other, read_records(other))
            assert {code.code for code in book.codes} == codes

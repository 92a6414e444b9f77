"""REFI-QDA projects of other programs: every layout, every place for a text, everything in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qualcode.contents import ProjectContents, from_plain, to_plain
from qualcode.errors import HostileFile, ReadingError, UnknownName
from qualcode.formats.refi_positions import BY_NAME, RULES, Rule
from qualcode.importers import refi_qda
from qualcode.importers.refi_qda import read_project
from tests.golden.interchange.projects import (
    ANA,
    CODES,
    COLD,
    FIRST,
    HARBOUR,
    SECOND,
    TEXTS,
    USERS,
    WAIT,
    WARM,
    WHEN,
    inline,
    packed,
    project,
    selection,
    selections,
    twin,
)
from tests.importers.docx_files import docx

NOTE = "99999999-0000-4000-8000-000000000001"
SYNC = [f"88888888-0000-4000-8000-00000000000{n}" for n in range(4)]
MEDIA = "77777777-0000-4000-8000-000000000001"


def read(data: bytes | str, tmp_path: Path, **how: str | None) -> ProjectContents:
    is_xml = isinstance(data, str)
    path = tmp_path / ("Harbour.qde" if is_xml else "Harbour.qdpx")
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_project(path, offsets=how.get("offsets"), split_codes=how.get("split_codes"))


def mixed() -> str:
    """A project whose two texts count differently."""
    source = (
        '<TextSource guid="{}" name="{}"><PlainTextContent>{}</PlainTextContent>{}</TextSource>'
    )
    return project(
        "".join(
            source.format(one.guid, one.name, one.text, selections(one, one.text, BY_NAME[rule]))
            for one, rule in zip(TEXTS, ("utf16", "codepoint"), strict=True)
        )
    )


def coded(contents: ProjectContents) -> list[tuple[str, str, str, str]]:
    """Document, words, code and coder of every coding."""
    texts = {one.guid: one.named for one in contents.documents}
    codes = {one.id: one.code for one in contents.codes}
    names = {one.guid: one.name for one in contents.coders}
    return [
        (
            texts[one.document].name,
            texts[one.document].reading.text[one.start : one.stop],
            codes[one.code],
            names[one.coder],
        )
        for one in contents.codings
    ]


EVERY = [
    (
        text.name, one.words,
        {WARM: "warm handoff", COLD: "referral", WAIT: "waiting"}[one.code],
        "Ana" if one.coder == ANA else "Ben",
    )
    for text in TEXTS
    for one in text.passages
]  # fmt: skip


@pytest.mark.parametrize("named", [True, False], ids=["named", "unnamed"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_twins_under_every_offset_rule_give_the_same_codings(
    rule: Rule, named: bool, tmp_path: Path
) -> None:
    found = read(twin(rule, named=named), tmp_path)
    assert coded(found) == EVERY
    assert found.facts["offset_rule"]["rule"] == rule.name
    assert [one.named.reading.text for one in found.documents] == [one.text for one in TEXTS]


@pytest.mark.parametrize(
    "quirk",
    [
        {"qde_name": "Project.qde"},
        {"qde_name": "Harbour.qde"},
        {"qde_name": "inner/project.qde"},
        {"folder": "Sources"},
        {"folder": "inner/SOURCES"},
        {"folder": "elsewhere"},
        {"prefix": ""},
        {"prefix": "internal:/"},
        {"prefix": "internal://sources/"},
        {"prefix": "internal://Sources\\"},
    ],
    ids=lambda quirk: " ".join(quirk.values()),
)
def test_every_layout_of_the_archive_is_read(quirk: dict[str, str], tmp_path: Path) -> None:
    assert coded(read(twin(**quirk), tmp_path)) == EVERY  # type: ignore[arg-type]


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:project:1:0", "urn:QDA-XML:project:0:4", ""])
def test_another_namespace_is_read_with_a_warning(namespace: str, tmp_path: Path) -> None:
    xml = project(inline(HARBOUR, selection(2, 11)), namespace=namespace)
    found = read(xml, tmp_path)
    assert coded(found) == [("A-P1", "fictional", "warm handoff", "Ana")]
    assert found.facts["valid"] is False
    assert "invalid" in [one.code for one in found.warnings]


def test_a_byte_order_mark_before_the_xml_is_no_matter(tmp_path: Path) -> None:
    xml = b"\xef\xbb\xbf" + project(inline(HARBOUR, selection(2, 11))).encode()
    found = read(packed(xml), tmp_path)
    assert found.facts["xml_bom"] is True
    assert len(found.codings) == 1


def test_a_contents_survives_the_way_out_of_the_child(tmp_path: Path) -> None:
    found = read(twin("utf16"), tmp_path)
    assert from_plain(to_plain(found)) == found
    assert found.documents[0].named.reading.source.startswith(b"\xef\xbb\xbf")


# Hostile and damaged files


BAD: list[tuple[bytes, str]] = [
    (packed(project(), {"other.qde": b"<Project/>"}), "several projects: other.qde, project.qde"),
    (packed(project(), qde_name="project.txt"), "holds no .qde"),
    (packed("<Project"), "XML is damaged"),
    (packed("<Other/>"), "no REFI-QDA project"),
    (packed("<CodeBook/>"), "codebook import"),
    (packed(project(declaration="<!DOCTYPE a [<!ENTITY b 'c'>]>")), "document type"),
    (packed(project(), {"../outside.txt": b"x"}), "leads out"),
    (packed(project(), {"/etc/outside.txt": b"x"}), "leads out"),
    (packed(project(), {"sources/big.txt": b"\0" * 60_000_000}), ""),
    (packed(project())[:-30], "damaged"),
    (b"PK\x05\x06" + b"\0" * 18, "holds no .qde"),
    (b"not xml at all", "encoding that is not read"),
]
"""A file, and what is said of it."""


@pytest.mark.parametrize(("data", "says"), BAD, ids=[says or "unread" for _, says in BAD])
def test_a_bad_file_is_one_clear_error(data: bytes, says: str, tmp_path: Path) -> None:
    if not says:
        assert not read(data, tmp_path).documents  # what nobody refers to is not even unpacked
        return
    with pytest.raises(ReadingError, match=says) as caught:
        read(data, tmp_path)
    assert "\n" not in str(caught.value)


def test_a_bomb_among_the_sources_is_refused(tmp_path: Path) -> None:
    source = f'<TextSource guid="{FIRST}" plainTextPath="big.txt"/>'
    with pytest.raises(HostileFile, match="200 times"):
        read(packed(project(source), {"sources/big.txt": b" " * 60_000_000}), tmp_path)


def test_an_unknown_rule_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="utf16-crlf1-bom"):
        read(twin(), tmp_path, offsets="bytes")


def test_a_file_that_a_mac_put_beside_the_project_is_no_second_one(tmp_path: Path) -> None:
    data = packed(project(), {"__MACOSX/._project.qde": b"x", "._project.qde": b"x"})
    assert read(data, tmp_path).title == "Harbour"


# Texts


def test_a_missing_text_leaves_an_empty_document_and_names_what_was_on_it(tmp_path: Path) -> None:
    source = (
        f'<TextSource guid="{FIRST}" name="A-P1" plainTextPath="internal://gone.txt">'
        f"{selection(2, 9, name='her words')}"
        "</TextSource>"
    )
    found = read(project(source), tmp_path)
    assert [(one.named.name, one.named.reading.text) for one in found.documents] == [("A-P1", "")]
    assert not found.codings
    assert [(one.fate, one.reason) for one in found.losses] == [
        ("dropped", "its text is missing, with its 1 coding: her words")
    ]
    assert "missing_source" in [one.code for one in found.warnings]


def test_an_empty_text_is_a_document(tmp_path: Path) -> None:
    files = {f"sources/{FIRST}.txt": b""}
    source = f'<TextSource guid="{FIRST}" name="A-P1" plainTextPath="internal://{FIRST}.txt"/>'
    found = read(packed(project(source), files), tmp_path)
    assert [one.named.reading.text for one in found.documents] == [""]
    assert not found.losses


def test_without_a_plain_text_the_word_file_is_read(tmp_path: Path) -> None:
    files = {"sources/a.docx": docx("<w:p><w:r><w:t>She walked me over.</w:t></w:r></w:p>")}
    source = f'<TextSource guid="{FIRST}" richTextPath="internal://a.docx">{selection(0, 3)}</TextSource>'
    found = read(packed(project(source), files), tmp_path)
    assert [words for _, words, _, _ in coded(found)] == ["She"]
    assert "from_word" in [one.code for one in found.warnings]


def test_labels_of_a_text_make_turns(tmp_path: Path) -> None:
    turns = read(twin(), tmp_path).documents[0].named.reading.turns
    assert [turn.speaker for turn in turns] == ["Moderator", "Rosa", "Moderator", "Rosa"]


# Selections


@pytest.mark.parametrize(
    ("start", "stop", "words", "fate"),
    [
        (2, 11, ["fictional"], []),
        (-5, 1, ["A"], ["changed"]),
        (len(HARBOUR) - 7, 9999, ["weeks.\n"], ["changed"]),
        (5000, 9999, [], ["dropped"]),
        (9, 4, [], ["dropped"]),
        ("x", 4, [], ["dropped"]),
    ],
)
def test_offsets_outside_the_text_are_cut_or_left_behind(
    start: int | str, stop: int, words: list[str], fate: list[str], tmp_path: Path
) -> None:
    found = read(project(inline(HARBOUR, selection(start, stop))), tmp_path, offsets="codepoint")
    assert [one[1] for one in coded(found)] == words
    assert [one.fate for one in found.losses] == fate


def test_a_selection_of_nothing_becomes_a_memo(tmp_path: Path) -> None:
    found = read(project(inline(HARBOUR, selection(4, 4))), tmp_path)
    assert [(one.on, one.body) for one in found.memos] == [
        ("document", "At character 4: warm handoff")
    ]
    assert [one.fate for one in found.losses] == ["changed"]


def test_an_uncoded_selection_with_a_note_becomes_a_memo_that_quotes_it(tmp_path: Path) -> None:
    inside = "<Description>Ask again.</Description>"
    found = read(project(inline(HARBOUR, selection(2, 11, None, inside=inside))), tmp_path)
    assert [one.body for one in found.memos] == ["“fictional”\n\nAsk again."]
    assert found.memos[0].coder == ANA


def test_an_uncoded_selection_without_a_note_is_a_loss(tmp_path: Path) -> None:
    found = read(project(inline(HARBOUR, selection(2, 11, None))), tmp_path)
    assert [(one.fate, one.reason) for one in found.losses] == [
        ("dropped", "no code and no note is on it")
    ]


def test_a_description_is_a_memo_on_every_coding_of_the_selection(tmp_path: Path) -> None:
    second = f'<Coding guid="{SECOND}" creatingUser="{ANA}"><CodeRef targetGUID="{COLD}"/></Coding>'
    inside = selection(2, 11, inside="<Description>Odd.</Description>")
    inside = inside.replace("</PlainTextSelection>", f"{second}</PlainTextSelection>")
    found = read(project(inline(HARBOUR, inside)), tmp_path)
    assert [(one.on, one.target) for one in found.memos] == [
        ("coding", found.codings[0].guid), ("coding", SECOND),
    ]  # fmt: skip


def test_a_coding_on_a_source_covers_its_text_and_is_told(tmp_path: Path) -> None:
    coding = f'<Coding guid="{SECOND}"><CodeRef targetGUID="{WARM}"/></Coding>'
    found = read(project(inline(HARBOUR, coding=coding)), tmp_path)
    assert [(one.start, one.stop) for one in found.codings] == [(0, len(HARBOUR))]
    assert [one.fate for one in found.losses] == ["changed"]


def test_a_coding_of_nobody_is_by_unknown_and_counted(tmp_path: Path) -> None:
    found = read(project(inline(HARBOUR, selection(2, 11, coder=None))), tmp_path)
    assert coded(found)[0][3] == "unknown"
    assert "Codings without a coder: 1;" in found.warnings[-1].message


def test_a_coding_without_a_date_or_with_an_unknown_code(tmp_path: Path) -> None:
    inside = selection(2, 11) + selection(2, 11, SECOND, n=2)
    found = read(project(inline(HARBOUR, inside)), tmp_path)
    assert [one.created_at for one in found.codings] == [""]
    assert [(one.element, one.fate) for one in found.losses] == [
        ("Coding", "dropped"), ("PlainTextSelection", "dropped"),
    ]  # fmt: skip


# Codes


def test_codes_keep_tree_colour_and_definition(tmp_path: Path) -> None:
    found = read(project(), tmp_path).codes
    assert [(one.id, one.code, one.parent, one.codable, one.colour, one.full) for one in found] == [
        (WARM, "warm handoff", None, True, "#D55E00", "In person."),
        (WAIT, "waiting", "warm handoff", True, "#888888", ""),
        (COLD, "referral", None, False, "#0072B2", ""),
    ]


def test_equal_names_and_unreadable_colours_are_told(tmp_path: Path) -> None:
    codes = CODES.replace('name="referral"', 'name="Waiting"').replace("#D55E00", "reddish")
    found = read(project(codes=codes), tmp_path)
    assert [one.code for one in found.codes] == ["warm handoff", "waiting", "Waiting (2)"]
    assert {one.code for one in found.warnings} >= {"equal_names", "colour"}


FLAT = "".join(
    f'<Code guid="cccccccc-0000-4000-8000-00000000001{n}" name="{name}" isCodable="true"/>'
    for n, name in enumerate(["Food::bread", "Food", "Drink::tea::green", "::odd"])
)


def test_names_with_a_separator_stay_flat_unless_split(tmp_path: Path) -> None:
    codes = f"<Codes>{FLAT}</Codes>"
    flat = read(project(codes=codes), tmp_path).codes
    assert [one.code for one in flat] == ["Food::bread", "Food", "Drink::tea::green", "::odd"]
    tree = read(project(codes=codes), tmp_path, split_codes="::").codes
    assert [(one.code, one.parent, one.codable) for one in tree] == [
        ("Food", None, True), ("bread", "Food", True), ("Drink", None, False),
        ("tea", "Drink", False), ("green", "tea", True), ("::odd", None, True),
    ]  # fmt: skip


# What stands beside


def test_notes_are_memos_on_what_refers_to_them_else_on_the_project(tmp_path: Path) -> None:
    notes = (
        f'<Notes><Note guid="{NOTE}" name="Idea" creatingUser="{ANA}" creationDateTime="{WHEN}">'
        "<PlainTextContent>Two officers?</PlainTextContent></Note>"
        f'<Note guid="{SECOND}"><PlainTextContent>On all of it.</PlainTextContent></Note></Notes>'
    )
    inside = selection(2, 11, inside=f'<NoteRef targetGUID="{NOTE}"/>')
    found = read(project(inline(HARBOUR, inside), after=notes), tmp_path)
    assert [(one.on, one.body, one.guid) for one in found.memos] == [
        ("coding", "Idea\n\nTwo officers?", NOTE),
        ("project", "On all of it.", SECOND),
    ]
    assert found.memos[0].created_at == WHEN


def cases(inside: str) -> str:
    variables = (
        f'<Variables><Variable guid="{NOTE}" name="age" typeOfVariable="Integer"/>'
        f'<Variable guid="{SECOND}" name="site" typeOfVariable="Text"/></Variables>'
    )
    return f"{variables}<Cases>{inside}</Cases>"


AGE = f'<VariableValue><VariableRef targetGUID="{NOTE}"/><IntegerValue>41</IntegerValue></VariableValue>'
SITE = f'<VariableValue><VariableRef targetGUID="{SECOND}"/><TextValue>Port</TextValue></VariableValue>'


def test_cases_are_participants_with_attributes(tmp_path: Path) -> None:
    case = f'<Case guid="{WARM}" name="P1">{AGE}<SourceRef targetGUID="{FIRST}"/></Case>'
    source = inline(HARBOUR, coding=SITE)
    found = read(project(source, before=cases(case)), tmp_path)
    assert [(one.label, one.attributes, one.documents) for one in found.participants] == [
        ("P1", {"age": "41"}, (FIRST,))
    ]
    assert found.documents[0].named.attributes == {"site": "Port"}
    assert [(one.name, one.kind) for one in found.attributes] == [
        ("age", "number"),
        ("site", "text"),
    ]


def test_a_case_without_a_name_takes_that_of_its_source(tmp_path: Path) -> None:
    case = f'<Case guid="{WARM}"><SourceRef targetGUID="{FIRST}"/></Case>'
    found = read(project(inline(HARBOUR), before=cases(case)), tmp_path)
    assert [one.label for one in found.participants] == ["A-P1"]


def test_sets_of_sources_are_an_attribute_and_sets_of_codes_are_kept(tmp_path: Path) -> None:
    sets = (
        f'<Sets><Set guid="{NOTE}" name="North"><MemberSource targetGUID="{FIRST}"/></Set>'
        f'<Set guid="{SECOND}" name="Late"><MemberSource targetGUID="{FIRST}"/></Set>'
        f'<Set guid="{MEDIA}" name="Key"><MemberCode targetGUID="{WARM}"/></Set></Sets>'
    )
    found = read(project(inline(HARBOUR), after=sets), tmp_path)
    assert found.documents[0].named.attributes == {"set": "North; Late"}
    assert [(one.element, one.guid) for one in found.kept] == [("Set", MEDIA)]


def test_links_graphs_pictures_and_unknown_elements_are_kept_as_written(tmp_path: Path) -> None:
    picture = f'<PictureSource guid="{MEDIA}" name="map"/>'
    after = (
        f'<Links><Link guid="{NOTE}" originGUID="{WARM}" targetGUID="{COLD}"/></Links>'
        f'<Graphs><Graph guid="{SECOND}" name="Net"/></Graphs><Weather mood="odd"/>'
    )
    found = read(project(inline(HARBOUR) + picture, after=after), tmp_path)
    assert [(one.element, one.parent) for one in found.kept] == [
        ("Link", "Links"), ("Graph", "Graphs"), ("PictureSource", "Sources"), ("Weather", "Project"),
    ]  # fmt: skip
    assert 'mood="odd"' in found.kept[-1].xml
    assert {one.fate for one in found.losses} == {"kept"}


def recording(inside: str) -> str:
    points = "".join(
        f'<SyncPoint guid="{id_}" timeStamp="{at}" position="{place}"/>'
        for id_, at, place in zip(SYNC, (0, 1000, 2000, 3000), (0, 3, 10, 18), strict=True)
    )
    return (
        f'<AudioSource guid="{MEDIA}" name="tape"><Transcript guid="{FIRST}" name="A-P1">'
        f"<PlainTextContent>She walked me over.</PlainTextContent>{points}"
        f'<TranscriptSelection guid="{NOTE}" fromSyncPoint="{SYNC[1]}" toSyncPoint="{SYNC[2]}">'
        f'<Coding guid="{SECOND}" creatingUser="{ANA}"><CodeRef targetGUID="{WARM}"/></Coding>'
        f"</TranscriptSelection></Transcript>{inside}</AudioSource>"
    )


def timed(begin: int, end: int) -> str:
    return (
        f'<AudioSelection guid="{COLD}" begin="{begin}" end="{end}"><Coding guid="{WAIT}"'
        f' creatingUser="{ANA}"><CodeRef targetGUID="{COLD}"/></Coding></AudioSelection>'
    )


def test_transcripts_have_anchors_and_selections_between_sync_points(tmp_path: Path) -> None:
    found = read(project(recording(timed(1200, 1900))), tmp_path)
    assert [(words, code) for _, words, code, _ in coded(found)] == [
        (" walked", "warm handoff"), (" walked", "referral"),
    ]  # fmt: skip
    assert found.documents[0].named.reading.anchors == ((0, 0.0), (3, 1.0), (10, 2.0), (18, 3.0))
    assert found.documents[0].source == MEDIA
    assert [one.fate for one in found.losses].count("approximate") == 2


def test_a_time_without_sync_points_around_it_is_kept(tmp_path: Path) -> None:
    found = read(project(recording(timed(2500, 9000))), tmp_path)
    assert len(found.codings) == 1
    assert [(one.element, one.parent) for one in found.kept] == [("AudioSource", MEDIA)]
    assert f'<AudioSelection guid="{COLD}"' in found.kept[0].xml


def test_users_without_a_name_are_told_apart(tmp_path: Path) -> None:
    users = USERS.replace(' name="Ana"', ' id="AA"').replace(' name="Ben"', "")
    names = [one.name for one in read(project(users=users), tmp_path).coders]
    assert names == ["AA", "user aaaaaaaa"]


STRANGER = "bbbbbbbb-0000-4000-8000-000000000009"
NO_WORD = {"sources/a.docx": b"PK\x03\x04 no document"}
RICH = f'<TextSource guid="{FIRST}" name="A-P1" richTextPath="internal://a.docx"/>'
WARNINGS: dict[str, tuple[str | bytes, str]] = {
    "invalid": (project("", after="<Weather/>"), "line 1: Project: Weather is not expected"),
    "equal_names": (
        project(codes=CODES.replace('"referral"', '"waiting"')),
        "Codes of the name of another: 1;",
    ),
    "colour": (project(codes=CODES.replace("#D55E00", "red")), "The colour of “warm handoff”"),
    "no_coder": (
        project(inline(HARBOUR, selection(2, 11, coder=None))),
        "Codings without a coder: 1; theirs is “unknown”.",
    ),
    "unknown_user": (
        project(inline(HARBOUR, selection(2, 11, coder=STRANGER))),
        "Somebody coded who is not among the users.",
    ),
    "missing_source": (project(RICH), "A-P1: Its text internal://a.docx is not in the file."),
    "unreadable_source": (packed(project(RICH), NO_WORD), "A-P1: The file is damaged"),
    "from_word": (
        packed(project(RICH), {"sources/a.docx": docx("<w:p><w:r><w:t>She.</w:t></w:r></w:p>")}),
        "A-P1: There is no plain text",
    ),
    "other_offsets": (mixed(), "A-N1: Its selections fit better"),
}
"""Code → a project of which it is warned, and how the message begins."""


@pytest.mark.parametrize("code", WARNINGS)
def test_a_warning_says_what_is_uncertain(code: str, tmp_path: Path) -> None:
    data, begins = WARNINGS[code]
    found = {one.code: one.message for one in read(data, tmp_path).warnings}
    assert begins in found[code]


def test_no_warning_of_a_project_is_left_out() -> None:
    folder = Path(refi_qda.__file__).parent
    written = {
        code
        for path in folder.glob("refi_*.py")
        for code in re.findall(
            r'(?:ReadingWarning|warn)\(\s*"(\w+)"', path.read_text(encoding="utf-8")
        )
    }
    assert written == set(WARNINGS)


def test_only_the_text_whose_offsets_count_otherwise_is_warned_of(tmp_path: Path) -> None:
    found = read(mixed(), tmp_path)
    assert found.facts["offset_rule"]["rule"] == "utf16"
    told = [one.message for one in found.warnings if one.code == "other_offsets"]
    assert len(told) == 1
    assert "(codepoint)" in told[0]

"""QualCoder's projects: trees of categories and codes, coders, cases, and every offset checked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qualcode.contents import ProjectContents
from qualcode.errors import ReadingError, UnknownName
from qualcode.importers.qualcoder import read_plain, read_qualcoder
from tests.importers.foreign_files import TEXT, WHEN, coded, qualcoder_rows


def contents(
    *codings: dict[str, Any], offsets: str | None = None, others: Any = None, **what: Any
) -> ProjectContents:
    tables = qualcoder_rows(*codings, **what)
    return read_qualcoder(tables, "data.qda", offsets=offsets, others=others)


def words(found: ProjectContents) -> list[str]:
    texts = {one.guid: one.named.reading.text for one in found.documents}
    return [texts[one.document][one.start : one.stop] for one in found.codings]


def lost(found: ProjectContents) -> list[tuple[str, str, str]]:
    """Element, fate and reason of the losses, but that of the dates."""
    return [
        (one.element, one.fate, one.reason) for one in found.losses if one.element != "date"
    ]  # fmt: skip


# Offsets


@pytest.mark.parametrize(
    "text",
    [TEXT, "\ufeff" + TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT.replace("\n", "\r\n")],
    ids=["plain", "bom", "crlf", "bom and crlf"],
)
def test_characters_as_stored_lie_where_the_words_are(text: str) -> None:
    codings = [coded(one, text=text) for one in ("Café 🙂", "walked over", "her name.")]
    found = contents(*codings, text=text)
    assert words(found) == ["Café 🙂", "walked over", "her name."]
    assert found.documents[0].named.reading.text == TEXT
    assert lost(found) == []


def test_a_byte_order_mark_counts_where_nothing_tells() -> None:
    text = "\ufeff" + TEXT
    codings = [coded(one, text=text, seltext="") for one in ("She", "over")]
    assert words(contents(*codings, text=text)) == ["She", "over"]


def test_if_the_words_kept_say_so_offsets_count_otherwise() -> None:
    codings = []
    for one in ("walked over", "naïve, I thought", "said her name"):
        start = len(TEXT[: TEXT.index(one)].encode("utf-16-le")) // 2
        codings.append({**coded(one), "pos0": start, "pos1": start + len(one)})
    found = contents(*codings)
    assert found.facts["offset_rule"]["unit"] == "UTF-16 code units"
    assert words(found) == ["walked over", "naïve, I thought", "said her name"]
    assert "other" in contents(*codings, offsets="codepoint-bom").warnings[0].code


def test_other_words_than_those_kept_are_told_and_the_place_stays() -> None:
    right = [coded(one) for one in ("Café", "naïve, I thought", "her name")]
    found = contents(*right, coded("walked over", seltext="She ran away"))
    assert words(found)[-1] == "walked over"
    assert lost(found) == [
        ("code_text", "approximate", "the words at its offsets are not those kept with it")
    ]
    assert [one.code for one in found.warnings] == ["other_words"]


@pytest.mark.parametrize(
    ("pos0", "pos1", "fate"),
    [(900, 910, "dropped"), (-5, 4, "dropped"), (9, 3, "dropped"), (3, 3, "dropped"),
     ("x", 4, "dropped"), (7, 9000, "changed")],
)  # fmt: skip
def test_offsets_that_leave_the_text_are_cut_or_dropped_and_told(
    pos0: Any, pos1: Any, fate: str
) -> None:
    found = contents(coded("Café", pos0=pos0, pos1=pos1, seltext=""))
    assert len(found.codings) == (fate == "changed")
    assert [one[1] for one in lost(found)] == [fate]


def test_there_is_no_such_rule() -> None:
    with pytest.raises(UnknownName):
        contents(offsets="bytes")


# Codes and coders


def test_categories_are_codes_that_are_not_applied() -> None:
    found = contents()
    assert [(one.code, one.parent, one.codable, one.colour) for one in found.codes] == [
        ("Contact", None, False, "#888888"),
        ("warm", "Contact", True, "#D55E00"),
        ("name said", "warm", True, "#0072B2"),
    ]
    assert [one.full for one in found.codes] == ["How they meet.", "In person.", ""]
    assert found.facts["code_depth"] == 3


def test_a_category_and_a_code_of_one_name_stay_two() -> None:
    category = {"catid": 1, "name": "Warm"}
    found = contents(code_cat=[category])
    assert [one.code for one in found.codes] == ["Warm", "warm (2)", "name said"]
    assert lost(found) == [("code", "changed", "its name is now warm (2)")]


def test_a_circle_of_categories_is_cut_and_told() -> None:
    circle = [
        {"catid": 1, "name": "a", "supercatid": 2},
        {"catid": 2, "name": "b", "supercatid": 1},
    ]
    found = contents(code_cat=circle)
    assert {one.code: one.parent for one in found.codes} == {
        "a": None, "b": "a", "warm": "a", "name said": "warm",
    }  # fmt: skip
    assert lost(found) == [
        ("category", "changed", "it stood under itself; it is at the top: a")
    ]  # fmt: skip


def test_a_bottomless_tree_is_refused() -> None:
    tower = [{"catid": n, "name": f"c{n}", "supercatid": n - 1} for n in range(1, 5000)]
    with pytest.raises(ReadingError, match="nested more than 64 deep"):
        contents(code_cat=tower)


def test_an_owner_is_a_coder_and_nobody_is_unknown() -> None:
    found = contents(coded("walked over", owner="ben"), coded("her name", owner=""))
    assert [one.name for one in found.coders] == ["ben", "unknown"]
    assert [one.code for one in found.warnings] == ["no_coder"]


def test_the_copies_of_a_project_that_two_coders_worked_on_do_not_shadow_each_other() -> None:
    # in either copy this is the first row of code_text, and the code was the third to be made
    ana = {"cid": 3, "name": "late", "memo": ""}
    ben = {"cid": 3, "name": "early", "memo": ""}
    base = qualcoder_rows()["code_name"]
    one = contents(coded("walked over", 3, "ana"), code_name=[*base, ana])
    other = contents(coded("her name", 3, "ben"), code_name=[*base, ben])
    assert one.documents[0].guid == other.documents[0].guid
    assert one.codings[0].guid != other.codings[0].guid
    assert one.codes[-1].id != other.codes[-1].id
    assert {code.code: code.id for code in one.codes}["warm"] == other.codes[1].id


def test_a_memo_on_a_coding_and_its_mark_come_along() -> None:
    found = contents(coded("walked over", memo="Why?", important=1))
    assert found.codings[0].exemplar
    memo = found.memos[0]
    assert (memo.on, memo.target, memo.body) == ("coding", found.codings[0].guid, "Why?")
    assert ("important", "changed", "it became an exemplar") in lost(found)


# What stands beside the codings


def everything() -> dict[str, Any]:
    return {
        "annotation": [
            {"fid": 1, "pos0": 0, "pos1": 6, "memo": "The café?", "owner": "rosa", "date": WHEN}
        ],
        "cases": [{"caseid": 1, "name": "P1", "memo": "Came twice.", "owner": "rosa"}],
        "case_text": [{"caseid": 1, "fid": 1, "pos0": 0, "pos1": len(TEXT)}],
        "attribute_type": [
            {"name": "age", "valuetype": "numeric"}, {"name": "site", "valuetype": "character"},
        ],
        "attribute": [
            {"name": "age", "attr_type": "case", "value": "41", "id": 1},
            {"name": "site", "attr_type": "file", "value": "North", "id": 1},
            {"name": "site", "attr_type": "case", "value": "", "id": 1},
        ],
        "journal": [{"name": "Day 1", "jentry": "Cold.", "owner": "ben", "date": WHEN}],
    }  # fmt: skip


def test_cases_become_participants_with_their_attributes() -> None:
    found = contents(**everything())
    (case,) = found.participants
    assert (case.label, dict(case.attributes)) == ("P1", {"age": "41"})
    assert case.documents == (found.documents[0].guid,)
    assert [(one.name, one.kind) for one in found.attributes] == [
        ("age", "number"), ("site", "text"),
    ]  # fmt: skip
    assert dict(found.documents[0].named.attributes) == {"site": "North"}


def test_annotations_and_the_journal_become_memos() -> None:
    memos = {(one.on, one.body) for one in contents(**everything()).memos}
    assert memos == {
        ("document", "“Café 🙂”\n\nThe café?"),
        ("participant", "Came twice."),
        ("project", "Day 1\n\nCold."),
        ("project", "About it."),
    }


def test_a_case_of_a_part_is_one_of_the_whole_document_and_told() -> None:
    part = [{"caseid": 1, "fid": 1, "pos0": 0, "pos1": 20}]
    found = contents(**{**everything(), "case_text": part})
    assert found.participants[0].documents
    assert ("case_text", "approximate", "it is of whole documents, not of 1 part of them") in lost(
        found
    )


def test_pictures_recordings_and_tables_of_other_things_are_told() -> None:
    sources = [
        *qualcoder_rows()["source"],
        {"id": 2, "name": "map.png", "mediapath": "/images/map.png"},
    ]
    found = contents(
        source=sources, code_image=[{"id": 2, "cid": 1}], others={"stored_sql": 2}
    )  # fmt: skip
    assert len(found.documents) == 1
    assert lost(found) == [
        ("source", "dropped", "it has no text, with its 1 coding"),
        ("code_image", "dropped", "areas of pictures have no place here: 1"),
        ("stored_sql", "dropped", "it has no place here: 2 rows"),
    ]


def test_a_coding_of_what_is_not_there_is_told() -> None:
    found = contents(coded("walked over", 9), {**coded("walked over"), "fid": 9})
    assert [one[2] for one in lost(found)] == ["its code is not there", "its source is not there"]


def test_odd_values_in_any_column_are_no_crash() -> None:
    odd: list[Any] = [None, "x", -1, 2**62, 1.5, ""]
    for table, rows in qualcoder_rows(coded("walked over"), **everything()).items():
        for column in rows[0]:
            for value in odd:
                tables = qualcoder_rows(coded("walked over"), **everything())
                tables[table] = [{**rows[0], column: value}, *rows[1:]]
                data = json.dumps({"tables": tables, "others": {}}).encode()
                read_plain(data, "data.qda", offsets=None, labels=[], selections=True)

"""XML from strangers."""

from __future__ import annotations

import pytest

from qualcode.errors import HostileFile, ReadingError
from qualcode.formats.xml import elements, parse, refuse_document_type

DECLARED = '<?xml version="1.0" encoding="{}"?>'


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE x><x/>",
        "<!doctype x><x/>",
        '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        '<x/><!ENTITY a "b">',
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_document_type_or_entity_is_refused_in_any_encoding(text: str, codec: str) -> None:
    with pytest.raises(HostileFile, match="document type or entities"):
        parse(text.encode(codec), "a.docx")


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "iso-2022-kr", "x-user-defined"])
def test_an_encoding_that_could_hide_one_is_refused(encoding: str) -> None:
    with pytest.raises(HostileFile, match="encoding that is not read"):
        refuse_document_type((DECLARED.format(encoding) + "<x/>").encode())


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "iso-8859-1"])
def test_usual_encodings_are_read(codec: str) -> None:
    root = parse((DECLARED.format(codec) + "<x>é</x>").encode(codec))
    assert root.text == "é"


def test_predefined_entities_and_characters_are_text() -> None:
    assert parse(b"<x>&lt;a&gt; &amp; &#233;</x>").text == "<a> & é"


def test_damaged_xml_is_an_error_with_its_line() -> None:
    with pytest.raises(ReadingError, match=r"^a\.docx: The XML is damaged .*\(line 2"):
        parse(b"<x>\n</y>", "a.docx")


@pytest.mark.parametrize("data", [b"", b" ", b"\xff\xfe", b"hello", b"\x4c\x6f\xa7\x94"])
def test_what_is_no_xml_is_refused(data: bytes) -> None:
    with pytest.raises(ReadingError):
        parse(data)


def test_a_text_of_more_than_ten_million_characters_is_refused() -> None:
    with pytest.raises(ReadingError, match="too large"):
        parse(b"<x>" + b"a" * 10_000_001 + b"</x>")


def test_very_deep_nesting_is_refused() -> None:
    with pytest.raises(ReadingError):
        parse(b"<a>" * 100_000 + b"</a>" * 100_000)


def test_elements_come_as_each_is_complete() -> None:
    found = [one.text for one in elements(b"<x><a>1</a><b>2</b><a>3</a></x>", ("a",))]
    assert found == ["1", "3"]


def test_damage_behind_the_first_elements_is_still_an_error() -> None:
    walked = elements(b"<x><a>1</a><a>", ("a",), "a.docx")
    with pytest.raises(ReadingError, match="damaged"):
        list(walked)

"""Attacks on every format that is XML or an archive: each is refused in one line.

Read in this process, by the reader itself: the walls must hold where the child's limits do not.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from qualcode.errors import HostileFile, ReadingError
from qualcode.importers import readers
from qualcode.importers.source import Source
from qualcode.model import Reading
from tests.importers import odt_files
from tests.importers.docx_files import archive, docx, p, root

SECRET = "canary-in-another-file"


def read_here(content: bytes, format_: str) -> Reading:
    return readers()[format_].read(Source("a", content, format_))


def refused(content: bytes, format_: str) -> ReadingError:
    with pytest.raises(ReadingError) as caught:
        read_here(content, format_)
    assert str(caught.value).startswith("a: ")
    assert "\n" not in str(caught.value)
    return caught.value


DOCX_BODY = root("document", f"<w:body>{p('Hello.')}</w:body>")
ODT_BODY = odt_files.content(odt_files.p("Hello."))
EAF = (
    '<?xml version="1.0" encoding="UTF-8"?><ANNOTATION_DOCUMENT><TIER TIER_ID="a"><ANNOTATION><A>'
    "<ANNOTATION_VALUE>Hello.</ANNOTATION_VALUE></A></ANNOTATION></TIER></ANNOTATION_DOCUMENT>"
)


def in_odt(name: str, part: bytes) -> bytes:
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": ODT_BODY,
            name: part,
        }
    )


def in_docx(name: str, part: bytes) -> bytes:
    return archive({"word/document.xml": DOCX_BODY, name: part})


CARRIERS: dict[str, tuple[str, str, Callable[[bytes], bytes]]] = {
    "docx body": ("docx", DOCX_BODY, lambda part: in_docx("word/document.xml", part)),
    "docx styles": ("docx", root("styles", ""), lambda part: in_docx("word/styles.xml", part)),
    "docx notes": ("docx", root("footnotes", ""), lambda part: in_docx("word/footnotes.xml", part)),
    "odt body": ("odt", ODT_BODY, lambda part: in_odt("content.xml", part)),
    "odt styles": ("odt", odt_files.page_styles(""), lambda part: in_odt("styles.xml", part)),
    "odt fields": ("odt", odt_files.page_styles(""), lambda part: in_odt("meta.xml", part)),
    "eaf": ("eaf", EAF, lambda part: part),
}
"""Where the XML stands → format, sound XML, and how the file is made of it."""


def declared(subset: str) -> Callable[[str], bytes]:
    """Put a document type before the root element."""

    def attack(sound: str) -> bytes:
        head, root_ = sound.split("?>", 1)
        return f"{head}?>{subset}{root_}".encode()

    return attack


def encoded(codec: str, mark: bytes = b"") -> Callable[[str], bytes]:
    """Hide a document type in an encoding."""

    def attack(sound: str) -> bytes:
        text = declared('<!DOCTYPE x [<!ENTITY e "lol">]>')(sound).decode()
        return mark + text.replace("UTF-8", codec, 1).encode(codec)

    return attack


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ATTACKS: dict[str, Callable[[str], bytes]] = {
    "an entity": declared('<!DOCTYPE x [<!ENTITY e "lol">]>'),
    "a billion laughs": declared(f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>'),
    "quadratic blow-up": declared(f'<!DOCTYPE x [<!ENTITY e "{"a" * 50_000}">]>'),
    "a file of the system": declared('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    "an address": declared('<!DOCTYPE x [<!ENTITY e SYSTEM "http://localhost:1/x">]>'),
    "an external type": declared('<!DOCTYPE x SYSTEM "http://localhost:1/x.dtd">'),
    "a public type": declared('<!DOCTYPE x PUBLIC "-//x" "http://localhost:1/x.dtd">'),
    "a parameter entity": declared('<!DOCTYPE x [<!ENTITY % e SYSTEM "file:///etc/passwd"> %e;]>'),
    "small letters": declared("<!doctype x>"),
    "after a comment": declared("<!-- x --><!DOCTYPE x>"),
    "UTF-16, little end": encoded("utf-16-le", b"\xff\xfe"),
    "UTF-16, big end": encoded("utf-16-be", b"\xfe\xff"),
    "UTF-16 without its mark": encoded("utf-16-le"),
    "UTF-32": encoded("utf-32-be"),
    "UTF-7": encoded("utf-7"),
    "EBCDIC": encoded("cp037"),
}


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_document_type_is_refused_wherever_it_hides(attack: str, carrier: str) -> None:
    format_, sound, made = CARRIERS[carrier]
    assert isinstance(refused(made(ATTACKS[attack](sound)), format_), HostileFile)


@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_same_file_without_an_attack_is_read(carrier: str) -> None:
    format_, sound, made = CARRIERS[carrier]
    assert "Hello." in read_here(made(sound.encode()), format_).text


@pytest.mark.parametrize("carrier", ["docx body", "odt body", "eaf"])
def test_nothing_is_included_from_another_file(tmp_path: Path, carrier: str) -> None:
    (tmp_path / "secret").write_text(SECRET)
    format_, sound, made = CARRIERS[carrier]
    include = (
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text"'
        f' href="{(tmp_path / "secret").as_uri()}"/>'
    )
    found = read_here(made(sound.replace("Hello.", f"Hello.{include}").encode()), format_)
    assert SECRET not in found.text


@pytest.mark.parametrize("carrier", CARRIERS)
def test_xml_of_ten_thousand_levels_is_refused_or_read(carrier: str) -> None:
    format_, sound, made = CARRIERS[carrier]
    place = sound.rindex("</")
    deep = sound[:place] + "<a>" * 10_000 + "</a>" * 10_000 + sound[place:]
    assert "damaged or too large" in str(refused(made(deep.encode()), format_))


ARCHIVES = {"docx": in_docx, "odt": in_odt}
WHOLE = {"docx": docx(p("Hello.")), "odt": odt_files.odt(odt_files.p("Hello."))}
both = pytest.mark.parametrize("format_", ARCHIVES)


@both
@pytest.mark.parametrize(
    "name", ["../x", "/x", "a/../../x", "..\\x", "C:\\x", "C:/x", "\\\\host\\x", "a/..", "..", "/"]
)
def test_an_entry_that_leads_out(format_: str, name: str) -> None:
    assert isinstance(refused(ARCHIVES[format_](name, b"x"), format_), HostileFile)


@both
def test_a_link(format_: str) -> None:
    file = io.BytesIO(WHOLE[format_])
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(file, "a") as written:
        written.writestr(link, "/etc/passwd")
    assert isinstance(refused(file.getvalue(), format_), HostileFile)


@both
def test_an_entry_twice(format_: str) -> None:
    file = io.BytesIO(WHOLE[format_])
    body = "content.xml" if format_ == "odt" else "word/document.xml"
    with (
        zipfile.ZipFile(file, "a") as written,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        written.writestr(body, "<x/>")
    assert isinstance(refused(file.getvalue(), format_), HostileFile)


@both
def test_65_thousand_entries(format_: str) -> None:
    file = io.BytesIO(WHOLE[format_])
    with zipfile.ZipFile(file, "a") as written:
        for n in range(65_000):
            written.writestr(zipfile.ZipInfo(f"{n}"), b"")
    assert "10,000 entries" in str(refused(file.getvalue(), format_))


@both
def test_a_body_that_unpacks_to_two_hundred_times_its_size(format_: str) -> None:
    sound = {"docx": DOCX_BODY, "odt": ODT_BODY}[format_]
    body = "content.xml" if format_ == "odt" else "word/document.xml"
    blank = sound.replace("Hello.", "Hello." + " " * 2_000_000).encode()
    assert "200 times" in str(refused(ARCHIVES[format_](body, blank), format_))


@both
@pytest.mark.parametrize("declared_size", [0, 1, 2**32 - 2])
def test_a_size_that_is_a_lie(format_: str, declared_size: int) -> None:
    sound = WHOLE[format_]
    body = b"content.xml" if format_ == "odt" else b"word/document.xml"
    content = bytearray(sound)
    at = sound.rindex(body) - 46  # the entry of the directory
    content[at + 24 : at + 28] = declared_size.to_bytes(4, "little")
    refused(bytes(content), format_)


@both
@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_no_word_processor_uses(format_: str, method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE[format_])) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name), method)
    assert "packed in a way" in str(refused(file.getvalue(), format_))


@both
def test_two_entries_over_the_same_bytes(format_: str) -> None:
    # the second entry of the directory points at the first one's bytes: the names differ
    content = bytearray(WHOLE[format_])
    first = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", first + 4)
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    try:
        found = read_here(bytes(content), format_).text
    except ReadingError as error:
        found = "Hello." if "\n" not in str(error) else ""
    assert found == "Hello."


@both
@pytest.mark.parametrize("part", range(1, 13))
def test_a_file_cut_off_anywhere(format_: str, part: int) -> None:
    whole = WHOLE[format_]
    assert "damaged" in str(refused(whole[: len(whole) * part // 13], format_))


@both
def test_an_archive_in_an_archive_is_left_packed(format_: str) -> None:
    nested = ARCHIVES[format_]("nested.zip", archive({"../x": "x"}))
    assert read_here(nested, format_).text == "Hello."

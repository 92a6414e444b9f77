"""Files made to do harm, or damaged: one line, nothing read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from qualcode.errors import HostileFile, ReadingError
from tests.importers.docx_files import archive, docx, p, root
from tests.importers.files import reading

BODY = root("document", f"<w:body>{p('Hello.')}</w:body>")


def refused(tmp_path: Path, name: str, content: bytes) -> ReadingError:
    with pytest.raises(ReadingError) as caught:
        reading(tmp_path, name, content)
    assert str(caught.value).startswith(f"{tmp_path / name}: ")
    assert "\n" not in str(caught.value)
    return caught.value


def twice(name: str, content: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        written.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate"):
            written.writestr(name, content)
    return file.getvalue()


def test_a_document_type_in_the_body(tmp_path: Path) -> None:
    bomb = BODY.replace("<w:document", '<!DOCTYPE x [<!ENTITY e "lol">]><w:document', 1)
    error = refused(tmp_path, "a.docx", archive({"word/document.xml": bomb}))
    assert isinstance(error, HostileFile)
    assert "document type" in str(error)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_document_type_written_in_utf_16(tmp_path: Path, encoding: str) -> None:
    bomb = BODY.replace("UTF-8", "UTF-16").replace("<w:doc", "<!doctype x><w:doc", 1)
    mark = "\ufeff".encode(encoding)
    error = refused(
        tmp_path, "a.docx", archive({"word/document.xml": mark + bomb.encode(encoding)})
    )
    assert "document type" in str(error)


@pytest.mark.parametrize("part", ["styles", "comments", "header1", "footnotes"])
def test_a_document_type_in_any_part_that_is_read(tmp_path: Path, part: str) -> None:
    error = refused(tmp_path, "a.docx", docx(p("Hello."), **{part: "<!DOCTYPE x><x/>"}))
    assert isinstance(error, HostileFile)


def test_a_part_that_unpacks_to_two_hundred_times_its_size(tmp_path: Path) -> None:
    bomb = root("document", f"<w:body>{p(' ' * 3_000_000)}</w:body>")
    error = refused(tmp_path, "a.docx", archive({"word/document.xml": bomb}))
    assert isinstance(error, HostileFile)
    assert "200 times" in str(error)


def test_more_entries_than_any_document_has(tmp_path: Path) -> None:
    many = archive({"word/document.xml": BODY, **{f"a{n}": "" for n in range(10_001)}})
    assert "10,000 entries" in str(refused(tmp_path, "a.docx", many))


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "word/../../evil", "C:\\evil", "..\\x"])
def test_an_entry_that_leads_out_of_the_archive(tmp_path: Path, name: str) -> None:
    error = refused(tmp_path, "a.docx", archive({"word/document.xml": BODY, name: "x"}))
    assert isinstance(error, HostileFile)
    assert not (tmp_path.parent / "evil").exists()


def test_two_entries_of_one_name(tmp_path: Path) -> None:
    error = refused(tmp_path, "a.docx", twice("word/document.xml", BODY))
    assert "two entries of one name" in str(error)


def test_a_link_in_the_archive(tmp_path: Path) -> None:
    file = io.BytesIO()
    link = zipfile.ZipInfo("word/link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(file, "w") as written:
        written.writestr("word/document.xml", BODY)
        written.writestr(link, "/etc/passwd")
    assert "link" in str(refused(tmp_path, "a.docx", file.getvalue()))


def test_an_encrypted_entry(tmp_path: Path) -> None:
    content = bytearray(archive({"word/document.xml": BODY}))
    content[6] |= 1  # the flag, in the entry and in the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in str(refused(tmp_path, "a.docx", bytes(content)))


def test_a_document_with_a_password(tmp_path: Path) -> None:
    # Word wraps an encrypted document in an old compound file with a stream of this name
    wrapped = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    assert "encrypted" in str(refused(tmp_path, "a.docx", wrapped))


def test_an_old_word_file(tmp_path: Path) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert "save it as .docx" in str(refused(tmp_path, "a.doc", old))


def test_a_truncated_document(tmp_path: Path) -> None:
    content = docx(p("Hello."))
    assert "damaged" in str(refused(tmp_path, "a.docx", content[: len(content) // 2]))


def test_a_document_whose_checksum_is_wrong(tmp_path: Path) -> None:
    content = archive({"word/document.xml": BODY}, packed=False).replace(b"Hello.", b"Jello.")
    assert "damaged" in str(refused(tmp_path, "a.docx", content))


def test_xml_that_is_not_well_formed(tmp_path: Path) -> None:
    broken = archive({"word/document.xml": BODY.replace("</w:body>", "")})
    assert "damaged" in str(refused(tmp_path, "a.docx", broken))


def test_an_archive_that_is_no_word_document(tmp_path: Path) -> None:
    assert "no Word document" in str(refused(tmp_path, "a.docx", archive({"a.txt": "Hello."})))
    assert "archive of another kind" in str(
        refused(tmp_path, "a.zip", archive({"a.txt": "Hello."}))
    )


def test_a_document_that_calls_itself_a_text_is_still_checked(tmp_path: Path) -> None:
    content = archive({"word/document.xml": BODY, "../evil": "x"})
    refused(tmp_path, "a.txt", content)

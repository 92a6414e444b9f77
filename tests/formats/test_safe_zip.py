"""Archives are read by exact name and within limits."""

from __future__ import annotations

import io
import zipfile

import pytest

from qualcode.errors import HostileFile, ReadingError
from qualcode.formats import safe_zip
from qualcode.formats.safe_zip import SafeZip


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return file.getvalue()


def test_a_member_is_read_by_its_exact_name() -> None:
    found = SafeZip(archive(a=b"one", b=b"two"))
    assert (found.names(), "a" in found, "A" in found) == (["a", "b"], True, False)
    assert found.read("b") == b"two"


def test_a_missing_member_is_an_error_that_names_the_file() -> None:
    with pytest.raises(ReadingError, match=r"^x\.docx: A part of the file is missing"):
        SafeZip(archive(a=b"one"), "x.docx").read("b")


def test_the_limit_counts_all_that_was_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_zip, "UNPACKED_LIMIT", 2_500)
    found = SafeZip(archive(a=b"x" * 1_000, b=b"y" * 1_000))
    found.read("a")
    found.read("b")
    with pytest.raises(HostileFile, match="unpacks to more than"):
        found.read("a")


def test_an_archive_that_admits_its_size_is_refused_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(safe_zip, "UNPACKED_LIMIT", 1_500)
    with pytest.raises(HostileFile, match="unpacks to more than"):
        SafeZip(archive(a=b"x" * 1_000, b=b"y" * 1_000))


def test_a_size_that_an_archive_understates_is_not_believed() -> None:
    content = archive(a=b"x" * 1_000)
    understated = content.replace((1_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert understated != content
    with pytest.raises(ReadingError, match="damaged"):
        SafeZip(understated).read("a")


def test_a_small_part_may_shrink_as_much_as_it_likes() -> None:
    assert len(SafeZip(archive(a=b" " * 90_000)).read("a")) == 90_000


def test_a_large_part_may_not() -> None:
    with pytest.raises(HostileFile, match="200 times its size"):
        SafeZip(archive(a=b" " * 1_000_000)).read("a")


@pytest.mark.parametrize("flag", [0x20, 0x40])
def test_a_member_that_claims_patches_or_strong_encryption_is_damaged(flag: int) -> None:
    content = bytearray(archive(a=b"one"))
    content[6] |= flag
    content[content.index(b"PK\x01\x02") + 8] |= flag
    with pytest.raises(ReadingError, match="damaged"):
        SafeZip(bytes(content)).read("a")


def test_an_unusual_packing_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as written:
        written.writestr("a", b"one")
    with pytest.raises(ReadingError, match="packed in a way"):
        SafeZip(file.getvalue()).read("a")


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x05\x06", b"hello", b"PK\x03\x04" + bytes(50)]
)
def test_what_is_no_archive_is_an_error(content: bytes) -> None:
    with pytest.raises(ReadingError, match="damaged or not an archive"):
        SafeZip(content)


@pytest.mark.parametrize("name", ["/a", "\\a", "../a", "a/../../b", "a\\..\\b", "C:/a", ".."])
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(HostileFile, match="leads out"):
        SafeZip(archive(**{name: b"x"}))


@pytest.mark.parametrize("name", ["a..b", "a/b..", "...", "word/document.xml"])
def test_dots_in_a_name_are_fine(name: str) -> None:
    assert SafeZip(archive(**{name: b"x"})).read(name) == b"x"

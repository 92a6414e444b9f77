"""Words of files, wherever they stand."""

from __future__ import annotations

import io
import zipfile

import pytest

from qualcode.errors import HostileFile, ReadingError
from qualcode.formats.all_words import words_of


def archive(**parts: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/") + ".xml", text)
    return held.getvalue()


def texts(data: bytes, path: str) -> str:
    return "\n".join(text for _, text in words_of(data, path)["words"])


def test_runs_of_a_paragraph_are_one_word_and_paragraphs_are_two() -> None:
    part = "<d xmlns='w'><p><r><t>Da</t></r><r><t>na</t></r></p><p><r><t>Will</t></r></p></d>"
    assert "Dana\nWill" in texts(archive(word__document=part), "x.docx")


def test_attributes_and_remarks_are_words() -> None:
    found = texts(archive(a="<d author='Dana'><!--Rosa--></d>"), "x.docx")
    assert "Dana" in found
    assert "Rosa" in found


def test_a_shared_string_of_a_workbook_tells_its_cell() -> None:
    data = archive(
        xl__sharedStrings="<sst xmlns='m'><si><t>Da</t><r><t>na</t></r></si></sst>",
        xl__worksheets__sheet1="<s xmlns='m'><c r='B2' t='s'><v>0</v></c></s>",
    )
    assert ["sheet1, cell B2", "Dana"] in [
        [place, text.strip()] for place, text in words_of(data, "x.xlsx")["words"]
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("x.html", "<p title='Rosa'><b>Da</b>na</p><!-- Gus -->"),
        ("x.json", '{"Rosa": ["Dana", {"a": "Gus"}]}'),
        ("x.csv", 'Rosa,b\n"Dana",Gus\n'),
        ("x.vtt", "WEBVTT\n\n<v Rosa>Dana, Gus"),
    ],
)
def test_every_part_of_a_text_file_is_read(path: str, text: str) -> None:
    found = texts(text.encode(), path)
    assert all(name in found for name in ("Dana", "Rosa", "Gus"))


def test_escaped_letters_of_json_are_read() -> None:
    assert "Núñez" in texts(b'{"a": "N\\u00fa\\u00f1ez"}', "x.json")


def test_a_document_type_is_refused() -> None:
    with pytest.raises(HostileFile):
        words_of(archive(a="<!DOCTYPE d><d/>"), "x.docx")


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ReadingError, match="cannot be looked into"):
        words_of(b"\x7fELF\0\0", "x")


def test_pictures_in_an_archive_are_said_to_be_unread() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("word/media/a.png", b"\x89PNG\r\n")
    assert words_of(held.getvalue(), "x.docx")["unread"] == ["word/media/a.png"]

"""Pictures in a Word report: inside the file, described, and no wider than the page."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from docx import Document
from lxml import etree

from qualcode.errors import ExportError
from qualcode.exporters.word import write_word
from qualcode.exporters.word.pictures import WP
from tests.exporters.reports import part, pictured, png, report, written

EMU = 12_700


def test_a_picture_reopens_with_its_words_for_who_cannot_see_it(tmp_path: Path) -> None:
    path = written(report(pictured(), pictured(width=144)), tmp_path)
    document = Document(str(path))
    # 96 x 48 dots, 96 to the inch: an inch across, half an inch down
    assert [(s.width, s.height) for s in document.inline_shapes] == [
        (72 * EMU, 36 * EMU), (144 * EMU, 72 * EMU),
    ]  # fmt: skip
    found = list(part(path).iter(f"{{{WP}}}docPr"))
    assert [(one.get("id"), one.get("descr")) for one in found] == [
        ("1", "Two bars."), ("2", "Two bars."),
    ]  # fmt: skip
    blobs = [
        document.part.related_parts[s._inline.graphic.graphicData.pic.blipFill.blip.embed].blob
        for s in document.inline_shapes
    ]
    assert blobs == [png(), png()]


def test_the_package_says_what_its_pictures_are(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(report(pictured()), tmp_path)) as file:
        types = etree.fromstring(file.read("[Content_Types].xml"))
        links = etree.fromstring(file.read("word/_rels/document.xml.rels"))
        targets = [one.get("Target") for one in links if "/image" in str(one.get("Type"))]
        assert [file.read(f"word/{target}") for target in targets] == [png()]
    assert [e.get("ContentType") for e in types if e.get("Extension") == "png"] == ["image/png"]
    ids = [one.get("Id") for one in links]
    assert len(ids) == len(set(ids))


def test_a_picture_is_made_to_fit_and_keeps_its_shape(tmp_path: Path) -> None:
    wide = pictured(data=png(3000, 300, per_metre=11811))  # 300 dpi: 10 inches by 1
    (shape,) = Document(str(written(report(wide), tmp_path))).inline_shapes
    assert shape.width == 468 * EMU  # 6.5 inches of text
    assert shape.height == pytest.approx(46.8 * EMU, abs=EMU)


@pytest.mark.parametrize("data", [b"GIF89a", b"\x89PNG\r\n\x1a\n", png(0, 4)])
def test_what_is_no_picture_is_refused_and_nothing_replaced(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(b"before")
    with pytest.raises(ExportError, match="Codes by site"):
        write_word(report(pictured(data=data)), path, force=True)
    assert path.read_bytes() == b"before"

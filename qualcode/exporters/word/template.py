"""A house template: a docx or dotx whose page, header, footer and styles the report takes on.

Styles are found by name, as Word shows it, whatever their ids (a German Word calls the id of
"heading 1" "berschrift1"); they get the ids that the body is written with. What is not there is
added. Its text, comments and properties stay behind, and so does what points out of the file.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from qualcode.errors import ExportError, ReadingError
from qualcode.exporters.word.styles import STYLES, style_xml
from qualcode.exporters.word.xml import NAMESPACES
from qualcode.formats.safe_zip import SafeZip

_TYPES = "[Content_Types].xml"
_TEMPLATE, _DOCUMENT = (
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
)
_LARGEST = 50_000_000
_NAMING = frozenset(
    qn(f"w:{tag}")
    for tag in ("basedOn", "next", "link", "pStyle", "rStyle", "tblStyle", "numStyleLink")
)
"""Elements whose value is the id of a style."""

_UNWANTED_SETTINGS = (
    "attachedTemplate", "documentProtection", "writeProtection", "mailMerge", "docVars", "rsids",
    "trackRevisions", "updateFields", "saveThroughXslt", "linkStyles", "footnotePr", "endnotePr",
)  # fmt: skip


def open_template(path: Path) -> Any:
    """The document in a file, its styles ready for the report.

    Raises:
        ExportError: It cannot be read, is no Word file, or has a style of one of the report's
            names that is of another kind.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ExportError(f"The template {path} cannot be read: {error.strerror}.") from error
    try:
        document: Any = Document(io.BytesIO(_as_document(data, path)))
        document.styles.element.findall(qn("w:style"))
    except (ReadingError, OpcError, KeyError, ValueError, etree.LxmlError) as error:
        raise ExportError(
            f"The template {path} is not a Word file (.docx or .dotx); nothing was written."
        ) from error
    _take_ids(document, path)
    _clean_settings(document)
    return document


def add_missing_styles(document: Any) -> None:
    """Add what the report needs and the document does not have."""
    styles = document.styles.element
    there = {_key(style) for style in styles.findall(qn("w:style"))}
    for style in STYLES:
        if (style.kind, style.name.casefold()) not in there:
            definition = style_xml(style).replace("<w:style ", f"<w:style {NAMESPACES} ", 1)
            styles.append(parse_xml(definition))


def _as_document(data: bytes, path: Path) -> bytes:
    """The file, checked for what no archive may do; a dotx says that it is a docx."""
    if len(data) > _LARGEST:
        raise ReadingError(str(path), "The file is too large.")
    archive = SafeZip(data, str(path))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as new:
        for name in archive.names():
            content = archive.read(name)
            new.writestr(name, content.replace(_TEMPLATE, _DOCUMENT) if name == _TYPES else content)
    return made.getvalue()


def _take_ids(document: Any, path: Path) -> None:
    """Give the template's styles the ids that the body uses."""
    styles = document.styles.element.findall(qn("w:style"))
    ours = {style.name.casefold(): style for style in STYLES}
    renamed: dict[str, str] = {}
    for element in styles:
        kind, name = _key(element)
        wanted = ours.get(name)
        if wanted is None:
            continue
        if kind != wanted.kind:
            raise ExportError(
                f'The template {path} has a {kind} style "{wanted.name}"; the report needs a '
                f"{wanted.kind} style of that name. Rename it in the template."
            )
        renamed[element.get(qn("w:styleId"))] = wanted.id
    taken = {style.id for style in STYLES}
    for element in styles:
        id_ = element.get(qn("w:styleId"))
        if id_ in taken and id_ not in renamed:
            renamed[id_] = f"{id_}House"
    for root in _roots(document):
        for element in root.iter():
            key = qn("w:styleId") if element.tag == qn("w:style") else qn("w:val")
            if element.tag in _NAMING or element.tag == qn("w:style"):
                id_ = element.get(key)
                if id_ in renamed:
                    element.set(key, renamed[id_])


def _roots(document: Any) -> Iterator[Any]:
    """The XML of every part that is kept."""
    yield document.part.element
    for relationship in document.part.rels.values():
        if not relationship.is_external and hasattr(relationship.target_part, "element"):
            yield relationship.target_part.element


def _key(style: Any) -> tuple[str, str]:
    name = style.find(qn("w:name"))
    return style.get(qn("w:type"), "paragraph"), (
        "" if name is None else str(name.get(qn("w:val"))).casefold()
    )


def _clean_settings(document: Any) -> None:
    """Leave out what asks questions at opening, and where the template came from."""
    settings = document.settings.element
    for name in _UNWANTED_SETTINGS:
        for element in settings.findall(qn(f"w:{name}")):
            settings.remove(element)
    links = document.part._settings_part.rels
    for key, relationship in list(links.items()):
        if relationship.is_external:
            links.pop(key)

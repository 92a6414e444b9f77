"""A project as REFI-QDA: what other programs for qualitative research can open.

``ProjectContents`` in, an archive of ``project.qde`` and ``sources/`` out; and a codebook alone as
``.qdc``. What is written is compared with the grammar of the standard before it takes its name.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias, get_args
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from qualcode.contents import (
    ForeignCoding,
    ForeignDocument,
    ForeignMemo,
    Loss,
    ProjectContents,
)
from qualcode.exporters.files import new_file
from qualcode.exporters.refi_kept import KeptBack
from qualcode.formats.refi import (
    CODEBOOK_NAMESPACE,
    PROJECT_NAMESPACE,
    description_of,
)
from qualcode.formats.refi_elements import problems
from qualcode.model import Code
from qualcode.text.safe import xml_safe

Target: TypeAlias = Literal["spec", "atlas", "maxqda", "nvivo"]
TARGETS: tuple[str, ...] = get_args(Target)
"""``spec``: LF, code points; ``atlas`` and ``maxqda``: CRLF that counts as one; ``nvivo``: a byte
order mark, CRLF that counts as two, UTF-16 units. Only ``spec`` is more than second-hand."""

QUOTE = 100
"""Characters of a selection's name."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Date of the archive's entries: the same data give the same bytes."""

_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FRACTION = re.compile(r"\.\d+(?=Z$)")
_VALUES = {"Float": "FloatValue", "Date": "DateValue", "Text": "TextValue"}


@dataclass(slots=True)
class _Writing:
    """What is noted on the way."""

    replaced: int = 0
    """Characters that XML cannot hold."""

    notes: list[tuple[str, ForeignMemo]] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    """What was kept from an import and had no valid place, or not as it was."""

    def safe(self, text: str) -> str:
        clean, n = xml_safe(text)
        self.replaced += n
        return clean


@dataclass(frozen=True, slots=True)
class Written:
    """What writing a file had to change."""

    replaced: int
    """Characters that XML cannot hold, shown as U+FFFD."""

    losses: tuple[Loss, ...] = ()
    """What was kept from an import and could not go back, or not as it was."""


def derived(*parts: object) -> str:
    """A GUID made of others: the same parts always give the same one."""
    return str(uuid5(NAMESPACE_URL, "urn:qualcode:" + "/".join(map(str, parts))))


def write_qdpx(
    contents: ProjectContents, out: Path, *, target: Target = "spec", force: bool = False
) -> Written:
    """Write a project.

    Args:
        contents: What to write; offsets are those of the documents' texts. Every coding names its
            coder.
        target: Which program shall read it: how offsets count, and how lines end.

    Raises:
        ExportError: it cannot be written there.
        AssertionError: it would not be valid; nothing was written.
    """
    writing = _Writing()
    root = _project(contents, target, writing)
    assert not problems(root), problems(root)[0]
    with new_file(out, force=force) as file, zipfile.ZipFile(file, "w") as archive:
        _entry(archive, "project.qde", _xml(root))
        for one in contents.documents:
            _entry(archive, f"sources/{one.guid}.txt", _stored(one.named.reading.text, target))
    return Written(writing.replaced, tuple(writing.losses))


def write_qdc(codes: Sequence[Code], out: Path, *, origin: str, force: bool = False) -> Written:
    """Write a codebook alone.

    Args:
        codes: Parents before their children; ``id`` is the GUID.
    """
    writing = _Writing()
    root = _root("CodeBook", CODEBOOK_NAMESPACE)
    root.set("origin", origin)
    if codes:
        _codes(root, codes, {}, writing)
    tree = etree.fromstring(etree.tostring(_named(root, CODEBOOK_NAMESPACE)))
    assert not problems(tree), problems(tree)[0]
    with new_file(out, force=force) as file:
        file.write(_xml(tree))
    return Written(writing.replaced)


def _entry(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    archive.writestr(info, data)


def _xml(root: etree._Element) -> bytes:
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return data


def _stored(text: str, target: Target) -> bytes:
    if target == "spec":
        return text.encode()
    mark = "\ufeff" if target == "nvivo" else ""
    return (mark + text.replace("\n", "\r\n")).encode()


class _Counting:
    """Offsets of a text as a target counts them."""

    def __init__(self, text: str, target: Target) -> None:
        wide = target == "nvivo"
        self._astral = [i for i, char in enumerate(text) if char > "\uffff"] if wide else []
        self._ends = [i for i, char in enumerate(text) if char == "\n"] if wide else []

    def at(self, position: int) -> str:
        more = bisect_left(self._astral, position) + bisect_left(self._ends, position)
        return str(position + more)


def _root(name: str, namespace: str) -> etree._Element:
    """An empty document whose names stand without a prefix."""
    return etree.fromstring(f'<{name} xmlns="{namespace}"/>')


def _named(element: etree._Element, namespace: str) -> etree._Element:
    """The same tree with every name in the namespace."""
    for one in element.iter():
        if isinstance(one.tag, str) and not one.tag.startswith("{"):
            one.tag = f"{{{namespace}}}{one.tag}"
    return element


def _project(contents: ProjectContents, target: Target, writing: _Writing) -> etree._Element:
    root = _root("Project", PROJECT_NAMESPACE)
    root.set("name", writing.safe(contents.title) or "project")
    # Which way of counting it is: a reader of few selections could not tell.
    root.set("origin", contents.origin + ("" if target == "spec" else f" for {target}"))
    notes = _Notes(contents.memos)
    if contents.coders:
        users = etree.SubElement(root, "Users")
        for coder in contents.coders:
            etree.SubElement(users, "User", guid=coder.guid, name=writing.safe(coder.name))
    if contents.codes:
        _codes(etree.SubElement(root, "CodeBook"), contents.codes, notes.of("code"), writing)
    kinds = _variables(root, contents, writing)
    _cases(root, contents, kinds, writing)
    _sources(root, contents, kinds, notes, target, writing)
    notes.write(root, writing)
    _references(root, notes.of("project").get("", ()))
    if contents.kept:
        back = KeptBack(root)
        back.put(contents.kept)
        writing.losses += back.losses
    _named(root, PROJECT_NAMESPACE)
    etree.cleanup_namespaces(root)
    return root


class _Notes:
    """Memos by what they are on; each is written once, and referred to."""

    def __init__(self, memos: Iterable[ForeignMemo]) -> None:
        self._memos: dict[str, ForeignMemo] = {}
        self._by: dict[str, dict[str, list[str]]] = {}
        for memo in memos:
            if memo.on == "participant":
                continue  # a case refers to no note; its description says it
            id_ = memo.guid or derived("note", memo.on, memo.target, memo.created_at, memo.body)
            self._memos.setdefault(id_, memo)
            self._by.setdefault(memo.on, {}).setdefault(memo.target, []).append(id_)

    def of(self, on: str) -> Mapping[str, Sequence[str]]:
        """What they are on → GUIDs of the notes."""
        return self._by.get(on, {})

    def write(self, root: etree._Element, writing: _Writing) -> None:
        if not self._memos:
            return
        container = etree.SubElement(root, "Notes")
        for id_, memo in self._memos.items():
            note = etree.SubElement(container, "Note", guid=id_)
            _made(note, memo.coder, memo.created_at)
            content = etree.SubElement(note, "PlainTextContent")
            content.text = writing.safe(memo.body)


def _made(element: etree._Element, coder: str, at: str) -> None:
    if coder:
        element.set("creatingUser", coder)
    if at:
        element.set("creationDateTime", _moment(at))


def _moment(at: str) -> str:
    """A time of ours as the standard has it: UTC, whole seconds."""
    return _FRACTION.sub("", at if at.endswith("Z") else at.replace("+00:00", "Z"))


def _references(element: etree._Element, notes: Iterable[str]) -> None:
    for id_ in notes:
        etree.SubElement(element, "NoteRef", targetGUID=id_)


def _codes(
    parent: etree._Element,
    codes: Sequence[Code],
    notes: Mapping[str, Sequence[str]],
    writing: _Writing,
) -> None:
    top = etree.SubElement(parent, "Codes")
    places: dict[str, etree._Element] = {}
    for code in codes:
        above = top if code.parent is None else places[code.parent]
        element = etree.SubElement(
            above, "Code", guid=code.id, name=writing.safe(code.title),
            isCodable="true" if code.codable else "false", color=code.colour.upper(),
        )  # fmt: skip
        places[code.code] = element
        fields: dict[str, str | Sequence[str]] = {
            name: getattr(code, name)
            for name in ("brief", "full", "use_when", "not_when", "example", "near_miss")
        }
        words = description_of(fields)
        if words:
            etree.SubElement(element, "Description").text = writing.safe(words)
        _references(element, notes.get(code.id, ()))


@dataclass(frozen=True, slots=True)
class _Kind:
    """A variable as it is written."""

    guid: str
    type: str


def _variables(
    root: etree._Element, contents: ProjectContents, writing: _Writing
) -> dict[str, _Kind]:
    """Write the variables; one is typed only if each of its values fits the type."""
    values: dict[str, list[str]] = {}
    owners = [one.attributes for one in contents.participants]
    for attributes in (*owners, *(one.named.attributes for one in contents.documents)):
        for name, value in attributes.items():
            values.setdefault(name, []).append(value)
    if not contents.attributes:
        return {}
    container = etree.SubElement(root, "Variables")
    kinds = {}
    for one in contents.attributes:
        held = values.get(one.name, [])
        type_ = "Text"
        if one.kind == "number" and all(_DECIMAL.fullmatch(value) for value in held):
            type_ = "Float"
        elif one.kind == "date" and all(_DAY.fullmatch(value) for value in held):
            type_ = "Date"
        kinds[one.name] = _Kind(one.guid, type_)
        etree.SubElement(
            container, "Variable", guid=one.guid, name=writing.safe(one.name), typeOfVariable=type_
        )
    return kinds


def _values_of(
    element: etree._Element,
    attributes: Mapping[str, str],
    kinds: Mapping[str, _Kind],
    writing: _Writing,
) -> None:
    for name, value in attributes.items():
        kind = kinds.get(name)
        if kind is not None:
            held = etree.SubElement(element, "VariableValue")
            etree.SubElement(held, "VariableRef", targetGUID=kind.guid)
            etree.SubElement(held, _VALUES[kind.type]).text = writing.safe(value)


def _cases(
    root: etree._Element,
    contents: ProjectContents,
    kinds: Mapping[str, _Kind],
    writing: _Writing,
) -> None:
    if not contents.participants:
        return
    described: dict[str, list[str]] = {}
    for memo in contents.memos:
        if memo.on == "participant":
            described.setdefault(memo.target, []).append(memo.body)
    container = etree.SubElement(root, "Cases")
    for one in contents.participants:
        case = etree.SubElement(container, "Case", guid=one.guid, name=writing.safe(one.label))
        if one.guid in described:
            words = "\n\n".join(described[one.guid])
            etree.SubElement(case, "Description").text = writing.safe(words)
        _values_of(case, one.attributes, kinds, writing)
        for document in one.documents:
            etree.SubElement(case, "SourceRef", targetGUID=document)


def _sources(
    root: etree._Element,
    contents: ProjectContents,
    kinds: Mapping[str, _Kind],
    notes: _Notes,
    target: Target,
    writing: _Writing,
) -> None:
    if not contents.documents:
        return
    container = etree.SubElement(root, "Sources")
    codings: dict[str, list[ForeignCoding]] = {}
    for coding in contents.codings:
        codings.setdefault(coding.document, []).append(coding)
    for one in contents.documents:
        source = etree.SubElement(
            container, "TextSource", guid=one.guid, name=writing.safe(one.named.name),
            plainTextPath=f"internal://{one.guid}.txt",
        )  # fmt: skip
        _selections(source, one, codings.get(one.guid, []), notes, target, writing)
        _references(source, notes.of("document").get(one.guid, ()))
        _values_of(source, one.named.attributes, kinds, writing)


def _selections(
    source: etree._Element,
    document: ForeignDocument,
    codings: Sequence[ForeignCoding],
    notes: _Notes,
    target: Target,
    writing: _Writing,
) -> None:
    """One selection for each span and coder, in text order, with every code given there."""
    text = document.named.reading.text
    counting = _Counting(text, target)
    places: dict[tuple[int, int, str], list[ForeignCoding]] = {}
    taken = {""}
    for coding in codings:
        places.setdefault((coding.start, coding.stop, coding.coder), []).append(coding)
    for (start, stop, coder), here in sorted(places.items(), key=lambda item: item[0]):
        words = " ".join(text[start : start + 2 * QUOTE if stop - start > QUOTE else stop].split())
        name = words if len(words) <= QUOTE else words[:QUOTE] + "…"
        known = next((c.selection for c in here if c.selection not in taken), "")
        id_ = known or derived("selection", document.guid, coder, start, stop)
        taken.add(id_)
        selection = etree.SubElement(
            source, "PlainTextSelection", guid=id_, name=writing.safe(name),
            startPosition=counting.at(start), endPosition=counting.at(stop),
        )  # fmt: skip
        _made(selection, coder, min(filter(None, (c.created_at for c in here)), default=""))
        for coding in here:
            element = etree.SubElement(selection, "Coding", guid=coding.guid)
            _made(element, coding.coder, coding.created_at)
            etree.SubElement(element, "CodeRef", targetGUID=coding.code)
            _references(element, notes.of("coding").get(coding.guid, ()))


def count_of(contents: ProjectContents) -> Counter[str]:
    """What a file holds, by kind, each named for one: for the line that says what was written."""
    return Counter(
        code=len(contents.codes), document=len(contents.documents), coding=len(contents.codings),
        memo=len(contents.memos), participant=len(contents.participants),
    )  # fmt: skip

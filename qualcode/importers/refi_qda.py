"""REFI-QDA projects: ``.qdpx`` and bare ``.qde``, as NVivo, MAXQDA, ATLAS.ti and others write them.

Everything is read in a child process with limits. What has no place here is kept as it is written,
or named in the losses: nothing vanishes unsaid.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qualcode.contents import (
    ForeignCoder,
    ForeignDocument,
    ProjectContents,
    from_plain,
    to_plain,
)
from qualcode.errors import ReadingError, UnknownName
from qualcode.formats.refi import (
    RefiCode,
    child,
    codes_of,
    colour,
    definition_of,
    guid,
    local,
    said,
    unique_names,
)
from qualcode.formats.refi_elements import problems
from qualcode.formats.refi_positions import BY_NAME
from qualcode.formats.xml import parse
from qualcode.importers.guarded import call
from qualcode.importers.refi_codings import (
    read_on_source,
    read_recording,
    read_selections,
    read_transcript,
    sync_points,
)
from qualcode.importers.refi_facts import facts_of, inventory, source_of
from qualcode.importers.refi_found import Found
from qualcode.importers.refi_package import Package
from qualcode.importers.refi_rest import (
    children_of,
    keep_rest,
    read_cases,
    read_notes,
    read_sets,
    read_variables,
)
from qualcode.importers.refi_texts import (
    FORMAT,
    SourceText,
    choose_rule,
    derived,
    texts_of,
)
from qualcode.importers.source import PathLike, load
from qualcode.model import Code, NamedReading

if TYPE_CHECKING:
    from lxml.etree import _Element

ENDINGS = (".qdpx", ".qde")
DEFAULT_COLOUR = "#888888"


def is_project(path: PathLike) -> bool:
    """Tell by the ending whether a file is a project of another program."""
    return os.fspath(path).casefold().endswith(ENDINGS)


def read_project(
    path: PathLike,
    *,
    offsets: str | None = None,
    split_codes: str | None = None,
    labels: Collection[str] = (),
    selections: bool = False,
    large: bool = False,
) -> ProjectContents:
    """Read a REFI-QDA project. Nothing is stored.

    Args:
        path: A ``.qdpx`` or ``.qde``.
        offsets: Name of the rule that its offsets follow (``refi_positions.BY_NAME``); None finds
            it.
        split_codes: What in a code's name parts it from its parent's, such as ``::``.
        labels: Labels of speakers known from other documents.
        selections: Also give every selection with its text, as a preview shows it.
        large: Also read a file of more than 50 MB.

    Raises:
        ReadingError: It cannot be read, holds no project or several.
        HostileFile: It breaks a limit of archives, or declares a document type or entities.
        UnknownName: There is no such rule.
    """
    if offsets is not None and offsets not in BY_NAME:
        raise UnknownName("offset rule", offsets, list(BY_NAME))
    plain = call(
        read_plain, load(path, large=large), path, offsets=offsets, split_codes=split_codes,
        labels=sorted(labels), selections=selections,
    )  # fmt: skip
    return from_plain(plain)


def read_plain(
    data: bytes,
    path: PathLike,
    *,
    offsets: str | None,
    split_codes: str | None,
    labels: Sequence[str],
    selections: bool,
) -> dict[str, Any]:
    """Be the child of ``read_project``: the contents as JSON values."""
    name = os.fspath(path)
    package = Package(data, name)
    root = parse(package.xml, name)
    if local(root) == "CodeBook":
        raise ReadingError(name, "This is a codebook, not a project: qualcode codebook import.")
    if local(root) != "Project":
        raise ReadingError(name, "The XML is no REFI-QDA project.")
    origin = " ".join((root.get("origin") or "").split())
    found = Found()
    errors = problems(root)
    if errors:
        more = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
        found.warn("invalid", f"The project does not follow the standard: {errors[0]}{more}.")
    _read_users(root, found)
    codes = _read_codes(root, origin, split_codes, found)
    texts = texts_of(child(root, "Sources"), package, name)
    choice = choose_rule(texts, origin, offsets)
    _read_texts(texts, found)
    variables = read_variables(root, texts, found)
    cases = read_cases(root, variables, texts, found)
    read_sets(root, variables, texts, found)
    found.memo(said(root, "Description"), "project", "", root)
    found.refer(root, "project", "")
    read_notes(root, package, name, found)
    keep_rest(root, texts, found)
    if found.anonymous:
        found.warn("no_coder", f"Codings without a coder: {found.anonymous}; theirs is “unknown”.")
    documents = _documents(texts, labels, variables.of_documents)
    facts = facts_of(data, package, root, codes, errors, choice)
    facts["offsets"] = inventory(texts, choice)
    if selections:
        facts["sources"] = [source_of(text, found) for text in texts]
    for text in texts:
        for warning in text.warnings:
            found.warn(warning.code, f"{text.name}: {warning.message}")
    title = " ".join((root.get("name") or "").split())
    contents = ProjectContents(
        FORMAT, origin, title, tuple(found.coders.values()), tuple(found.codes.values()),
        documents, tuple(found.codings), tuple(found.memos), tuple(variables.attributes.values()),
        tuple(cases), tuple(found.kept), tuple(found.losses), tuple(found.warnings), facts,
    )  # fmt: skip
    return to_plain(contents)


def _read_users(root: _Element, found: Found) -> None:
    for element in children_of(root, "Users", "User"):
        id_ = guid(element.get("guid"))
        if id_ is None:
            found.loss(element, "Users", "dropped", "it has no GUID")
        elif id_ not in found.coders:
            name = " ".join((element.get("name") or element.get("id") or "").split())
            found.coders[id_] = ForeignCoder(id_, name or f"user {id_[:8]}")


# Codes


def _read_codes(root: _Element, origin: str, split: str | None, found: Found) -> list[RefiCode]:
    """Read the code tree; names that are there twice get a number."""
    codes = codes_of(child(child(root, "CodeBook"), "Codes"))
    tree = _split(codes, split) if split else [(code, code.name, code.parent) for code in codes]
    shorts = unique_names([name for _, name, _ in tree])
    twice = sum(short != name for short, (_, name, _) in zip(shorts, tree, strict=True))
    if twice:
        found.warn("equal_names", f"Codes of the name of another: {twice}; each got a number.")
    positions: Counter[int | None] = Counter()
    for (code, name, parent), short in zip(tree, shorts, strict=True):
        id_ = code.guid if code.guid and code.guid not in found.codes else derived("code", short)
        shade = colour(code.colour)
        if code.colour and shade is None:
            found.warn("colour", f"The colour of “{short}” cannot be read; it has none.")
        fields: dict[str, Any] = dict(definition_of(code.description, origin))
        found.codes[id_] = Code(
            id_, short, short if "_" in short else "",
            None if parent is None else shorts[parent],
            codable=code.codable, colour=shade or DEFAULT_COLOUR, position=positions[parent],
            **fields,
        )  # fmt: skip
        if short != name:
            found.loss("Code", "CodeBook", "changed", f"its name is now {short}", id_)
        positions[parent] += 1
        for note in code.notes:
            found.notes.setdefault(note, []).append(("code", id_))
    return codes


def _split(codes: Sequence[RefiCode], separator: str) -> list[tuple[RefiCode, str, int | None]]:
    """Give ``(code, name, place of its parent)``: what a name says before the separator is above.

    A parent that is nowhere a code of its own is made, not codable.
    """
    tree: list[tuple[RefiCode, str, int | None]] = []
    places: list[int] = []
    by_path: dict[tuple[int | None, str], int] = {}
    own = {
        (code.parent, code.name.casefold()): code for code in codes if separator not in code.name
    }
    written: dict[int, int] = {}
    for n, code in enumerate(codes):
        parts = [part.strip() for part in code.name.split(separator)]
        if len(parts) < 2 or not all(parts):
            parts = [code.name]
        parent = None if code.parent is None else places[code.parent]
        for part in parts[:-1]:
            key = (parent, part.casefold())
            if key not in by_path:
                by_path[key] = len(tree)
                there = own.get((code.parent, part.casefold()))
                above = there or replace(
                    code, guid="", name=part, codable=False, description="", notes=()
                )
                tree.append((above, part, parent))
                if there is not None:
                    written[id(there)] = by_path[key]
            parent = by_path[key]
        if id(code) in written:
            places.append(written[id(code)])
            continue
        by_path.setdefault((parent, parts[-1].casefold()), len(tree))
        places.append(len(tree))
        tree.append((codes[n], parts[-1], parent))
    return tree


# Documents


def _read_texts(texts: Sequence[SourceText], found: Found) -> None:
    first: dict[int, list[SourceText]] = {}
    for text in texts:
        first.setdefault(id(text.source), []).append(text)
        read_selections(text, found)
        read_transcript(text, found)
        read_on_source(text, text.element, found)
    for own in first.values():
        if own[0].source is not own[0].element:
            read_on_source(own[0], own[0].source, found)
            read_recording(own[0].source, own, found)


def _documents(
    texts: Sequence[SourceText], labels: Sequence[str], attributes: dict[str, dict[str, str]]
) -> tuple[ForeignDocument, ...]:
    found = []
    for text in texts:
        anchors = {(place, at / 1000) for at, place, _ in sync_points(text) if at >= 0}
        reading = text.reading(labels, anchors)
        named = NamedReading(text.name, reading, attributes.get(text.guid, {}))
        source = "" if text.source is text.element else guid(text.source.get("guid")) or ""
        found.append(ForeignDocument(text.guid, named, text.file, source))
    return tuple(found)

"""What is in a REFI-QDA project beside texts and codings: notes, cases, variables, sets, and the
elements that only another program has a use for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from qualcode.contents import ForeignAttribute, ForeignParticipant, Target
from qualcode.formats.refi import (
    child,
    children,
    guid,
    local,
    local_name,
    said,
    targets,
    unique_names,
)
from qualcode.formats.refi_elements import PROJECT
from qualcode.importers.refi_found import Found
from qualcode.importers.refi_package import Package
from qualcode.importers.refi_texts import SourceText, derived, load_text
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from lxml.etree import _Element

SET = "set"
"""Attribute of a document that names the sets it is in."""

_NUMBERS = ("Integer", "Float")


@dataclass(slots=True)
class Variables:
    """The variables, and what they are on documents."""

    attributes: dict[str, ForeignAttribute] = field(default_factory=dict)
    of_documents: dict[str, dict[str, str]] = field(default_factory=dict)
    """GUID of a document → attribute → value."""


def read_variables(root: _Element, texts: Sequence[SourceText], found: Found) -> Variables:
    """Read the variables and their values on sources."""
    variables = Variables()
    elements = list(children_of(root, "Variables", "Variable"))
    sets = any(list(targets(one, "MemberSource")) for one in children_of(root, "Sets", "Set"))
    names = [" ".join((one.get("name") or "").split()) or "variable" for one in elements]
    # ours has come of sets before: it and the sets that are still there say one thing
    taken = [SET] if sets and not (root.get("origin") or "").startswith("qualcode") else []
    for element, name in zip(elements, unique_names(names, taken), strict=True):
        id_ = guid(element.get("guid"))
        if id_ is None:
            found.loss(element, "Variables", "dropped", "it has no GUID")
            continue
        written = element.get("typeOfVariable")
        kind: Literal["text", "number", "date"] = "text"
        if written in _NUMBERS:
            kind = "number"
        elif written == "Date":
            kind = "date"
        variables.attributes[id_] = ForeignAttribute(id_, name, kind)
        if said(element, "Description"):
            for one in children(element, "Description"):
                found.keep_part(one, name, "attributes have no description")
    for text in texts:
        values: dict[str, str] = {}
        for element in dict.fromkeys((text.source, text.element)):
            values |= _values(element, variables, text.name, found)
        if values:
            variables.of_documents.setdefault(text.guid, {}).update(values)
    return variables


def children_of(root: _Element, container: str, name: str) -> list[_Element]:
    """Give the elements of a name in the containers of another, in file order."""
    return [one for outer in children(root, container) for one in children(outer, name)]


def _values(element: _Element, variables: Variables, where: str, found: Found) -> dict[str, str]:
    """Give attribute → value, of those that have one."""
    values: dict[str, str] = {}
    for one in children(element, "VariableValue"):
        reference = child(one, "VariableRef")
        id_ = guid(reference.get("targetGUID")) if reference is not None else None
        attribute = variables.attributes.get(id_ or "")
        if attribute is None:
            found.loss(one, where, "dropped", "its variable is not in the file")
            continue
        value = next((said(one, local(held)) for held in one if local(held) != "VariableRef"), "")
        if value:
            values[attribute.name] = value
    return values


def read_cases(
    root: _Element, variables: Variables, texts: Sequence[SourceText], found: Found
) -> list[ForeignParticipant]:
    """Read the cases: each becomes a participant."""
    by_source = documents_by_source(texts)
    names = {text.guid: text.name for text in texts}
    elements = children_of(root, "Cases", "Case")
    labels: list[str] = []
    for n, element in enumerate(elements, 1):
        label = " ".join((element.get("name") or "").split())
        documents = _members(element, "SourceRef", by_source)
        if not label:
            # NVivo leaves a case without a name that stands for one source
            label = names[documents[0]] if documents else f"case {n}"
            found.loss(element, "Cases", "changed", f"it had no name and is called {label}")
        labels.append(label)
    cases = []
    for element, label in zip(elements, unique_names(labels), strict=True):
        id_ = guid(element.get("guid")) or derived("case", label)
        values = _values(element, variables, label, found)
        members = tuple(_members(element, "SourceRef", by_source))
        cases.append(ForeignParticipant(id_, label, values, members))
        found.memo(said(element, "Description"), "participant", id_, element)
        for name, what in (("CodeRef", "code"), ("SelectionRef", "passage")):
            for one in children(element, name):
                found.keep_part(one, label, f"a participant is not tied to a {what}")
    return cases


def documents_by_source(texts: Sequence[SourceText]) -> dict[str, list[str]]:
    """Give GUID of a source or of a text → the GUIDs of the documents it became."""
    found: dict[str, list[str]] = {}
    for text in texts:
        for id_ in dict.fromkeys((text.guid, guid(text.source.get("guid")) or text.guid)):
            found.setdefault(id_, []).append(text.guid)
    return found


def _members(element: _Element, name: str, by_source: Mapping[str, list[str]]) -> list[str]:
    every = (one for target in targets(element, name) for one in by_source.get(target, ()))
    return list(dict.fromkeys(every))


def read_sets(
    root: _Element, variables: Variables, texts: Sequence[SourceText], found: Found
) -> None:
    """Read the sets: those of sources become an attribute, the others are kept."""
    by_source = documents_by_source(texts)
    names: dict[str, list[str]] = {}
    for element in children_of(root, "Sets", "Set"):
        name = " ".join((element.get("name") or "").split())
        documents = _members(element, "MemberSource", by_source)
        for document in documents if name else ():
            names.setdefault(document, []).append(name)
        away = any(target not in by_source for target in targets(element, "MemberSource"))
        count = f"{len(documents)} document{'s' if len(documents) != 1 else ''}"
        became = f'it became the attribute "set" of {count}'
        if any(child(element, one) is not None for one in ("MemberCode", "MemberNote")):
            found.keep(element, "Sets", "Sets", "sets of codes and of notes have no place here")
        elif not documents or not name:
            found.keep(element, "Sets", "Sets", "it holds no document")
        elif away:
            found.keep(element, "Sets", "Sets", f"{became}; its other members have no text")
        else:
            found.loss(element, "Sets", "changed", became)
    for document, sets in names.items():
        held = variables.of_documents.setdefault(document, {})
        before = held[SET].split("; ") if SET in held else []
        held[SET] = "; ".join(dict.fromkeys([*before, *sets]))


def read_notes(root: _Element, package: Package, path: str, found: Found) -> None:
    """Read the notes: each becomes a memo on what refers to it, else on the project."""
    for element in children_of(root, "Notes", "Note"):
        id_ = guid(element.get("guid")) or ""
        name = " ".join((element.get("name") or "").split())
        note = SourceText(id_, name, element, element)
        load_text(note, package, path)
        parts = [said(element, "Description"), note.text.strip()]
        body = "\n\n".join(filter(None, parts))
        if name and not " ".join(body.split()).startswith(name.rstrip("… ")):
            body = f"{name}\n\n{body}".strip()
        if note.missing:
            found.loss(element, "Notes", "changed", "its text is missing; its name is left")
        quoting = found.quoting.get(id_, [])
        on: list[tuple[Target, str]] = found.notes.get(id_, [])
        for kind, target in dict.fromkeys([*on, *(("document", one) for one, _ in quoting)]):
            quoted = [words for one, words in quoting if one == target and kind == "document"]
            found.memo("\n\n".join([*quoted, body]), kind, target, element, id_=id_)
        if not on and not quoting:
            found.memo(body, "project", "", element, id_=id_)
        for one in children(element, "PlainTextSelection"):
            found.loss(one, "Notes", "dropped", "passages of memos are not coded")
        for one in children(element, "Coding", "VariableValue"):
            found.keep_part(one, "Notes", "memos have neither codes nor attributes")
        for one in children(element, "NoteRef"):
            found.keep_part(one, "Notes", "notes on notes have no place here")


def keep_rest(root: _Element, texts: Sequence[SourceText], found: Found) -> None:
    """Keep what only the other program has a use for, to be written back."""
    with_text = {id(text.source) for text in texts}
    for container, name in (("Links", "Link"), ("Graphs", "Graph")):
        for element in children_of(root, container, name):
            found.keep(element, container, container, f"a {name.lower()} has no place here")
    for source in [one for outer in children(root, "Sources") for one in outer]:
        name = " ".join((source.get("name") or "").split())
        if id(source) not in with_text:
            if local(source) in PROJECT and local(source).endswith("Source"):
                codings = sum(1 for one in source.iter() if local(one) == "Coding")
                held = f", with its {counted(codings, 'coding')}" if codings else ""
                found.keep(source, "Sources", name, f"it has no text{held}")
            continue
        for element in children(source, "PDFSelection", "PictureSelection"):
            found.keep_part(element, name, "it marks no text")
    for source in dict.fromkeys(
        text.source for text in texts if local(text.source) != "TextSource"
    ):
        found.loss(source, "Sources", "dropped", "the recording or picture itself is not stored")
    _keep_unknown(root, found)
    found.keep_rest()


def _keep_unknown(root: _Element, found: Found) -> None:
    """Keep elements that the standard does not know, where what they stand in is not kept whole."""
    if all(local_name(tag) in ("", *PROJECT) for tag in {one.tag for one in root.iter()}):
        return
    waiting = [root]
    while waiting:
        element = waiting.pop()
        for one in element:
            name = local(one)
            if not name or one in found.whole:
                continue
            if name in PROJECT:
                waiting.append(one)
            else:
                parent = guid(element.get("guid")) or local(element)
                found.keep(one, parent, local(element), "the standard knows no such element")

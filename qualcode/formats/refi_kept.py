"""REFI-QDA, elements that were kept as another program wrote them: read again, named, cut, placed.

They came from a file of its own namespace, with ids of its own. What is done here is done to
elements without a namespace, as they stand before a whole document gets its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from qualcode.formats.refi import guid, local, namespace
from qualcode.formats.refi_elements import PROJECT
from qualcode.formats.xml import parse

if TYPE_CHECKING:
    from lxml.etree import _Element

CONTAINERS: Mapping[str, str] = {
    name: container
    for container in ("Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs")
    for name in PROJECT[container].children
}
"""Element that stands in a container of the project → the container."""

PATHS = ("path", "currentPath", "plainTextPath", "richTextPath")

_GUID = re.compile("-".join(f"[0-9a-fA-F]{{{n}}}" for n in (8, 4, 4, 4, 12)))
_USERS = ("creatingUser", "modifyingUser")
_ENDS: Mapping[str, tuple[str, ...]] = {
    "Link": ("originGUID", "targetGUID"),
    "Edge": ("sourceVertex", "targetVertex"),
    "TranscriptSelection": ("fromSyncPoint", "toSyncPoint"),
}
"""Element → what it lies between: it is nothing without them."""

_ONE = {"CodeRef": "Coding", "VariableRef": "VariableValue"}
"""Reference → the element that is nothing without it."""

_OF: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_USERS, ("coder",)),
    **dict.fromkeys(("CodeRef", "MemberCode"), ("code",)),
    **dict.fromkeys(("SourceRef", "MemberSource"), ("document",)),
    **dict.fromkeys(("NoteRef", "MemberNote", "Note"), ("memo",)),
    **dict.fromkeys(("VariableRef", "Variable"), ("attribute",)),
    "Case": ("participant",),
}
"""Attribute or element that names something → what; a GUID may be that of a case and of a code."""

_ANY = ("document", "code", "participant", "memo", "coding")


def guids(xml: str) -> set[str]:
    """Give every GUID that is written in a piece of XML, as GUIDs are compared."""
    return {found.lower() for found in _GUID.findall(xml)}


def read(xml: str) -> tuple[_Element, list[str]]:
    """Read what was kept, as the grammar has it.

    Returns:
        The element, without a namespace and without blanks between elements; and the names of the
        elements and attributes that were left out of it because the standard knows none of them.
        An element that is itself unknown is given as it is.
    """
    root = parse(xml.encode(), "kept XML")
    own = namespace(root)
    left: list[str] = []
    for element in list(root.iter()):
        name, parent = local(element), element.getparent()
        if parent is not None and (name not in PROJECT or namespace(element) != own):
            if name:
                left.append(name)
            parent.remove(element)
    for element in root.iter():
        name = local(element)
        element.tag, element.tail = name, None
        shape = PROJECT.get(name)
        if shape is None:
            continue
        if shape.text is None and not (element.text or "").strip():
            element.text = None
        for attribute in [str(one) for one in element.attrib if one not in shape.attributes]:
            left.append(attribute)
            del element.attrib[attribute]
    return root, left


def renamed(xml: str, names: Mapping[str, Mapping[str, str]]) -> str:
    """Call what an element refers to, and what it is, by other ids.

    Args:
        names: Kind of thing (``coder``, ``code``, ``document`` …) → id there → id here.
    """
    if not any(guids(xml) & rows.keys() for rows in names.values()):
        return xml
    from lxml import etree

    root = parse(xml.encode(), "kept XML")
    for element in root.iter():
        for attribute, value in element.attrib.items():
            kinds = _OF.get(str(attribute)) or _OF.get(local(element), _ANY)
            id_ = guid(str(value)) or ""
            found = (rows[id_] for kind in kinds if id_ in (rows := names.get(kind, {})))
            element.set(attribute, next(found, str(value)))
    return str(etree.tostring(root, encoding="unicode"))


def cut(tops: list[_Element], there: Iterable[str]) -> list[tuple[str, str, bool]]:
    """Take out of elements, and out of the list, what leads to something that is nowhere.

    Args:
        there: GUIDs of what is there; what is in the elements is there too.

    Returns:
        ``(element, its GUID or that of what it stood in, whether it went)``: one that did not only
        lost an attribute.
    """
    found: list[tuple[str, str, bool]] = []
    known = set(there)
    while True:
        here = known | {id_ for top in tops for one in top.iter() if (id_ := _own(one))}
        lost = [each for top in tops for each in _leading_nowhere(top, here)]
        if not lost:
            return found
        for element, attribute in lost:
            found.append((local(element), near(element), not attribute))
            parent = element.getparent()
            if attribute:
                element.attrib.pop(attribute, "")
            elif parent is not None:
                parent.remove(element)
            elif element in tops:
                tops.remove(element)


def _own(element: _Element) -> str | None:
    return guid(element.get("guid"))


def near(element: _Element) -> str:
    """Give the GUID of an element, or of the nearest around it that has one; else ""."""
    return next((id_ for one in (element, *element.iterancestors()) if (id_ := _own(one))), "")


def _leading_nowhere(top: _Element, here: set[str]) -> Iterator[tuple[_Element, str]]:
    """Give each element of a tree with the attribute that leads to nothing, "" for all of it."""
    for element in top.iter():
        name = local(element)
        ends = _ENDS.get(name, ())
        if any(_missing(element, end, here) for end in ends):
            yield element, ""
            continue
        if name != "Link" and _missing(element, "targetGUID", here):
            outer = element.getparent()
            whole = outer is not None and local(outer) == _ONE.get(name)
            yield (outer if whole and outer is not None else element), ""
            continue
        for attribute in (*_USERS, "representedGUID"):
            if _missing(element, attribute, here):
                yield element, attribute


def _missing(element: _Element, attribute: str, here: set[str]) -> bool:
    value = element.get(attribute)
    return value is not None and guid(value) not in here


def put_into(parent: _Element, parts: Iterable[_Element]) -> list[_Element]:
    """Put elements among the children of another, in the order of the standard.

    Those that stand there already are passed over.

    Returns:
        Those that may not stand there.
    """
    shape = PROJECT[local(parent)]
    order = {name: n for n, name in enumerate(shape.children)}
    there = {_known_by(one) for one in parent}
    names = {local(one) for one in parent}
    refused = []
    for part in parts:
        name = local(part)
        if _known_by(part) in there:
            continue
        single = not shape.choice and shape.children.get(name) in ("1", "?")
        if name not in order or (single and name in names):
            refused.append(part)
            continue
        there.add(_known_by(part))
        names.add(name)
        parent.append(part)
    if not shape.choice:
        parent[:] = sorted(parent, key=lambda one: order[local(one)])
    return refused


def _known_by(element: _Element) -> tuple[str, str | bytes]:
    from lxml import etree

    return local(element), _own(element) or etree.tostring(element)


def without_words(root: _Element) -> list[str]:
    """Take out of an element whatever somebody has written there, but for the names of things.

    Texts, values of variables, names of selections (which quote) and paths of files go.

    Returns:
        The names of the elements that were taken out.
    """
    left: list[str] = []
    for element in list(root.iter()):
        name, parent = local(element), element.getparent()
        for attribute in PATHS:
            element.attrib.pop(attribute, "")
        if name.endswith("Selection"):
            element.attrib.pop("name", "")
        if not (element.text or "").strip():
            continue
        gone = parent if parent is not None and local(parent) == "VariableValue" else element
        above = gone.getparent()
        if above is not None:
            left.append(local(gone))
            above.remove(gone)
        else:
            gone.text = None
    return left

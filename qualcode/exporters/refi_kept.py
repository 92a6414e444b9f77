"""What an import of REFI-QDA kept, put back where the standard has a place for it still.

A whole element goes into its container, the rest of one whose other parts are in the project into
what it became. What leads to something that is not in the file stays out; each is named.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence

from lxml import etree

from qualcode.contents import Fate, KeptXml, Loss
from qualcode.formats.refi import PROJECT_NAMESPACE, guid
from qualcode.formats.refi_elements import PROJECT, problems
from qualcode.formats.refi_kept import CONTAINERS, PATHS, cut, near, put_into, read

UNKNOWN = "the standard knows no such element or attribute"
NO_PLACE = "the standard has no place for it, or not as it is"
NOWHERE = "it leads to what is not in the file"
OWNERLESS = "what it belongs to is not in the file"
FILE = "the file itself is not kept; put it back by hand"

_WHERE = "kept from an import"


class KeptBack:
    """Puts what was kept into a project.

    Args:
        root: The project, its names without a namespace, with all that is written of our own.
    """

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._written: dict[str, list[etree._Element]] = {}
        self.losses: list[Loss] = []
        """What was left out or changed."""

        for one in root.iter():
            self._note(one)

    def _note(self, element: etree._Element) -> None:
        id_ = guid(element.get("guid"))
        if id_ is not None:
            self._written.setdefault(id_, []).append(element)

    def _lose(self, element: str, id_: str, fate: Fate, reason: str) -> None:
        loss = Loss(element, id_, _WHERE, fate, reason)
        if loss not in self.losses[-1:]:
            self.losses.append(loss)

    def put(self, kept: Sequence[KeptXml]) -> None:
        """Put back everything that has a valid place."""
        tops: list[etree._Element] = []
        where: dict[etree._Element, KeptXml] = {}
        for one in kept:
            top = self._read(one)
            if top is not None and self._has_place(top, one):
                tops.append(top)
                where[top] = one
        full = {top for top in tops if len(top)}
        for name, id_, went in cut(tops, self._written):
            self._lose(name, id_, "dropped" if went else "changed", NOWHERE)
        for top in tops:
            if top in full and not len(top) and (_is_part(where[top]) or top.tag == "Set"):
                self._lose(str(top.tag), near(top), "dropped", NOWHERE)
            elif self._has_place(top, where[top]):
                self._put(top, where[top])

    def _read(self, one: KeptXml) -> etree._Element | None:
        """The element as it may be written; None where the standard has no place for it at all."""
        top, unknown = read(one.xml)
        if str(top.tag) not in PROJECT:
            self._lose(str(top.tag), one.guid, "dropped", UNKNOWN)
            return None
        for name in unknown:
            self._lose(name, one.guid, "dropped", UNKNOWN)
        for element in top.iter():
            for attribute in PATHS:
                path = element.get(attribute, "")
                if not path:
                    continue
                self._lose(str(element.tag), near(element), "changed", f"{FILE}: {path}")
                if attribute == "currentPath" or not path.casefold().startswith("internal:"):
                    del element.attrib[attribute]  # where it lies on somebody's computer
        return top

    def _beside(self, top: etree._Element) -> etree._Element | None:
        """What is written of its id in the same container."""
        container = CONTAINERS[str(top.tag)]
        there = self._written.get(guid(top.get("guid")) or "", ())
        return next((one for one in there if CONTAINERS.get(str(one.tag)) == container), None)

    def _has_place(self, top: etree._Element, one: KeptXml) -> bool:
        """Whether there is something to put it into, and it is as the standard has it."""
        name = str(top.tag)
        reason = ""
        if _is_whole(top, one) or _is_part(one):
            beside = self._beside(top)
            if beside is None and _is_part(one) and CONTAINERS[name] != "Sources":
                reason = OWNERLESS
            elif (beside is not None and beside.tag != name) or not fits(top):
                reason = NO_PLACE
        elif one.parent not in self._written:
            reason = OWNERLESS
        if reason:
            self._lose(name, near(top) or one.guid, "dropped", reason)
        return not reason

    def _put(self, top: etree._Element, one: KeptXml) -> None:
        """Put one into its container, into what is written of it, or into what it stood in."""
        if not _is_whole(top, one) and not _is_part(one):
            self._merge(self._written[one.parent][0], [top])
            return
        beside = self._beside(top)
        if beside is not None:
            self._merge(beside, list(top))
            return
        put_into(self._container(CONTAINERS[str(top.tag)]), [top])
        for each in top.iter():
            self._note(each)

    def _merge(self, into: etree._Element, parts: Iterable[etree._Element]) -> None:
        ids = {part: near(part) for part in parts}
        fitting = [part for part in ids if _fits_in(into, part)]
        refused = [part for part in ids if part not in fitting] + put_into(into, fitting)
        for part in refused:
            self._lose(str(part.tag), ids[part], "dropped", NO_PLACE)

    def _container(self, name: str) -> etree._Element:
        found = self._root.find(name)
        if found is None:
            found = etree.Element(name)
            put_into(self._root, [found])
        return found


def _is_part(one: KeptXml) -> bool:
    """Whether it is the rest of something that became something here."""
    return one.parent == one.guid


def _is_whole(top: etree._Element, one: KeptXml) -> bool:
    return CONTAINERS.get(str(top.tag)) == one.parent


def _fits_in(into: etree._Element, part: etree._Element) -> bool:
    """Whether an element with nothing but this part is as the standard has it."""
    alone = etree.Element(into.tag)
    alone.attrib.update(into.attrib)
    return (
        str(into.tag) in CONTAINERS and not put_into(alone, [copy.deepcopy(part)]) and fits(alone)
    )


def fits(element: etree._Element) -> bool:
    """Whether an element alone in its container is as the standard has it."""
    root = etree.Element("Project", name="p")
    etree.SubElement(root, CONTAINERS[str(element.tag)]).append(copy.deepcopy(element))
    for one in root.iter():
        one.tag = f"{{{PROJECT_NAMESPACE}}}{one.tag}"
    return not problems(root)

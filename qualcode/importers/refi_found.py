"""What has been found in a REFI-QDA project so far, and what every part of reading it needs."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.contents import (
    Fate,
    ForeignCoder,
    ForeignCoding,
    ForeignMemo,
    KeptXml,
    Loss,
    Target,
)
from qualcode.formats.refi import guid, local, moment, targets
from qualcode.importers.refi_texts import derived
from qualcode.model import Code, ReadingWarning

if TYPE_CHECKING:
    from lxml.etree import _Element

UNKNOWN = "unknown"
"""The coder of what names nobody."""


@dataclass(slots=True)
class Found:
    """Collected on one walk through the project."""

    coders: dict[str, ForeignCoder] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    codings: list[ForeignCoding] = field(default_factory=list)
    memos: list[ForeignMemo] = field(default_factory=list)
    kept: list[KeptXml] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    warnings: list[ReadingWarning] = field(default_factory=list)
    notes: dict[str, list[tuple[Target, str]]] = field(default_factory=dict)
    """GUID of a note → everything that refers to it."""

    quoting: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """GUID of a note → ``(document, quotation)`` of uncoded passages that refer to it."""

    anonymous: int = 0
    """Codings that name no coder."""

    whole: set[_Element] = field(default_factory=set)
    """Elements that are kept."""

    rest: dict[_Element, set[_Element]] = field(default_factory=dict)
    """Element that became something here → the parts of it that are kept."""

    applied: Counter[tuple[str, str, str, int, int]] = field(default_factory=Counter)
    """Document, code, coder and span → how often."""

    def loss(
        self, element: _Element | str, where: str, fate: Fate, reason: str, id_: str | None = None
    ) -> None:
        """Note what does not come over as it was."""
        name = element if isinstance(element, str) else local(element)
        if id_ is None:
            id_ = "" if isinstance(element, str) else guid(element.get("guid")) or ""
        self.losses.append(Loss(name, id_, where, fate, reason))

    def warn(self, code: str, message: str) -> None:
        self.warnings.append(ReadingWarning(code, message))

    def keep(self, element: _Element, parent: str, where: str, reason: str) -> None:
        """Keep an element as it is written."""
        from lxml import etree

        xml = etree.tostring(element, encoding="unicode", with_tail=False)
        id_ = guid(element.get("guid")) or derived("kept", xml)
        self.kept.append(KeptXml(id_, local(element), parent, xml))
        self.whole.add(element)
        self.loss(element, where, "kept", reason, id_)

    def keep_part(self, element: _Element, where: str, reason: str) -> None:
        """Keep an element with the attributes of the one it stands in, which became something."""
        outer = element.getparent()
        if outer is None or guid(outer.get("guid")) is None:
            self.loss(element, where, "dropped", f"{reason}; what it stands in has no GUID")
            return
        self.rest.setdefault(outer, set()).add(element)
        self.whole.add(element)
        self.loss(element, where, "kept", reason, guid(element.get("guid")) or "")

    def keep_rest(self) -> None:
        """Write down the parts that are kept, all of an element together."""
        from lxml import etree

        for outer, parts in self.rest.items():
            id_ = guid(outer.get("guid")) or ""
            shell = etree.Element(outer.tag, nsmap=outer.nsmap)  # type: ignore[arg-type]
            shell.attrib.update(outer.attrib)
            shell.extend(copy.deepcopy(part) for part in outer if part in parts)
            xml = etree.tostring(shell, encoding="unicode")
            self.kept.append(KeptXml(id_, local(outer), id_, xml))

    def memo(
        self,
        body: str,
        on: Target,
        target: str,
        element: _Element,
        *,
        coder: str = "",
        id_: str = "",
    ) -> None:
        """Note a memo; a blank one is none."""
        if body.strip():
            who = self.user(element) or coder
            at = moment(element.get("creationDateTime")) or ""
            self.memos.append(ForeignMemo(id_, body.strip(), on, target, who, at))

    def refer(self, element: _Element, on: Target, target: str) -> None:
        """Take up the notes that an element refers to."""
        for note in targets(element, "NoteRef"):
            self.notes.setdefault(note, []).append((on, target))

    def user(self, *elements: _Element) -> str:
        """Give the GUID of who made the first of these elements that says so; else ""."""
        for element in elements:
            id_ = guid(element.get("creatingUser"))
            if id_ is not None:
                if id_ not in self.coders:
                    self.coders[id_] = ForeignCoder(id_, f"{UNKNOWN} {id_[:8]}")
                    self.warn("unknown_user", "Somebody coded who is not among the users.")
                return id_
        return ""

    def coder(self, *elements: _Element) -> str:
        """Give the GUID of the coder; where nobody is named, that of "unknown"."""
        id_ = self.user(*elements)
        if id_:
            return id_
        self.anonymous += 1
        id_ = derived("user", UNKNOWN)
        self.coders.setdefault(id_, ForeignCoder(id_, UNKNOWN))
        return id_

"""REFI-QDA, the words that files in and out share: names, GUIDs, colours, dates, codes.

The standard (www.qdasoftware.org, version 1.5) has two kinds of files: projects (``.qdpx``, an
archive with a ``.qde`` and ``sources/``) and codebooks (``.qdc``). Bytes and elements in, plain
values out; nothing here knows a project of ours. ``refi_elements`` is the grammar,
``refi_positions`` the counting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

PROJECT_NAMESPACE = "urn:QDA-XML:project:1.0"
CODEBOOK_NAMESPACE = "urn:QDA-XML:codebook:1.0"

GUID = r"\{?([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\}?"
"""Expression for an id as programs write it; without braces in its group."""

_GUID = re.compile(GUID)
_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_TRIPLE = re.compile(r"rgba?\s*\(([^()]*)\)", re.IGNORECASE)
_SIGNED = re.compile(r"[+-]?\d{1,10}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

HEADINGS: Mapping[str, str] = {
    "brief": "Brief",
    "full": "Full",
    "use_when": "When to use",
    "not_when": "When not to use",
    "example": "Example",
    "near_miss": "Near miss",
}
"""Field of a code → what its paragraph in a ``Description`` begins with."""

_FIELDS = {heading: field for field, heading in HEADINGS.items()}
_HEADING = "|".join(map(re.escape, _FIELDS))
_PARAGRAPH = re.compile(rf"(?:\A|\n\n)({_HEADING}): ")
_LIKE_HEADING = re.compile(rf"^(?= *(?:{_HEADING}):)", re.MULTILINE)
_MOVED_IN = re.compile(rf"^ (?= *(?:{_HEADING}):)", re.MULTILINE)
_LISTS = ("example", "near_miss")


def local(element: _Element) -> str:
    """Give an element's name without its namespace; "" of a comment or instruction."""
    return local_name(element.tag)


def local_name(tag: object) -> str:
    """Give a tag's name without its namespace; "" of a comment's or instruction's."""
    return _parts(tag)[1] if isinstance(tag, str) else ""


def namespace(element: _Element) -> str:
    """Give the namespace of an element; "" where it has none."""
    tag = element.tag
    return _parts(tag)[0] if isinstance(tag, str) else ""


@lru_cache(maxsize=1000)
def _parts(tag: str) -> tuple[str, str]:
    outer, _, name = tag.rpartition("}")
    return outer[1:], name


def children(element: _Element, *names: str) -> Iterator[_Element]:
    """Give the children of these local names, whatever their namespace, in file order."""
    return (child for child in element if local_name(child.tag) in names)


def child(element: _Element | None, name: str) -> _Element | None:
    """Give the first child of that local name; None if there is none."""
    return None if element is None else next(children(element, name), None)


def said(element: _Element | None, name: str) -> str:
    """Give the text of the first child of that local name, without outer white space; or ""."""
    found = child(element, name)
    return "" if found is None else "".join(map(str, found.itertext())).strip()


def line_of(element: _Element) -> int:
    """Give the line an element stands on; 0 where that is not known."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def guid(text: str | None) -> str | None:
    """Give a GUID as GUIDs are compared: lower case, without braces; None of what is none."""
    found = _GUID.fullmatch(text.strip()) if text else None
    return found[1].lower() if found else None


def targets(element: _Element, name: str) -> Iterator[str]:
    """Give the GUIDs that children such as ``NoteRef`` point to, in order."""
    for reference in children(element, name):
        found = guid(reference.get("targetGUID") or reference.get("guid"))
        if found is not None:
            yield found


def boolean(text: str | None, default: bool = True) -> bool:
    """Read an XML boolean; ``default`` where it is missing or none."""
    return {"true": True, "1": True, "false": False, "0": False}.get(
        (text or "").strip().lower(), default
    )


def colour(text: str | None) -> str | None:
    """Read a colour in any form that programs write, and give it as ``#RRGGBB``.

    ``#RGB``, ``#RRGGBB``, ``#AARRGGBB``, ``RGB(1,2,3)``, and the signed number that holds alpha,
    red, green and blue in its bytes. What is transparent is given opaque.

    Returns:
        None where it cannot be read.
    """
    plain = (text or "").strip()
    found = _HEX.fullmatch(plain)
    if found and (plain.startswith("#") or not plain.isdigit()):
        digits = found[1]
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        return f"#{digits[-6:].upper()}"
    triple = _TRIPLE.fullmatch(plain)
    if triple:
        parts = [part.strip() for part in triple[1].split(",")]
        if len(parts) in (3, 4) and all(re.fullmatch(r"\d{1,3}", part) for part in parts[:3]):
            numbers = [int(part) for part in parts[:3]]
            if max(numbers) <= 255:
                return "#{:02X}{:02X}{:02X}".format(*numbers)
        return None
    if _SIGNED.fullmatch(plain) and -(2**31) <= int(plain) < 2**32:
        return f"#{int(plain) & 0xFFFFFF:06X}"
    return None


def moment(text: str | None) -> str | None:
    """Read an XML date with or without time, and give it in UTC as ``2026-05-01T12:00:00Z``.

    One without a time zone is taken for UTC. Fractions of a second are left out.
    """
    plain = (text or "").strip()
    if _DAY.fullmatch(plain):
        plain += "T00:00:00"
    try:
        found = datetime.fromisoformat(plain)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return f"{found:%Y-%m-%dT%H:%M:%SZ}" if found.year >= 1000 else None


@dataclass(frozen=True, slots=True)
class RefiCode:
    """A ``Code`` element, and where it stands in the tree."""

    guid: str
    """"" where the file gives none that is one."""

    name: str
    colour: str | None
    """As written in the file."""

    codable: bool
    description: str
    notes: tuple[str, ...]
    """GUIDs of the notes it refers to."""

    parent: int | None
    """Place of the parent in the list; None at the top."""

    depth: int
    """1 at the top."""

    line: int


def codes_of(codes: _Element | None) -> list[RefiCode]:
    """Give the codes below a ``Codes`` element, depth first: parents before children."""
    found: list[RefiCode] = []
    if codes is None:
        return found
    waiting: list[tuple[_Element, int | None, int]]
    waiting = [(code, None, 1) for code in reversed(list(children(codes, "Code")))]
    while waiting:
        code, parent, depth = waiting.pop()
        found.append(
            RefiCode(
                guid(code.get("guid")) or "",
                " ".join((code.get("name") or "").split()),
                code.get("color"),
                boolean(code.get("isCodable")),
                said(code, "Description"),
                tuple(targets(code, "NoteRef")),
                parent,
                depth,
                line_of(code),
            )
        )
        here = len(found) - 1
        waiting += [(below, here, depth + 1) for below in reversed(list(children(code, "Code")))]
    return found


def unique_names(names: Sequence[str], taken: Sequence[str] = ()) -> list[str]:
    """Give names in the same order, none twice in any case: the second becomes ``name (2)``.

    Args:
        taken: Names that are not free.
    """
    used = {_folded(name) for name in taken}
    counted: dict[str, int] = {}
    free: list[str] = []
    for name in names:
        name = name or "code"
        one, n = name, counted.get(_folded(name), 1)
        while _folded(one) in used:
            n += 1
            one = f"{name} ({n})"
        counted[_folded(name)] = n
        used.add(_folded(one))
        free.append(one)
    return free


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


def description_of(fields: Mapping[str, str | Sequence[str]]) -> str:
    """Write the fields of a definition as one ``Description``; ``definition_of`` reads it again.

    Args:
        fields: Names of ``HEADINGS`` → text, or texts; empty ones are left out.
    """
    paragraphs = []
    for field, heading in HEADINGS.items():
        value = fields.get(field, "")
        for text in [value] if isinstance(value, str) else value:
            if text:
                # one blank more before what would read as a heading; reading takes it away
                paragraphs.append(f"{heading}: {_LIKE_HEADING.sub(' ', text)}")
    return "\n\n".join(paragraphs)


def definition_of(description: str, origin: str) -> dict[str, str | tuple[str, ...]]:
    """Give the fields of a definition; all of it is ``full`` unless a qualcode wrote it."""
    if not origin.casefold().startswith("qualcode") or not _PARAGRAPH.match(description):
        return {"full": description} if description else {}
    _, *parts = _PARAGRAPH.split(description)
    found: dict[str, str | tuple[str, ...]] = {}
    for heading, written in zip(parts[::2], parts[1::2], strict=True):
        field, text = _FIELDS[heading], _MOVED_IN.sub("", written)
        before = found.get(field)
        if field in _LISTS:
            found[field] = (*(before or ()), text)
        else:
            found[field] = text if before is None else f"{before}\n\n{text}"
    return found

"""The grammar of REFI-QDA as data: which element has which attributes and children, in which order.

Every content model of the standard is a sequence: attributes have no order, children do. What we
write is built from these tables, and what we read is compared with them, so that a project needs
no schema file to be checked. They say the same as the XSDs of version 1.0 of both namespaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.formats.refi import (
    CODEBOOK_NAMESPACE,
    GUID,
    PROJECT_NAMESPACE,
    guid,
    line_of,
    local,
    namespace,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

Kind: TypeAlias = Literal[
    "string", "guid", "dateTime", "date", "integer", "decimal", "boolean", "colour", "direction",
    "variable", "shape", "line",
]  # fmt: skip
Occurs: TypeAlias = Literal["1", "?", "*", "+"]

PROBLEMS_LISTED = 200
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"

_DAY = r"-?\d{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_ZONE = r"(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_PATTERNS: Mapping[Kind, str] = {
    "dateTime": f"{_DAY}T{_TIME}{_ZONE}",
    "date": _DAY + _ZONE,
    "integer": r"[+-]?\d+",
    "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    "boolean": "true|false|0|1",
    "colour": "#(?:[A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})",
    "direction": "Associative|OneWay|Bidirectional",
    "variable": "Text|Boolean|Integer|Float|Date|DateTime",
    "shape": "Person|Oval|Rectangle|RoundedRectangle|Star|LeftTriangle|RightTriangle|UpTriangle"
    "|DownTriangle|Note",
    "line": "dotted|dashed|solid",
}
_CHECKS: Mapping[Kind, Callable[[str], object]] = {
    "string": lambda _: True,
    "guid": guid,
    **{kind: re.compile(pattern).fullmatch for kind, pattern in _PATTERNS.items()},
}

_ONE_VALUE: Mapping[Kind, str] = {
    "string": r"[^\0]*",
    "guid": rf"\s*{GUID}\s*",
    **{kind: rf"\s*(?:{pattern})\s*" for kind, pattern in _PATTERNS.items()},
}
"""The same as expressions for values that stand beside others."""

_SHORT = 16
"""Names of attributes and children by which elements are known to be made alike."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What one element may hold."""

    attributes: Mapping[str, Kind]
    required: tuple[str, ...]
    children: Mapping[str, Occurs]
    """In the order in which they must stand."""

    text: Kind | None = None
    """The kind of its text; None where it holds none."""

    choice: bool = False
    """Whether its children, at least one, may stand in any order."""

    one_of: tuple[str, ...] = ()
    """Of these children at most one may stand, in the place of the first."""

    needed: tuple[str, ...] = field(init=False)
    """The first child that must stand; none where none must."""

    def __post_init__(self) -> None:
        every = (name for name, occurs in self.children.items() if occurs in "1+")
        needed = () if self.choice else tuple(every)[:1]
        object.__setattr__(self, "needed", needed)


def _attributes(names: str) -> tuple[dict[str, Kind], tuple[str, ...]]:
    """Read ``guid! name color:colour``: "!" is required, a string unless a kind is named."""
    found: dict[str, Kind] = {}
    required = []
    for word in names.split():
        name, _, kind = word.rstrip("!").partition(":")
        found[name] = kind or ("guid" if name.casefold().endswith("guid") else "string")  # type: ignore[assignment]
        if word.endswith("!"):
            required.append(name)
    return found, tuple(required)


def _shape(
    attributes: str = "",
    children: str = "",
    *,
    text: Kind | None = None,
    choice: bool = False,
    one_of: tuple[str, ...] = (),
) -> Shape:
    """Read ``Description? Code*`` as children; without a sign, exactly one."""
    table: dict[str, Occurs] = {}
    for word in children.split():
        name = word.rstrip("?*+")
        table[name] = word[len(name) :] or "1"  # type: ignore[assignment]
    named, required = _attributes(attributes)
    return Shape(named, required, table, text, choice, one_of)


_USED = " creatingUser:guid creationDateTime:dateTime modifyingUser:guid modifiedDateTime:dateTime"
_TEXT = _shape(
    "guid! name richTextPath plainTextPath" + _USED,
    "Description? PlainTextContent? PlainTextSelection* Coding* NoteRef* VariableValue*",
)
_MEDIA = "guid! name path currentPath" + _USED
_CODED = " Coding* NoteRef*"
_RECTANGLE = " firstX:integer! firstY:integer! secondX:integer! secondY:integer!"
_VALUES: dict[str, Kind] = {
    "TextValue": "string",
    "BooleanValue": "boolean",
    "IntegerValue": "integer",
    "FloatValue": "decimal",
    "DateValue": "date",
    "DateTimeValue": "dateTime",
}
_REFERENCES = (
    "CodeRef", "NoteRef", "SourceRef", "SelectionRef", "VariableRef", "MemberCode", "MemberSource",
    "MemberNote",
)  # fmt: skip

PROJECT: Mapping[str, Shape] = {
    "Project": _shape(
        "name! origin creatingUserGUID creationDateTime:dateTime modifyingUserGUID"
        " modifiedDateTime:dateTime basePath",
        "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs? Description?"
        " NoteRef*",
    ),
    "Users": _shape("", "User+"),
    "User": _shape("guid! name id"),
    "CodeBook": _shape("", "Codes"),
    "Codes": _shape("", "Code+"),
    "Code": _shape("guid! name! isCodable:boolean! color:colour", "Description? NoteRef* Code*"),
    "Variables": _shape("", "Variable+"),
    "Variable": _shape("guid! name! typeOfVariable:variable!", "Description?"),
    "Cases": _shape("", "Case+"),
    "Case": _shape("guid! name", "Description? CodeRef* VariableValue* SourceRef* SelectionRef*"),
    "VariableValue": _shape(
        "", "VariableRef " + " ".join(f"{name}?" for name in _VALUES), one_of=tuple(_VALUES)
    ),
    "Sources": _shape(
        "", "TextSource PictureSource PDFSource AudioSource VideoSource", choice=True
    ),
    "TextSource": _TEXT,
    "TextDescription": _TEXT,
    "Representation": _TEXT,
    "PlainTextSelection": _shape(
        "guid! name startPosition:integer! endPosition:integer!" + _USED, "Description?" + _CODED
    ),
    "PictureSource": _shape(
        _MEDIA, f"Description? TextDescription? PictureSelection*{_CODED} VariableValue*"
    ),
    "PictureSelection": _shape(f"guid! name{_RECTANGLE}{_USED}", "Description?" + _CODED),
    "PDFSource": _shape(
        _MEDIA, f"Description? PDFSelection* Representation?{_CODED} VariableValue*"
    ),
    "PDFSelection": _shape(
        f"guid! name page:integer!{_RECTANGLE}{_USED}", "Description? Representation?" + _CODED
    ),
    "AudioSource": _shape(
        _MEDIA, f"Description? Transcript* AudioSelection*{_CODED} VariableValue*"
    ),
    "AudioSelection": _shape(
        "guid! name begin:integer! end:integer!" + _USED, "Description?" + _CODED
    ),
    "VideoSource": _shape(
        _MEDIA, f"Description? Transcript* VideoSelection*{_CODED} VariableValue*"
    ),
    "VideoSelection": _shape(
        "guid! name begin:integer! end:integer!" + _USED, "Description?" + _CODED
    ),
    "Transcript": _shape(
        "guid! name richTextPath plainTextPath" + _USED,
        "Description? PlainTextContent? SyncPoint* TranscriptSelection* NoteRef*",
    ),
    "TranscriptSelection": _shape(
        "guid! name fromSyncPoint:guid toSyncPoint:guid" + _USED, "Description?" + _CODED
    ),
    "SyncPoint": _shape("guid! timeStamp:integer position:integer"),
    "Coding": _shape("guid! creatingUser:guid creationDateTime:dateTime", "CodeRef NoteRef*"),
    "Notes": _shape("", "Note+"),
    "Note": _TEXT,
    "Links": _shape("", "Link+"),
    "Link": _shape("guid! name direction:direction color:colour originGUID targetGUID", "NoteRef*"),
    "Sets": _shape("", "Set+"),
    "Set": _shape("guid! name!", "Description? MemberCode* MemberSource* MemberNote*"),
    "Graphs": _shape("", "Graph+"),
    "Graph": _shape("guid! name", "Vertex* Edge*"),
    "Vertex": _shape(
        "guid! representedGUID name firstX:integer! firstY:integer! secondX:integer"
        " secondY:integer shape:shape color:colour"
    ),
    "Edge": _shape(
        "guid! representedGUID name sourceVertex:guid! targetVertex:guid! color:colour"
        " direction:direction lineStyle:line"
    ),
    "Description": _shape(text="string"),
    "PlainTextContent": _shape(text="string"),
    **{name: _shape(text=kind) for name, kind in _VALUES.items()},
    **{name: _shape("targetGUID!") for name in _REFERENCES},
}
"""Element of a project → its shape. An element of one name is the same everywhere."""

CODEBOOK: Mapping[str, Shape] = {
    "CodeBook": _shape("origin", "Codes Sets?"),
    "Codes": PROJECT["Codes"],
    "Code": _shape("guid! name! isCodable:boolean! color:colour", "Description? Code*"),
    "Sets": PROJECT["Sets"],
    "Set": _shape("guid! name!", "Description? MemberCode*"),
    "MemberCode": _shape("guid!"),
    "Description": PROJECT["Description"],
}
"""Element of a codebook (``.qdc``) → its shape."""

_ROOTS = {
    "Project": (PROJECT_NAMESPACE, PROJECT),
    "CodeBook": (CODEBOOK_NAMESPACE, CODEBOOK),
}


def problems(root: _Element) -> list[str]:
    """Compare a whole document with the grammar.

    Returns:
        What is wrong, ``line 3: Sets: …``, in file order, at most 200; empty if it is valid. The
        messages hold names of elements and attributes, never their values.
    """
    known = _ROOTS.get(local(root))
    if known is None:
        return [f"line {line_of(root)}: the root is neither Project nor CodeBook"]
    expected, table = known
    found: list[str] = []
    if namespace(root) != expected:
        return [f"line {line_of(root)}: the namespace is not {expected}"]
    shapes = {f"{{{expected}}}{name}": (name, shape) for name, shape in table.items()}
    sound = _Sound()
    for element in root.iter():
        name, shape = shapes.get(element.tag, (None, None))
        if shape is None or sound.knows(element):
            continue
        attributes = _attribute_problems(element, shape)
        for problem in (*attributes, *_content_problems(element, shape)):
            found.append(f"line {line_of(element)}: {name}: {problem}")
        if len(found) >= PROBLEMS_LISTED:
            break
        if not attributes:
            sound.learn(element, shape)
    return found[:PROBLEMS_LISTED]


class _Sound:
    """Elements made like one that was compared in full and had no problem.

    Nearly all elements of a project are selections, codings and references, a few makes of each:
    of these only the values are looked at, all of an element by one expression.
    """

    def __init__(self) -> None:
        self._values: dict[tuple[object, ...], re.Pattern[str] | None] = {}

    def _make(self, element: _Element) -> tuple[object, ...] | None:
        """Its name, attributes and children; None where it must be compared in full."""
        text = element.text
        if text and (text.strip() or not len(element)):
            return None
        make: list[object] = [element.tag, *element.keys(), None]
        for child in element:
            tail = child.tail
            if (tail and tail.strip()) or len(make) > _SHORT:
                return None
            make.append(child.tag)
        return tuple(make)

    def knows(self, element: _Element) -> bool:
        """Whether it is made like a sound one, its values right; False where that is not sure."""
        make = self._make(element)
        values = None if make is None else self._values.get(make)
        return values is not None and bool(values.fullmatch("\0".join(map(str, element.values()))))

    def learn(self, element: _Element, shape: Shape) -> None:
        """Take up how an element is made whose attributes are right, if its content is too."""
        make = self._make(element)
        if make is None or make in self._values:
            return
        right = not shape.text and not _content_problems(element, shape)
        named = all(str(name) in shape.attributes for name in element.attrib)
        kinds = [_ONE_VALUE[shape.attributes[str(name)]] for name in element.attrib if named]
        self._values[make] = re.compile("\0".join(kinds)) if right and named else None


def _attribute_problems(element: _Element, shape: Shape) -> list[str]:
    found = [
        f"the attribute {name} is missing" for name in shape.required if element.get(name) is None
    ]
    for name, value in element.attrib.items():
        kind = shape.attributes.get(str(name))
        if kind is None:
            if not str(name).startswith(_INSTANCE):
                found.append(f"there is no attribute {name!s}")
        elif kind != "string" and not _CHECKS[kind](str(value).strip()):
            found.append(f"the attribute {name!s} is no {kind}")
    return found


def _content_problems(element: _Element, shape: Shape) -> list[str]:
    if shape.text is None and not shape.children and element.text:
        return ["text is not expected"]  # not even a blank
    if not len(element) and shape.text is None and not (element.text or "").strip():
        return [f"{name} is missing" for name in shape.needed] or (
            [f"it lacks {' or '.join(shape.children)}"] if shape.choice else []
        )
    names = [name for child in element if (name := local(child))]
    foreign = [local(child) for child in element if namespace(child) != namespace(element)]
    if shape.text is not None:
        if names:
            return [f"{names[0]} is not expected"]
        text = element.text or ""
        fits = _CHECKS[shape.text](text if shape.text == "string" else text.strip())
        return [] if fits else [f"its text is no {shape.text}"]
    texts = [element.text, *(child.tail for child in element)]
    found = ["text is not expected"] if any((text or "").strip() for text in texts) else []
    if any(name for name in foreign):
        return [*found, "an element of another namespace is not expected"]
    if shape.choice:
        strange = [name for name in names if name not in shape.children]
        if strange:
            return [*found, f"{strange[0]} is not expected"]
        return found if names else [*found, f"it lacks {' or '.join(shape.children)}"]
    problem = _order_problem(names, shape)
    return [*found, problem] if problem else found


def _order_problem(names: list[str], shape: Shape) -> str | None:
    """Name the first child that stands where it may not, or is missing; None if none does."""
    at = 0
    for name, occurs in shape.children.items():
        count = 0
        while at < len(names) and names[at] == name and (count == 0 or occurs in "*+"):
            at += 1
            count += 1
        if count == 0 and occurs in "1+":
            return f"{name} is missing" if at >= len(names) else f"{names[at]} is not expected"
    if at < len(names):
        return f"{names[at]} is not expected"
    if sum(name in shape.one_of for name in names) > 1:
        return "it has two values"
    return None

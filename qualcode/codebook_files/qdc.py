"""REFI-QDA codebooks (``.qdc``): the codes of another program, with GUIDs, colours and one text
each that defines them.

A file of an unknown namespace, or with what the standard does not allow (Taguette writes an empty
``<Sets/>``), is read as far as it can be, with a warning.
"""

from __future__ import annotations

from pathlib import Path

from qualcode.codebook_files.entries import CodebookFile, Found, add, tree
from qualcode.codebook_files.yaml_files import LARGEST
from qualcode.errors import InputProblems, Problem
from qualcode.formats.refi import (
    HEADINGS,
    child,
    children,
    codes_of,
    colour,
    definition_of,
    local,
    unique_names,
)
from qualcode.formats.refi_elements import problems
from qualcode.formats.xml import parse

_BOM = b"\xef\xbb\xbf"
_SAID = frozenset({"code", "parent", "full", "codable", "colour"})


def read_qdc(path: Path) -> tuple[CodebookFile, frozenset[str]]:
    """Read a REFI-QDA codebook.

    Returns:
        The codes, parents before children, ``id`` the GUID; and which fields the file speaks of.
        It has one name for each code, which is its ``code``.

    Raises:
        InputProblems: it cannot be read, is too large, holds no codes, or codes without a name.
        ReadingError: the XML is damaged. HostileFile: it declares a document type or entities.
    """
    root = parse(_bytes(path).removeprefix(_BOM), str(path))
    if local(root) == "Project":
        raise InputProblems(path, [Problem(0, "this is a whole project: qualcode import.")])
    codes = codes_of(child(root, "Codes") if local(root) == "CodeBook" else None)
    if not codes:
        raise InputProblems(path, [Problem(0, "this holds no codes of a REFI-QDA codebook.")])
    origin = " ".join((root.get("origin") or "").split())
    found = Found()
    shorts = unique_names([code.name for code in codes])
    for code, short in zip(codes, shorts, strict=True):
        if not code.name:
            found.problem(code.line, "a code without a name.")
            continue
        if short != code.name:
            message = f'"{code.name}" is there twice; this one is "{short}".'
            found.warnings.append(Problem(code.line, message))
        shade = colour(code.colour)
        if code.colour and shade is None:
            message = f'"{short}": the colour cannot be read.'
            found.warnings.append(Problem(code.line, message))
        fields = definition_of(code.description, origin)
        add(
            found,
            code.line,
            {
                "id": code.guid, "code": short, "colour": shade or "",
                "codable": "true" if code.codable else "false",
                **{name: text for name, text in fields.items() if isinstance(text, str)},
            },
            {name: texts for name, texts in fields.items() if not isinstance(texts, str)},
            None if code.parent is None else shorts[code.parent],
        )  # fmt: skip
    ordered = tree(found)
    if found.problems:
        raise InputProblems(path, found.problems)
    errors = problems(root)
    if errors:
        message = f"the file does not follow the standard ({errors[0]}); it was read all the same."
        found.warnings.append(Problem(0, message))
    sets = sum(1 for outer in children(root, "Sets") for _ in children(outer, "Set"))
    if sets:
        found.warnings.append(Problem(0, f"sets of codes have no place here: {sets} left behind."))
    said = _SAID | set(HEADINGS) if origin.casefold().startswith("qualcode") else _SAID
    return CodebookFile(origin, "", tuple(ordered), tuple(sorted(found.warnings))), said


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise InputProblems(
                path, [Problem(0, f"{size:,} bytes is more than a codebook holds.")]
            )
        return path.read_bytes()
    except OSError as error:
        raise InputProblems(path, [Problem(0, f"cannot be read: {error.strerror}.")]) from error

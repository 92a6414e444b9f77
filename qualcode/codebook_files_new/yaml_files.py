"""Codebook files in: YAML with MacQueen's fields, read under rules that keep surprises out.

Every scalar is a string (a code named ``no`` stays ``no``), nothing can refer or expand (anchors,
aliases and tags are refused before anything is built), and the problems of a file come back all
at once, each with its line. This module does not know the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from qualcode.errors import InputProblems, Problem
from qualcode.model import Code

LARGEST = 5 * 1024 * 1024
"""Bytes; a codebook beyond this is a mistake or an attack."""

DEEPEST = 64

TEXT_FIELDS = (
    "id", "code", "name", "brief", "full", "use_when", "not_when", "kind", "origin", "since",
    "status", "colour", "key", "parent", "codable",
)  # fmt: skip
LIST_FIELDS = ("example", "near_miss")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class CodebookFile:
    """What a codebook file holds."""

    title: str
    version: str
    """The file's own name for its version, such as ``v2``; empty where it has none."""

    codes: tuple[Code, ...]
    """Parents before their children, in file order; ``id`` is empty where the file gives none."""

    warnings: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Found:
    """Codes and problems collected on one walk through the file."""

    codes: list[tuple[int, Code]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def problem(self, line: int, message: str) -> None:
        self.problems.append(Problem(line, message))


def read_yaml(path: Path) -> CodebookFile:
    """Read a YAML codebook.

    Returns:
        The codes, parents before children, with warnings for unknown keys and missing definitions.

    Raises:
        InputProblems: everything that is wrong with the file, each with its line.
    """
    text = _text(path)
    found = _Found()
    root = _compose(path, text)
    title = version = ""
    if not isinstance(root, yaml.MappingNode):
        raise InputProblems(path, [Problem(1, "A codebook is a mapping with the key “codes”.")])
    for key, node in _pairs(root, found):
        if key == "codes":
            _walk(node, None, found)
        elif key == "codebook":
            title = _scalar(node, key, found)
        elif key == "version":
            version = _scalar(node, key, found)
        else:
            found.warnings.append(Problem(_line(node), f'Unknown key "{key}" was left out.'))
    if not found.codes and not found.problems:
        found.problem(1, "There is no code in this file.")
    codes = _tree(found)
    if found.problems:
        raise InputProblems(path, found.problems)
    return CodebookFile(title, version, tuple(codes), tuple(sorted(found.warnings)))


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise InputProblems(
                path, [Problem(0, f"{size:,} bytes is more than a codebook holds.")]
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputProblems(path, [Problem(0, f"cannot be read: {error.strerror}.")]) from error
    except UnicodeDecodeError as error:
        raise InputProblems(
            path, [Problem(0, f"is not UTF-8 (byte {error.start}); save it as UTF-8.")]
        ) from error


def _compose(path: Path, text: str) -> yaml.Node | None:
    """Build the node tree after a scan that refuses whatever could expand, refer or be typed."""
    depth = documents = 0
    try:
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            line = event.start_mark.line + 1 if event.start_mark else 0
            refusal = ""
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
                refusal = "Anchors and aliases (& and *) are not allowed; write the text out."
            elif getattr(event, "tag", None) is not None:
                refusal = "Tags (!…) are not allowed; every value is text."
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                refusal = "A file holds one codebook; this starts a second." * (documents > 1)
            elif isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                refusal = f"Nested more than {DEEPEST} deep." * (depth > DEEPEST)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if refusal:
                raise InputProblems(path, [Problem(line, refusal)])
        return yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise InputProblems(path, [Problem(line, f"not valid YAML: {error.problem}.")]) from error
    except yaml.YAMLError as error:
        raise InputProblems(path, [Problem(0, "holds a character YAML forbids.")]) from error


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _pairs(node: yaml.MappingNode, found: _Found) -> Iterator[tuple[str, yaml.Node]]:
    """The keys and values of a mapping; a key given twice is a problem, not the last one's win."""
    seen: dict[str, int] = {}
    for key_node, value in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            found.problem(_line(key_node), "A key must be a plain word.")
            continue
        key = str(key_node.value)
        if key in seen:
            found.problem(_line(key_node), f'"{key}" is given twice (first on line {seen[key]}).')
            continue
        seen[key] = _line(key_node)
        yield key, value


def _scalar(node: yaml.Node, key: str, found: _Found) -> str:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value).strip()
    found.problem(_line(node), f'"{key}" takes one text.')
    return ""


def _texts(node: yaml.Node, key: str, found: _Found) -> tuple[str, ...]:
    """One text, a list of texts, or (near misses) a mapping of code to difference."""
    if isinstance(node, yaml.SequenceNode):
        return tuple(filter(None, (_scalar(item, key, found) for item in node.value)))
    if isinstance(node, yaml.MappingNode) and key == "near_miss":
        return tuple(f"{code}: {_scalar(text, key, found)}" for code, text in _pairs(node, found))
    text = _scalar(node, key, found)
    return (text,) if text else ()


def _walk(node: yaml.Node, parent: str | None, found: _Found) -> None:
    if not isinstance(node, yaml.SequenceNode):
        found.problem(_line(node), "Codes are a list: one “- code: …” each.")
        return
    for item in node.value:
        if not isinstance(item, yaml.MappingNode):
            found.problem(_line(item), "A code is a mapping that begins with “code: …”.")
            continue
        _one_code(item, parent, found)


def _one_code(item: yaml.MappingNode, parent: str | None, found: _Found) -> None:
    line = _line(item)
    texts: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    children: yaml.Node | None = None
    for key, node in _pairs(item, found):
        if key == "children":
            children = node
        elif key in LIST_FIELDS:
            lists[key] = _texts(node, key, found)
        elif key in TEXT_FIELDS:
            texts[key] = _scalar(node, key, found)
        else:
            found.warnings.append(Problem(_line(node), f'Unknown key "{key}" was left out.'))
    name = texts.get("code", "")
    if not name:
        found.problem(line, "A code without “code: …”; give it a short, unique name.")
        return
    if parent is not None and texts.get("parent", parent) != parent:
        found.problem(line, f'"{name}" stands under "{parent}" but names another parent.')
    codable = texts.get("codable", "true").lower()
    if codable not in ("true", "false"):
        found.problem(line, f'"{name}": codable is true or false.')
    colour = texts.get("colour", "")
    if colour and not _COLOUR.fullmatch(colour):
        found.problem(line, f'"{name}": the colour "{colour}" is not of the form #RRGGBB.')
        colour = ""
    key_letter = texts.get("key") or None
    if key_letter is not None and len(key_letter) != 1:
        found.problem(line, f'"{name}": a key is one character.')
    if not any(texts.get(k) for k in ("brief", "full")):
        found.warnings.append(Problem(line, f'"{name}" has no definition.'))
    code = Code(
        id=texts.get("id", ""),
        code=name,
        name=texts.get("name", ""),
        parent=parent if parent is not None else texts.get("parent") or None,
        brief=texts.get("brief", ""),
        full=texts.get("full", ""),
        use_when=texts.get("use_when", ""),
        not_when=texts.get("not_when", ""),
        example=lists.get("example", ()),
        near_miss=lists.get("near_miss", ()),
        kind=texts.get("kind", ""),
        origin=texts.get("origin", ""),
        since=texts.get("since", ""),
        status=texts.get("status", ""),
        codable=codable == "true",
        colour=colour or "#888888",
        key=key_letter,
    )
    found.codes.append((line, code))
    if children is not None:
        _walk(children, name, found)


def _tree(found: _Found) -> list[Code]:
    """Codes with parents before children and positions counted; name clashes become problems."""
    first: dict[str, tuple[int, str]] = {}
    keys: dict[str, tuple[int, str]] = {}
    for line, code in found.codes:
        folded = code.code.casefold()
        if folded in first:
            found.problem(
                line, f'"{code.code}" is defined twice (first on line {first[folded][0]}).'
            )
        else:
            first[folded] = (line, code.code)
        if code.key is not None:
            if code.key.casefold() in keys:
                at, other = keys[code.key.casefold()]
                found.problem(line, f'Key "{code.key}" is taken by "{other}" (line {at}).')
            else:
                keys[code.key.casefold()] = (line, code.code)
    children: dict[str | None, list[Code]] = {}
    for line, code in found.codes:
        parent = code.parent
        if parent is not None:
            if parent.casefold() not in first:
                found.problem(line, f'"{code.code}" has the parent "{parent}", which is not here.')
                continue
            parent = first[parent.casefold()][1]
        siblings = children.setdefault(parent, [])
        siblings.append(replace(code, parent=parent, position=len(siblings)))
    ordered: list[Code] = []
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        code = waiting.pop()
        ordered.append(code)
        waiting.extend(reversed(children.pop(code.code, [])))
    _note_circles(found)
    return ordered


def _note_circles(found: _Found) -> None:
    """Make a problem of every code that is among its own ancestors."""
    above = {code.code.casefold(): (code.parent or "").casefold() for _, code in found.codes}
    for line, code in found.codes:
        start = code.code.casefold()
        passed: set[str] = set()
        at = above[start]
        while at in above and at not in passed and at != start:
            passed.add(at)
            at = above[at]
        if at == start:
            found.problem(line, f'"{code.code}" is its own ancestor: its parents form a circle.')

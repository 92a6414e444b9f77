"""Codebooks as YAML, under rules that keep surprises out.

Every scalar is a string (a code named ``no`` stays ``no``), and nothing can refer or expand:
anchors, aliases and tags are refused before anything is built. What is written reads back alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from qualcode.codebook_files.entries import (
    FIELDS,
    LIST_FIELDS,
    TEXT_FIELDS,
    CodebookFile,
    Found,
    add,
    tree,
)
from qualcode.errors import InputProblems, Problem
from qualcode.model import Code

LARGEST = 5 * 1024 * 1024
"""Bytes; a codebook beyond this is a mistake or an attack."""

DEEPEST = 64


def read_yaml(path: Path) -> CodebookFile:
    """Read a YAML codebook.

    Returns:
        The codes, parents before children, with warnings for unknown keys and missing definitions.

    Raises:
        InputProblems: everything that is wrong with the file, each with its line.
    """
    text = codebook_text(path)
    found = Found()
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
    codes = tree(found)
    if found.problems:
        raise InputProblems(path, found.problems)
    return CodebookFile(title, version, tuple(codes), tuple(sorted(found.warnings)))


def codebook_text(path: Path) -> str:
    """The text of a codebook file: UTF-8, of at most ``LARGEST`` bytes.

    Raises:
        InputProblems: it is neither, or cannot be read.
    """
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


def _pairs(node: yaml.MappingNode, found: Found) -> Iterator[tuple[str, yaml.Node]]:
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


def _scalar(node: yaml.Node, key: str, found: Found) -> str:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value).strip()
    found.problem(_line(node), f'"{key}" takes one text.')
    return ""


def _texts(node: yaml.Node, key: str, found: Found) -> tuple[str, ...]:
    """One text, a list of texts, or (near misses) a mapping of code to difference."""
    if isinstance(node, yaml.SequenceNode):
        return tuple(filter(None, (_scalar(item, key, found) for item in node.value)))
    if isinstance(node, yaml.MappingNode) and key == "near_miss":
        return tuple(f"{code}: {_scalar(text, key, found)}" for code, text in _pairs(node, found))
    text = _scalar(node, key, found)
    return (text,) if text else ()


def _walk(node: yaml.Node, parent: str | None, found: Found) -> None:
    if not isinstance(node, yaml.SequenceNode):
        found.problem(_line(node), "Codes are a list: one “- code: …” each.")
        return
    for item in node.value:
        if not isinstance(item, yaml.MappingNode):
            found.problem(_line(item), "A code is a mapping that begins with “code: …”.")
            continue
        _one_code(item, parent, found)


def _one_code(item: yaml.MappingNode, parent: str | None, found: Found) -> None:
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
    name = add(found, _line(item), texts, lists, parent)
    if name is not None and children is not None:
        _walk(children, name, found)


class _Writer(yaml.SafeDumper):
    """Writes every scalar as text: quoted wherever a reader of YAML would take it for another."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def write_yaml(codes: Sequence[Code], *, title: str, version: str = "") -> str:
    """Write codes, children under their parents; ``read_yaml`` gives back the same.

    Args:
        codes: Parents before their children.
    """
    below: dict[str | None, list[Code]] = {}
    for code in codes:
        below.setdefault(code.parent, []).append(code)
    whole: dict[str, Any] = {"codebook": title}
    if version:
        whole["version"] = version
    whole["codes"] = _written(below, None)
    text: str = yaml.dump(
        whole, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=100,
        default_flow_style=False,
    )  # fmt: skip
    return text


def _written(
    below: Mapping[str | None, Sequence[Code]], parent: str | None
) -> list[dict[str, Any]]:
    found = []
    for code in below.get(parent, ()):
        entry: dict[str, Any] = {}
        for name in FIELDS:
            value = getattr(code, name)
            if name == "parent" or value in ("", (), None):
                continue
            if name == "codable":
                if not value:
                    entry[name] = "false"
            elif name == "colour":
                if value != "#888888":
                    entry[name] = value
            else:
                entry[name] = list(value) if name in LIST_FIELDS else value
        children = _written(below, code.code)
        found.append({**entry, "children": children} if children else entry)
    return found

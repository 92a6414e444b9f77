"""What a preview tells of a REFI-QDA project beside its contents: how it is made, what is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qualcode.formats.refi import RefiCode, child, children, guid, local_name
from qualcode.formats.refi_positions import RULES, Choice
from qualcode.importers.refi_found import Found
from qualcode.importers.refi_package import Package
from qualcode.importers.refi_texts import SourceText

if TYPE_CHECKING:
    from lxml.etree import _Element

COUNTED = (
    "User", "Code", "Variable", "Case", "TextSource", "PDFSource", "PictureSource", "AudioSource",
    "VideoSource", "PlainTextSelection", "PDFSelection", "PictureSelection", "AudioSelection",
    "VideoSelection", "TranscriptSelection", "SyncPoint", "Coding", "Note", "Link", "Set", "Graph",
)  # fmt: skip


def facts_of(
    data: bytes,
    package: Package,
    root: _Element,
    codes: Sequence[RefiCode],
    errors: list[str],
    choice: Choice,
) -> dict[str, Any]:
    every = Counter[str]()
    for tag, count in Counter(element.tag for element in root.iter()).items():
        every[local_name(tag)] += count
    return {
        "bytes": len(data),
        "qde_name": package.qde_name,
        "folder": package.folders,
        "entries": package.entries,
        "xml_bom": package.xml_bom,
        "valid": not errors,
        "errors": errors,
        "counts": {name: every[name] for name in COUNTED if every[name]},
        "code_depth": max((code.depth for code in codes), default=0),
        "not_codable": sum(not code.codable for code in codes),
        "offset_rule": {
            "rule": choice.rule.name,
            "unit": choice.rule.unit,
            "newline": choice.rule.newline,
            "bom_counted": choice.rule.bom_counted,
            "quote": choice.score.quote,
            "clean": choice.score.clean,
            "in_range": choice.score.in_range,
            "of": choice.of,
        },
    }


def inventory(texts: Sequence[SourceText], choice: Choice) -> dict[str, Any]:
    """Count what makes offsets hard, and how many names agree with code points counted so."""
    there = [text for text in texts if not text.missing]
    as_stored, bom, as_one, _ = RULES[:4]
    return {
        "texts": len(there),
        "text_bom": sum(text.positions.bom for text in there),
        "crlf_texts": sum(bool(text.positions.crlf) for text in there),
        "astral": sum(text.positions.astral for text in there),
        "sel": choice.of,
        "name_match_cp_noBOM_asStored": choice.scores[as_stored].quote,
        "name_match_cp_noBOM_LF": choice.scores[as_one].quote,
        "name_match_cp_BOMcounted": choice.scores[bom].quote,
    }


def source_of(text: SourceText, found: Found) -> dict[str, Any]:
    """Give one text with every selection on it."""
    assert text.map is not None  # the offset rule has been chosen
    rows: list[dict[str, Any]] = []
    for element, start, stop in text.selections():
        begins, ends = text.map.start(start), text.map.stop(stop)
        passage = guid(element.get("guid")) or ""
        held = {"start": begins, "stop": ends, "text": text.text[begins:ends]}
        codings: list[_Element | None] = list(children(element, "Coding"))
        for coding in codings or [None]:
            reference = None if coding is None else child(coding, "CodeRef")
            target = "" if reference is None else guid(reference.get("targetGUID")) or ""
            code = found.codes.get(target)
            who = "" if coding is None else found.user(coding, element)
            rows.append(
                {
                    "guid": passage,
                    "code": None if code is None else code.code,
                    "coder": found.coders[who].name if who else None,
                    **held,
                }
            )
    positions = text.positions
    return {
        "name": text.name,
        "file": text.file,
        "characters": len(positions.raw) - positions.bom,
        "bom": positions.bom,
        "crlf": bool(positions.crlf),
        "astral": positions.astral,
        "selections": rows,
    }

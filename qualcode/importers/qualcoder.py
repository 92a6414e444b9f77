"""QualCoder's projects: the rows of ``data.qda``, which are handed in; nothing here knows SQL.

Offsets count characters of a text as stored there, byte order mark and line ends included; every
coded passage is held against the words that QualCoder kept with it, and if another way of counting
gives more of them, that is how it counted. Things are known by what they are called, not by their
keys: teams copy a project, code apart, and the keys of the copies are not the same.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from qualcode.contents import ForeignCoding, ProjectContents, from_plain, to_plain
from qualcode.errors import UnknownName
from qualcode.formats.refi_positions import (
    BY_NAME,
    Choice,
    PositionMap,
    Positions,
    Selected,
    choose,
)
from qualcode.importers.characters import clean
from qualcode.importers.foreign_rows import (
    Gathered,
    Row,
    date,
    line,
    number,
    reading_of,
    same_words,
    sources_of,
    trimmed,
    words,
)
from qualcode.importers.guarded import call
from qualcode.importers.qualcoder_codes import depth_of, read_codes
from qualcode.importers.qualcoder_rest import (
    attributes_of,
    read_annotations,
    read_attributes,
    read_cases,
    read_journal,
    tell_losses,
)
from qualcode.importers.refi_texts import derived
from qualcode.importers.source import PathLike
from qualcode.model import Code
from qualcode.text.plurals import counted

FORMAT = "qualcoder"
ORIGIN = "QualCoder"

AS_STORED = BY_NAME["codepoint-bom"]
"""What QualCoder means to count: every character that it has stored, a byte order mark too."""

Tables: TypeAlias = Mapping[str, Sequence[Row]]


class Text:
    """A source with text, and where its offsets lie."""

    def __init__(self, id_: str, name: str, positions: Positions) -> None:
        self.id, self.name, self.positions = id_, name, positions
        self.map: PositionMap

    def span(self, row: Row) -> tuple[int, int] | None:
        """Give where ``pos0`` and ``pos1`` of a row lie in our text; None where they do not."""
        start, stop = number(row, "pos0"), number(row, "pos1")
        if start is None or stop is None or not 0 <= start <= stop or start > self.map.length:
            return None
        return self.map.start(start), self.map.stop(stop)


def read_qualcoder(
    tables: Tables,
    path: PathLike,
    *,
    others: Mapping[str, int] | None = None,
    offsets: str | None = None,
    labels: Sequence[str] = (),
    selections: bool = False,
) -> ProjectContents:
    """Read a project of QualCoder. Nothing is stored.

    Args:
        tables: Table → its rows: ``source``, ``code_name``, ``code_cat``, ``code_text``, and those
            of the others that the file has.
        path: The file they are of, for messages.
        others: Table that nobody reads → how many rows it has.
        offsets: Name of the rule that its offsets follow; None finds it.
        labels: Labels of speakers known from other documents.
        selections: Also give every coding with its text, as a preview shows it.

    Raises:
        ReadingError: Its codes go too deep, or it is too much to read within the limits.
        UnknownName: There is no such rule.
    """
    if offsets is not None and offsets not in BY_NAME:
        raise UnknownName("offset rule", offsets, list(BY_NAME))
    data = json.dumps({"tables": tables, "others": others or {}}, ensure_ascii=False).encode()
    return from_plain(
        call(
            read_plain, data, path, offsets=offsets, labels=sorted(labels), selections=selections
        )
    )  # fmt: skip


def read_plain(
    data: bytes, path: str, *, offsets: str | None, labels: Sequence[str], selections: bool
) -> dict[str, Any]:
    """Be the child of ``read_qualcoder``: the contents as JSON values."""
    given = json.loads(data)
    tables: Tables = given["tables"]
    found = Gathered(ORIGIN)
    about = next(iter(tables.get("project", ())), {})
    base = words(about, "date")
    codes = read_codes(tables, path, base, found)
    texts = _texts(tables["source"], base)
    choice = _choose(texts, tables["code_text"], offsets, found)
    names = attributes_of(tables)
    on_files, on_cases = read_attributes(tables, names, found)
    _documents(tables["source"], texts, on_files, labels, found)
    score = _codings(tables["code_text"], texts, codes, found)
    read_annotations(tables, texts, base, found)
    participants = read_cases(tables, texts, on_cases, base, found)
    read_journal(tables, base, found)
    found.memo(words(about, "memo"), "project", id_=derived("about", ORIGIN, base))
    tell_losses(tables, given["others"], texts, found)
    every = list(codes.values())
    facts: dict[str, Any] = {
        "valid": True,
        "errors": [],
        "counts": _counts(tables),
        "code_depth": depth_of(every),
        "not_codable": sum(not code.codable for code in every),
        "offset_rule": {
            "rule": choice.rule.name, "unit": choice.rule.unit, "newline": choice.rule.newline,
            "bom_counted": choice.rule.bom_counted, "clean": choice.score.clean,
            "in_range": choice.score.in_range, "of": choice.of, "quote": score,
        },
    }  # fmt: skip
    if selections:
        facts["sources"] = sources_of(found.documents, found.codings, every, found.coders)
    contents = ProjectContents(
        FORMAT, ORIGIN, "", tuple(found.coders.values()), tuple(every), tuple(found.documents),
        tuple(found.codings), tuple(found.memos), tuple(names.values()), tuple(participants),
        losses=tuple(found.losses), warnings=tuple(found.warnings), facts=facts,
    )  # fmt: skip
    return to_plain(contents)


def _counts(tables: Tables) -> dict[str, int]:
    names = {
        "code_cat": "categories", "code_name": "codes", "source": "sources",
        "code_text": "codings", "annotation": "annotations", "cases": "cases",
        "attribute_type": "attributes", "journal": "journal entries",
    }  # fmt: skip
    return {name: len(tables[table]) for table, name in names.items() if tables.get(table)}


# Texts


def _texts(rows: Sequence[Row], base: str) -> dict[int, Text]:
    """Give key of a source → its text; those without one, pictures and recordings, are left out."""
    texts: dict[int, Text] = {}
    seen: Counter[str] = Counter()
    for row in rows:
        key = number(row, "id")
        if key is None or row.get("fulltext") is None:
            continue
        name = line(row, "name") or f"source {key}"
        seen[name] += 1
        id_ = derived("source", ORIGIN, base, name, str(seen[name]))
        texts[key] = Text(id_, name, Positions(words(row, "fulltext")))
    return texts


def _choose(
    texts: Mapping[int, Text], rows: Sequence[Row], offsets: str | None, found: Gathered
) -> Choice:
    """Find what the offsets count, once for the whole project, and map every text by it."""
    selected: dict[int, list[Selected]] = {key: [] for key in texts}
    for row in rows:
        key, start, stop = (number(row, name) for name in ("fid", "pos0", "pos1"))
        if key in selected and start is not None and stop is not None:
            selected[key].append(Selected(start, stop, _quote(row)))
    evidence = [(text.positions, selected[key]) for key, text in texts.items()]
    if offsets is not None:
        choice = choose(evidence, "", BY_NAME[offsets])
    else:
        choice = choose(evidence, "")
        if choice.scores[AS_STORED] == choice.score:
            choice = replace(choice, rule=AS_STORED)
    for text in texts.values():
        text.map = text.positions.under(choice.rule)
    named = list(texts.values())
    for n, other in choice.others:
        found.warn(
            "other_offsets",
            f"{named[n].name}: Its codings fit better where offsets count otherwise"
            f" ({other.name}); look at them.",
        )
    return choice


def _quote(row: Row) -> str:
    return clean(words(row, "seltext"))[0]


def _documents(
    rows: Sequence[Row],
    texts: Mapping[int, Text],
    attributes: Mapping[int, Mapping[str, str]],
    labels: Sequence[str],
    found: Gathered,
) -> None:
    for row in rows:
        key = number(row, "id")
        text = texts.get(-1 if key is None else key)
        author = found.coder(words(row, "owner")) if words(row, "memo").strip() else ""
        if text is None or key is None:
            name = line(row, "name")
            found.memo(f"{name}\n\n{words(row, 'memo')}" if author else "", "project", coder=author)
            continue
        raw = text.positions.raw
        dropped = clean(raw.removeprefix("\ufeff"))[1]
        reading = reading_of(text.positions.text, raw.encode(), FORMAT, labels, dropped)
        found.document(text.id, text.name, reading, attributes.get(key, {}))
        found.memo(
            words(row, "memo"), "document", text.id, id_=derived("about", ORIGIN, text.id),
            coder=author, at=date(row, "date"),
        )  # fmt: skip


# Codings


def _codings(
    rows: Sequence[Row], texts: Mapping[int, Text], codes: Mapping[int, Code], found: Gathered
) -> int:
    """Read the coded passages; how many say what was kept of them."""
    agree = 0
    others: Counter[str] = Counter()
    for row in rows:
        text = texts.get(number(row, "fid") or 0)
        code = codes.get(number(row, "cid") or 0)
        if text is None or code is None:
            what = "its source" if text is None else "its code"
            where = "code_text" if text is None else text.name
            found.loss("code_text", where, "dropped", f"{what} is not there")
            continue
        span = text.span(row)
        start, stop = trimmed(text.positions.text, *span) if span else (0, 0)
        if start >= stop:
            reason = "it holds nothing that is text here" if span else "its offsets leave the text"
            found.loss("code_text", text.name, "dropped", f"{reason}: {code.code}")
            continue
        coder = found.coder(words(row, "owner"))
        found.anonymous += not words(row, "owner").strip()
        places = [str(number(row, name)) for name in ("pos0", "pos1")]
        id_ = derived("coding", ORIGIN, text.id, code.id, coder, *places)
        if (number(row, "pos1") or 0) > text.map.length:
            reason = "its offsets leave the text; it was cut at its end"
            found.loss("code_text", text.name, "changed", reason, id_)
        quote = _quote(row)
        if same_words(quote, text.positions.text[start:stop]):
            agree += 1
        elif quote.strip():
            others[text.name] += 1
            reason = "the words at its offsets are not those kept with it"
            found.loss("code_text", text.name, "approximate", reason, id_)
        at = date(row, "date")
        important = number(row, "important") == 1
        coding = ForeignCoding(
            id_, text.id, code.id, coder, start, stop, at, exemplar=important
        )  # fmt: skip
        if found.coding(coding, "code_text", text.name):
            found.memo(
                words(row, "memo"), "coding", id_, id_=derived("memo", id_), coder=coder, at=at
            )
            if important:
                found.loss("important", text.name, "changed", "it became an exemplar", id_)
    found.tell_mismatches(others)
    if found.anonymous:
        told = counted(found.anonymous, "coding")
        found.warn("no_coder", f"{told} without an owner; the coder is “unknown”.")
    return agree

"""What stands beside the codings in QualCoder: cases, attributes, annotations, the journal.

What has no place here is told, table by table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from qualcode.contents import ForeignAttribute, ForeignParticipant
from qualcode.formats.refi import unique_names
from qualcode.importers.foreign_rows import Gathered, Row, date, line, number, words
from qualcode.importers.refi_codings import QUOTED
from qualcode.importers.refi_texts import derived
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.importers.qualcoder import Tables, Text

_ORIGIN = "QualCoder"
_MEDIA = {"code_image": "areas of pictures", "code_av": "stretches of recordings"}


def attributes_of(tables: Tables) -> dict[str, ForeignAttribute]:
    """Give name of an attribute → what it is."""
    found = {}
    for row in tables.get("attribute_type", ()):
        name = line(row, "name")
        kind: Literal["text", "number", "date"] = "text"
        if line(row, "valuetype") == "numeric":
            kind = "number"
        if name:
            found[name] = ForeignAttribute(derived("attribute", _ORIGIN, name), name, kind)
    return found


def read_attributes(
    tables: Tables, names: Mapping[str, ForeignAttribute], found: Gathered
) -> tuple[dict[int, dict[str, str]], dict[int, dict[str, str]]]:
    """Give the values of sources and of cases: key → attribute → value; empty ones are none."""
    values: dict[str, dict[int, dict[str, str]]] = {"file": {}, "case": {}}
    left = 0
    for row in tables.get("attribute", ()):
        name, value, key = line(row, "name"), words(row, "value").strip(), number(row, "id")
        kind = line(row, "attr_type")
        if not value:
            continue
        if not name or key is None or kind not in values:
            left += 1
            continue
        values[kind].setdefault(key, {})[name] = value
    if left:
        reason = f"they are of neither a file nor a case: {left}"
        found.loss("attribute", "attributes", "dropped", reason)
    for row in tables.get("attribute_type", ()):
        if words(row, "memo").strip():
            name = line(row, "name")
            attribute = names[name].guid if name in names else ""
            reason = "what it means is not kept with an attribute"
            found.loss("attribute_type", name, "dropped", reason, attribute)
    return values["file"], values["case"]


def read_annotations(tables: Tables, texts: Mapping[int, Text], base: str, found: Gathered) -> None:
    """Read the annotations: each becomes a memo on its document that quotes what it is on."""
    for row in tables.get("annotation", ()):
        body = words(row, "memo").strip()
        text = texts.get(number(row, "fid") or 0)
        if not body:
            continue
        if text is None:
            found.loss("annotation", "annotations", "dropped", "its source is not there")
            continue
        span = text.span(row)
        quoted = " ".join(text.positions.text[span[0] : span[1]].split()) if span else ""
        if len(quoted) > QUOTED:
            quoted = quoted[: QUOTED - 1] + "…"
        places = [str(number(row, name)) for name in ("pos0", "pos1")]
        coder = found.coder(words(row, "owner"))
        id_ = derived("annotation", _ORIGIN, base, text.id, coder, *places)
        found.memo(
            f"“{quoted}”\n\n{body}" if quoted else body, "document", text.id,
            id_=id_, coder=coder, at=date(row, "date"),
        )  # fmt: skip
        reason = "it became a memo on the document that quotes its words"
        found.loss("annotation", text.name, "changed", reason, id_)


def read_cases(
    tables: Tables,
    texts: Mapping[int, Text],
    attributes: Mapping[int, Mapping[str, str]],
    base: str,
    found: Gathered,
) -> list[ForeignParticipant]:
    """Read the cases, and of which documents each is."""
    rows = tables.get("cases", ())
    documents: dict[int, list[str]] = {}
    parts: Counter[int] = Counter()
    for row in tables.get("case_text", ()):
        case, text = number(row, "caseid"), texts.get(number(row, "fid") or 0)
        if case is None or text is None:
            continue
        documents.setdefault(case, []).append(text.id)
        start, stop = number(row, "pos0") or 0, number(row, "pos1") or 0
        parts[case] += start > 0 or stop < len(text.positions.raw) - 1
    labels = unique_names([line(row, "name") or "case" for row in rows])
    cases = []
    for row, label in zip(rows, labels, strict=True):
        key = number(row, "caseid") or 0
        id_ = derived("case", _ORIGIN, base, label)
        members = tuple(dict.fromkeys(documents.get(key, ())))
        cases.append(ForeignParticipant(id_, label, attributes.get(key, {}), members))
        if words(row, "memo").strip():
            found.memo(
                words(row, "memo"), "participant", id_, id_=derived("about", id_),
                coder=found.coder(words(row, "owner")), at=date(row, "date"),
            )  # fmt: skip
        if parts[key]:
            what = counted(parts[key], "part")
            reason = f"it is of whole documents, not of {what} of them"
            found.loss("case_text", label, "approximate", reason, id_)
    return cases


def read_journal(tables: Tables, base: str, found: Gathered) -> None:
    """Read the journal: each entry becomes a memo on the project."""
    for row in tables.get("journal", ()):
        name, entry = line(row, "name"), words(row, "jentry").strip()
        if name or entry:
            found.memo(
                f"{name}\n\n{entry}".strip(), "project",
                id_=derived("journal", _ORIGIN, base, name, date(row, "date")),
                coder=found.coder(words(row, "owner")), at=date(row, "date"),
            )  # fmt: skip


def tell_losses(
    tables: Tables, others: Mapping[str, int], texts: Mapping[int, Text], found: Gathered
) -> None:
    """Tell what is left behind: sources without text, codes on them, tables of other things."""
    media: Counter[int] = Counter()
    for table in _MEDIA:
        for row in tables.get(table, ()):
            media[number(row, "id") or 0] += 1
    for row in tables["source"]:
        key = number(row, "id")
        if key is not None and key in texts:
            _tell_file(row, media[key], found)
            continue
        codings = media[key] if key is not None else 0
        held = f", with its {counted(codings, 'coding')}" if codings else ""
        found.loss("source", line(row, "name"), "dropped", f"it has no text{held}")
    for table, what in _MEDIA.items():
        count = len(tables.get(table, ()))
        if count:
            found.loss(table, "codings", "dropped", f"{what} have no place here: {count}")
    for table, count in others.items():
        reason = f"it has no place here: {counted(count, 'row')}"
        found.loss(table, "project", "dropped", reason)
    if any(words(row, "date").strip() for row in [*tables["code_text"], *tables["source"]]):
        reason = "its times say no time zone; they are taken as UTC"
        found.loss("date", "project", "changed", reason)


def _tell_file(row: Row, codings: int, found: Gathered) -> None:
    name = line(row, "name")
    if line(row, "mediapath"):
        found.loss("mediapath", name, "dropped", "the file that the text is of is not stored")
    if codings:
        reason = f"its pages are not stored: {counted(codings, 'coding')} on them"
        found.loss("source", name, "dropped", reason)

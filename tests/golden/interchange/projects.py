"""Fictional REFI-QDA projects, written by code: the quirks of other programs without their files.

Nobody in them exists, and no program wrote them: an ``origin`` here says whose habits are copied.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from qualcode.formats.refi_positions import BY_NAME, Rule, offsets

ANA, BEN = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"
WARM, COLD, WAIT = (f"cccccccc-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
FIRST, SECOND = (f"dddddddd-0000-4000-8000-00000000000{n}" for n in (1, 2))
NAMESPACE = "urn:QDA-XML:project:1.0"
WHEN = "2026-05-01T12:00:00Z"

HARBOUR = """A fictional interview at the harbour 🐋.

Moderator: How did the officer meet you?

Rosa: She walked me over 🙂 and stayed until he came. That was kind 💙💙.

Moderator: And afterwards?

Rosa: They put me on the list 📝 for a bed. Nobody called me back 😐 for weeks.
"""
YARD = """Notes from the yard, fictional too 🌧.

He asked for the papers and left 🚪 me standing there.
I waited two hours 🕑 in the rain.
"""


@dataclass(frozen=True)
class Passage:
    """A stretch of text to select, by its words, and the code on it."""

    words: str
    code: str
    coder: str = ANA


@dataclass(frozen=True)
class Text:
    """A source to write."""

    guid: str
    name: str
    text: str
    passages: Sequence[Passage] = field(default=())


TEXTS = (
    Text(
        FIRST,
        "A-P1",
        HARBOUR,
        (
            Passage("walked me over", WARM),
            Passage("walked me over", WARM, BEN),
            Passage("stayed until he came", WARM),
            Passage("kind", WAIT),
            Passage("put me on the list", COLD),
            Passage("Nobody called me back", COLD, BEN),
            Passage("for weeks", WAIT),
        ),
    ),
    Text(
        SECOND,
        "A-N1",
        YARD,
        (
            Passage("asked for the papers", COLD),
            Passage("standing there", WAIT),
            Passage("waited two hours", WAIT, BEN),
            Passage("in the rain", COLD),
        ),
    ),
)
CODES = f"""<Codes>
<Code guid="{WARM}" name="warm handoff" isCodable="true" color="#D55E00"><Description>In person.</Description>
<Code guid="{WAIT}" name="waiting" isCodable="true"/></Code>
<Code guid="{COLD}" name="referral" isCodable="false" color="rgb(0, 114, 178)"/>
</Codes>"""
USERS = f'<Users><User guid="{ANA}" name="Ana"/><User guid="{BEN}" name="Ben"/></Users>'


def stored(text: str, *, crlf: bool, bom: bool) -> str:
    """A text as a program stores it."""
    return ("\ufeff" if bom else "") + (text.replace("\n", "\r\n") if crlf else text)


def selections(text: Text, raw: str, rule: Rule, *, named: bool = True) -> str:
    """The selections of a source, counted by a rule."""
    places = list(offsets(raw, rule))
    found = []
    for n, passage in enumerate(text.passages):
        at = raw.index(passage.words)
        name = f" name={quoteattr(passage.words)}" if named else ""
        tail = f"{text.guid[-2:]}-4000-8000-{n:012d}"
        found.append(
            f'<PlainTextSelection guid="eeeeeeee-00{tail}"{name} startPosition="{places[at]}"'
            f' endPosition="{places[at + len(passage.words)]}" creatingUser="{passage.coder}"'
            f' creationDateTime="{WHEN}"><Coding guid="ffffffff-00{tail}"'
            f' creatingUser="{passage.coder}" creationDateTime="{WHEN}">'
            f'<CodeRef targetGUID="{passage.code}"/></Coding></PlainTextSelection>'
        )
    return "".join(found)


def project(
    sources: str = "",
    *,
    users: str = USERS,
    codes: str = CODES,
    before: str = "",
    after: str = "",
    origin: str = "Example",
    namespace: str = NAMESPACE,
    declaration: str = "",
) -> str:
    """The XML of a project: ``before`` and ``after`` stand on either side of its sources."""
    book = f"<CodeBook>{codes}</CodeBook>" if codes else ""
    held = f"<Sources>{sources}</Sources>" if sources else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{declaration}<Project xmlns="{namespace}"'
        f' name="Harbour" origin={quoteattr(origin)}>{users}{book}{before}{held}{after}</Project>'
    )


def inline(
    text: str, inside: str = "", *, guid: str = FIRST, name: str = "A-P1", coding: str = ""
) -> str:
    """A source whose text stands in the XML."""
    return (
        f'<TextSource guid="{guid}" name={quoteattr(name)}><PlainTextContent>{escape(text)}'
        f"</PlainTextContent>{inside}{coding}</TextSource>"
    )


def selection(
    start: int | str,
    stop: int | str,
    code: str | None = WARM,
    *,
    inside: str = "",
    n: int = 1,
    coder: str | None = ANA,
    name: str = "",
) -> str:
    """One selection, with a coding unless ``code`` is None."""
    by = f' creatingUser="{coder}"' if coder else ""
    coding = (
        f'<Coding guid="ffffffff-0000-4000-8000-{n:012d}"{by}><CodeRef targetGUID="{code}"/></Coding>'
        if code
        else ""
    )
    called = f" name={quoteattr(name)}" if name else ""
    before, after = ("", inside) if inside.startswith("<NoteRef") else (inside, "")
    return (
        f'<PlainTextSelection guid="eeeeeeee-0000-4000-8000-{n:012d}"{called} startPosition="{start}"'
        f' endPosition="{stop}"{by}>{before}{coding}{after}</PlainTextSelection>'
    )


def packed(
    xml: str | bytes,
    files: Mapping[str, bytes] | None = None,
    *,
    qde_name: str = "project.qde",
    compress: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """The archive of a project."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as archive:
        archive.writestr(qde_name, xml)
        for name, data in (files or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def twin(
    rule: Rule | str = "codepoint",
    *,
    named: bool = True,
    crlf: bool = True,
    bom: bool = True,
    origin: str = "Example",
    folder: str = "sources",
    prefix: str = "internal://",
    qde_name: str = "project.qde",
    texts: Sequence[Text] = TEXTS,
) -> bytes:
    """The same project whatever the rule its offsets follow, as its program would store it."""
    counted = BY_NAME[rule] if isinstance(rule, str) else rule
    files: dict[str, bytes] = {f"{folder}/": b"", f"{folder}/.root": b""}
    sources = ""
    for text in texts:
        raw = stored(text.text, crlf=crlf, bom=bom)
        files[f"{folder}/{text.guid}.txt"] = raw.encode()
        sources += (
            f'<TextSource guid="{text.guid}" name="{text.name}"'
            f' plainTextPath="{prefix}{text.guid}.txt">'
            f"{selections(text, raw, counted, named=named)}</TextSource>"
        )
    return packed(project(sources, origin=origin), files, qde_name=qde_name)

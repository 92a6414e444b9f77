"""What lies before who decides on redactions: every one, with the words around it.

Read from the project in one go, on a thread that owns it. Names stand here as they were said:
nobody can decide about what they cannot see. It writes nothing and draws nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from qualcode.model import Coder, Redaction, RedactionStatus, Span
from qualcode.project import Project
from qualcode.tui.widgets.name_picker import Named

_BLANKS = re.compile(r"\s+")

AROUND = 240
"""Characters read on either side of a name."""

STATUSES: tuple[RedactionStatus, ...] = ("suggested", "accepted", "rejected")
SAID: Mapping[RedactionStatus, str] = {
    "suggested": "to decide",
    "accepted": "accepted",
    "rejected": "rejected",
}
"""A status in a researcher's words."""

USUAL = {
    "[name]": "person", "[place]": "place", "[organisation]": "organisation", "[date]": "date",
    "[phone]": "phone",
}  # fmt: skip
"""Labels offered in any project → the kind they stand for."""


@dataclass(frozen=True, slots=True, repr=False)
class ReviewRow:
    """One redaction, with the words it covers and those around them."""

    redaction: Redaction
    document: str
    """Name of the document, as it is shown elsewhere."""

    before: str
    name: str
    after: str

    @property
    def id(self) -> str:
        """Id of the redaction."""
        return self.redaction.id

    @property
    def status(self) -> RedactionStatus:
        """Whether and how it was decided."""
        return self.redaction.status

    def with_status(self, status: RedactionStatus) -> ReviewRow:
        """The same, decided so."""
        return replace(self, redaction=replace(self.redaction, status=status))


@dataclass(frozen=True, slots=True)
class Review:
    """Every redaction of the project, by document and place."""

    me: Coder
    rows: Sequence[ReviewRow]

    def counts(self, document_id: str | None = None) -> str:
        """``12 to decide, 141 accepted, 3 rejected``: in a document, or with None in all."""
        held = Counter(
            row.status for row in self.rows if document_id in (None, row.redaction.document_id)
        )
        return ", ".join(f"{held[status]} {SAID[status]}" for status in STATUSES)

    def of_name(self, name: str) -> list[ReviewRow]:
        """Every redaction that covers this name, anywhere in the project."""
        return [row for row in self.rows if row.name == name]

    def decided(self, ids: Iterable[str], status: RedactionStatus) -> Review:
        """The same once these are decided so."""
        wanted = set(ids)
        rows = [row.with_status(status) if row.id in wanted else row for row in self.rows]
        return replace(self, rows=rows)


def review_of(project: Project, coder: str) -> Review:
    """Read every redaction with its surroundings; on the project's thread."""
    words = project.layer.words
    names = {d.id: words(d.name) for d in project.documents.list() if not d.removed}
    texts: dict[str, str] = {}
    rows = []
    for one in project.redactions.list():
        id_, span = one.document_id, one.span
        if id_ not in texts:
            texts = {id_: project.documents.text(id_)}  # they come by document
        text = texts[id_]
        rows.append(
            ReviewRow(
                one,
                names[id_],
                _in_one_line(text[max(span.start - AROUND, 0) : span.start]),
                folded(text[span.start : span.stop]),
                _in_one_line(text[span.stop : span.stop + AROUND]),
            )
        )
    return Review(project.coders.named(coder), rows)


def labels_for(rows: Sequence[ReviewRow], name: str) -> list[Named]:
    """Labels to choose from: first what this name has elsewhere, then by how often, then the
    usual ones."""
    uses = Counter(row.redaction.label for row in rows)
    theirs = Counter(row.redaction.label for row in rows if row.name == name)
    order = [label for label, _ in [*theirs.most_common(), *uses.most_common()]]
    kinds = kinds_of(rows)
    return [
        Named(label, remark=f"{kinds[label]}, {uses[label]} ×" if uses[label] else kinds[label])
        for label in dict.fromkeys([*order, *USUAL])
    ]


def kinds_of(rows: Iterable[ReviewRow]) -> dict[str, str]:
    """What kind each label stands for; the usual ones included."""
    return USUAL | {row.redaction.label: row.redaction.kind for row in rows}


def at_or_after(rows: Sequence[ReviewRow], document_id: str, position: int) -> int:
    """Which row lies at a place of a document, or next after it; 0 where none does."""
    here = [n for n, row in enumerate(rows) if row.redaction.document_id == document_id]
    ahead = [n for n in here if rows[n].redaction.span.stop > position]
    return (ahead or here[-1:] or [0])[0]


def bare(text: str, span: Span) -> Span:
    """A word without the punctuation and the possessive ``'s`` around a name; itself if nothing
    would be left."""
    start, stop = span.start, span.stop
    while start < stop and not text[start].isalnum():
        start += 1
    while start < stop and not text[stop - 1].isalnum():
        stop -= 1
    if text[start:stop].endswith(("'s", "\u2019s")):
        stop -= 2
    return Span(start, stop) if start < stop else span


def folded(text: str) -> str:
    """A name with single blanks, for it may be broken over two lines."""
    return " ".join(text.split())


def _in_one_line(text: str) -> str:
    return _BLANKS.sub(" ", text)

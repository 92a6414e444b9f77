"""Which tables the log records, with which columns: what an image of a row holds.

In images and in calls a reference is named ``x_id`` and holds the other row's id; in the file the
column is ``x_pk``. ``pk``, ``rev``, a document's text and a source's bytes are in no image.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = str | int | float | None


class Required:
    """Stands where a column has no default."""


REQUIRED = Required()


@dataclass(frozen=True, slots=True)
class Logged:
    """A table whose rows are written one by one."""

    name: str
    columns: Mapping[str, Value | Required]
    """Column as the log names it → its default."""

    references: Mapping[str, str] = field(default_factory=dict)
    """Column ``x_id`` → the table it points into."""

    salted: bool = True
    """Whether a line carries a salt, so that a short text cannot be guessed from its digest."""

    has_rev: bool = True
    kept: bool = False
    """Rows are marked removed, never deleted."""

    stored: Mapping[str, str] = field(init=False)
    """Column as the log names it → as the file names it."""

    def __post_init__(self) -> None:
        stored = {c: c[:-3] + "_pk" if c in self.references else c for c in self.columns}
        object.__setattr__(self, "stored", stored)


@dataclass(frozen=True, slots=True)
class Layer:
    """A table whose rows are replaced whole, all those of one owner at once."""

    name: str
    owners: Mapping[str, str | None]
    """Column that names the owner → the table it points into; None where it holds an id itself."""

    columns: Mapping[str, str | None]
    """The other columns, in the order of a row: name → table pointed into, or None for a value."""

    def stored(self, column: str) -> str:
        """The name of a column in the file."""
        into = {**self.owners, **self.columns}[column]
        return column if into is None else column[:-3] + "_pk"


def _logged(*tables: Logged) -> dict[str, Logged]:
    return {table.name: table for table in tables}


R = REQUIRED
LOGGED: Mapping[str, Logged] = _logged(
    Logged("project", {"title": R, "min_reader": 1, "created_at": R}),
    Logged("setting", {"name": R, "value": R}),
    Logged("coder", {"name": R, "kind": "human"}),
    Logged(
        "document",
        {
            "name": R, "kind": "", "language": "en", "importer": R, "metadata": "{}",
            "collected_on": None, "n_chars": R, "sha256": R, "replaces_id": None, "removed": 0,
            "purged_at": None,
        },
        {"replaces_id": "document"},
        kept=True,
    ),
    Logged("participant", {"label": R}),
    Logged(
        "speaker",
        {"name": R, "role": "participant", "participant_id": None},
        {"participant_id": "participant"},
    ),
    Logged("label", {"document_id": R, "label": R, "kind": "speaker"}, {"document_id": "document"}),
    Logged("segmentation", {"kind": R, "maker": R, "created_at": R}, salted=False),
    Logged("attribute", {"name": R, "kind": "text", "levels": "[]"}),
    Logged(
        "attribute_value",
        {"attribute_id": R, "participant_id": None, "document_id": None, "value": R},
        {"attribute_id": "attribute", "participant_id": "participant", "document_id": "document"},
    ),
    Logged(
        "code",
        {
            "parent_id": None, "code": R, "name": "", "brief": "", "full": "", "use_when": "",
            "not_when": "", "example": "[]", "near_miss": "[]", "kind": "", "origin": "",
            "since": "", "status": "", "codable": 1, "colour": "#888888", "key": None,
            "position": 0, "merged_into_id": None, "removed": 0,
        },
        {"parent_id": "code", "merged_into_id": "code"},
        kept=True,
    ),
    Logged(
        "codebook_version",
        {"label": R, "body": R, "sha256": R, "frozen_at": R, "coder_id": R, "purged_at": None},
        {"coder_id": "coder"},
        has_rev=False,
    ),
    Logged(
        "round",
        {
            "name": R, "purpose": "reliability", "codebook_version_id": None,
            "segmentation_id": None, "blind": 1, "state": "open",
        },
        {"codebook_version_id": "codebook_version", "segmentation_id": "segmentation"},
    ),
    Logged(
        "assignment",
        {"round_id": R, "document_id": R, "coder_id": R, "finished_at": None},
        {"round_id": "round", "document_id": "document", "coder_id": "coder"},
        salted=False,
    ),
    Logged(
        "coding",
        {
            "document_id": R, "coder_id": R, "round_id": R, "code_id": R, "start": R, "stop": R,
            "created_at": R, "valence": None, "weight": None, "exemplar": 0, "disconfirming": 0,
            "made_by": "hand",
        },
        {"document_id": "document", "coder_id": "coder", "round_id": "round", "code_id": "code"},
        salted=False,
    ),
    Logged(
        "memo",
        {
            "coder_id": R, "body": R, "created_at": R, "kind": "note", "private": 0,
            "document_id": None, "code_id": None, "coding_id": None, "participant_id": None,
            "round_id": None, "memo_id": None,
        },
        {
            "coder_id": "coder", "document_id": "document", "code_id": "code",
            "coding_id": "coding", "participant_id": "participant", "round_id": "round",
            "memo_id": "memo",
        },
    ),
    Logged(
        "discussed",
        {"round_id": R, "document_id": R, "discussed_at": R},
        {"round_id": "round", "document_id": "document"},
        salted=False,
    ),
    Logged(
        "adjudication",
        {
            "round_id": R, "document_id": R, "code_id": R, "start": R, "stop": R, "decision": R,
            "new_code_id": None, "reason": "", "decided_by_id": R, "decided_at": R,
            "codebook_version_id": None,
        },
        {
            "round_id": "round", "document_id": "document", "code_id": "code",
            "new_code_id": "code", "decided_by_id": "coder",
            "codebook_version_id": "codebook_version",
        },
    ),
    Logged(
        "redaction",
        {
            "document_id": R, "start": R, "stop": R, "label": R, "kind": R, "status": "suggested",
            "coder_id": R, "at": R,
        },
        {"document_id": "document", "coder_id": "coder"},
    ),
    Logged("event", {"coder_id": R, "kind": R, "reason": R, "at": R}, {"coder_id": "coder"}),
)  # fmt: skip

LAYERS: Mapping[str, Layer] = {
    layer.name: layer
    for layer in (
        Layer(
            "turn",
            {"document_id": "document"},
            dict.fromkeys(("n",), None)
            | {"label_id": "label"}
            | dict.fromkeys(("start", "stop", "start_ms", "stop_ms", "flags"), None),
        ),
        Layer("anchor", {"document_id": "document"}, {"position": None, "ms": None}),
        Layer(
            "unit",
            {"segmentation_id": "segmentation", "document_id": "document"},
            {"n": None, "start": None, "stop": None},
        ),
        Layer("label_speaker", {"label_id": "label"}, {"speaker_id": "speaker"}),
        Layer("outside_id", {"row_id": None}, {"origin": None, "guid": None}),
        Layer("kept_xml", {"origin": None, "guid": None}, {"parent": None, "xml": None}),
    )
}

NOT_LOGGED = ("replica", "source", "turn_fts", "action", "change")
"""The rest: which copy this is, the files as received, the derived index, and the log itself."""

"""The nouns of the field as plain records: frozen, small, refusing impossible values.

They hold no SQL, know no screens and read no files. Offsets count characters (Unicode code
points) from 0, ``stop`` exclusive; times are seconds. Records that carry what participants said
or wrote show only their id and length in ``repr``, so that no traceback holds a transcript.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from qualcode.errors import InvalidSpan

if TYPE_CHECKING:
    import pandas

Valence: TypeAlias = Literal["facilitator", "barrier", "mixed"]
Purpose: TypeAlias = Literal["training", "reliability", "recode", "solo", "import"]
RoundState: TypeAlias = Literal["open", "closed"]
DocumentKind: TypeAlias = Literal[
    "interview", "focus-group", "field-notes", "document", "survey", ""
]
SpeakerRole: TypeAlias = Literal["participant", "moderator", "other"]
MadeBy: TypeAlias = Literal["hand", "search", "suggestion", "import"]
MemoKind: TypeAlias = Literal["note", "negative-case-search", "proposed-code", "summary"]
Decision: TypeAlias = Literal["present", "absent", "recode"]
RedactionStatus: TypeAlias = Literal["suggested", "accepted", "rejected"]
LabelKind: TypeAlias = Literal["speaker", "not a speaker", "joint"]
UnitKind: TypeAlias = Literal["sentence", "turn", "paragraph", "document"]
CrosstabCell: TypeAlias = Literal["codings", "documents", "participants", "words", "per_1000_words"]
Percent: TypeAlias = Literal["none", "row", "column"]
MatrixCase: TypeAlias = Literal["document", "participant"]
MatrixCell: TypeAlias = Literal["codings", "present", "share"]

Verb: TypeAlias = Literal[
    "create project", "add coder", "add document", "remove document", "import codebook",
    "replace codebook", "add code", "edit code", "move code", "merge codes", "split code",
    "retire code", "freeze codebook", "open round", "assign", "finish document",
    "reopen document", "close round", "unblind round", "apply code", "remove coding",
    "resize coding", "recode coding", "mark coding", "write memo", "edit memo", "remove memo",
    "import participants", "import codings", "import adjudications", "import project",
    "change setting",
    "edit labels", "replace document", "suggest redactions", "review redactions",
    "identified export", "accept disclosure", "bake project", "purge", "adjudicate",
    "withdraw decision", "discuss document", "draw sample", "undo", "redo",
]  # fmt: skip
"""What an action may be called in the history: a fixed list, so that no text gets in."""

Cell: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a document's text, counted in characters: ``text[start:stop]``."""

    start: int
    """First character, counting from 0."""

    stop: int
    """One past the last character."""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.stop:
            raise InvalidSpan(
                f"A span must run forward and hold text, got {self.start}–{self.stop}."
            )

    def __len__(self) -> int:
        return self.stop - self.start

    def overlap(self, other: Span) -> int:
        """How many characters the two spans share; 0 when they only touch."""
        return max(0, min(self.stop, other.stop) - max(self.start, other.start))

    def contains(self, position: int) -> bool:
        """Whether the character at ``position`` lies inside."""
        return self.start <= position < self.stop


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's turn. ``start``/``stop`` cover the words only: no label, no time stamp."""

    n: int
    """Number in the document, from 1."""

    speaker: str | None
    """Who speaks, as the roster names them; None where the source does not say."""

    label: str | None
    """The label exactly as the file has it; None where there is none."""

    start: int
    stop: int
    """Equal to ``start`` for a label without words (shown in a preview, never stored)."""

    start_seconds: float | None = None
    stop_seconds: float | None = None
    """Only where the source states it."""

    line: int | None = None
    """Line of the source file, from 1; None once stored."""

    flags: tuple[str, ...] = ()
    """``continuation``, ``joint``, ``overlap``, a channel such as ``via chat``."""

    role: SpeakerRole = "participant"
    """Role of the speaker on the roster; a moderator's turns are left out of counts."""

    participants: tuple[str, ...] = ()
    """Labels of the participants who speak; empty where no speaker is linked to one."""


@dataclass(frozen=True, slots=True)
class Block:
    """A turn, or a non-blank paragraph outside all turns: what is wrapped, segmented, counted."""

    start: int
    stop: int
    turn: Turn | None
    """None for a paragraph outside all turns (headings, notes, a document without speakers)."""


@dataclass(frozen=True, slots=True)
class ReadingWarning:
    """Something uncertain in a source file."""

    code: str
    """Short fixed word: ``label_like``, ``empty_turn``, ``encoding_guessed``, ``no_speakers`` …"""

    message: str
    line: int | None = None
    """Line of the source file, from 1."""


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """What an importer found in a file; nothing of it is stored yet."""

    text: str
    """Code points, LF line ends, no BOM."""

    turns: tuple[Turn, ...]
    """In text order, never overlapping."""

    format: str
    pattern: str | None
    """Name of the label pattern found; None where none applies."""

    encoding: str | None
    """Codec used; None where the format has none of its own."""

    sha256: str
    """Of the source bytes."""

    source: bytes
    """The file as received."""

    anchors: tuple[tuple[int, float], ...] = ()
    """``(position, seconds)`` of every cue start and time stamp."""

    metadata: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[ReadingWarning, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Kind of character dropped → how many."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    """What only the preview shows: ``preamble_lines``, ``cues``, ``labels``."""

    def __repr__(self) -> str:
        return f"<Reading {self.format}, {len(self.text)} characters, {len(self.turns)} turns>"


@dataclass(frozen=True, slots=True, repr=False)
class NamedReading:
    """A document to be: what was read, its name, and what a table says about it."""

    name: str
    reading: Reading
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Of the document."""

    participants: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Who of its speakers is a participant of that very name → attributes of the participant."""

    def __repr__(self) -> str:
        return f"<NamedReading {self.name!r}, {len(self.reading.text)} characters>"


@dataclass(frozen=True, slots=True)
class DifferingValue:
    """An attribute of a participant for which a file gives another value than is stored."""

    participant: str
    attribute: str
    stored: str
    """What stands, and stays."""

    given: str
    """What the file says."""


@dataclass(frozen=True, slots=True)
class Added:
    """What the documents of one file became in a project."""

    documents: tuple[Document, ...]
    there: int = 0
    """How many more the file holds that are in the project already."""

    differing: tuple[DifferingValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the project, without its text."""

    id: str
    name: str
    kind: str
    language: str
    format: str
    pattern: str | None
    encoding: str | None
    characters: int
    sha256: str
    """Of the text, UTF-8."""

    metadata: Mapping[str, str] = field(default_factory=dict)
    removed: bool = False
    replaces: str | None = None
    """Id of the earlier version whose place it took; None where it is the first."""

    collected_on: str | None = None
    """ISO date of the interview; None where nobody gave it."""


@dataclass(frozen=True, slots=True, repr=False)
class Transcript:
    """A document with everything a screen or a report needs to show it."""

    document: Document
    text: str
    turns: tuple[Turn, ...]
    blocks: tuple[Block, ...]
    """Turns and the paragraphs outside them, in text order."""

    sentences: tuple[Span, ...]
    """The stored sentence units, in text order; none crosses a block."""

    def __repr__(self) -> str:
        return (
            f"<Transcript {self.document.id}, {len(self.text)} characters, {len(self.turns)} turns>"
        )


@dataclass(frozen=True, slots=True)
class Code:
    """A code: MacQueen's fields and ours. ``code`` is its short name, ``name`` the one shown."""

    id: str
    code: str
    name: str = ""
    parent: str | None = None
    """The parent's ``code``; None at the top."""

    brief: str = ""
    full: str = ""
    use_when: str = ""
    not_when: str = ""
    example: tuple[str, ...] = ()
    near_miss: tuple[str, ...] = ()
    kind: str = ""
    """mechanism, context, outcome, or the team's own word."""

    origin: str = ""
    """a-priori or emergent."""

    since: str = ""
    status: str = ""
    codable: bool = True
    colour: str = "#888888"
    key: str | None = None
    """The one character that applies it on the coding screen."""

    position: int = 0
    """Order among its siblings in the codebook, from 0."""

    merged_into: str | None = None
    removed: bool = False
    rev: int = 1

    @property
    def title(self) -> str:
        """The name to show: ``name``, or ``code`` with blanks for underscores."""
        return self.name or self.code.replace("_", " ")


@dataclass(frozen=True, slots=True)
class CodebookVersion:
    """A codebook as it was frozen: it never changes."""

    id: str
    label: str
    frozen_at: str
    codes: tuple[Code, ...]
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Coder:
    """Someone who codes."""

    id: str
    name: str
    kind: Literal["human", "machine"] = "human"


@dataclass(frozen=True, slots=True)
class Coding:
    """One coder's judgement that a stretch of text bears a code."""

    id: str
    document_id: str
    coder_id: str
    round_id: str
    code_id: str
    span: Span
    created_at: str = ""
    valence: Valence | None = None
    weight: float | None = None
    exemplar: bool = False
    disconfirming: bool = False
    made_by: MadeBy = "hand"
    memo: bool = False
    """Whether a memo hangs on it."""

    rev: int = 1


@dataclass(frozen=True, slots=True, repr=False)
class Memo:
    """A note by a coder on one thing, or on the project."""

    id: str
    coder_id: str
    body: str
    created_at: str
    kind: MemoKind = "note"
    private: bool = False
    document_id: str | None = None
    code_id: str | None = None
    coding_id: str | None = None
    participant_id: str | None = None
    round_id: str | None = None
    memo_id: str | None = None
    rev: int = 1

    def __repr__(self) -> str:
        return f"<Memo {self.id}, {len(self.body)} characters>"


@dataclass(frozen=True, slots=True)
class Participant:
    """Someone who took part, by the label that stands for them."""

    id: str
    label: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Round:
    """A stretch of coding work with its own rules."""

    id: str
    name: str
    purpose: Purpose
    blind: bool
    state: RoundState
    codebook_version: str | None = None
    """Label of the pinned codebook version; None where the round follows the codebook."""

    segmentation_id: str | None = None
    """The unit cut that its agreement is counted in, once pinned."""

    rev: int = 1


@dataclass(frozen=True, slots=True)
class Assignment:
    """A document given to a coder in a round, and whether they declared it finished."""

    id: str
    round_id: str
    document_id: str
    coder_id: str
    finished_at: str | None = None
    """With it, no coding means *absent*; without it, *missing*."""

    rev: int = 1


@dataclass(frozen=True, slots=True)
class Adjudication:
    """What the team decided where coders disagreed. It changes no coding."""

    id: str
    round_id: str
    document_id: str
    code_id: str
    span: Span
    decision: Decision
    new_code_id: str | None
    reason: str
    decided_by_id: str
    decided_at: str


@dataclass(frozen=True, slots=True)
class CarriedCoding:
    """A coding of a replaced document, and where it stands in the corrected version."""

    coding_id: str
    """Of the coding on the replaced document, which stays as it was made."""

    round_id: str
    """In which it was made."""

    coder_id: str
    code_id: str
    old: Span
    new: Span | None
    """None where it could not be placed."""

    reason: str = ""
    """Why it could not be placed."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What became of the record of a document when a corrected version took its place.

    Of others' codings in an open blind round it says nothing.
    """

    document: Document
    """The corrected version."""

    replaced: str
    """Id of the version it took the place of."""

    placed: tuple[CarriedCoding, ...]
    """Codings on the same words."""

    changed: tuple[CarriedCoding, ...]
    """Codings on words that were corrected."""

    unplaced: tuple[CarriedCoding, ...]
    decisions: int = 0
    """Adjudications that were carried over."""

    undecided: int = 0
    """Adjudications that could not be placed."""

    redactions: int = 0
    """Redactions that were carried over, whatever their status."""

    repeated: int = 0
    """New redactions, where the corrected version has redacted words in further places."""

    uncovered: tuple[Redaction, ...] = ()
    """Accepted redactions that could not be placed, as they stand in the replaced version."""

    rounds: tuple[str, ...] = ()
    """Names of the rounds that hold what closed rounds held."""

    unfinished: tuple[tuple[str, str], ...] = ()
    """Rounds and coders whose finished mark was not carried, for a coding was not placed."""

    new_words: int = 0
    """Words of the corrected version that stood nowhere in the replaced one."""

    others: bool = False
    """Whether the document is assigned to others in an open blind round."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A name on the project's roster: one voice, whatever the labels it has in transcripts."""

    id: str
    name: str
    role: SpeakerRole = "participant"
    participant: str | None = None
    """Label of the participant they are; None where nobody said so."""

    rev: int = 1


@dataclass(frozen=True, slots=True)
class SpeakerLabel:
    """A label of one document, and what the researcher made of it."""

    id: str
    document_id: str
    label: str
    """Exactly as the file has it."""

    kind: LabelKind
    speakers: tuple[Speaker, ...]
    """Several where voices join; none for what is not a speaker."""

    turns: int
    """How many turns of the document bear it now; 0 for what is not a speaker."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """A stretch of a document that names someone, and what is shown in its place.

    Only an accepted one acts, and it changes neither the text nor a coding.
    """

    id: str
    document_id: str
    span: Span
    label: str
    """What stands in its place: ``[P07]``, ``[date]``."""

    kind: str
    """``person``, ``place``, ``organisation``, ``email``, ``phone``, ``ssn``, ``date``, ``case``,
    ``badge``, or a gazetteer's own word."""

    status: RedactionStatus
    coder_id: str
    at: str
    rev: int = 1


@dataclass(frozen=True, slots=True)
class LoggedAction:
    """One line of the history: who did what, when. It holds no text."""

    id: str
    act: str
    at: str
    """UTC, ISO 8601."""

    coder: str
    verb: str
    changes: int
    undone: bool = False
    undoes: str | None = None
    redoes: str | None = None
    summary: str = ""
    """What was touched, in ids and counts: "1 coding in A-FG1"."""

    @property
    def told(self) -> str:
        """Both in one: "resize coding: 1 coding in A-FG1"."""
        return f"{self.verb}: {self.summary}" if self.summary else self.verb


@dataclass(slots=True, repr=False)
class Table:
    """Rows with named columns, notes and provenance: what every report and exporter exchanges."""

    name: str
    columns: Sequence[str]
    rows: Sequence[tuple[Cell, ...]]
    """One tuple per row, in the order of ``columns``. None is undefined or not applicable."""

    notes: Sequence[str] = ()
    """Sentences for the reader: unit, N, what was left out and why."""

    provenance: Mapping[str, Any] = field(default_factory=dict)
    """Facts that let someone make it again: source, round, versions, seed, digests."""

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        return iter(self.records())

    def __repr__(self) -> str:
        return f"<Table {self.name}, {len(self.rows)} rows × {len(self.columns)} columns>"

    def records(self) -> list[dict[str, Cell]]:
        """One dictionary per row, keys in the order of ``columns``."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def column(self, name: str) -> list[Cell]:
        """The values of one column, in row order; raises ``ValueError`` if there is none."""
        at = list(self.columns).index(name)
        return [row[at] for row in self.rows]

    def select(self, columns: Iterable[str]) -> Table:
        """The same rows with these columns only, in this order."""
        chosen = list(columns)
        at = [list(self.columns).index(name) for name in chosen]
        rows = [tuple(row[i] for i in at) for row in self.rows]
        return Table(self.name, chosen, rows, self.notes, self.provenance)

    def frame(self) -> pandas.DataFrame:
        """The table as a pandas DataFrame, for notebooks; undefined cells are missing values."""
        import pandas  # takes about two seconds to import: only who asks for a frame pays

        return pandas.DataFrame.from_records(list(self.rows), columns=list(self.columns))

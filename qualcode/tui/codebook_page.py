"""What lies before who works on the codebook: its codes, a frozen version, or what changed.

Read from the project in one go, on a thread that owns it. It writes nothing and draws nothing.
Counts are of this coder's own codings, in all rounds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content

from qualcode.model import Code, Coder
from qualcode.project import Project
from qualcode.reports.codebook_diff import codebook_diff
from qualcode.tui.codes import depths, path, shown_codes
from qualcode.tui.desk import code_shown
from qualcode.tui.literal import literal
from qualcode.tui.widgets.transcript_view import ShownCode

NOW = "now"
"""The codebook as it is, among the labels of its versions."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A code as the list and the panel show it."""

    code: Code
    look: ShownCode
    depth: int
    path: str
    mine: int
    """This coder's codings with it."""

    @property
    def id(self) -> str:
        """Id of the code."""
        return self.code.id


@dataclass(frozen=True, slots=True)
class CodebookPage:
    """A version of the codebook."""

    me: Coder
    version: str
    """``NOW``, or the label of a frozen one, which cannot be changed."""

    versions: Sequence[str]
    """Labels, oldest first, ``NOW`` last."""

    entries: Sequence[Entry]
    changes: int
    """Lines of difference between the latest frozen version and now; 0 where none is frozen."""

    pinned: Sequence[tuple[str, str]]
    """Open rounds that keep to a frozen version: name and label."""

    blind: str
    """The open blind round for which this coder may change no code, as it is shown; or empty."""

    @property
    def frozen(self) -> bool:
        """Whether this version can only be read."""
        return self.version != NOW

    @property
    def read_only(self) -> bool:
        """Whether this coder may change none of the codes."""
        return self.frozen or bool(self.blind)

    def entry(self, code_id: str | None) -> Entry | None:
        """The entry of a code."""
        return next((entry for entry in self.entries if entry.id == code_id), None)

    def siblings(self, entry: Entry) -> list[Entry]:
        """The codes under the same parent, itself among them, in order."""
        return [one for one in self.entries if one.code.parent == entry.code.parent]

    def parent(self, entry: Entry) -> Entry | None:
        """The code above; None at the top."""
        return next((one for one in self.entries if one.code.code == entry.code.parent), None)


def page_of(project: Project, coder: str, version: str = NOW) -> CodebookPage:
    """Read a version of the codebook.

    Raises:
        UnknownName: There is no such version.
    """
    me, layer = project.coders.named(coder), project.layer
    labels = [one.label for one in project.codebook.versions()]
    codes: Sequence[Code] = project.codebook.codes()
    if version != NOW:
        codes = project.codebook.version(version).codes
    codes = [code_shown(code, layer) for code in codes]
    looks: Mapping[str, ShownCode] = shown_codes(codes)
    deep = depths(codes)
    mine = Counter(one.code_id for one in project.codings.list(coder_id=me.id))
    entries = [
        Entry(code, looks[code.id], deep[code.id], path(code, codes), mine[code.id])
        for code in codes
    ]
    pinned = [
        (layer.words(one.name), one.codebook_version)
        for one in project.rounds.list()
        if one.state == "open" and one.codebook_version is not None
    ]
    changes = len(codebook_diff(project, labels[-1])) if labels else 0
    blind = layer.words(project.codebook.kept_by(me) or "")
    return CodebookPage(me, version, [*labels, NOW], entries, changes, pinned, blind)


def difference_of(project: Project, earlier: str, later: str) -> Content:
    """What a version changed, to read: a paragraph a code; of lists the entries that differ."""
    table = codebook_diff(project, earlier, later)
    lines: list[Content] = []
    last = None
    for row in table:
        if row["code"] != last:
            last = row["code"]
            lines += [literal(""), literal(f"{last}  {row['change']}", "bold")]
        if row["field"] is None:
            words = str(row["after"] or row["before"] or "")
            lines += [literal(f"  {words}")] if words else []
        else:
            field = str(row["field"]).replace("_", " ").capitalize()
            lines.append(Content.assemble("  ", literal(field, "underline")))
            before, after = (str(row[one] or "").splitlines() for one in ("before", "after"))
            same = set(before) & set(after) if set(before) != set(after) else set()
            lines += [literal(f"  - {part}") for part in before if part not in same]
            lines += [literal(f"  + {part}") for part in after if part not in same]
    return Content("\n").join([*(literal(note) for note in table.notes), *lines])

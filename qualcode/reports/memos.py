"""What researchers wrote down: memos, and what each hangs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.model import Cell, Memo, MemoKind, Table
from qualcode.reports.disclosed import disclosed

if TYPE_CHECKING:
    from qualcode.project import Project

COLUMNS = [
    "memo_id", "written_at", "coder", "kind", "code", "document", "participant", "coding_id",
    "round", "private", "memo",
]  # fmt: skip


def memos(project: Project, *, kind: MemoKind | None = None, code: str | None = None) -> Table:
    """Give the memos that may be seen, oldest first.

    Args:
        project: In an open blind round others' memos stay hidden, as their codings do.
        kind: Only memos of this kind.
        code: Only memos on this code, or on one that was merged into it.

    Returns:
        Columns ``COLUMNS``: the code, document, participant, coding and round it hangs on, None
        where it does not. A memo on a memo or on the project has none.

    Raises:
        UnknownName: There is no such code.
    """
    wanted = None if code is None else project.codebook.named(code).code
    about = named_codes(project)
    names = {
        "coders": {c.id: c.name for c in project.coders.list()},
        "documents": {d.id: d.name for d in project.documents.list()},
        "participants": {p.id: p.label for p in project.participants.list()},
        "rounds": {r.id: r.name for r in project.rounds.list()},
    }

    def row(memo: Memo) -> tuple[Cell, ...]:
        return (
            memo.id, memo.created_at, names["coders"][memo.coder_id], memo.kind,
            about.get(memo.code_id or ""), names["documents"].get(memo.document_id or ""),
            names["participants"].get(memo.participant_id or ""), memo.coding_id,
            names["rounds"].get(memo.round_id or ""), memo.private, memo.body,
        )  # fmt: skip

    rows = [
        row(memo)
        for memo in project.memos.list()
        if kind in (None, memo.kind) and (wanted is None or about.get(memo.code_id or "") == wanted)
    ]
    return disclosed(project, Table("memos", COLUMNS, rows, (), {"data": project.digest()}))


def named_codes(project: Project) -> dict[str, str]:
    """Id of a code, also of one that was merged → the code that stands for it now."""
    live = {code.id: code.code for code in project.codebook.codes()}
    into = project.codebook.stands_for()
    return {id_: live[target] for id_, target in into.items() if target in live}

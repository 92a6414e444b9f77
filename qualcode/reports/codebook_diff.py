"""What changed between two versions of a codebook, and which codings that makes worth a look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qualcode.model import Cell, Code, Table
from qualcode.reports.disclosed import disclosed
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project

MEANING = (
    "name", "parent", "brief", "full", "use_when", "not_when", "example", "near_miss",
)  # fmt: skip
"""Fields whose change is a change of the code."""

RULES = ("brief", "full", "use_when", "not_when", "near_miss")
"""Fields whose change may change what a coder would apply the code to."""

NOW = "now"
"""The codebook as it is, where a version is asked for."""


def codebook_diff(project: Project, earlier: str, later: str = NOW) -> Table:
    """Say field by field what a later version changed.

    Args:
        earlier, later: Labels of frozen versions; ``now`` for the codebook as it is.

    Returns:
        Columns ``code, change, field, before, after``; ``change`` is added, removed, renamed or
        changed, in the order of the later version, removed codes last. A field of several texts
        has one per line.

    Raises:
        UnknownName: There is no such version.
    """
    before, after = (_codes(project, label) for label in (earlier, later))
    rows = list(_rows(before, after))
    kinds = [str(row[1]) for row in rows]
    summary = ", ".join(
        f"{len({row[0] for row in rows if row[1] == kind})} {kind}" for kind in dict.fromkeys(kinds)
    )
    note = f"{later} against {earlier}: {summary or 'no difference'}."
    columns = ["code", "change", "field", "before", "after"]
    return disclosed(project, Table("codebook_diff", columns, rows, [note]))


def _codes(project: Project, label: str) -> Sequence[Code]:
    if label.casefold() == NOW:
        return project.codebook.codes()
    return project.codebook.version(label).codes


def _rows(before: Sequence[Code], after: Sequence[Code]) -> Iterator[tuple[Cell, ...]]:
    by_id = {code.id: code for code in before if code.id}
    by_name = {code.code.casefold(): code for code in before}
    met: set[str] = set()
    for code in after:
        old = by_id.get(code.id) or by_name.get(code.code.casefold())
        if old is None:
            yield code.code, "added", None, None, code.brief or code.full or None
            continue
        met.add(old.code)
        if old.code != code.code:
            yield code.code, "renamed", "code", old.code, code.code
        for field in MEANING:
            was, now = _text(old, field), _text(code, field)
            if was != now:
                yield code.code, "changed", field, was or None, now or None
    for code in before:
        if code.code not in met:
            yield code.code, "removed", None, code.brief or code.full or None, None


def _text(code: Code, field: str) -> str:
    value = getattr(code, field)
    return "\n".join(value) if isinstance(value, tuple) else str(value or "")


def recode_queue(project: Project) -> Table:
    """List the codings made under rules that have changed since: what to look at again.

    Returns:
        Columns ``document, turn, start, stop, code, coder, round, codebook_version, changed,
        coding_id, excerpt``: codings of rounds that pin a version other than the latest, whose
        code's rules (definitions, when and when not to use, near misses) the latest words
        differently; ``changed`` names the fields. By document and place; of open blind rounds only
        those of ``project.coder``. Empty, with these columns, where nothing changed.
    """
    columns = [
        "document", "turn", "start", "stop", "code", "coder", "round", "codebook_version",
        "changed", "coding_id", "excerpt",
    ]  # fmt: skip
    versions = {version.label: version.codes for version in project.codebook.versions()}
    if not versions:
        return Table("recode_queue", columns, [], ["No version of the codebook is frozen."])
    latest = list(versions)[-1]
    changed = {
        (label, code): fields
        for label, codes in versions.items()
        if label != latest
        for code, fields in _changed(codes, versions[latest]).items()
    }
    rows = [
        tuple(
            ", ".join(changed[str(row["codebook_version"]), str(row["code"])])
            if name == "changed"
            else row[name]
            for name in columns
        )
        for row in project.codings.table()
        if (str(row["codebook_version"]), str(row["code"])) in changed
    ]
    note = f"{counted(len(rows), 'coding')} under rules that {latest} words differently."
    table = Table("recode_queue", columns, rows, [note], {"latest": latest})
    return disclosed(project, table, rendered=["excerpt"])


def _changed(before: Sequence[Code], after: Sequence[Code]) -> dict[str, list[str]]:
    """Code as it was called → which of its rules are worded differently, where any is."""
    by_id = {code.id: code for code in after if code.id}
    by_name = {code.code: code for code in after}
    found: dict[str, list[str]] = {}
    for code in before:
        now = by_id.get(code.id) or by_name.get(code.code)
        if now is not None:
            fields = [field for field in RULES if _text(code, field) != _text(now, field)]
            if fields:
                found[now.code] = fields
    return found

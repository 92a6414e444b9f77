"""Whose codings are excerpts: one record of a document after another, never two pooled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode.model import Cell
from qualcode.reports.source import Coded, Read, documents, reading
from qualcode.text.plurals import counted
from qualcode.themes.frequencies import joint_valence

if TYPE_CHECKING:
    from qualcode.project import Project

Marked = dict[str, Any]
"""A row of ``Codings.table``, or what coders agreed on in the same form."""


_KEY = ("document_id", "coder", "round", "codebook_version")


@dataclass(frozen=True, slots=True)
class Key:
    """A record: what one coder, or several together, said of a document in a round."""

    document_id: str
    coder: str
    """A coder's name; ``consensus`` or ``majority`` where it is several coders'."""

    round: str
    codebook_version: str | None


def key_of(mark: Mapping[str, Any]) -> Key:
    """The record that a coding belongs to."""
    return Key(*(mark[column] for column in _KEY))


@dataclass(frozen=True, slots=True)
class Records:
    """The records that were read, with their codings."""

    keys: tuple[Key, ...]
    """Also of documents in which nothing is coded."""

    marks: list[Marked]
    notes: list[str]
    by_coder: bool
    """Whether every coder's record is read for itself, rather than one for each document."""


def records(
    project: Project,
    *,
    coder: str | None,
    round: str | None,
    by_coder: bool,
    source: str,
    include_unfinished: bool,
) -> Records:
    """Read the records that excerpts come from.

    Args:
        coder: All that this coder coded, finished or not, rather than ``source``.
        round: All that was coded in this round, coder by coder, rather than ``source``.
        by_coder: All that was coded, coder by coder, rather than ``source``.
        source: See ``reports.source.reading``.

    Raises:
        UnknownName: No such coder, round or source.
        QualcodeError: No document is finished in this source.
        StillBlind: The round asked for is blind and open, and nobody looks.
    """
    table = project.codings.table()
    rows = list(table)
    by_coder = by_coder or coder is not None or round is not None
    if by_coder:
        keys, marks, notes = _of_coders(project, rows, coder, round)
    else:
        read = reading(project, source, include_unfinished=include_unfinished)
        keys, marks, notes = _of_source(project, read, rows, source)
    return Records(tuple(keys), marks, [*notes, *table.notes], by_coder)


def _of_coders(
    project: Project, rows: list[dict[str, Cell]], coder: str | None, round: str | None
) -> tuple[Iterable[Key], list[Marked], list[str]]:
    """The codings of one coder, one round, or one coder in one round."""
    who = None if coder is None else project.coders.named(coder).name
    where = None if round is None else project.rounds.named(round)
    if where is not None and project.coder is None:
        project.rounds.require_visible(where.id)
    name = None if where is None else where.name
    marks = [
        dict(row)
        for row in rows
        if (who is None or row["coder"] == who) and (name is None or row["round"] == name)
    ]
    keys = dict.fromkeys(map(key_of, marks))
    keys.update(
        dict.fromkeys(
            key
            for key in _finished(project)
            if who in (None, key.coder) and name in (None, key.round)
        )
    )
    of = " in ".join(
        [
            "all coders, each for themselves," if who is None else who,
            "every round" if name is None else f'round "{name}"',
        ]
    )
    return keys, marks, [f"Codings of {of}; unfinished documents included."]


def _finished(project: Project) -> Iterator[Key]:
    """The records that coders declared finished, as far as ``project.coder`` may see them."""
    coders = {c.id: c.name for c in project.coders.list()}
    rounds = {r.id: r for r in project.rounds.list()}
    live = {one.id for one in documents(project)}
    for one in project.rounds.assignments():
        round_ = rounds[one.round_id]
        own = project.coder is not None and one.coder_id == project.coder.id
        hidden = round_.blind and round_.state == "open" and not own
        if one.finished_at is not None and one.document_id in live and not hidden:
            yield Key(one.document_id, coders[one.coder_id], round_.name, round_.codebook_version)


def _of_source(
    project: Project, read: Sequence[Read], rows: list[dict[str, Cell]], source: str
) -> tuple[Iterable[Key], list[Marked], list[str]]:
    """What the source says of each document it can read."""
    coders = {c.id: c.name for c in project.coders.list()}
    rounds = {r.id: r for r in project.rounds.list()}
    here: dict[tuple[Cell, Cell, Cell], list[Marked]] = {}
    for row in rows:
        here.setdefault((row["document_id"], row["round"], row["coder"]), []).append(dict(row))
    coded = Coded(project)
    keys: list[Key] = []
    marks: list[Marked] = []
    undecided = 0
    for one in read:
        round_ = rounds[one.round_id]
        who = coders[one.coders[0]] if one.how == "coder" else one.how
        keys.append(Key(one.document.id, who, round_.name, round_.codebook_version))
        theirs = [
            row
            for coder in one.coders
            for row in here.get((one.document.id, round_.name, coders[coder]), [])
        ]
        if one.how == "coder":
            marks += theirs
            continue
        said = coded.said(one, project.documents.sentences(one.document.id))
        undecided += said.undecided
        for mark in said.marks:
            under = [
                row
                for row in theirs
                if row["code"] == mark.code
                and row["start"] < mark.stop
                and row["stop"] > mark.start
            ]
            marks.append(
                {
                    "coding_id": f"{one.document.id}:{mark.code}:{mark.start}-{mark.stop}",
                    "document_id": one.document.id, "start": mark.start, "stop": mark.stop,
                    "code": mark.code, "coder": one.how, "round": round_.name,
                    "codebook_version": round_.codebook_version, "valence": mark.valence,
                    "exemplar": any(row["exemplar"] for row in under),
                    "disconfirming": mark.disconfirming,
                    "memo": "\n\n".join(f"{r['coder']}: {r['memo']}" for r in under if r["memo"]),
                }
            )  # fmt: skip
    return keys, marks, list(_source_notes(project, read, source, undecided))


def _source_notes(
    project: Project, read: Sequence[Read], source: str, undecided: int
) -> Iterator[str]:
    how = Counter("one coder" if one.how == "coder" else one.how for one in read)
    parts = ", ".join(f"{n} by {by}" for by, n in how.items())
    number = counted(len(read), "document")
    yield f"Source: {source}. {number} read ({parts}); coders are never pooled."
    there = {one.document.id for one in read}
    left = [one.name for one in documents(project) if one.id not in there]
    if left:
        yield f"Not finished in this source, and left out: {', '.join(left)}."
    if undecided:
        where = counted(undecided, "sentence × code is", "sentences × codes are")
        yield f"{where} still undecided between coders and left out."


def joined(
    marks: Iterable[Marked], order: Mapping[str, int], *, together: bool
) -> Iterator[Marked]:
    """Make one of a coder's overlapping codings of a code, or of any of the codes asked for."""
    grouped: dict[tuple[Any, ...], list[Marked]] = {}
    for mark in marks:
        key = (mark["document_id"], mark["round"], mark["coder"], together or mark["code"])
        grouped.setdefault(key, []).append(mark)
    for group in grouped.values():
        group.sort(key=lambda mark: (mark["start"], mark["stop"], mark["coding_id"]))
        run: list[Marked] = []
        reach = 0
        for mark in group:
            if run and mark["start"] >= reach:
                yield _one(run, order)
                run = []
            reach = max(reach, mark["stop"]) if run else mark["stop"]
            run.append(mark)
        yield _one(run, order)


def _one(run: list[Marked], order: Mapping[str, int]) -> Marked:
    coded = {mark["code"] for mark in run} - {None}
    codes = sorted(coded, key=lambda code: order.get(code, len(order)))
    memos = dict.fromkeys(mark["memo"] for mark in run if mark["memo"])
    return {
        **run[0],
        "stop": max(mark["stop"] for mark in run),
        "codes": tuple(codes),
        "order": order.get(codes[0], len(order)) if codes else -1,
        "valence": joint_valence(mark["valence"] for mark in run),
        "exemplar": any(mark["exemplar"] for mark in run),
        "disconfirming": any(mark["disconfirming"] for mark in run),
        "memo": "\n\n".join(memos) or None,
    }

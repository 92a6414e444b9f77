"""Projects of other programs, whichever program it is: which files are one, and what is in one.

A REFI-QDA file is read by its importer alone; a database of Taguette or QualCoder is read by the
store, which knows SQL, and its rows are handed to the importer that knows what they mean.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from qualcode.contents import ProjectContents
from qualcode.errors import UsageProblem
from qualcode.importers import refi_qda
from qualcode.importers.source import LIMIT, PathLike

DATABASES = (".sqlite3", ".sqlite", ".db", ".qda")
"""Endings of Taguette's and QualCoder's files; QualCoder's project is a folder ``NAME.qda``."""

ENDINGS = (*refi_qda.ENDINGS, *DATABASES)
INSIDE = "data.qda"
"""The database in QualCoder's folder."""


def is_project(path: PathLike) -> bool:
    """Tell by the ending whether a file or folder is a project of another program."""
    return os.fspath(path).casefold().endswith(ENDINGS)


def name_of(path: PathLike) -> str:
    """Give the name of a project: that of its file, or of QualCoder's folder."""
    path = Path(path)
    return path.parent.stem if path.name.casefold() == INSIDE and path.parent.name else path.stem


def read_project(
    path: PathLike,
    *,
    offsets: str | None = None,
    split_codes: str | None = None,
    project: str | None = None,
    coder: str | None = None,
    labels: Collection[str] = (),
    selections: bool = False,
    large: bool = False,
) -> ProjectContents:
    """Read a project of another program. Nothing is stored.

    Args:
        path: A ``.qdpx`` or ``.qde``; Taguette's ``.sqlite3``; QualCoder's ``NAME.qda`` or the
            ``data.qda`` in it.
        offsets: What offsets count (``refi_positions.BY_NAME``); None finds it. Not Taguette.
        split_codes: What in a code's name parts it from its parent's. REFI-QDA only.
        project: Name or number of the project, where a file of Taguette has several.
        coder: Whose are the highlights of Taguette that nobody is known to have made; None is
            "unknown".
        labels: Labels of speakers known from other documents.
        selections: Also give every coding with its text, as a preview shows it.
        large: Also read a file of more than 50 MB.

    Raises:
        ReadingError: It cannot be read, or holds no project.
        HostileFile: It breaks a limit, or could run something of its own.
        UnknownName: There is no such rule or project. UsageProblem: an option is for other files,
            or there are several projects and none is named.
    """
    if not os.fspath(path).casefold().endswith(DATABASES):
        if project is not None:
            raise UsageProblem("--project is for files of Taguette, which may hold several.")
        return refi_qda.read_project(
            path, offsets=offsets, split_codes=split_codes, labels=labels, selections=selections,
            large=large,
        )  # fmt: skip
    if split_codes is not None:
        raise UsageProblem("--split-codes is for REFI-QDA projects (.qdpx, .qde).")
    from qualcode.store.foreign import read_foreign

    file = Path(path)
    if file.is_dir():
        file = file / INSIDE
    found = read_foreign(file, project=project, most=None if large else LIMIT)
    known = sorted(labels)
    if found.program == "Taguette":
        if offsets is not None:
            raise UsageProblem("--offsets is not for Taguette, which always counts bytes.")
        from qualcode.importers.taguette import read_taguette

        return read_taguette(
            found.tables, file, coder=coder, labels=known, selections=selections
        )  # fmt: skip
    from qualcode.importers.qualcoder import read_qualcoder

    return read_qualcoder(
        found.tables, file, others=found.others, offsets=offsets, labels=known,
        selections=selections,
    )  # fmt: skip

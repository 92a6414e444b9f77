"""Every error raised on purpose.

The text of an error is shown to the researcher as it stands: it names the thing, says what is
wrong and, where possible, what to do. None of these messages holds transcript text.

::

    QualcodeError                       exit code 1
    ├── UnknownName                     exit code 2: a coder, code, round, document … not there
    ├── UsageProblem                    exit code 2: an option that cannot be used so
    │   └── QueryProblem                … or a query, with the place in it
    ├── CheckFailed                     exit code 3: a check or a threshold did not hold
    ├── InvalidSpan                     a span that runs backwards, is empty or leaves the text
    ├── Undefined                       a figure that does not exist was required
    ├── ReadingError                    a file cannot be read as a transcript
    │   └── HostileFile                 … because it breaks a safety limit
    ├── InputProblems                   a file with problems, all of them, each with its line
    ├── ExportError                     a file cannot be written
    └── ProjectError                    the project file cannot be used so
        ├── NotAProject                 not a qualcode project, or altered by another program
        ├── NewerProject                written by a later qualcode
        ├── ProjectExists               a file of that name is already there
        ├── ProjectLocked               another process is writing to it
        ├── ProjectReadOnly             the file or its folder cannot be written
        ├── DiskFull                    no room to write; nothing was changed
        └── Refused                     the project is sound, but its rules forbid this
            ├── Conflict                the row has changed since it was shown
            ├── UndoRefused             an undo would overwrite what came later
            ├── NothingToUndo           nothing (more) to undo or redo
            ├── AlreadyThere            the very file is in the project
            ├── RoundClosed             the round is closed
            ├── AlreadyFinished         the coder has declared the document finished
            └── StillBlind              the round is blind and open
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class QualcodeError(Exception):
    """Base of every error raised on purpose; its text is shown as it is."""

    exit_code = 1


class UnknownName(QualcodeError):
    """A coder, code, round, document, attribute or option value that does not exist."""

    exit_code = 2

    def __init__(self, kind: str, name: str, known: Sequence[str] = ()) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        message = f'There is no {kind} "{name}".'
        if known:
            message += f" Known: {', '.join(known)}."
        super().__init__(message)


class UsageProblem(QualcodeError):
    """An option or argument that cannot be used this way."""

    exit_code = 2


class QueryProblem(UsageProblem):
    """A query cannot be understood: what is wrong, then the query with a caret under the place."""

    def __init__(self, problem: str, query: str, column: int) -> None:
        """``column`` counts characters from 1; one past the last is the end of the query."""
        self.problem, self.query, self.column = problem, query, column
        # What moves the cursor would move the caret away from its place.
        line = "".join(c if c.isprintable() else " " for c in query)
        before = sum(_columns_of(c) for c in line[: column - 1])
        super().__init__(f"Column {column}: {problem}\n  {line}\n  {' ' * before}^")


def _columns_of(character: str) -> int:
    """How many columns of a terminal it takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class CheckFailed(QualcodeError):
    """A check or a threshold did not hold."""

    exit_code = 3


class InvalidSpan(QualcodeError):
    """A span that runs backwards, is empty, or leaves the text."""


class Undefined(QualcodeError):
    """A figure that does not exist was required; ``reason`` says why it does not."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"This figure does not exist: {reason}.")


class ReadingError(QualcodeError):
    """A file cannot be read as a transcript."""

    def __init__(self, path: str | os.PathLike[str], problem: str) -> None:
        self.path, self.problem = Path(path), problem
        super().__init__(f"{path}: {problem}")


class HostileFile(ReadingError):
    """A file breaks a safety limit: size when unpacked, entities, links out of the archive."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem in an input file."""

    line: int
    """Line (or row) number, counting from 1; 0 where the problem is the whole file's."""

    message: str
    """What is wrong, and what to do."""

    file: str = ""
    """The file it is in, where several were read together; empty for the one being read."""


class InputProblems(QualcodeError):
    """An input file has problems: all of them, each with its line. Nothing was stored."""

    def __init__(self, path: Path | str, problems: Sequence[Problem]) -> None:
        self.path = Path(path)
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line, p.message)))
        lines = [
            f"{p.file or path}:{p.line}: {p.message}"
            if p.line
            else f"{p.file or path}: {p.message}"
            for p in self.problems
        ]
        super().__init__("\n".join(lines))


class ExportError(QualcodeError):
    """A file cannot be written; what was there before is untouched."""


class ProjectError(QualcodeError):
    """The project file cannot be used this way."""


class NotAProject(ProjectError):
    """The file is not a qualcode project, or another program has altered its schema."""


class NewerProject(ProjectError):
    """The project was written by a later qualcode; it was not touched."""


class ProjectExists(ProjectError):
    """A file of that name is already there."""


class ProjectLocked(ProjectError):
    """Another process is writing to the project; nothing was changed."""


class ProjectReadOnly(ProjectError):
    """The project file or its folder cannot be written."""


class DiskFull(ProjectError):
    """There is no room to write; nothing was changed."""


class Refused(ProjectError):
    """The project is sound, but its rules forbid this; nothing was changed."""


class Conflict(Refused):
    """The row has been changed since it was shown."""


class UndoRefused(Refused):
    """Undoing would overwrite what came later, or what only a new action may change."""


class NothingToUndo(Refused):
    """There is nothing (more) to undo or redo."""


class AlreadyThere(Refused):
    """The very file, or every answer in it, is in the project already."""


class RoundClosed(Refused):
    """The round is closed; its codings stay as they are."""


class AlreadyFinished(Refused):
    """The coder has declared the document finished in this round."""


class StillBlind(Refused):
    """The round is blind and open: nobody sees another's codings or a figure made of them."""

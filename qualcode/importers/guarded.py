"""Read a file in a child process with limits, so that a hostile one takes nobody down with it.

Archives unpack to more than they say, and native parsers abort the process they run in. A reader
of such a format opts in where it is declared, plug-ins like ours::

    PDF = Reader((".pdf",), read_pdf, is_pdf, guarded=True)

``importers.read`` then has ``run`` call ``read_pdf`` in a child. The child imports the reader by
name, so it must be a function at the top of its module, and heavy imports belong inside it. It
raises ``ReadingError`` and gives a ``Reading`` as any other; what is in it comes back as plain
data (``facts``: JSON values). Where something else than a ``Reading`` is wanted from such a file,
``call`` runs any function of bytes that gives JSON values.

The child gets the bytes and inherits no open file. It has 1.5 GB of memory and a minute, and
reads nothing but this one file: where the system can fork, ``forks`` has a process ready for that,
elsewhere Python is started anew. On Windows, which knows no such limits, there is only the minute.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Callable, Sequence
from operator import attrgetter
from threading import Lock
from typing import TYPE_CHECKING, Any

from qualcode.errors import (
    HostileFile,
    InputProblems,
    Problem,
    QualcodeError,
    ReadingError,
    UnknownName,
    UsageProblem,
)
from qualcode.importers.source import PathLike, Source
from qualcode.model import Reading, ReadingWarning, Turn

if TYPE_CHECKING:
    from qualcode.importers.forks import Forks

MEMORY = 1_500_000_000
"""Bytes of address space the child may have."""

SECONDS = 60
"""Of processor time, and by the clock."""

ANSWER_LIMIT = 50_000_000
"""Bytes of the answer: the parent must stay small, whatever a file unpacks to."""

_TOO_LARGE = "The file is too large or damaged."
_START = (
    "import json, sys;"
    "sys.path[:] = json.loads(sys.argv[1]);"
    "from qualcode.importers.guarded import be_asked;"
    "be_asked()"
)
_CAN_FORK = hasattr(os, "fork") and hasattr(os, "killpg")
_TURN = attrgetter(*(field.name for field in dataclasses.fields(Turn)))
_WARNING = attrgetter(*(field.name for field in dataclasses.fields(ReadingWarning)))


def run(reader: Callable[[Source], Reading], source: Source) -> Reading:
    """Read a file in a child process.

    Args:
        reader: A function at the top of a module.
        source: The file; its bytes are all the child sees of it.

    Raises:
        ReadingError: As the reader raises it; also where the child breaks a limit or dies.
        QualcodeError: Another that the reader raises, such as an unknown label pattern.
    """
    options = {
        field.name: getattr(source, field.name)
        for field in dataclasses.fields(source)
        if field.name not in ("path", "data")
    }
    options["warnings"] = list(map(_WARNING, source.warnings))
    plain = call(_read, source.data, source.path, reader=_name_of(reader), options=options)
    return Reading(
        **{
            **plain,
            "turns": tuple(Turn(*map(_as_tuple, turn)) for turn in plain["turns"]),
            "anchors": tuple((place, seconds) for place, seconds in plain["anchors"]),
            "warnings": tuple(ReadingWarning(*warning) for warning in plain["warnings"]),
            "sha256": source.sha256,
            "source": source.data,
        }
    )


def call(function: Callable[..., Any], data: bytes, path: PathLike, **options: Any) -> Any:
    """Give ``function(data, path, **options)``, computed in a child process.

    Args:
        function: At the top of a module; gives JSON values and raises ``QualcodeError``.
        data: The file.
        path: Its name, for messages; the child opens nothing.
        options: JSON values.

    Raises:
        QualcodeError: As the function raises it.
        ReadingError: The child broke a limit, or died.
    """
    name = _name_of(function)
    head = {"function": name, "name": os.fspath(path), "options": options}
    request = [json.dumps(head).encode() + b"\n", data]
    module = str(options.get("reader", name)).partition(":")[0]
    try:
        told = _asked_of_a_fork(module, request) if _CAN_FORK else _asked_anew(request)
    except TimeoutError:
        raise ReadingError(
            path, f"Not read within {SECONDS} seconds; the file is too large or damaged."
        ) from None
    except OSError as error:
        raise ReadingError(path, f"Cannot be read: {error.strerror or error}.") from error
    if told is None:
        raise ReadingError(path, _TOO_LARGE)
    kind, *found = json.loads(told)
    if kind == "answer":
        return found[0]
    raise _error(kind, found, path)


_forks: Forks | None = None
_one_at_a_time = Lock()


def _asked_of_a_fork(module: str, request: Sequence[bytes]) -> bytes | None:
    global _forks
    from qualcode.importers.forks import Forks  # what the child itself never needs

    with _one_at_a_time:
        if _forks is not None and not _forks.ready:
            _forks.close()
            _forks = None
        if _forks is None:
            _forks = Forks(_python())
        return _forks.ask(module, request, SECONDS, ANSWER_LIMIT)


def _asked_anew(request: Sequence[bytes]) -> bytes | None:
    import subprocess

    path = json.dumps([os.path.abspath(entry) for entry in sys.path])
    try:
        done = subprocess.run(
            [*_python(), "-c", _START, path],
            input=b"".join(request),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError from None  # the exception holds the request
    return None if done.returncode else done.stdout


def _python() -> list[str]:
    """Give the command that runs this Python with nothing of the user's settings."""
    prefix = ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
    return [sys.executable, *prefix, "-I", "-B"]


def _as_tuple(value: Any) -> Any:
    """Give what JSON made a list as the tuple it was."""
    return tuple(value) if isinstance(value, list) else value


def _name_of(function: Callable[..., Any]) -> str:
    if "." in function.__qualname__:
        raise TypeError(f"{function.__qualname__} is not a function at the top of a module")
    return f"{function.__module__}:{function.__qualname__}"


def _error(kind: str, found: list[Any], path: PathLike) -> Exception:
    """Make the error again that the child raised."""
    if kind == "unknown":
        return UnknownName(*found)
    if kind == "problems":
        return InputProblems(os.fspath(path), [Problem(*problem) for problem in found[0]])
    if kind == "hostile":
        return HostileFile(path, found[0])
    if kind == "refused":
        return ReadingError(path, found[0])
    if kind == "usage":
        return UsageProblem(found[0])
    # our bug, or a plug-in's: the trace of the child is the one that tells
    return RuntimeError(f"{found[0]} in the process that reads {os.fspath(path)}\n{found[1]}")


# --- in the child -------------------------------------------------------------------------------


def be_asked() -> None:
    """Be the child: call what the first line of stdin names on the rest; answer on stdout."""
    with open(0, "rb", closefd=False) as request:
        head = json.loads(request.readline())
        data = request.read()
    # what a library prints must not get into the answer
    out = os.dup(1)
    os.dup2(2, 1)
    _limit()
    try:
        told = _answered(head, data)
    except (MemoryError, RecursionError):
        os._exit(1)
    if len(told) > ANSWER_LIMIT:
        os._exit(1)
    with open(out, "wb") as file:
        file.write(told)


def _answered(head: dict[str, Any], data: bytes) -> bytes:
    try:
        found = _function(head["function"])(data, head["name"], **head["options"])
    except QualcodeError as error:
        told = _told(error)
    except (MemoryError, RecursionError):
        raise
    # whatever it is, the parent raises it again with this trace
    except Exception as error:
        told = ["failed", type(error).__name__, _trace(error)]
    else:
        told = ["answer", found]
    # "surrogatepass": a reader that lets a lone surrogate through must not look like a crash
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _read(data: bytes, path: str, *, reader: str, options: dict[str, Any]) -> dict[str, Any]:
    """Call a reader and give its ``Reading`` as JSON values, without the file itself."""
    options["warnings"] = [ReadingWarning(*warning) for warning in options["warnings"]]
    asked: dict[str, Any] = {name: _as_tuple(value) for name, value in options.items()}
    reading: Reading = _function(reader)(Source(path, data, **asked))
    plain = {
        field.name: getattr(reading, field.name)
        for field in dataclasses.fields(reading)
        if field.name not in ("source", "sha256")
    }
    plain["turns"] = list(map(_TURN, reading.turns))
    plain["warnings"] = list(map(_WARNING, reading.warnings))
    plain["metadata"], plain["dropped"] = dict(reading.metadata), dict(reading.dropped)
    plain["facts"] = dict(reading.facts)
    return plain


def _function(name: str) -> Callable[..., Any]:
    from importlib import import_module

    module, _, attribute = name.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), attribute)
    return function


def _told(error: QualcodeError) -> list[Any]:
    if isinstance(error, UnknownName):
        return ["unknown", error.kind, error.name, list(error.known)]
    if isinstance(error, InputProblems):
        return ["problems", [[p.line, p.message, p.file] for p in error.problems]]
    if isinstance(error, ReadingError):
        return ["hostile" if isinstance(error, HostileFile) else "refused", error.problem]
    return ["usage", str(error)]


def _trace(error: Exception) -> str:
    import traceback

    # without the message: it may hold what somebody said
    return "".join(traceback.format_tb(error.__traceback__))


def _limit() -> None:
    """Set the limits of this process."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is the only limit
        return
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        try:
            resource.setrlimit(kind, (most, most))
        except ValueError:  # macOS has address space limits it does not let anybody set
            continue

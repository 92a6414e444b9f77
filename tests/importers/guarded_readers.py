"""Readers that misbehave, for tests of the child process; without pytest, which is slow to load."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

from qualcode.errors import HostileFile, InputProblems, Problem, ReadingError, UnknownName
from qualcode.importers.source import Source
from qualcode.model import Reading, ReadingWarning, Turn


def honest(source: Source) -> Reading:
    """Give a reading that uses every field, and what it was asked."""
    turn = Turn(1, "Ina", "Ina", 5, 9, 1.5, None, 1, ("joint", "overlap"))
    return Reading(
        text=source.data.decode(),
        turns=(turn,),
        format=source.format,
        pattern=source.pattern,
        encoding="utf-8",
        sha256=source.sha256,
        source=source.data,
        anchors=((5, 1.5),),
        metadata={"gap": str(source.max_gap)},
        warnings=(*source.warnings, ReadingWarning("odd", "Odd.", 3)),
        dropped={"U+001B": 2},
        facts={"preamble_lines": 0, "cues": {"total": 1}},
    )


def hostile(source: Source) -> Reading:
    raise HostileFile(source.path, "Too deep.")


def damaged(source: Source) -> Reading:
    raise ReadingError(source.path, "Damaged.")


def unknown(source: Source) -> Reading:
    raise UnknownName("label pattern", "x", ["y", "z"])


def problems(source: Source) -> Reading:
    raise InputProblems(os.fspath(source.path), [Problem(2, "Bad row.")])


def wrong(source: Source) -> Reading:
    raise KeyError("what somebody said")


def aborts(source: Source) -> Reading:
    os.abort()


def killed(source: Source) -> Reading:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def greedy(source: Source) -> Reading:
    raise AssertionError(len(bytearray(3_000_000_000)))


def recursive(source: Source) -> Reading:
    return recursive(source)


def busy(source: Source) -> Reading:
    while True:
        time.sleep(0.01)


def chatty(data: bytes, path: str) -> str:
    print("printed")
    os.write(1, b"written")
    return "answered"


def endless(data: bytes, path: str) -> str:
    return "x" * 50_000_001


def open_files(data: bytes, path: str) -> list[str]:
    """Name what the process has open but its three streams."""
    found = []
    for entry in os.listdir("/proc/self/fd"):
        if int(entry) > 2 and os.path.exists(f"/proc/self/fd/{entry}"):
            found.append(os.readlink(f"/proc/self/fd/{entry}"))
    return sorted(found)


def writes(data: bytes, path: str) -> str:
    try:
        with open(data.decode(), "w") as file:
            file.write("x")
    except OSError as error:
        return type(error).__name__
    return "written"


def modules(data: bytes, path: str) -> list[str]:
    return sorted(name.partition(".")[0] for name in sys.modules)


def limits(data: bytes, path: str) -> list[Any]:
    import resource

    return [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]


def processes(data: bytes, path: str) -> list[int]:
    """This process, and the one that made it."""
    return [os.getpid(), os.getppid()]


def sockets(data: bytes, path: str) -> list[str]:
    """Name the sockets that the process has open."""
    names = []
    for entry in os.listdir("/proc/self/fd"):
        try:
            names.append(os.readlink(f"/proc/self/fd/{entry}"))
        except FileNotFoundError:  # the listing's own
            continue
    return [name for name in names if name.startswith("socket:")]

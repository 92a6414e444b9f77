"""Threads that own a project: what is asked of one happens in order, one after another.

A ``Project`` belongs to one thread. The screens hold two of these: the writer, through which every
act goes, and the reader. A lock held by another program then delays an answer, never the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, TypeVar

from qualcode.errors import QualcodeError

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.text.redaction import Layer

T = TypeVar("T")


class ProjectThread:
    """One thread with its own connection to the project file, first in, first out.

    Args:
        after: What is waited for before anything is done.
    """

    def __init__(self, path: Path, name: str, *, after: Event | None = None) -> None:
        self._path = path
        self._coder: str | None = None
        self._after = after or Event()
        if after is None:
            self._after.set()
        self._pool = ThreadPoolExecutor(1, name, initializer=self._after.wait)
        self._project: Project | None = None
        self._layer: Layer | None = None
        """How names were shown when an act failed last."""

        self._lock = Lock()
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many acts are asked for and not done."""
        return self._waiting

    def words(self, text: str) -> str:
        """What is told of an act that failed, with names as accepted redactions show them."""
        return text if self._layer is None else self._layer.words(text)

    def act_as(self, coder: str) -> None:
        """Open the project as this coder from now on; call it before anything is asked."""
        self._coder = coder

    def ask(self, act: Callable[[Project], T]) -> Future[T]:
        """Have ``act`` done on the thread; the future holds what it gave or raised."""
        with self._lock:
            self._waiting += 1
        future = self._pool.submit(self._run, act)
        future.add_done_callback(self._finished)
        return future

    def close(self) -> None:
        """Wait until everything asked for is done, then close the project."""
        self._after.set()
        self._pool.submit(self._close)
        self._pool.shutdown(wait=True)

    def _run(self, act: Callable[[Project], T]) -> T:
        if self._project is None:
            from qualcode.project import open as open_project

            self._project = open_project(self._path, coder=self._coder)
        try:
            return act(self._project)
        except QualcodeError:
            with suppress(QualcodeError):  # the project may be what cannot be read
                self._layer = self._project.layer
            raise

    def _close(self) -> None:
        if self._project is not None:
            self._project.close()
            self._project = None

    def _finished(self, _: object) -> None:
        with self._lock:
            self._waiting -= 1

"""The process that stands ready and forks a child for every guarded file."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from qualcode.errors import ReadingError
from qualcode.importers import guarded
from qualcode.importers.forks import Forks
from qualcode.importers.source import Source
from qualcode.model import Reading
from tests.importers import guarded_readers as child

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot fork")
SOURCE = Source("a.odd", b"Ina: Yes.", "odd")


def processes() -> tuple[int, int]:
    """The child that answers, and the process it was forked from."""
    own, parent = guarded.call(child.processes, b"", "a.odd")
    return own, parent


def test_every_file_has_a_child_of_its_own_and_all_come_from_one_process() -> None:
    (first, ready), (second, same) = processes(), processes()
    assert first != second
    assert ready == same != os.getpid()


@pytest.mark.parametrize("reader", [child.aborts, child.greedy, child.recursive])
def test_a_child_that_dies_takes_nobody_along(reader: Callable[[Source], Reading]) -> None:
    _, ready = processes()
    with pytest.raises(ReadingError, match="too large or damaged"):
        guarded.run(reader, SOURCE)
    assert processes()[1] == ready


def test_after_a_file_that_took_too_long_another_process_is_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, ready = processes()
    with monkeypatch.context() as patched:
        patched.setattr(guarded, "SECONDS", 0.2)
        with pytest.raises(ReadingError, match="Not read within"):
            guarded.run(child.busy, SOURCE)
    assert processes()[1] != ready
    with pytest.raises(ProcessLookupError):
        os.kill(ready, 0)


def test_a_process_that_was_ended_from_outside_is_replaced() -> None:
    _, ready = processes()
    os.kill(ready, signal.SIGKILL)
    assert guarded._forks is not None
    guarded._forks._process.wait()
    assert processes()[1] != ready


def test_another_search_path_needs_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ready = processes()
    (tmp_path / "odd_reader.py").write_text(
        "def found(data, path):\n    return 'from the new folder'\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    from importlib import import_module

    function = import_module("odd_reader").found
    assert guarded.call(function, b"", "a.odd") == "from the new folder"
    assert processes()[1] != ready


def test_two_threads_take_turns() -> None:
    found: list[str] = []

    def ask() -> None:
        found.append(guarded.run(child.honest, SOURCE).text)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["Ina: Yes."] * 4


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc here")
def test_a_child_cannot_reach_the_process_that_stands_ready() -> None:
    assert guarded.call(child.sockets, b"", "a.odd") == []


def test_a_request_larger_than_any_pipe_arrives_whole() -> None:
    content = b"x" * 3_000_000
    found = guarded.run(child.honest, Source("a.odd", content, "odd"))
    assert found.text == content.decode()


def test_closing_ends_the_process_and_does_no_harm_twice() -> None:
    forks = Forks(guarded._python())
    assert forks.ready
    forks.close()
    forks.close()
    assert not forks.ready


@pytest.mark.parametrize(
    ("reader", "problem"),
    [(child.damaged, "Damaged."), (child.aborts, "The file is too large or damaged.")],
)
def test_where_nothing_can_fork_python_is_started_anew(
    monkeypatch: pytest.MonkeyPatch, reader: Callable[[Source], Reading], problem: str
) -> None:
    monkeypatch.setattr(guarded, "_CAN_FORK", False)
    assert guarded.run(child.honest, SOURCE).text == "Ina: Yes."
    with pytest.raises(ReadingError) as caught:
        guarded.run(reader, SOURCE)
    assert caught.value.problem == problem

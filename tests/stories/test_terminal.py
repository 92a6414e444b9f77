"""A new user at a terminal of 80 × 24: real keys, a real mouse, through tmux."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import qualcode
from qualcode.model import Coding

ROOT = Path(qualcode.__file__).parent.parent
PATIENCE = 20.0
"""Seconds a screen may take to show what is waited for, on a busy machine."""

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


class Terminal:
    """A terminal of its own, on a tmux server of its own; it runs the coding screen."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "sample.qualcode"
        self._folder = folder
        self._server = f"qualcode-{uuid.uuid4().hex[:12]}"
        self._socket: Path | None = None

    def tmux(self, *words: str) -> str:
        """Ask the server for something."""
        return subprocess.run(
            ["tmux", "-L", self._server, "-f", os.devnull, *words],
            capture_output=True,
            check=True,
            encoding="utf-8",
            timeout=PATIENCE,
        ).stdout

    def start(self, afterwards: str = "") -> None:
        """Open the focus group, as coder ``you``, in a fresh window.

        Args:
            afterwards: What the shell does then; else the window closes with the program.
        """
        settings = {
            "PYTHONPATH": str(ROOT),
            "XDG_STATE_HOME": str(self._folder / "state"),
            "XDG_CONFIG_HOME": str(self._folder / "config"),
            "LC_ALL": "C.UTF-8",
        }
        words = [f"{name}={value}" for name, value in settings.items()]
        words += [sys.executable, "-m", "qualcode", "code", str(self.project)]
        words += ["--coder", "you", "--document", "A-FG1"]
        written = self._folder / "pid"
        # `exec`, so that the number written down is that of qualcode itself.
        inner = f"echo $$ > {shlex.quote(str(written))}; exec env -u NO_COLOR {shlex.join(words)}"
        command = f"sh -c {shlex.quote(inner)}; {afterwards or 'exit'}"
        self.tmux("-u", "new-session", "-d", "-s", "story", "-x", "80", "-y", "24", command)
        self._socket = Path(self.tmux("display-message", "-p", "#{socket_path}").strip())
        self.wait("turn")

    def screen(self) -> list[str]:
        """What the terminal shows, row by row."""
        return self.tmux("capture-pane", "-p", "-t", "=story:").splitlines()

    def wait(self, *wanted: str) -> list[str]:
        """Wait until all of these words are on screen."""
        found: list[str] = []

        def there() -> bool:
            found[:] = self.screen()
            return all(words in "\n".join(found) for words in wanted)

        _until(there, lambda: f"not on screen: {wanted}\n" + "\n".join(found))
        return found

    def wait_codings(self, number: int) -> None:
        """Wait until coder ``you`` has so many codings in the project file."""
        _until(lambda: len(mine(self.project)) == number, lambda: f"not {number} codings")

    def press(self, *keys: str) -> None:
        """Press keys, as tmux calls them."""
        self.tmux("send-keys", "-t", "=story:", *keys)

    def drag(self, row: int, start: int, stop: int) -> None:
        """Drag the mouse along a row; the terminal counts from 1."""
        steps = [f"\x1b[<0;{start + 1};{row + 1}M", f"\x1b[<32;{stop + 1};{row + 1}M"]
        for step in [*steps, f"\x1b[<0;{stop + 1};{row + 1}m"]:
            self.tmux("send-keys", "-t", "=story:", "-l", step)

    def pid(self) -> int:
        """The process of qualcode."""
        return int((self._folder / "pid").read_text())

    def wait_closed(self) -> None:
        """Wait until the program has left, and its window with it."""

        def gone() -> bool:
            asked = ["tmux", "-L", self._server, "has-session", "-t", "=story"]
            return subprocess.run(asked, capture_output=True, check=False).returncode != 0

        _until(gone, lambda: "still open:\n" + "\n".join(self.screen()))

    def close(self) -> None:
        """End the server and what runs in it."""
        asked = ["tmux", "-L", self._server, "kill-server"]
        subprocess.run(asked, capture_output=True, check=False)
        if self._socket is not None:
            self._socket.unlink(missing_ok=True)  # tmux leaves it behind


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _until(done: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            pytest.fail(otherwise())
        time.sleep(0.05)


@pytest.fixture
def terminal(sample_file: Path, tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    shutil.copy(sample_file, terminal.project)
    yield terminal
    terminal.close()


def mine(path: Path) -> dict[str, Coding]:
    """The codings of coder ``you``, by the words they are on."""
    with qualcode.open(path, coder="you") as project:
        you = project.coders.named("you")
        found = project.codings.list(coder_id=you.id)
        return {project.documents.text(c.document_id)[c.span.start : c.span.stop]: c for c in found}


def find(screen: list[str], words: str) -> tuple[int, int, int]:
    """Row, first and last column of words on the screen."""
    row = next(n for n, line in enumerate(screen) if words in line)
    column = screen[row].index(words)
    return row, column, column + len(words)


def test_a_day_of_coding_at_the_keyboard_and_with_the_mouse_is_there_afterwards(
    terminal: Terminal,
) -> None:
    terminal.start()
    terminal.wait("Okay, I think", "HERE")
    for turn in range(2, 7):  # five passages by keyboard: turns 2 to 6
        terminal.press("n")
        terminal.wait(f"turn {turn}/171")
        terminal.press("t", "2")
        terminal.wait(f"Applied: 2 relationship building, turn {turn}")
    for words in ("a guy I was arresting", "a shoplifter explained"):  # two with the mouse
        terminal.drag(*find(terminal.screen(), words))
        terminal.wait("SELECT", f"{len(words.split())} words")
        terminal.press("3")
        terminal.wait("Applied: 3 warm handoff, turn 6", "HERE  ")
        assert words in mine(terminal.project)
    for undone in ("3 warm handoff", "3 warm handoff", "2 relationship building"):
        left = len(mine(terminal.project)) - 1
        terminal.press("u")
        terminal.wait_codings(left)
        terminal.wait(f"Undone: {undone}, turn 6")
    terminal.press("M")
    terminal.wait("Memo on A-FG1")
    terminal.press("-l", "They learned it from those they arrest.")
    terminal.wait("from those they arrest.")
    terminal.press("C-s")
    terminal.wait("Memo saved.")
    terminal.press("F")
    terminal.wait("Declare A-FG1 finished?", "codings of yours       4")
    terminal.press("y")
    terminal.wait("FINISHED")
    terminal.press("C-q")
    terminal.wait_closed()

    with qualcode.open(terminal.project, coder="you") as project:
        document, you = project.documents.named("A-FG1"), project.coders.named("you")
        turns = project.documents.transcript(document.id).turns
        codings = project.codings.list(coder_id=you.id)
        assert [(c.span.start, c.span.stop) for c in codings] == [
            (turn.start, turn.stop) for turn in turns[1:5]
        ]
        assert [memo.body for memo in project.memos.list(document_id=document.id)] == [
            "They learned it from those they arrest."
        ]
        (given,) = [a for a in project.rounds.assignments() if a.coder_id == you.id]
        assert given.finished_at is not None

    terminal.start()
    terminal.wait("FINISHED", "turn 6/171")
    terminal.press("g", "n")
    terminal.wait("HERE  2 relationship building", "turn 2/171")
    terminal.press("M")
    terminal.wait("They learned it from those they arrest.")


def test_a_coding_that_was_seen_survives_the_death_of_the_program(terminal: Terminal) -> None:
    terminal.start()
    terminal.wait("Okay, I think", "HERE")
    terminal.press("n", "t", "3")
    terminal.wait("HERE  3 warm handoff")
    os.kill(terminal.pid(), signal.SIGKILL)
    terminal.wait_closed()

    assert list(mine(terminal.project)) == ["D.J.'s always on mute. It's his best quality."]
    terminal.start()
    terminal.press("g", "n")
    terminal.wait("HERE  3 warm handoff", "turn 2/171")
    terminal.press("u")
    terminal.wait("Undone: 3 warm handoff, turn 2")
    assert mine(terminal.project) == {}


def test_a_program_that_is_asked_to_end_gives_the_terminal_back(terminal: Terminal) -> None:
    terminal.start(afterwards="echo ENDED $?; exec sleep 60")
    terminal.wait("Okay, I think", "HERE")
    terminal.press("n", "t", "3")
    terminal.wait("HERE  3 warm handoff")
    os.kill(terminal.pid(), signal.SIGTERM)
    screen = terminal.wait(f"ENDED {128 + signal.SIGTERM}")
    assert "HERE" not in "\n".join(screen)
    assert len(mine(terminal.project)) == 1


def test_closing_the_terminal_loses_nothing_and_leaves_no_process(terminal: Terminal) -> None:
    terminal.start()
    terminal.wait("Okay, I think", "HERE")
    terminal.press("n", "t", "3")
    terminal.wait("HERE  3 warm handoff")
    pid = terminal.pid()
    terminal.close()
    _until(lambda: not _runs(pid), lambda: f"process {pid} still runs")
    assert len(mine(terminal.project)) == 1
    assert not list(terminal.project.parent.glob("*-wal"))


def test_a_newcomer_codes_searches_codes_the_hits_undoes_and_finds_the_help(
    terminal: Terminal,
) -> None:
    """Every key pressed here was named on the screen before."""
    terminal.start()
    terminal.wait("Okay, I think", "s sentence", "? help")
    terminal.press("?")
    terminal.wait("Keys", "To the next turn", "Esc back")
    terminal.press("q")
    terminal.press("n", "s", "3")
    terminal.wait("Applied: 3 warm handoff, turn 2")
    terminal.press("/")
    terminal.wait("what was said", "enter search", "whole words")
    terminal.press("-l", "train*")
    terminal.press("Enter")
    terminal.wait("4 hits in 1 document", "A mark all", "c code", "? help")
    terminal.press("A")
    terminal.wait("4 marked")
    terminal.press("c")
    terminal.wait("A code for 4 hits", "Enter apply")
    terminal.press("-l", "wa")
    terminal.wait("3 warm handoff", "Not when:")
    terminal.press("Enter")
    terminal.wait("Code what?", "s its sentence")
    terminal.press("s")
    terminal.wait("4 new.", "Enter code them")
    assert len(mine(terminal.project)) == 1
    terminal.press("Enter")
    terminal.wait_codings(5)
    terminal.wait("4 codings with warm handoff.")
    terminal.press("u")
    terminal.wait_codings(1)
    terminal.press("q")
    terminal.wait("HERE", "turn 2/171", "▸")
    terminal.press("F6")
    terminal.wait("29 codes", "enter edit", "? help")
    terminal.press("q")
    terminal.wait("HERE", "turn 2/171", "▸")
    terminal.press("C-q")
    terminal.wait_closed()

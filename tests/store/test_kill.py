"""A coding that was shown as saved is there after ``kill -9``."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

import qualcode
from qualcode.model import Code
from qualcode.store.check import check
from tests.store.texts import reading


def kill_rounds(path: Path, rounds: int, mode: str) -> int:
    """Kill a coder at random moments; gives how many codings had been acknowledged in all."""
    with qualcode.create(path, title="Killed", coder="ana") as project:
        ana = project.acting("ana")
        project.codebook.import_codes([Code("", "c")], by=ana)
        project.documents.add(reading(f"P1: {'a' * 1000}\n\nP1: yes.\n"), "long word", by=ana)
    rng = random.Random(1)
    acknowledged: set[str] = set()
    for _ in range(rounds):
        coder = subprocess.Popen(
            [sys.executable, "-m", "tests.store.killed", str(path), mode], stdout=subprocess.PIPE
        )
        assert coder.stdout is not None
        first = coder.stdout.readline()  # killed only once it is at work
        time.sleep(rng.random() * 0.05)
        coder.kill()
        rest = coder.stdout.read()
        coder.wait()
        coder.stdout.close()
        said = (first + rest).decode().split("\n")
        acknowledged |= {line for line in said[:-1] if line}
        with qualcode.open(path, coder="ana") as project:
            stored = {coding.id for coding in project.codings.list()}
        assert acknowledged <= stored
        assert [result for result in check(path) if not result.ok] == []
    return len(acknowledged)


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path, mode: str) -> None:
    assert kill_rounds(tmp_path / "k.qualcode", 4, mode) >= 4


@pytest.mark.long
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_sixty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path, mode: str) -> None:
    assert kill_rounds(tmp_path / "k.qualcode", 60, mode) > 60

"""A purge that is killed has happened or has not; and until it is finished, ``check`` says so."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

import qualcode
from qualcode.store.check import check
from qualcode.store.purge import Withdrawn
from tests.store.purging import EVERYWHERE, OF_THE_DOCUMENT, build, held

WORDS = (*EVERYWHERE, *OF_THE_DOCUMENT)


def kill_rounds(folder: Path, rounds: int, mode: str) -> Counter[str]:
    """Kill a purge at random moments; gives how many were found in which state."""
    built = build(folder / "built.qualcode")
    with built.project.history.action("write memo", built.ana) as action:
        for n in range(300):
            values = {"body": f"ownquartz {n} " * 20, "coder_id": built.ana.id, "created_at": ""}
            action.insert("memo", {**values, "document_id": built.document_id})
    built.project.close()
    rng, found, longest = random.Random(1), Counter[str](), 0.0
    for n in range(rounds):
        path = folder / f"{n}.qualcode"
        shutil.copy(built.path, path)
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.store.killed_purge", str(path), mode],
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"begun\n"
        begun = time.monotonic()
        if n:  # the first shows how long it takes
            time.sleep(rng.random() * longest)
            child.kill()
        said = child.stdout.read()
        child.wait()
        child.stdout.close()
        longest = longest or time.monotonic() - begun
        found[after(path, done=b"done" in said)] += 1
    return found


def after(path: Path, *, done: bool) -> str:
    """The state a purge left, having seen that it is none in between."""
    with qualcode.open(path, coder="ana") as project:
        document = project.documents.list()[0]
        purged = "█" in project.documents.text(document.id)
        left = held(path, WORDS)
        unfinished = project.purges.unfinished()
        assert purged or (left == set(WORDS) and not done)
        assert unfinished or not purged or left == set()
        wrong = [one.name for one in check(path) if not one.ok]
        assert wrong == (["purges"] if unfinished else [])
        ana = project.acting("ana")
        if not purged:
            project.purge(Withdrawn(document="A-P1"), reason="once more", by=ana)
        elif unfinished:
            project.purges.finish(by=ana)
        assert held(path, WORDS) == set()
    assert all(one.ok for one in check(path))
    return "unfinished" if unfinished else "purged" if purged else "not yet"


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_killed_purge_has_happened_or_has_not(tmp_path: Path, mode: str) -> None:
    found = kill_rounds(tmp_path, 4, mode)
    assert found["purged"] >= 1


@pytest.mark.long
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_sixty_killed_purges_have_happened_or_have_not(tmp_path: Path, mode: str) -> None:
    found = kill_rounds(tmp_path, 60, mode)
    assert found["not yet"] > 0
    assert found["purged"] > 0

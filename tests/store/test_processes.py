"""Several processes on one project file: nobody's work is lost, nobody is told nonsense."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import qualcode
from qualcode.errors import NotAProject
from qualcode.store import disk, opening
from qualcode.store.check import check
from tests.store.conftest import Study

PROCESSES, TIMES = 4, 100

COUNT = """
import sys, qualcode
from qualcode.store import opening
opening.WAIT = 60
with qualcode.open(sys.argv[1], coder="ana") as project:
    ana = project.acting("ana")
    memo = project.memos.list()[0].id
    for _ in range(int(sys.argv[2])):
        with project.history.action("edit memo", ana) as action:
            body = int(action.require("memo", memo).image["body"])
            action.put("memo", memo, {"body": str(body + 1)})
"""


def test_four_processes_that_read_and_write_lose_nothing(study: Study) -> None:
    study.project.memos.write("0", by=study.ana)
    study.project.close()
    running = [
        subprocess.Popen([sys.executable, "-c", COUNT, str(study.path), str(TIMES)])
        for _ in range(PROCESSES)
    ]
    assert [process.wait(120) for process in running] == [0] * PROCESSES
    with qualcode.open(study.path, coder="ana") as project:
        assert [memo.body for memo in project.memos.list()] == [str(PROCESSES * TIMES)]
        assert len(project.memos.list()) == 1
        edits = [entry for entry in project.history.log() if entry.verb == "edit memo"]
        assert len(edits) == PROCESSES * TIMES
    assert all(result.ok for result in check(study.path))


def test_a_journal_that_vanishes_while_one_looks_is_no_error(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = study.path.with_name(study.path.name + "-journal")  # the other window has committed
    monkeypatch.setattr(disk, "side_files", lambda path: [gone])
    assert not opening.look(study.path).after_crash


def test_a_crash_is_noticed_under_another_name_too(study: Study, tmp_path: Path) -> None:
    study.project.close()
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "linked.qualcode"
    link.symlink_to(study.path)
    with qualcode.open(link) as project:
        assert project.path == study.path.resolve()


def test_a_project_whose_making_was_cut_short_is_refused_by_name(tmp_path: Path) -> None:
    from qualcode.store import database

    path = tmp_path / "half.qualcode"
    database.create(path).close()  # killed before the beginning was written
    with pytest.raises(NotAProject, match=r"half\.qualcode.*never finished.*create it again"):
        qualcode.open(path)

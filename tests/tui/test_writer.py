"""The thread that owns a project: in order, one after another, waiting to the end."""

from __future__ import annotations

import threading

import pytest

from qualcode.errors import UnknownName
from qualcode.project import Project
from qualcode.tui.writer import ProjectThread
from tests.tui.conftest import Study


def test_what_is_asked_is_done_in_order(study: Study) -> None:
    done: list[int] = []
    thread = ProjectThread(study.path, "writer")
    for n in range(20):
        thread.ask(lambda _, n=n: done.append(n))  # type: ignore[misc]
    thread.close()
    assert done == list(range(20))


def test_everything_is_done_on_one_thread_that_is_not_ours(study: Study) -> None:
    thread = ProjectThread(study.path, "writer")
    names = {thread.ask(lambda _: threading.current_thread().name).result() for _ in range(3)}
    thread.close()
    assert len(names) == 1
    assert names != {threading.current_thread().name}


def test_the_project_is_read_with_the_coders_eyes(study: Study) -> None:
    thread = ProjectThread(study.path, "reader")
    thread.act_as("ben")
    coder = thread.ask(lambda project: project.coder).result()
    thread.close()
    assert coder is not None
    assert coder.name == "ben"


def test_nothing_is_done_before_what_it_is_to_wait_for(study: Study) -> None:
    painted, begun = threading.Event(), threading.Event()
    thread = ProjectThread(study.path, "reader", after=painted)
    asked = thread.ask(lambda _: begun.set())
    assert not begun.wait(0.1)
    assert thread.waiting == 1
    painted.set()
    asked.result()
    assert begun.is_set()
    thread.close()


def test_closing_does_what_was_asked_before_anything_was_painted(study: Study) -> None:
    thread = ProjectThread(study.path, "writer", after=threading.Event())
    asked = thread.ask(lambda project: project.title)
    thread.close()
    assert asked.result() == "Harbour study"


def test_an_act_that_fails_tells_why_and_the_next_is_done(study: Study) -> None:
    thread = ProjectThread(study.path, "writer")
    failed = thread.ask(lambda project: project.codebook.named("nothing"))
    after = thread.ask(lambda project: project.title)
    with pytest.raises(UnknownName):
        failed.result()
    assert after.result() == "Harbour study"
    thread.close()


def test_closing_waits_for_what_was_asked(study: Study) -> None:
    held = threading.Event()

    def slow(project: Project) -> None:
        held.wait(5)
        project.coders.add("late", by=project.coders.named("ana"))

    thread = ProjectThread(study.path, "writer")
    thread.ask(slow)
    assert thread.waiting == 1
    threading.Timer(0.05, held.set).start()
    thread.close()
    assert thread.waiting == 0
    with study.open() as project:
        assert "late" in [coder.name for coder in project.coders.list()]


def test_closed_the_project_is_one_file(study: Study) -> None:
    thread = ProjectThread(study.path, "writer")
    thread.ask(lambda project: project.coders.add("new", by=project.coders.named("ana"))).result()
    thread.close()
    assert [p.name for p in study.path.parent.glob("study.qualcode*")] == ["study.qualcode"]

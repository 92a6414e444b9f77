"""What lies in a folder, how a typed path is completed, which folder it was last time."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.tui.folder import (
    FILE,
    PART,
    Entry,
    completed,
    keep_folder,
    listing,
    matching,
    measured,
    recent_folder,
    split,
)
from qualcode.tui.kept import keep, state_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    held = tmp_path / "held"
    (held / "north").mkdir(parents=True)
    for name in ("b.txt", "A.vtt", "notes.doc", ".hidden.txt"):
        (held / name).write_text("words", encoding="utf-8")
    return held


def test_folders_come_first_then_what_can_be_read(folder: Path) -> None:
    found = listing(folder, {".txt", ".vtt"})
    assert [(entry.name, entry.size) for entry in found.entries] == [
        ("north/", 0), ("A.vtt", 5), ("b.txt", 5),
    ]  # fmt: skip


def test_a_folder_that_cannot_be_listed_says_why(tmp_path: Path) -> None:
    assert listing(tmp_path / "gone", {".txt"}).problem == "No such file or directory."


def test_a_link_that_leads_nowhere_is_left_out(folder: Path) -> None:
    (folder / "away.txt").symlink_to(folder / "gone.txt")
    assert "away.txt" not in [entry.name for entry in listing(folder, {".txt"}).entries]


def test_a_name_with_control_characters_is_listed_visibly(folder: Path) -> None:
    (folder / "x\x1b[31m.txt").write_text("words", encoding="utf-8")
    assert "x␛[31m.txt" in [entry.name for entry in listing(folder, {".txt"}).entries]


@pytest.mark.parametrize(
    ("typed", "leads_to", "beginning"),
    [
        ("north/B-", "/study/north", "B-"), ("B-", "/study", "B-"), ("/data/", "/data", ""),
        ("/", "/", ""), ("", "/study", ""), ("../x", "/study/..", "x"),
        ("/study//data/x", "/data", "x"), ("/study/~/x", "~", "x"),
    ],
)  # fmt: skip
def test_a_typed_path_is_a_folder_and_a_beginning(
    typed: str, leads_to: str, beginning: str
) -> None:
    assert split(typed, Path("/study")) == (Path(leads_to).expanduser(), beginning)


def test_a_tilde_is_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    assert split("~", Path("/study")) == (Path("/home/ana"), "")
    assert split("~/talks/a", Path("/study")) == (Path("/home/ana/talks"), "a")


ENTRIES = [
    Entry(Path("/study/north"), folder=True),
    Entry(Path("/study/A-FG1.vtt"), folder=False),
    Entry(Path("/study/A-FG2.srt"), folder=False),
]


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("n", "north/"), ("/study/n", "/study/north/"), ("A", "A-FG"), ("a-f", "A-FG"),
        ("A-FG1", "A-FG1.vtt"), ("x", "x"), ("", ""),
    ],
)  # fmt: skip
def test_a_path_is_completed_as_far_as_is_certain(typed: str, becomes: str) -> None:
    assert completed(typed, ENTRIES) == becomes


def test_names_match_in_any_case() -> None:
    assert [entry.name for entry in matching(ENTRIES, "a-fg1")] == ["A-FG1.vtt"]


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 B"), (999, "999 B"), (1_000, "1 kB"), (14_499, "14 kB"), (1_240_000, "1.2 MB")],
)
def test_sizes_are_said_as_people_say_them(size: int, said: str) -> None:
    assert measured(size) == said


def test_each_project_remembers_the_folder_of_its_last_import(folder: Path, tmp_path: Path) -> None:
    north = folder / "north"
    assert recent_folder("p1", tmp_path) == tmp_path
    keep_folder("p1", folder)
    keep_folder("p2", north)
    assert (recent_folder("p1", tmp_path), recent_folder("p2", tmp_path)) == (folder, north)
    assert recent_folder("p3", tmp_path) == tmp_path


def test_a_remembered_folder_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    keep_folder("p1", tmp_path / "gone")
    assert recent_folder("p1", tmp_path) == tmp_path


@pytest.mark.parametrize("folder", [3, None, "a\0b"])
def test_damage_costs_the_folder_and_nothing_else(tmp_path: Path, folder: object) -> None:
    keep(state_file(FILE), PART, {"p1": folder})
    assert recent_folder("p1", tmp_path) == tmp_path

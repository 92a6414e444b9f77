"""Where a coder stopped reading, kept outside the project."""

from __future__ import annotations

import stat
from pathlib import Path

from qualcode.tui.kept import state_file
from qualcode.tui.reading import Place, ReadingPlaces


def places(tmp_path: Path, coder: str = "ana") -> ReadingPlaces:
    return ReadingPlaces("project-1", coder, tmp_path / "deep" / "reading.json")


def test_a_place_is_found_again(tmp_path: Path) -> None:
    places(tmp_path).put("d1", "r1", Place(26, 5065))
    assert places(tmp_path).get("d1", "r1") == Place(26, 5065)


def test_a_document_never_read_begins_at_the_beginning(tmp_path: Path) -> None:
    assert places(tmp_path).get("d1", "r1") == Place(0, 0)


def test_each_coder_and_document_has_a_place_of_its_own(tmp_path: Path) -> None:
    places(tmp_path).put("d1", "r1", Place(5, 50))
    places(tmp_path, "ben").put("d1", "r1", Place(9, 90))
    places(tmp_path).put("d2", "r1", Place(7, 70))
    assert places(tmp_path).get("d1", "r1") == Place(5, 50)
    assert places(tmp_path, "ben").get("d1", "r1") == Place(9, 90)
    assert places(tmp_path).get("d2", "r1") == Place(7, 70)


def test_what_was_read_in_one_round_is_not_read_in_the_next(tmp_path: Path) -> None:
    places(tmp_path).put("d1", "r1", Place(5, 50))
    assert places(tmp_path).get("d1", "r2") == Place()


def test_a_damaged_file_costs_the_places_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "reading.json"
    file.parent.mkdir()
    for damage in (b"{", b"\xff\xfe", b"[]", b'{"format": "other"}', b'{"places": 3}'):
        file.write_bytes(damage)
        assert places(tmp_path).get("d1", "r1") == Place()
    places(tmp_path).put("d1", "r1", Place(1, 2))
    assert places(tmp_path).get("d1", "r1") == Place(1, 2)


def test_the_file_and_its_folder_are_the_owners_alone(tmp_path: Path) -> None:
    places(tmp_path).put("d1", "r1", Place(1, 2))
    file = tmp_path / "deep" / "reading.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [p.name for p in file.parent.iterdir()] == ["reading.json"]


def test_the_file_lies_in_the_users_state_folder(tmp_path: Path) -> None:
    assert tmp_path / "state" in state_file("reading.json").parents

"""A reader from another package: the example of ``docs/writing-a-reader.md``, as it stands there."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from qualcode import importers
from qualcode.errors import ReadingError
from tests.importers.files import reading, said, told

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "writing-a-reader.md").read_text(encoding="utf-8")
EXAMPLE = "#diary\nIna> Low tide\nat noon.\nBo> Yes.\n"


def blocks(language: str) -> list[str]:
    """The code of the page, but for what it says is not run."""
    found = re.findall(rf"(<!-- not run -->\n)?```{language}\n(.*?)```", PAGE, re.DOTALL)
    return [code for not_run, code in found if not not_run]


def group_of(project: str) -> dict[str, str]:
    """The readers that a pyproject.toml registers."""
    found: dict[str, str] = tomllib.loads(project)["project"]["entry-points"][importers.GROUP]
    return found


def install(folder: Path, module: str, group: dict[str, str]) -> None:
    """Lay the package down as an installer would."""
    (folder / "field_diary.py").write_text(module, encoding="utf-8")
    entries = "".join(f"{name} = {place}\n" for name, place in group.items())
    information = folder / "field_diary-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: field-diary\nVersion: 1.0\n"
    )
    (information / "entry_points.txt").write_text(f"[qualcode.readers]\n{entries}")


@pytest.fixture(params=["in this process", "guarded"])
def installed(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    [module] = blocks("python")
    if request.param == "guarded":
        module = module.replace("is_diary)", "is_diary, guarded=True)")
        assert "guarded=True" in module
    folder = tmp_path / "site"
    folder.mkdir()
    [project] = blocks("toml")
    install(folder, module, group_of(project))
    monkeypatch.syspath_prepend(str(folder))
    importers.readers.cache_clear()
    yield
    importers.readers.cache_clear()
    sys.modules.pop("field_diary", None)


@pytest.mark.usefixtures("installed")
def test_the_example_reads_its_format(tmp_path: Path) -> None:
    assert importers.formats()[-1] == "diary"
    found = reading(tmp_path, "a.diary", EXAMPLE)
    assert said(found) == [("Ina", "Low tide at noon."), ("Bo", "Yes.")]
    assert found.text == "Ina: Low tide at noon.\n\nBo: Yes."
    assert (found.format, told(found)) == ("diary", [])


@pytest.mark.usefixtures("installed")
def test_the_example_warns_and_refuses_as_the_page_says(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.txt", "#diary\nwho said this\nBo> Yes.\n")
    assert told(found) == [("format_by_content", None), ("no_name", 2)]
    with pytest.raises(ReadingError, match=r"b\.diary: A field diary begins with #diary\."):
        reading(tmp_path, "b.diary", "Ina> Hello.")


def test_our_own_readers_are_registered_as_those_of_others_are() -> None:
    registered = group_of((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    table = importers.readers()
    assert list(registered) == [name for name in table if name in registered]
    assert set(table) == set(registered)  # as long as nobody has installed a reader here
    for name, place in registered.items():
        assert EntryPoint(name, place, importers.GROUP).load() is table[name]


def test_a_package_adds_a_format_but_replaces_none_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [module] = blocks("python")
    ours = importers.readers()["txt"]
    install(tmp_path, module, {"diary": "field_diary:DIARY", "txt": "field_diary:DIARY"})
    monkeypatch.syspath_prepend(str(tmp_path))
    importers.readers.cache_clear()
    try:
        table = importers.readers()
        assert table["txt"] is ours
        assert table["diary"].endings == (".diary",)
    finally:
        importers.readers.cache_clear()
        sys.modules.pop("field_diary", None)

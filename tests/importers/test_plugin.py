"""A reader from another package: the example of ``docs/writing-a-reader.md``, as it stands there."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode import importers
from qualcode.errors import ReadingError
from tests.importers.files import reading, said, told

PAGE = (Path(__file__).parents[2] / "docs" / "writing-a-reader.md").read_text(encoding="utf-8")
EXAMPLE = "#diary\nIna> Low tide\nat noon.\nBo> Yes.\n"


def blocks(language: str) -> list[str]:
    """The code of the page, but for what it says is not run."""
    found = re.findall(rf"(<!-- not run -->\n)?```{language}\n(.*?)```", PAGE, re.DOTALL)
    return [code for not_run, code in found if not not_run]


def install(folder: Path, module: str) -> None:
    """Lay the package down as an installer would."""
    (folder / "field_diary.py").write_text(module, encoding="utf-8")
    [project] = map(tomllib.loads, blocks("toml"))
    group = project["project"]["entry-points"]["qualcode.readers"]
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
    install(folder, module)
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

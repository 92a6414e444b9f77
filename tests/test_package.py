"""What is installed is all there is."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "setuptools"
]


def test_every_package_is_installed() -> None:
    folders = (path.parent for path in (ROOT / "qualcode").rglob("__init__.py"))
    packages = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    elsewhere = set(SETTINGS["package-dir"]) - {"qualcode"}
    assert set(SETTINGS["packages"]) == packages | elsewhere


def test_every_other_file_of_the_package_is_installed() -> None:
    files = (
        path for path in (ROOT / "qualcode").rglob("*.*") if path.suffix not in (".py", ".pyc")
    )
    listed = {
        path
        for package, patterns in SETTINGS["package-data"].items()
        if package not in SETTINGS["package-dir"] or package == "qualcode"
        for pattern in patterns
        for path in ROOT.joinpath(*package.split(".")).glob(pattern)
    }
    assert {path for path in files if path.is_file()} <= listed

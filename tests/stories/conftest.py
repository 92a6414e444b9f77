"""The sample study as a project, made once for all stories."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import qualcode
from qualcode.project import Project
from qualcode.reports.sample import build


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "sample.qualcode"
    build(path).close()
    return path


@pytest.fixture
def sample(sample_file: Path, tmp_path: Path) -> Iterator[Project]:
    """A copy of the sample project, opened; a test may change it."""
    shutil.copy(sample_file, tmp_path / "sample.qualcode")
    with qualcode.open(tmp_path / "sample.qualcode", coder="you") as project:
        yield project

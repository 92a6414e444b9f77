"""The sample study leaves as REFI-QDA, comes back, and leaves again: nothing is lost in between."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import get_args

import pytest

import qualcode
from qualcode.contents import ProjectContents
from qualcode.exporters.refi_qda import Target, write_qdpx
from qualcode.importers.refi_qda import read_project
from qualcode.project import Project
from qualcode.reports.refi import ALWAYS, contents_of
from tests.exporters.test_refi_qda import validate

ROUND = "round 2"
LOST = {"name": "", "kind": "", "origin": "", "since": "", "status": "", "key": None, "rev": 1}
"""Fields of codes that the standard has no place for, as they come back."""


def there_and_back(project: Project, folder: Path, target: Target) -> ProjectContents:
    """Write the project, read it into an empty one, write that; give what the second holds."""
    first = contents_of(project, round=ROUND)
    write_qdpx(first, folder / "first.qdpx", target=target)
    with qualcode.create(folder / "back.qualcode", title=first.title, coder="zoe") as back:
        back.import_contents(
            read_project(folder / "first.qdpx"), by=back.acting("zoe"), name="first"
        )
        second = contents_of(back)
        write_qdpx(second, folder / "second.qdpx", target=target)
    validate(folder / "first.qdpx")
    return second


@pytest.mark.parametrize("target", get_args(Target))
def test_what_leaves_a_second_time_is_what_left_the_first_time(
    sample: Project, tmp_path: Path, target: Target
) -> None:
    there_and_back(sample, tmp_path, target)
    with (
        zipfile.ZipFile(tmp_path / "first.qdpx") as first,
        zipfile.ZipFile(tmp_path / "second.qdpx") as second,
    ):
        assert first.namelist() == second.namelist()
        for name in first.namelist():
            assert first.read(name) == second.read(name), name


def test_everything_the_format_can_carry_comes_back(sample: Project, tmp_path: Path) -> None:
    sent = contents_of(sample, round=ROUND)
    found = there_and_back(sample, tmp_path, "spec")
    assert (len(sent.documents), len(sent.codes), len(sent.coders)) == (12, 29, 3)
    assert min(map(len, (sent.codings, sent.memos, sent.participants, sent.attributes))) > 6
    for what in ("title", "coders", "codings", "memos", "attributes", "participants", "kept"):
        assert getattr(found, what) == getattr(sent, what), what
    for one, two in zip(sent.documents, found.documents, strict=True):
        assert one.guid == two.guid
        assert one.named.name == two.named.name
        assert one.named.attributes == two.named.attributes
        assert one.named.reading.text == two.named.reading.text


def test_what_does_not_come_back_of_codes_is_named_in_the_losses(
    sample: Project, tmp_path: Path
) -> None:
    sent = contents_of(sample, round=ROUND)
    found = there_and_back(sample, tmp_path, "spec")
    differing: set[str] = set()
    for one, two in zip(sent.codes, found.codes, strict=True):
        assert two.code == one.title
        fields = {field: getattr(one, field) for field in one.__slots__}
        differing |= {field for field, value in fields.items() if value != getattr(two, field)}
        assert all(getattr(two, field) == value for field, value in LOST.items())
    assert differing - {"code", "parent"} == set(LOST)
    (said,) = [reason for element, reason in ALWAYS if element == "Code"]
    assert all(field in said for field in {*LOST} - {"rev"})

"""``qualcode.reports`` in a notebook: one function per question, loaded when first asked."""

from __future__ import annotations

import subprocess
import sys
from types import FunctionType, ModuleType

import pytest

import qualcode
from qualcode import reports


def said_by(program: str) -> str:
    """What a fresh Python prints."""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()


def test_the_packages_for_notebooks_load_nothing_until_a_name_is_used() -> None:
    program = """
import sys, qualcode
from qualcode import reliability, reports
print(sorted(name for name in sys.modules if name.startswith("qualcode")), "numpy" in sys.modules)
"""
    assert said_by(program) == "['qualcode', 'qualcode.reliability', 'qualcode.reports'] False"


def test_they_are_reached_from_the_package_alone() -> None:
    program = "import qualcode; print(qualcode.reports.agreement.__name__)"
    assert said_by(program) == "agreement"


@pytest.mark.parametrize("first", ["import qualcode.reports.agreement", ""])
def test_a_question_is_a_function_whoever_imported_its_module_before(first: str) -> None:
    program = f"""
{first}
from qualcode import reports
from qualcode.reports.agreement import COLUMNS
from qualcode.reports import agreement
print(agreement is reports.agreement, type(agreement).__name__, "value" in COLUMNS)
"""
    assert said_by(program) == "True function True"


def test_every_question_is_a_function_of_its_name() -> None:
    for name in reports.__all__:
        found = getattr(reports, name)
        assert isinstance(found, FunctionType)
        assert found.__name__ == name
        assert found.__doc__


def test_a_module_that_is_no_question_stays_a_module() -> None:
    from qualcode.reports import segments

    assert isinstance(segments, ModuleType)


def test_a_name_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(AttributeError, match=r"'qualcode\.reports' has no attribute 'agreements'"):
        reports.agreements  # noqa: B018
    assert set(reports.__all__) <= set(dir(reports))
    assert {"reports", "reliability"} <= set(dir(qualcode))

"""``docs/agreement.md`` names all that there is, and nothing that there is not."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import get_args

import pytest

from qualcode.reliability import coefficients, compatibility, disagreements, drift, registry
from qualcode.reliability import sampling as plans
from qualcode.reliability.estimates import REASONS
from qualcode.reliability.intervals import ForComparison, Method
from qualcode.reliability.sets import SetDistance
from qualcode.reliability.weights import Level, Weights
from qualcode.reports import cut, figures, segments

PAGE = (Path(__file__).parents[2] / "docs" / "agreement.md").read_text(encoding="utf-8")
AVERAGING = {one.averaging for one in registry.OURS.values() if one.averaging}
FLAGS = set(re.findall(r'yield "(\w+)"', inspect.getsource(figures.Line.flags)))

SECTIONS: dict[str, set[str]] = {
    "Units": set(cut.KINDS),
    "Overlap": {"any", "majority", "chars:K"},
    "Statistics": set(registry.OURS),
    "Averaging": {*AVERAGING, *get_args(coefficients.Averaging), figures.ALL_CELLS},
    "Levels": set(get_args(Level)),
    "Weights": set(get_args(Weights)),
    "Intervals": {*get_args(Method), *get_args(ForComparison)},
    "Flags": {*FLAGS, "no_variation", "discussed"},
    "Reasons": set(REASONS) - {""},
    "Free segments": set(segments.OF),
    "Sets": set(get_args(SetDistance)),
    "Rounds, drift, plans": {
        *(one.__name__ for one in (drift.change, drift.coder_shift, drift.coder_trend)),
        *(one.__name__ for one in (plans.half_width, plans.quotas)),
    },
    "Disagreements": set(disagreements.KINDS),
    "Other programs": set(compatibility.RULES),
}
"""Heading → the names that have an entry below it."""


def entries(heading: str) -> list[str]:
    """The names that the section explains, in its order."""
    _, _, below = PAGE.partition(f"\n## {heading}\n")
    section, _, _ = below.partition("\n## ")
    return re.findall(r"^- `([^`]+)`: ", section, re.MULTILINE)


@pytest.mark.parametrize("heading", SECTIONS)
def test_a_section_explains_each_name_once_and_no_other(heading: str) -> None:
    found = entries(heading)
    assert len(found) == len(set(found))
    assert set(found) == SECTIONS[heading]


def test_every_name_explained_stands_in_a_section_that_is_checked() -> None:
    checked = [name for heading in SECTIONS for name in entries(heading)]
    assert len(re.findall(r"^- `[^`]+`: ", PAGE, re.MULTILINE)) == len(checked)


def test_every_work_cited_is_among_the_sources_and_no_other() -> None:
    text, _, sources = PAGE.partition("\n## Sources\n")
    listed = {
        (re.split(r",| \(", source)[0], year)
        for source in re.sub(r"\n  ", " ", sources).strip().removeprefix("- ").split("\n- ")
        for year in re.findall(r"\((\d{4})\)\.", source)
    }
    author, others = r"((?:de )?[A-Z][\w'’]+)", r"(?:(?:,| &) [A-Z][\w'’]+)*(?: et al\.)?"
    cited = {
        (name, year)
        for name, years in re.findall(
            rf"{author}{others} \(?(\d{{4}}(?:, \d{{4}})*)", " ".join(text.split())
        )
        for year in years.split(", ")
    }
    assert cited == listed


def test_links_lead_to_pages_and_headings_that_are_there() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", line.removeprefix("## ").lower()).replace(" ", "-")
        for line in PAGE.splitlines()
        if line.startswith("## ")
    }
    for page in (Path(__file__).parents[2] / "docs").glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]*\.md)?(?:#([\w-]+))?\)", page.read_text("utf-8")):
            file, heading = target
            assert not file or (page.parent / file).exists(), (page.name, file)
            if heading and (file == "agreement.md" or (not file and page.name == "agreement.md")):
                assert heading in headings

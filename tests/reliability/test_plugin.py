"""A coefficient from another package: the example of ``docs/writing-a-coefficient.md``."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from qualcode.errors import UnknownName
from qualcode.reliability import registry
from qualcode.reliability.intervals import jackknife
from qualcode.reliability.patterns import count
from qualcode.reports import agreement_of_ratings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "writing-a-coefficient.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The one block of the page in that language."""
    [code] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(code)


def group_of(project: str) -> dict[str, str]:
    """The coefficients that a pyproject.toml registers."""
    found: dict[str, str] = tomllib.loads(project)["project"]["entry-points"][registry.GROUP]
    return found


def install(folder: Path, group: dict[str, str]) -> None:
    """Lay the package of the page down as an installer would."""
    (folder / "jaccard_index.py").write_text(block("python"), encoding="utf-8")
    entries = "".join(f"{name} = {place}\n" for name, place in group.items())
    information = folder / "jaccard_index-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: jaccard-index\nVersion: 1.0\n"
    )
    (information / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{entries}")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path, read anew before and after."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    registry.known.cache_clear()
    yield folder
    registry.known.cache_clear()
    sys.modules.pop("jaccard_index", None)


def test_the_example_is_found_by_name(site: Path) -> None:
    with pytest.raises(UnknownName, match='no statistic "jaccard"'):
        registry.named("jaccard")
    registry.known.cache_clear()
    install(site, group_of(block("toml")))
    # Both gave it once, one of them alone twice: 1 of 3.
    counts = count([[1, 1], [1, 0], [0, 1], [0, 0]])
    assert registry.named("jaccard").figure(counts).value == pytest.approx(1 / 3)


def test_the_example_gets_a_row_with_an_interval_or_a_reason(site: Path, tmp_path: Path) -> None:
    install(site, group_of(block("toml")))
    file = tmp_path / "ratings.csv"
    rows = ["1,1"] * 4 + ["1,0"] * 4 + ["0,0"] * 4  # 4 of the 8 that either gave
    file.write_text("unit,ana,ben\n" + "".join(f"{n},{row}\n" for n, row in enumerate(rows)))
    [row] = agreement_of_ratings(file, statistics=["jaccard"], by=["code"], resamples=200)
    assert (row["statistic"], row["value"], row["coder_b"]) == ("jaccard", 0.5, "ben")
    assert float(str(row["ci_low"])) < 0.5 < float(str(row["ci_high"]))
    file.write_text("unit,ana,ben\n1,0,0\n2,0,0\n")
    [row] = agreement_of_ratings(
        file, statistics=["jaccard"], by=["code"], categories=["0", "1"], resamples=200
    )
    assert (row["status"], row["reason"]) == ("undefined", "code_never_used")


def test_the_example_takes_the_jackknife_as_it_is(site: Path) -> None:
    install(site, group_of(block("toml")))
    # Two units in each document, one of them given by both: 1/2 whichever document is left out.
    counts = count([[1, 1], [1, 0]] * 5, documents=[n // 2 for n in range(10)])
    [found] = jackknife(counts, registry.named("jaccard").function)
    assert (found.low, found.high, found.se) == (0.5, 0.5, 0)


def test_our_own_coefficients_are_registered_as_those_of_others_are() -> None:
    registered = group_of((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert list(registered) == list(registry.OURS)
    for name, place in registered.items():
        assert EntryPoint(name, place, registry.GROUP).load() is registry.OURS[name]


def test_a_package_adds_a_coefficient_but_replaces_none_of_ours(site: Path) -> None:
    jaccard = group_of(block("toml"))["jaccard"]
    install(site, {"jaccard": jaccard, "krippendorff_alpha": jaccard})
    table = registry.known()
    assert table["krippendorff_alpha"] is registry.ALPHA
    assert list(table)[: len(registry.OURS)] == list(registry.OURS)
    assert table["jaccard"].of_pair

"""Figures of the sample study computed once more, by plain loops that share no code with ours.

From the codings and finished marks up: every unit of every document, coder by coder.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import permutations
from typing import TypeAlias

import pytest

from qualcode.model import Cell
from qualcode.project import Project
from qualcode.reports.agreement import agreement

Rating: TypeAlias = dict[str, int]
"""Coder → 1 present, 0 absent, of those who finished the unit's document."""

T_975 = {2: 4.302653, 5: 2.570582}
"""Student's t, as printed in tables: by degrees of freedom."""


def number(cell: Cell) -> int:
    assert isinstance(cell, int)
    return cell


def ratings(project: Project, name: str, code: str) -> dict[str, list[Rating]]:
    """Document → what each coder said of its sentences, where two coders or more finished it."""
    round_ = project.rounds.named(name)
    names = {c.id: c.name for c in project.coders.list()}
    finished: dict[str, list[str]] = {}
    for one in project.rounds.assignments(round_.id):
        if one.finished_at:
            finished.setdefault(one.document_id, []).append(names[one.coder_id])
    spans = [
        (row["document_id"], row["coder"], number(row["start"]), number(row["stop"]))
        for row in project.codings.table(name, code=code)
    ]
    found: dict[str, list[Rating]] = {}
    for document, coders in finished.items():
        for unit in project.documents.units("sentence", [document]):
            if unit["role"] == "moderator" or len(coders) < 2:
                continue
            said = dict.fromkeys(sorted(coders), 0)
            for where, who, start, stop in spans:
                if (
                    where == document
                    and start < number(unit["stop"])
                    and stop > number(unit["start"])
                ):
                    said[str(who)] = 1
            found.setdefault(document, []).append(said)
    return found


def percent(units: Sequence[Rating]) -> float:
    shares = []
    for unit in units:
        pairs = list(permutations(unit.values(), 2))
        shares.append(sum(a == b for a, b in pairs) / len(pairs))
    return sum(shares) / len(shares)


def alpha(units: Sequence[Rating]) -> float:
    """Krippendorff (2011), nominal, from the coincidence of every ordered pair of ratings."""
    cells = {(a, b): 0.0 for a in (0, 1) for b in (0, 1)}
    for unit in units:
        for pair in permutations(unit.values(), 2):
            cells[pair] += 1 / (len(unit) - 1)
    ones, noughts = cells[1, 1] + cells[1, 0], cells[0, 0] + cells[0, 1]
    return 1 - (ones + noughts - 1) * cells[0, 1] / (ones * noughts)


def ac1(units: Sequence[Rating]) -> float:
    present = sum(sum(unit.values()) / len(unit) for unit in units) / len(units)
    chance = 2 * present * (1 - present)
    return (percent(units) - chance) / (1 - chance)


def kappa(units: Sequence[Rating], a: str, b: str) -> float:
    both = [(unit[a], unit[b]) for unit in units if a in unit and b in unit]
    observed = sum(x == y for x, y in both) / len(both)
    first, second = (sum(pair[at] for pair in both) / len(both) for at in (0, 1))
    chance = first * second + (1 - first) * (1 - second)
    return (observed - chance) / (1 - chance)


def limits(
    by_document: dict[str, list[Rating]], figure: Callable[[Sequence[Rating]], float]
) -> tuple[float, float]:
    """Jackknife over documents."""
    whole = figure([unit for units in by_document.values() for unit in units])
    left = [
        figure([unit for name, units in by_document.items() if name != out for unit in units])
        for out in by_document
    ]
    d, mean = len(left), sum(left) / len(left)
    half = T_975[d - 1] * math.sqrt((d - 1) / d * sum((one - mean) ** 2 for one in left))
    return whole - half, min(whole + half, 1.0)


@pytest.mark.parametrize("name", ["round 1", "round 2"])
def test_agreement_is_what_plain_loops_find(sample: Project, name: str) -> None:
    codes = ["collaboration", "warm_handoff", "structural_limits"]
    table = agreement(sample, rounds=[name], codes=codes, interval="jackknife", check=False)
    for code in codes:
        by_document = ratings(sample, name, code)
        units = [unit for each in by_document.values() for unit in each]
        rows = {
            (r["statistic"], r["coder_a"], r["coder_b"])
            if r["scope"] == "pair"
            else r["statistic"]: r
            for r in table
            if r["code"] == code
        }
        row = rows["krippendorff_alpha"]
        assert row["n_units"] == len(units)
        assert row["n_any"] == sum(any(unit.values()) for unit in units)
        assert row["n_all"] == sum(all(unit.values()) for unit in units)
        said = [value for unit in units for value in unit.values()]
        assert row["prevalence"] == pytest.approx(sum(said) / len(said))
        wanted = {"krippendorff_alpha": alpha, "percent_agreement": percent, "gwet_ac1": ac1}
        for statistic, figure in wanted.items():
            found = rows[statistic]
            assert found["value"] == pytest.approx(figure(units), abs=1e-9), (code, statistic)
            low_high = (found["ci_low"], found["ci_high"])
            assert low_high == pytest.approx(limits(by_document, figure), abs=1e-6), code
        for key, found in rows.items():
            if not isinstance(key, tuple):
                continue
            a, b = str(key[1]), str(key[2])
            theirs = {d: each for d, each in by_document.items() if {a, b} <= set(each[0])}
            assert found["value"] == pytest.approx(kappa(units, a, b), abs=1e-9)
            low_high = (found["ci_low"], found["ci_high"])
            expected = limits(theirs, partial(kappa, a=a, b=b))
            assert low_high == pytest.approx(expected, abs=1e-6), (code, a, b)

"""Published worked examples and recomputed figures, one test per figure.

The cases and their definitions are in ``agreement/README.md``; ``QUALCODE_AGREEMENT_CASES`` names
another folder of cases in the same form. A statistic, kind or figure that nothing here knows fails.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qualcode.reliability import analytic, coefficients, intervals
from qualcode.reliability.basis import Counted, counted
from qualcode.reliability.estimates import Estimate
from qualcode.reliability.intervals import Interval
from qualcode.reliability.patterns import PatternCounts, count
from qualcode.reliability.sets import count_sets, krippendorff_alpha_set
from qualcode.reliability.unitizing import (
    Continuum,
    Segment,
    alpha_u_2004,
    bar_u_alpha,
    cu_alpha,
    k_u_alpha,
    lay_out,
    u_alpha,
)
from qualcode.reliability.units import Placed, Ratings, UnitRow, rate, units_of

FOLDER = Path(os.environ.get("QUALCODE_AGREEMENT_CASES", Path(__file__).with_name("agreement")))
CASES: list[dict[str, Any]] = [
    json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))
]

NOT_BUILT = {
    "gamma": "optional: slow and stochastic",
    "gamma_best_alignment_disorder": "optional: slow and stochastic",
}
"""Statistics that the project does not have, and why."""

NOT_BUILT_EXTRAS = {
    "sd": "optional: gamma is slow and stochastic",
    "gamma_cat": "optional: gamma is slow and stochastic",
    "n_unitary_alignments": "optional: gamma is slow and stochastic",
}
"""Figures that entries carry beside their value, which the project does not have."""

ABOUT = {
    "stat", "params", "value", "tol", "recomputed_with", "note", "published", "published_tol",
    "published_where", "ci_method",
}  # fmt: skip

EXTRAS: dict[str, Callable[[Case, dict[str, Any], Estimate], Any]]


class Case:
    """A case made ready for counting, whatever its kind."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.kind: str = case["kind"]
        self.coders: list[str] = case["coders"]
        self.names: list[Any] = case.get("codes") or case.get("categories") or case["labels"]
        self.raw = case
        self.ratings: Ratings | None = None
        self.counts: PatternCounts = getattr(self, f"_{self.kind}")(case)

    def _coding(self, case: dict[str, Any]) -> PatternCounts:
        at: dict[Any, int] = {value: position for position, value in enumerate(self.names)}
        if "table" in case:
            table = np.array(case["table"])
            first, second = np.indices(table.shape)
            values = np.stack([np.repeat(i.ravel(), table.ravel()) for i in (first, second)], 1)
        else:
            values = np.array(
                [[-1 if v is None else at[v] for v in row] for row in case["ratings"]]
            )
        # The categories of a case are its own even where they happen to be 0 and 1.
        return count(values, categories=self.names, presence=False)

    def _set_coding(self, case: dict[str, Any]) -> PatternCounts:
        return count(
            [[[int(n in given) for given in row] for row in case["ratings"]] for n in self.names]
        )

    def _tidy_codes(self, case: dict[str, Any]) -> PatternCounts:
        documents = case["documents"]
        rows = [
            UnitRow(d["document"], unit, unit + 1) for d in documents for unit in range(d["units"])
        ]
        self.ratings = rate(
            units_of("sentence", rows, [d["document"] for d in documents]),
            [
                Placed(a["document"], a["coder"], a["code"], a["unit"], a["unit"] + 1)
                for a in case["assignments"]
            ],
            coders=self.coders,
            codes=self.names,
            finished={(d["document"], coder) for d in documents for coder in d["coded_by"]},
            texts={d["document"]: "x" * d["units"] for d in documents},
        )
        return self.ratings.counts()

    def _unitizing(self, case: dict[str, Any]) -> PatternCounts:
        return count(np.zeros((0, len(self.coders)), dtype=np.int64))

    def _unitizing_layers(self, case: dict[str, Any]) -> PatternCounts:
        begin, length = case["continuum"]["begin"], case["continuum"]["length"]
        values = np.zeros((len(self.names), length, len(self.coders)), dtype=np.int64)
        for one in case["annotations"]:
            code, coder = self.names.index(one["category"]), self.coders.index(one["coder"])
            start = one["begin"] - begin
            values[code, start : start + one["length"], coder] = 1
        return count(values)

    def of(self, params: dict[str, Any]) -> PatternCounts:
        """The counts that an entry speaks of: of one code, one category, or everything."""
        if params.get("code") == "*":
            return self.counts.stacked()
        name = params.get("code", params.get("category"))
        if name is None:
            return self.counts
        at = self.names.index(name)
        return self.counts.against_rest(at) if self.kind == "coding" else self.counts.only_code(at)

    def sets(self) -> PatternCounts:
        """The counts of sets of labels."""
        return count_sets(self.raw["ratings"])

    def line(self, params: dict[str, Any]) -> Continuum:
        """What the coders marked on the continuum, magnified by ``scale``."""
        scale, begin = params.get("scale", 1), self.raw["continuum"]["begin"]
        segments = [
            Segment(
                "",
                self.coders.index(one["coder"]),
                scale * (one["begin"] - begin),
                scale * (one["begin"] - begin + one["length"]),
                self.names.index(one["category"]),
            )
            for one in self.raw["annotations"]
        ]
        length = scale * self.raw["continuum"]["length"]
        found = lay_out({"": length}, segments, coders=len(self.coders), values=len(self.names))
        return found.layers[self._value(params)] if params.get("layer") else found

    def _value(self, params: dict[str, Any]) -> int:
        return self.names.index(params["category"])

    def unitizing(self, stat: str, params: dict[str, Any]) -> Estimate:
        """A statistic of free segments."""
        line = self.line(params)
        if stat == "alpha_u_2004":
            return alpha_u_2004(line, None if params["category"] == "*" else self._value(params))
        if stat == "k_u_alpha":
            return k_u_alpha(line, self._value(params))
        if stat == "cu_alpha":
            return cu_alpha(line).alpha
        return u_alpha(line) if stat == "u_alpha" else bar_u_alpha(line)

    def pair(self, params: dict[str, Any]) -> tuple[int, int]:
        """Positions of the two coders an entry speaks of."""
        a, b = params.get("coders", self.coders[:2])
        return self.coders.index(a), self.coders.index(b)


def statistic(case: Case, entry: dict[str, Any]) -> Estimate:
    """The estimate of a built statistic."""
    params = entry["params"]
    options = {k: params[k] for k in ("weights", "level", "averaging") if k in params}
    name = entry["stat"].removeprefix("category_")
    if name == "alpha":
        name = "krippendorff_alpha"
    if name in ("u_alpha", "bar_u_alpha", "cu_alpha", "k_u_alpha", "alpha_u_2004"):
        return case.unitizing(name, params)[0]
    if name == "krippendorff_alpha_set":
        return krippendorff_alpha_set(case.sets(), distance=params["distance"])[0]
    counts = case.of(params)
    if name in ("cohen_kappa", "scott_pi", "holsti", "pooled_kappa"):
        options["pair"] = case.pair(params)
    if name == "holsti":
        counts = counts.stacked()
    known = {
        "percent_agreement", "positive_agreement", "krippendorff_alpha", "cohen_kappa",
        "light_kappa", "conger_kappa", "fleiss_kappa", "scott_pi", "gwet_ac1", "gwet_ac2",
        "brennan_prediger", "holsti", "pooled_kappa",
    }  # fmt: skip
    if name not in known:
        pytest.fail(f"No test knows the statistic {entry['stat']}.")
    found: Estimate = getattr(coefficients, name)(counts, **options)
    return found[0]


def several(case: Case, entry: dict[str, Any]) -> list[float] | None:
    """The figures of an entry whose value is a list; None for any other statistic."""
    if entry["stat"] == "pairwise_cohen_kappa":
        pairs = coefficients.coder_pairs(case.counts)
        return [
            figure
            for pair in pairs
            for figure in (*pair, coefficients.cohen_kappa(case.counts, pair)[0].require())
        ]
    if entry["stat"] == "alpha_ci_bootstrap":
        level, confidence = entry["params"]["level"], entry["params"]["confidence"]
        alpha = partial(coefficients.krippendorff_alpha, level=level)
        if entry["params"]["method"] == "resample_units":
            found = intervals.bootstrap_units(case.counts, alpha, level=confidence)[0]
        elif entry["params"]["method"] == "hayes_krippendorff_pairs":
            found = intervals.hayes_krippendorff(case.counts, alpha_level=level, level=confidence)[
                0
            ]
        else:
            pytest.fail(f"No test knows the method {entry['params']['method']}.")
        assert found.low is not None
        assert found.high is not None
        return [found.low, found.high]
    return None


def _counted(case: Case, entry: dict[str, Any]) -> Counted:
    return counted(case.counts, case.names.index(entry["params"]["code"]))


def _analytic(case: Case, entry: dict[str, Any]) -> Interval:
    """The interval by formula that an entry carries beside its value."""
    params = entry["params"]
    weights = params.get("weights", "none")
    if entry["stat"] == "cohen_kappa":
        return analytic.fleiss_cohen_everitt(case.of(params), case.pair(params), weights=weights)[0]
    return analytic.gwet(case.of(params), entry["stat"], weights=weights)[0]


def _se_null(case: Case, entry: dict[str, Any], _: Estimate) -> float | None:
    params = entry["params"]
    weights = params.get("weights", "none")
    return analytic.standard_error_of_no_agreement(
        case.of(params), case.pair(params), weights=weights
    )[0]


def _limits(case: Case, entry: dict[str, Any], _: Estimate) -> list[float | None]:
    found = _analytic(case, entry)
    return [found.low, found.high]


def _prevalence(case: Case, entry: dict[str, Any], _: Estimate) -> float | None:
    return _counted(case, entry).prevalence


EXTRAS = {
    "pa": lambda case, entry, found: found.observed,
    "pe": lambda case, entry, found: found.expected,
    "observed_disagreement": lambda case, entry, found: found.observed,
    "expected_disagreement": lambda case, entry, found: found.expected,
    "kappa_max": lambda case, entry, found: coefficients.kappa_max(case.counts)[0].value,
    "n_units": lambda case, entry, found: len(case.ratings.units) if case.ratings else None,
    "n_any": lambda case, entry, found: _counted(case, entry).any,
    "n_all": lambda case, entry, found: _counted(case, entry).all,
    "prevalence": _prevalence,
    "se": lambda case, entry, found: _analytic(case, entry).se,
    "se_null": _se_null,
    "ci95": _limits,
    "ci95_normal": _limits,
    "coverage": lambda case, entry, found: cu_alpha(case.line(entry["params"])).coverage,
}


def key(entry: dict[str, Any]) -> str:
    method = entry["params"].get("method") if entry["stat"] == "alpha_ci_bootstrap" else None
    return f"{entry['stat']} {method}" if method else str(entry["stat"])


ENTRIES = [
    pytest.param(case, entry, id=f"{case['id']}-{number}-{entry['stat']}")
    for case in CASES
    for number, entry in enumerate(case["expected"], 1)
]
MISSING_EXTRAS = [
    pytest.param(extra, id=f"{case['id']}-{number}-{entry['stat']}-{extra}")
    for case in CASES
    for number, entry in enumerate(case["expected"], 1)
    for extra in entry
    if extra not in ABOUT and extra not in EXTRAS
]


def test_there_are_cases() -> None:
    assert CASES, f"{FOLDER} holds no case."
    assert all(case["expected"] for case in CASES)


@pytest.mark.parametrize(("raw", "entry"), ENTRIES)
def test_a_figure_is_the_expected_one(raw: dict[str, Any], entry: dict[str, Any]) -> None:
    case = Case(raw)
    if key(entry) in NOT_BUILT:
        pytest.skip(NOT_BUILT[key(entry)])
    figures = several(case, entry)
    if figures is not None:
        expected = np.ravel(entry["value"])
        assert figures == pytest.approx(expected.tolist(), abs=entry["tol"])
        return
    found = statistic(case, entry)
    if entry["value"] is None:
        assert found.value is None
        assert found.reason
    else:
        assert found.value == pytest.approx(entry["value"], abs=entry["tol"], rel=0)
        assert found.reason is None
    if "published" in entry:
        assert found.value == pytest.approx(entry["published"], abs=entry["published_tol"], rel=0)
    for extra, figure in EXTRAS.items():
        if extra in entry:
            assert figure(case, entry, found) == pytest.approx(
                entry[extra], abs=max(entry["tol"], 1e-9), rel=1e-9
            ), extra


@pytest.mark.parametrize("extra", MISSING_EXTRAS)
def test_a_figure_beside_the_value_is_the_expected_one(extra: str) -> None:
    if extra in NOT_BUILT_EXTRAS:
        pytest.skip(NOT_BUILT_EXTRAS[extra])
    pytest.fail(f"No test knows the figure {extra}.")

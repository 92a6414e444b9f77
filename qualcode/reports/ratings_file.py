"""Agreement of ratings that were made in any other tool: the same figures, from a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import numpy as np

from qualcode import __version__
from qualcode.errors import UnknownName, UsageProblem
from qualcode.importers.ratings import Category, RatingsFile, read_ratings
from qualcode.model import Table
from qualcode.reliability.crosscheck import PACKAGE
from qualcode.reliability.intervals import RESAMPLES
from qualcode.reliability.patterns import count
from qualcode.reports.agreement import check_json, disagreement
from qualcode.reports.figures import (
    COLUMNS,
    Subject,
    checked,
    lines,
    resampling,
    without_rows,
)
from qualcode.reports.of_values import of_categories
from qualcode.reports.wanted import wanted

YES = ("1", "true", "yes", "present", "x")
NO = ("0", "absent", "false", "no")
"""Two values that mean absence and presence are read so, for positive agreement and prevalence."""

UNIT = "rated unit"


def agreement_of_ratings(
    path: Path,
    *,
    layout: str | None = None,
    categories: Sequence[str] = (),
    missing: Sequence[str] = (),
    measured: str = "nominal",
    weights: str = "none",
    statistics: Sequence[str] = (),
    by: Sequence[str] = (),
    codes: Sequence[str] = (),
    coders: Sequence[str] = (),
    interval: str | None = None,
    level: float = 0.95,
    seed: int = 1,
    resamples: int = RESAMPLES,
    check: bool = True,
) -> Table:
    """Compare the coders of a table of ratings; see ``importers.ratings`` for its layouts.

    Args:
        layout, categories, missing: As ``importers.ratings.read_ratings`` takes them.
        measured: Level of measurement: nominal, ordinal, interval, ratio.
        weights: Agreement weights of kappas and AC2: none, linear, quadratic, ordinal.
        codes, coders: Only these of the file; none: all.
        statistics, by, interval, level, seed, resamples, check: As ``reports.agreement`` takes
            them.

    Returns:
        The table of ``reports.agreement.agreement``; ``round`` is the file's name.

    Raises:
        InputProblems: Everything wrong in the file, each with its line.
        UnknownName: A coder or code is not in the file, or an option does not exist.
    """
    want = wanted(
        statistics=statistics, by=by, interval=interval, ci_level=level, seed=seed,
        resamples=resamples, level=measured, weights=weights,
    )  # fmt: skip
    found = read_ratings(
        path, layout=layout, level=measured, categories=categories, missing=missing
    )
    if weights != "none":
        found = replace(found, categories=_weighed(found.categories, weights, bool(categories)))
    subject = _subject(path.name, _only(found, codes, coders), measured)
    figures = [*lines(subject, want), *of_categories(subject, want)]
    second = checked(figures) if check else None
    warnings = [*found.warnings, *resampling(figures, want), *without_rows(figures, want)]
    if second is not None and not second.agrees:
        warnings.append(disagreement(second))
    provenance = {
        "options": {
            "ratings": path.name, "layout": found.layout, "level": measured, "weights": weights,
            "categories": [str(one) for one in found.categories], "unit": UNIT, "overlap": None,
            "round": [path.name], "coders": list(subject.coders),
            "statistics": list(want.statistics) or "default", "by": list(want.scopes),
            "interval": want.interval or "auto", "ci_level": level, "seed": seed,
            "resamples": resamples, "cross_check": check,
        },
        "versions": {
            name: __version__ if name == "qualcode" else version(name)
            for name in ("qualcode", PACKAGE, "numpy")
        },
        "data": {
            "sha256": sha256(path.read_bytes()).hexdigest(), "unit_cut": None,
            "documents": len(set(found.documents or ())) or None, "units": len(found.units),
            "coders": list(subject.coders),
        },
        "cross_check": None if second is None else check_json(second),
        "coverage": [],
        "warnings": warnings,
    }  # fmt: skip
    of = f"{len(found.units):,} units, {len(subject.coders)} coders"
    values = ", ".join(str(one) for one in found.categories)
    notes = [f"{path.name} ({found.layout}): {of}; values: {values} ({measured}).", *warnings]
    return Table("agreement", COLUMNS, [line.row(second) for line in figures], notes, provenance)


def _only(found: RatingsFile, codes: Sequence[str], coders: Sequence[str]) -> RatingsFile:
    for kind, wanted_names, there in (
        ("code", codes, found.codes), ("coder", coders, found.coders),
    ):  # fmt: skip
        for name in wanted_names:
            if name not in there:
                raise UnknownName(kind, name, there)
    at_codes = [i for i, name in enumerate(found.codes) if not codes or name in codes]
    at_coders = [i for i, name in enumerate(found.coders) if not coders or name in coders]
    return replace(
        found,
        codes=tuple(found.codes[i] for i in at_codes),
        coders=tuple(found.coders[i] for i in at_coders),
        values=found.values[np.ix_(at_codes, range(len(found.units)), at_coders)],
    )


def _weighed(
    categories: tuple[Category, ...], weights: str, declared: bool
) -> tuple[Category, ...]:
    """The categories as agreement weights see them: as numbers where they are, else by rank."""
    try:
        numbers = [float(one) for one in categories]
    except ValueError:
        if declared:
            return categories
        raise UsageProblem(
            f"{weights.capitalize()} weights need the order of the values: --categories "
            f"{','.join(map(str, categories))}, in their order."
        ) from None
    distinct = len(set(numbers)) == len(numbers)
    return tuple(numbers) if distinct and weights != "ordinal" else categories


def _subject(name: str, found: RatingsFile, measured: str) -> Subject:
    values, categories = found.values, found.categories
    order = _presence(categories) if measured == "nominal" else None
    if order is not None:
        position = np.array([*order, -1])  # -1 picks the last: missing stays missing
        values, categories = position[values], (0, 1)
    counts = count(
        values, documents=found.documents, categories=categories, presence=order is not None
    )
    place = {document: at for at, document in enumerate(counts.documents)}
    of = np.array([place[one] for one in found.documents or [""] * len(found.units)])
    return Subject(
        name,
        tuple(code or "value" for code in found.codes),
        found.coders,
        counts,
        lambda at, document: np.asarray(
            values[at][of == document if document is not None else ...]
        ),
        UNIT,
        documents=tuple(map(str, counts.documents)) if found.documents else (),
    )


def _presence(categories: Sequence[object]) -> list[int] | None:
    """Where each of two values lies between absent (0) and present (1); None for other values."""
    folded = [str(one).casefold() for one in categories]
    if len(folded) == 2 and folded[0] in NO and folded[1] in YES:
        return [0, 1]
    if len(folded) == 2 and folded[1] in NO and folded[0] in YES:
        return [1, 0]
    return None

"""Coefficients of agreement, each a function of the same sums over pattern counts.

Notation: r[i,k] ratings of value k in unit i, m[i] ratings of the unit, q declared values. A unit
is *pairable* with two ratings or more. Every function gives one figure per code, shape
``(codes,)``, or ``(resamples, codes)`` for resampled counts; where none exists the ``Estimate``
names the reason:

``single_coder``        only one coder rated anything
``no_pairable_units``   no unit has two ratings
``code_never_used``     nobody gave the code, so all said "absent" everywhere
``no_variation``        all ratings are alike, so agreement by chance is already total
``single_category``     only one value was declared
``pair_undefined``      the statistic averages over coder pairs and one of them has none
"""

from __future__ import annotations

from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np

from qualcode.reliability import features
from qualcode.reliability.estimates import Bools, Estimate, Floats, Reason
from qualcode.reliability.patterns import PatternCounts
from qualcode.reliability.weights import Level, Weights, agreement_weights, distances

Averaging: TypeAlias = Literal["unit_mean", "pair_pooled", "coincidence"]
MANY = 32
"""Above this many values no table of values × values is kept for each pattern."""

Why: TypeAlias = list[tuple[Reason, Bools]]


def percent_agreement(counts: PatternCounts, *, averaging: Averaging = "unit_mean") -> Estimate:
    """Share of coder pairs that agree.

    Args:
        counts: Pattern counts ``(codes, documents, patterns)``.
        averaging: ``unit_mean``: mean over pairable units of the share of agreeing pairs;
            ``pair_pooled``: agreeing pairs over all pairs; ``coincidence``: 1 minus the nominal
            observed disagreement of alpha, so that a unit counts by its number of ratings.

    Returns:
        Figures in [0, 1]; 1 with the flag ``no_variation`` where all ratings are alike.

    Source:
        unit_mean as in Fleiss, J. L. (1971). Psychological Bulletin, 76(5), 378–382, extended to
        missing ratings by Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed.
    """
    if averaging == "coincidence":
        o, totals = coincidences(counts)
        agreeing, all_ = np.trace(o, axis1=-2, axis2=-1), totals.sum(axis=-1)
    elif averaging == "pair_pooled":
        sums = counts.sums("pair_pooled", lambda: features.pooled_pairs(counts))
        agreeing, all_ = sums[..., 0], sums[..., 1]
    else:
        all_, agreeing = _agreement(counts, "none")
    return Estimate.ratio(
        agreeing, all_, undefined=_not_pairable(counts, all_), constant=_constant(counts)
    )


def positive_agreement(counts: PatternCounts) -> Estimate:
    """Agreement on "present": pairs in which both say so, among those in which either does.

    Args:
        counts: Pattern counts of presence and absence.

    Returns:
        o11/n1, in [0, 1]; with two coders 2a/(2a+b+c). Undefined for a code nobody used.

    Source:
        Cicchetti, D. V., & Feinstein, A. R. (1990). Journal of Clinical Epidemiology, 43(6),
        551–558; several coders: pairs weighted as in alpha's coincidences.
    """
    return _specific_agreement(counts, 1, "code_never_used")


def negative_agreement(counts: PatternCounts) -> Estimate:
    """Agreement on "absent": o00/n0. Undefined (``no_variation``) where nobody said "absent".

    Source: as ``positive_agreement``.
    """
    return _specific_agreement(counts, 0, "no_variation")


def krippendorff_alpha(counts: PatternCounts, *, level: Level = "nominal") -> Estimate:
    """Disagreement beyond what chance would give, for any number of coders and missing ratings.

    Args:
        counts: Pattern counts. For all codes together pass ``counts.stacked()``.
        level: Level of measurement of the categories.

    Returns:
        1 - D_o/D_e, at most 1: 1 is perfect agreement, 0 what chance alone would give, below 0
        systematic disagreement. ``observed`` and ``expected`` are the disagreements D_o and D_e.
        Units with fewer than two ratings do not count. Undefined without variation.

    Source:
        Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. Coincidences
        O[k,l] = sum_i r[i,k](r[i,l] - [k=l])/(m[i]-1); n_k row sums; D_o = sum O d/n;
        D_e = sum n_k n_l d/(n(n-1)).
    """
    totals = _paired_ratings(counts)
    if level == "ordinal" and len(counts.categories) > MANY:
        return _alpha_of_many_ranks(counts, totals)
    d = distances(counts.categories, level, totals)
    if level != "ordinal":
        return alpha_of_distances(counts, d, level)
    o, _ = coincidences(counts)
    by_chance = np.einsum("...k,...l,...kl->...", totals, totals, d)
    return _alpha(counts, totals, (o * d).sum(axis=(-2, -1)), by_chance)


def alpha_of_distances(counts: PatternCounts, d: Floats, name: str) -> Estimate:
    """Alpha with any distance between values; see ``krippendorff_alpha``.

    Args:
        counts: Pattern counts.
        d: ``(categories, categories)``, symmetric, 0 on the diagonal.
        name: Of the distance; the same name must always mean the same one.
    """
    totals = _paired_ratings(counts)
    differing = counts.sums(("distance", name), lambda: features.differing(counts, d))[..., 0]
    return _alpha(counts, totals, differing, ((totals @ d) * totals).sum(axis=-1))


def _alpha_of_many_ranks(counts: PatternCounts, totals: Floats) -> Estimate:
    """Ordinal alpha without a table of values × values: its distance is (c_k - c_l)² of ranks c."""
    r, m = counts.ratings, counts.raters
    n = totals.sum(axis=-1)
    ranks = np.cumsum(totals, axis=-1) - totals / 2 - n[..., None] / 2
    mean, square = ranks @ r.T, np.square(ranks) @ r.T
    apart = 2 * np.where(m >= 2, (m * square - mean**2) / np.maximum(m - 1, 1), 0.0)
    if counts.weights is None:
        units = counts.table.sum(axis=-2)
    else:
        units = np.tensordot(counts.weights, counts.table, axes=(1, 1))
    spread = n * (totals * ranks**2).sum(axis=-1) - (totals * ranks).sum(axis=-1) ** 2
    return _alpha(counts, totals, (units * apart).sum(axis=-1), 2 * spread)


def _alpha(counts: PatternCounts, totals: Floats, differing: Floats, by_chance: Floats) -> Estimate:
    n = totals.sum(axis=-1)
    undefined = [*_not_pairable(counts, n), *_not_varying(counts, totals)]
    undefined.append(("no_variation", by_chance == 0))
    some = np.maximum(n, 2)
    return Estimate.ratio(
        by_chance - (n - 1) * differing,
        by_chance,
        undefined=undefined,
        observed=np.where(n > 0, differing / some, np.nan),
        expected=np.where(n > 0, by_chance / (some * (some - 1)), np.nan),
    )


def cohen_kappa(
    counts: PatternCounts, pair: tuple[int, int] = (0, 1), *, weights: Weights = "none"
) -> Estimate:
    """Agreement of two coders beyond chance, each with their own way of using the values.

    Args:
        counts: Pattern counts of two coders or more.
        pair: Positions of the two coders; only units that both rated count.
        weights: How nearly two different values agree.

    Returns:
        (po - pe)/(1 - pe) with pe = sum_kl w[k,l] p[k,.] p[.,l]; ``observed`` is po, ``expected``
        pe. 0 where one coder used one value only and the other did not.

    Source:
        Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and
        Psychological Measurement, 20(1), 37–46; weighted: Cohen (1968).
    """
    if counts.coders < 2:
        return _no_pair(counts)
    n, agreeing, rows, columns = _of_pair(counts, pair, weights)
    w = agreement_weights(counts.categories, weights)
    by_chance = ((rows @ w) * columns).sum(axis=-1)
    some = np.maximum(n, 1)
    return Estimate.ratio(
        n * agreeing - by_chance,
        n * n - by_chance,
        undefined=[*_not_pairable(counts, n), *_not_varying(counts, rows + columns)],
        observed=np.where(n > 0, agreeing / some, np.nan),
        expected=np.where(n > 0, by_chance / some**2, np.nan),
    )


def kappa_max(counts: PatternCounts, pair: tuple[int, int] = (0, 1)) -> Estimate:
    """Give the largest Cohen's kappa that the two coders' use of the values allows.

    Source:
        Umesh, U. N., Peterson, R. A., & Sauber, M. H. (1989). Educational and Psychological
        Measurement, 49(4), 835–850: (sum min(p[k,.], p[.,k]) - pe)/(1 - pe).
    """
    if counts.coders < 2:
        return _no_pair(counts)
    n, _, rows, columns = _of_pair(counts, pair, "none")
    by_chance = (rows * columns).sum(axis=-1)
    return Estimate.ratio(
        n * np.minimum(rows, columns).sum(axis=-1) - by_chance,
        n * n - by_chance,
        undefined=[*_not_pairable(counts, n), *_not_varying(counts, rows + columns)],
    )


def light_kappa(counts: PatternCounts) -> Estimate:
    """Mean of Cohen's kappa over all coder pairs; undefined where one of them is.

    Source: Light, R. J. (1971). Psychological Bulletin, 76(5), 365–377.
    """
    if counts.coders < 2:
        return _no_pair(counts)
    pairs = [cohen_kappa(counts, pair) for pair in coder_pairs(counts)]
    missing = np.any([pair.reasons > 0 for pair in pairs], axis=0)
    pairable, _ = _agreement(counts, "none")
    total = np.sum([pair.values for pair in pairs], axis=0)
    return Estimate.ratio(
        total,
        np.full(total.shape, float(len(pairs))),
        undefined=[*_not_pairable(counts, pairable), ("pair_undefined", missing)],
    )


def conger_kappa(counts: PatternCounts, *, weights: Weights = "none") -> Estimate:
    """Cohen's kappa for any number of coders; equal to it for two coders without missing ratings.

    Source:
        Conger, A. J. (1980). Psychological Bulletin, 88(2), 322–328; missing ratings: Gwet (2014).
        pe = sum w[k,l](pbar_k pbar_l - s[k,l]/m), pbar and s mean and covariance over coders of
        each coder's own shares.
    """
    q, coders = len(counts.categories), counts.coders
    if coders < 2:
        return _no_pair(counts)
    given = counts.sums("by_coder", lambda: features.one_hot(counts))
    given = given.reshape(*given.shape[:-1], coders, q)
    each = given.sum(axis=-1, keepdims=True)
    rated = each > 0
    shares = np.divide(given, each, out=np.zeros(given.shape), where=rated)
    m = np.maximum(rated.sum(axis=(-2, -1)), 2).astype(np.float64)
    mean = shares.sum(axis=-2) / m[..., None]
    apart = np.where(rated, shares - mean[..., None, :], 0.0)
    w = agreement_weights(counts.categories, weights)
    spread = ((apart @ w) * apart).sum(axis=(-2, -1)) / (m - 1)
    pe = ((mean @ w) * mean).sum(axis=-1) - spread / m
    return _beyond_chance(counts, weights, pe, _not_varying(counts, given.sum(axis=-2)))


def fleiss_kappa(counts: PatternCounts, *, weights: Weights = "none") -> Estimate:
    """Agreement beyond chance where chance uses the values as all coders together did.

    Returns:
        pe = sum w[k,l] pi_k pi_l, pi_k the mean over units of r[i,k]/m[i]; once-rated units count
        in pe but not in pa.

    Source:
        Fleiss, J. L. (1971). Psychological Bulletin, 76(5), 378–382; missing ratings: Gwet (2014).
    """
    pi, given = _shares(counts)
    w = agreement_weights(counts.categories, weights)
    pe = ((pi @ w) * pi).sum(axis=-1)
    return _beyond_chance(counts, weights, pe, _not_varying(counts, given))


def scott_pi(counts: PatternCounts, pair: tuple[int, int] = (0, 1)) -> Estimate:
    """Fleiss' kappa of two coders on the units that both rated.

    Source: Scott, W. A. (1955). Public Opinion Quarterly, 19(3), 321–325.
    """
    if counts.coders < 2:
        return _no_pair(counts)
    n, agreeing, rows, columns = _of_pair(counts, pair, "none")
    both = rows + columns
    by_chance = np.square(both).sum(axis=-1)
    some = np.maximum(n, 1)
    return Estimate.ratio(
        4 * n * agreeing - by_chance,
        4 * n * n - by_chance,
        undefined=[*_not_pairable(counts, n), *_not_varying(counts, both)],
        observed=np.where(n > 0, agreeing / some, np.nan),
        expected=np.where(n > 0, by_chance / (4 * some**2), np.nan),
    )


def gwet_ac1(counts: PatternCounts) -> Estimate:
    """Agreement beyond chance where chance only strikes ratings that are hard to make.

    Returns:
        (pa - pe)/(1 - pe), pe = sum_k pi_k(1 - pi_k)/(q - 1): it depends on how many values are
        declared. 1 with the flag ``no_variation`` where all ratings are alike.

    Source:
        Gwet, K. L. (2008). British Journal of Mathematical and Statistical Psychology, 61(1),
        29–48.
    """
    return gwet_ac2(counts, weights="none")


def gwet_ac2(counts: PatternCounts, *, weights: Weights = "ordinal") -> Estimate:
    """AC1 with partial agreement: pe = T/(q(q-1)) sum_k pi_k(1 - pi_k), T the sum of weights.

    Source: Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed., chapter 4.
    """
    pi, _ = _shares(counts)
    q = len(counts.categories)
    total = agreement_weights(counts.categories, weights).sum()
    pe = total / max(q * (q - 1), 1) * (pi * (1 - pi)).sum(axis=-1)
    return _beyond_chance(counts, weights, pe, _one_category(counts, pe))


def brennan_prediger(counts: PatternCounts, *, weights: Weights = "none") -> Estimate:
    """Agreement beyond what q equally likely values would give: pe = T/q².

    Source:
        Brennan, R. L., & Prediger, D. J. (1981). Educational and Psychological Measurement, 41(3),
        687–699; the same as Bennett's S and Randolph's free-marginal kappa.
    """
    total = agreement_weights(counts.categories, weights).sum()
    pa, _ = _agreement(counts, weights)
    pe = np.full(pa.shape, total / len(counts.categories) ** 2)
    return _beyond_chance(counts, weights, pe, _one_category(counts, pe))


def holsti(counts: PatternCounts, pair: tuple[int, int] = (0, 1)) -> Estimate:
    """Assignments that both coders made, among those either made: 2M/(N1+N2).

    Args:
        counts: Pattern counts of presence; ``counts.stacked()`` for all codes together.
        pair: Positions of the two coders; only units that both rated count.

    Source: Holsti, O. R. (1969). Content Analysis for the Social Sciences and Humanities, p. 140.
    """
    if counts.coders < 2:
        return _no_pair(counts)
    table = pair_table(counts, pair)
    made = 2 * table[..., 1, 1] + table[..., 0, 1] + table[..., 1, 0]
    undefined: Why = [*_not_pairable(counts, table.sum(axis=(-2, -1)))]
    undefined.append(("code_never_used", made == 0))
    return Estimate.ratio(2 * table[..., 1, 1], made, undefined=undefined)


def pooled_kappa(counts: PatternCounts, pair: tuple[int, int] = (0, 1)) -> Estimate:
    """One kappa for all codes of two coders, never-used codes included; a single figure.

    Source:
        de Vries, H., Elliott, M. N., Kanouse, D. E., & Teleki, S. S. (2008). Field Methods, 20(3),
        272–282: (mean po - mean pe)/(1 - mean pe) over codes.
    """
    each = cohen_kappa(counts, pair)
    po = each.observed_values.mean(axis=-1, keepdims=True)
    pe = each.expected_values.mean(axis=-1, keepdims=True)
    none = np.isnan(po)
    undefined: Why = [*_not_pairable(counts.stacked(), np.where(none, 0.0, 1.0))]
    undefined.append(("no_variation", pe == 1))
    return Estimate.ratio(po - pe, 1 - pe, undefined=undefined, observed=po, expected=pe)


def bias(counts: PatternCounts, pair: tuple[int, int] = (0, 1)) -> Estimate:
    """How unevenly two coders use a code: |b-c|/N, the share of units that only one of them marks.

    Returns:
        0 where both use it equally often (though not on the same units); at most 1.

    Source:
        Byrt, T., Bishop, J., & Carlin, J. B. (1993). Journal of Clinical Epidemiology, 46(5),
        423–429.
    """
    if counts.coders < 2:
        return _no_pair(counts)
    table = pair_table(counts, pair)
    n = table.sum(axis=(-2, -1))
    apart = np.abs(table[..., 1, 0] - table[..., 0, 1])
    return Estimate.ratio(apart, np.maximum(n, 1), undefined=_not_pairable(counts, n))


def coder_pairs(counts: PatternCounts) -> list[tuple[int, int]]:
    """Positions of all coder pairs, in order."""
    return list(combinations(range(counts.coders), 2))


def pair_table(counts: PatternCounts, pair: tuple[int, int]) -> Floats:
    """Cross-tabulate two coders: ``(…, codes, values of the first, values of the second)``."""
    q = len(counts.categories)
    flat = counts.sums(("pair", pair), lambda: features.pair_cells(counts, pair))
    return flat.reshape(*flat.shape[:-1], q, q)


def _beyond_chance(counts: PatternCounts, weights: Weights, pe: Floats, undefined: Why) -> Estimate:
    units, agreeing = _agreement(counts, weights)
    pa = np.divide(agreeing, units, out=np.full(units.shape, np.nan), where=units > 0)
    return Estimate.ratio(
        pa - pe,
        1 - pe,
        undefined=[*_not_pairable(counts, units), *undefined],
        observed=pa,
        expected=pe,
        constant=_constant(counts),
    )


def _specific_agreement(counts: PatternCounts, value: int, never: Reason) -> Estimate:
    o, totals = coincidences(counts)
    n = totals[..., value]
    undefined: Why = [*_not_pairable(counts, totals.sum(axis=-1)), (never, n == 0)]
    return Estimate.ratio(o[..., value, value], n, undefined=undefined)


def _not_pairable(counts: PatternCounts, pairable: Floats) -> Why:
    given = counts.sums("given", lambda: (counts.patterns >= 0).astype(np.float64))
    alone = (given > 0).sum(axis=-1) == 1
    if counts.coders == 1:
        alone = np.ones_like(alone)
    return [("single_coder", alone), ("no_pairable_units", pairable == 0)]


def _not_varying(counts: PatternCounts, totals: Floats) -> Why:
    """Reasons where at most one value was used; ``totals`` counts the ratings of each value."""
    alike = (totals > 0).sum(axis=-1) <= 1
    if not counts.presence:
        return [("no_variation", alike)]
    return [("code_never_used", totals[..., 1] == 0), ("no_variation", alike)]


def _one_category(counts: PatternCounts, like: Floats) -> Why:
    return [("single_category", np.full(like.shape, len(counts.categories) < 2))]


def _no_pair(counts: PatternCounts) -> Estimate:
    pairable, _ = _agreement(counts, "none")
    return Estimate.ratio(pairable, pairable, undefined=_not_pairable(counts, pairable))


def _constant(counts: PatternCounts) -> Bools:
    alike: Bools = (_paired_ratings(counts) > 0).sum(axis=-1) == 1
    return alike


def _paired_ratings(counts: PatternCounts) -> Floats:
    """How often each value was given in pairable units: n_k, the row sums of the coincidences."""
    return counts.sums("paired", lambda: counts.ratings * (counts.raters >= 2)[:, None])


def _of_pair(
    counts: PatternCounts, pair: tuple[int, int], weights: Weights
) -> tuple[Floats, Floats, Floats, Floats]:
    """Units that both rated, (weighted) agreements, and how often each gave each value."""
    q = len(counts.categories)
    sums = counts.sums(
        ("of pair", pair, weights), lambda: features.pair_margins(counts, pair, weights)
    )
    return sums[..., 0], sums[..., 1], sums[..., 2 : q + 2], sums[..., q + 2 :]


def coincidences(counts: PatternCounts) -> tuple[Floats, Floats]:
    """Coincidence matrices ``(…, codes, values, values)`` and their row sums."""
    q = len(counts.categories)
    flat = counts.sums("coincidences", lambda: features.coincidence_cells(counts))
    o = flat.reshape(*flat.shape[:-1], q, q)
    return o, o.sum(axis=-1)


def _agreement(counts: PatternCounts, weights: Weights) -> tuple[Floats, Floats]:
    """Pairable units, and the sum over them of the share of (weighted) agreeing pairs."""
    sums = counts.sums(("agreement", weights), lambda: features.agreeing(counts, weights))
    return sums[..., 0], sums[..., 1]


def _shares(counts: PatternCounts) -> tuple[Floats, Floats]:
    """pi_k, the mean over rated units of r/m, and how often each value was given."""
    q = len(counts.categories)
    sums = counts.sums("shares", lambda: features.unit_shares(counts))
    units = np.maximum(sums[..., :1], 1)
    return sums[..., 1 : q + 1] / units, sums[..., q + 1 :]

"""Student's t: the share below a value, and the value with a given share below it.

Written here so that nothing as large as scipy is needed for two functions of one variable.
"""

from __future__ import annotations

import math
from functools import lru_cache

_STEPS = 300
_TINY = 1e-300


def cdf(t: float, df: float) -> float:
    """Share of Student's t distribution with ``df`` degrees of freedom that lies below ``t``.

    Source:
        Abramowitz, M., & Stegun, I. A. (1964). Handbook of Mathematical Functions, 26.7.1: half
        the regularised incomplete beta function I_x(df/2, 1/2) at x = df/(df + t²).
    """
    if df <= 0:
        raise ValueError("Student's t needs more than 0 degrees of freedom.")
    if math.isinf(t):
        return 0.0 if t < 0 else 1.0
    tail = incomplete_beta(df / 2, 0.5, df / (df + t * t)) / 2
    return tail if t < 0 else 1 - tail


@lru_cache(maxsize=256)  # every code of a report asks for the same one
def quantile(share: float, df: float) -> float:
    """Value below which ``share`` of Student's t distribution with ``df`` degrees of freedom lies.

    ``quantile(.975, 4)`` is 2.776445, ``quantile(.975, 9)`` 2.262157.
    """
    if not 0 < share < 1:
        raise ValueError("A quantile needs a share between 0 and 1.")
    if share == 0.5:
        return 0.0
    if share < 0.5:
        return -quantile(1 - share, df)
    low, high = 0.0, 1.0
    while cdf(high, df) < share:
        low, high = high, high * 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if cdf(middle, df) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function I_x(a, b), 0 <= x <= 1.

    Source:
        DLMF 8.17.22, the continued fraction, evaluated by the method of Lentz; and the symmetry
        I_x(a, b) = 1 - I_{1-x}(b, a) where it converges faster.
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    log_front = (
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    return math.exp(log_front) * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _safe(1 - (a + b) * x / (a + 1))
    value = d
    for i in range(1, _STEPS):
        even = i * (b - i) * x / ((a + 2 * i - 1) * (a + 2 * i))
        d, c = 1 / _safe(1 + even * d), _safe(1 + even / c)
        value *= d * c
        odd = -(a + i) * (a + b + i) * x / ((a + 2 * i) * (a + 2 * i + 1))
        d, c = 1 / _safe(1 + odd * d), _safe(1 + odd / c)
        value *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return value


def _safe(number: float) -> float:
    return number if abs(number) > _TINY else _TINY

"""The peers' side of ``agreement``; runs in their own virtual environment.

Usage: python agreement_peers.py PEER TASK FOLDER
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any, TypeAlias

import numpy as np

Answer: TypeAlias = dict[str, list[float]]
LOOP = 100
"""How many resamples a peer draws; its time is scaled to the 10,000 of ours."""

RESAMPLES = 10_000


def best(task: Callable[[], Answer], times: int) -> tuple[float, Answer]:
    """The least CPU seconds of several runs, few of slow ones, and what the last found."""
    seconds: list[float] = []
    while len(seconds) < times and sum(seconds) < 2:
        began = process_time()
        answer = task()
        seconds.append(process_time() - began)
    return min(seconds), answer


def krippendorff(task: str, folder: Path) -> Callable[[], Answer]:
    """Alpha; on the data of C once for each resample."""
    from krippendorff import alpha

    data = np.load(folder / f"{task}.npy")
    domain = np.arange(data.max() + 1)

    def of(ratings: Any) -> float:
        return float(
            alpha(reliability_data=ratings, value_domain=domain, level_of_measurement="nominal")
        )

    def resampled() -> Answer:
        rng = np.random.default_rng(1)
        units = data.shape[1]
        drawn = [of(data[:, rng.integers(0, units, units)]) for _ in range(LOOP)]
        return {"alpha": [of(data)], "limits": np.quantile(drawn, [0.025, 0.975]).tolist()}

    if task == "C":
        return resampled
    if data.ndim == 2:
        return lambda: {"alpha": [of(data)]}
    return lambda: {"alpha": [of(data[:, code]) for code in range(data.shape[1])]}


def scikit_learn(task: str, folder: Path) -> Callable[[], Answer]:
    """Cohen's kappa of every code and pair of coders."""
    from itertools import combinations

    from sklearn.metrics import cohen_kappa_score

    data = np.load(folder / f"{task}.npy")
    codes = data[:, None] if data.ndim == 2 else data
    return lambda: {
        "kappa": [
            float(cohen_kappa_score(codes[a, code], codes[b, code]))
            for a, b in combinations(range(len(codes)), 2)
            for code in range(codes.shape[1])
        ]
    }


def evalica(task: str, folder: Path) -> Callable[[], Answer]:
    """Alpha, computed in Rust; it takes a data frame, which is made beforehand."""
    import evalica
    import pandas

    frame = pandas.DataFrame(np.load(folder / f"{task}.npy"))
    return lambda: {"alpha": [float(evalica.alpha(frame).alpha)]}


def irr_cac(task: str, folder: Path) -> Callable[[], Answer]:
    """Alpha of irrCAC, which takes a data frame too."""
    import pandas
    from irrCAC.raw import CAC

    frame = pandas.DataFrame(np.load(folder / f"{task}.npy").T)
    return lambda: {
        "alpha": [float(CAC(frame, digits=12).krippendorff()["est"]["coefficient_value"])]
    }


PEERS = {
    "krippendorff": krippendorff, "scikit-learn": scikit_learn, "evalica": evalica,
    "irrCAC": irr_cac,
}  # fmt: skip

if __name__ == "__main__":
    seconds, answer = best(PEERS[sys.argv[1]](sys.argv[2], Path(sys.argv[3])), 3)
    scale = RESAMPLES / LOOP if sys.argv[2] == "C" else 1
    print(json.dumps({"seconds": seconds * scale, **answer}))

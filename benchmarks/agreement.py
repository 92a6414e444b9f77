"""A to D, P5 and P6: agreement from arrays, against the packages that compute it today.

Each side loads the same arrays in a process of its own and prints its least CPU seconds of several
runs; linear algebra uses one thread on every side, for a second one that waits would be counted.
The second implementation that checks every alpha of a report is off. Ours does more than each peer:
A alpha and kappa, against either alone; B alphas and kappas of all pairs, against the alphas; D and
P5 intervals besides.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.agreement_peers import RESAMPLES, Answer, best
from benchmarks.harness import PEERS, circumstances, ratio, run, spread
from benchmarks.workload import CODERS, CODES, Size, documents

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qualcode.reliability.estimates import Estimate

ROUNDS = 5
TASKS = {
    "A": "2 coders × 100,000 units, 10 values: alpha and kappa",
    "B": "5 coders × 50,000 units × 40 codes: 40 alphas and 400 kappas",
    "C": "2 coders × 2,000 units, 5 values: 10,000 resamples of units (P6)",
    "D": "B in 200 documents: 40 alphas, jackknife and 2,000 resamples of documents",
    "P5": "3 coders, the turns of the workload × 40 codes: alpha with jackknife",
}
GOALS: dict[tuple[str, str], float | None] = {
    ("A", "krippendorff"): 45,
    ("A", "scikit-learn"): 5,
    ("A", "evalica"): 8,
    ("A", "irrCAC"): None,
    ("B", "krippendorff"): 14,
    ("B", "scikit-learn"): None,
    ("C", "krippendorff"): 130,
    ("D", "krippendorff"): 4,
    ("P5", "krippendorff"): 10,
}
"""Task and peer → how many times the peer's time ours must be; None: only shown."""

ONE_THREAD = ["env", "OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1"]


def ours(task: str, folder: Path) -> Callable[[], Answer]:
    """What qualcode does for a task."""
    from qualcode.reliability.coefficients import coder_pairs, cohen_kappa, krippendorff_alpha
    from qualcode.reliability.intervals import bootstrap_documents, bootstrap_units, jackknife
    from qualcode.reliability.patterns import count

    values = np.moveaxis(np.load(folder / f"{task}.npy"), 0, -1)  # coders last
    names = folder / f"{task}-documents.json"
    where = json.loads(names.read_text()) if names.exists() else None

    def two_coders() -> Answer:
        counts = count(values, categories=range(10))
        return {
            "alpha": listed(krippendorff_alpha(counts)),
            "kappa": listed(cohen_kappa(counts)),
        }

    def all_pairs() -> Answer:
        counts = count(values)
        kappas = [cohen_kappa(counts, pair) for pair in coder_pairs(counts)]
        return {
            "alpha": listed(krippendorff_alpha(counts)),
            "kappa": [figure for each in kappas for figure in listed(each)],
        }

    def units_drawn() -> Answer:
        counts = count(values, categories=range(5))
        [found] = bootstrap_units(counts, krippendorff_alpha, resamples=RESAMPLES)
        assert found.low is not None
        assert found.high is not None
        return {"alpha": listed(krippendorff_alpha(counts)), "limits": [found.low, found.high]}

    def documents_drawn() -> Answer:
        counts = count(values, documents=where)
        jackknife(counts, krippendorff_alpha)
        bootstrap_documents(counts, krippendorff_alpha, resamples=2_000)
        return {"alpha": listed(krippendorff_alpha(counts))}

    def with_interval() -> Answer:
        counts = count(values, documents=where)
        jackknife(counts, krippendorff_alpha)
        return {"alpha": listed(krippendorff_alpha(counts))}

    of = {"A": two_coders, "B": all_pairs, "C": units_drawn, "D": documents_drawn}
    return of.get(task, with_interval)


def listed(estimate: Estimate) -> list[float]:
    """The figures of every code, all of which must exist."""
    return [one.require() for one in estimate]


def write_data(folder: Path, size: Size) -> None:
    """Write the arrays of all tasks, coders first, as the peers take them."""
    rng = np.random.default_rng(1)
    for task, units, q in (("A", 100_000, 10), ("C", 2_000, 5)):
        truth = rng.integers(0, q, units)
        np.save(folder / f"{task}.npy", [astray(rng, truth, q) for _ in range(2)])
    truth = (rng.random((40, 50_000)) < np.linspace(0.01, 0.4, 40)[:, None]).astype(np.int64)
    many = np.array([astray(rng, truth, 2, 0.1) for _ in range(5)], dtype=np.int8)
    np.save(folder / "B.npy", many)
    np.save(folder / "D.npy", many)
    (folder / "D-documents.json").write_text(json.dumps([unit // 250 for unit in range(50_000)]))
    values, where = turns(size)
    np.save(folder / "P5.npy", values)
    (folder / "P5-documents.json").write_text(json.dumps(where))


def astray(
    rng: np.random.Generator, truth: NDArray[np.int64], values: int, share: float = 0.3
) -> NDArray[np.int64]:
    """What a coder says who follows the truth but for a share of the units."""
    guess = rng.integers(0, values, truth.shape)
    return np.where(rng.random(truth.shape) < share, guess, truth)


def turns(size: Size) -> tuple[NDArray[np.int8], list[str]]:
    """The workload's turns, rated by all coders: ``(coders, codes, turns)``, and documents."""
    from qualcode.reliability.units import Placed, UnitRow, rate, units_of

    rows, placed, texts = [], [], {}
    for made in documents(size):
        at = 0
        for line in made.text.splitlines():
            rows.append(UnitRow(made.name, at + line.index(": ") + 2, at + len(line)))
            at += len(line) + 1
        placed += [Placed(made.name, *coding) for coding in made.codings]
        texts[made.name] = made.text
    rated = rate(
        units_of("turn", rows, list(texts)),
        placed,
        coders=CODERS,
        codes=CODES,
        finished={(name, coder) for name in texts for coder in CODERS},
        texts=texts,
    )
    matrix = np.stack([rated.matrix(code).T for code in range(len(CODES))], axis=1)
    return matrix, [rated.units.documents[at] for at in rated.units.document.tolist()]


def commands(task: str, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Ours and every peer that is there."""
    yield "ours", [*ONE_THREAD, sys.executable, "-m", "benchmarks.agreement", task, str(folder)]
    python = PEERS / "agreement" / "bin" / "python"
    script = str(Path(__file__).with_name("agreement_peers.py"))
    for where, peer in GOALS:
        if where == task and python.exists():
            yield peer, [*ONE_THREAD, str(python), script, peer, task, str(folder)]


def same(ours: Answer, theirs: Answer) -> str:
    """How far the answers lie apart; fails if that is more than rounding or chance."""
    said = []
    for name in ours.keys() & theirs.keys() - {"seconds"}:
        apart = float(np.abs(np.array(ours[name]) - np.array(theirs[name])).max())
        assert apart <= (0.02 if name == "limits" else 1e-9), (name, apart)
        said.append(f"{len(theirs[name])} × {name} within {apart:.0e}")
    return ", ".join(sorted(said))


def main(size: Size) -> None:
    """Print times and ratios of every task; size M gives P5 the turns of 100 transcripts."""
    circumstances("qualcode", "numpy")
    python = PEERS / "agreement" / "bin" / "python"
    if python.exists():
        ask = "from importlib.metadata import version as v; print(*[p + ' ' + v(p) for p in "
        ask += "('krippendorff', 'scikit-learn', 'evalica', 'irrCAC', 'numpy')], sep=', ')"
        print("peers:", run([str(python), "-c", ask]).output.decode().strip())
    else:
        print("peer absent: agreement (benchmarks/peers.sh installs it)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_data(folder, size)
        for task, what in TASKS.items():
            print(f"\n{task}  {what}")
            sides = dict(commands(task, folder))
            found: dict[str, list[Answer]] = {side: [] for side in sides}
            for _ in range(ROUNDS):
                for side, command in sides.items():
                    found[side].append(json.loads(run(command).output))
            seconds = {
                side: [float(np.sum(one["seconds"])) for one in each]
                for side, each in found.items()
            }
            for side, each in seconds.items():
                print(f"{side:14} cpu {spread(each)}")
            for side in list(found)[1:]:
                goal = GOALS[task, side]
                least = f" (at least {goal:g})" if goal else ""
                print(f"{side} / ours: {ratio(seconds[side], seconds['ours']):.1f}{least}")
                print(f"{'':14} {same(found['ours'][0], found[side][0])}")


if __name__ == "__main__":
    taken, answer = best(ours(sys.argv[1], Path(sys.argv[2])), 5)
    print(json.dumps({"seconds": taken, **answer}))

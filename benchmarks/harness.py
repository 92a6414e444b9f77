"""Run commands in fresh processes, interleaved, and print what they cost as ratios."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter

PEERS = Path(__file__).parent / ".peers"
DATA = Path(__file__).parent / ".data"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a command took."""

    cpu: float
    """User plus system time, seconds."""

    wall: float
    """Seconds."""

    memory: int
    """Peak resident memory, kilobytes."""

    output: bytes


def run(command: Sequence[str]) -> Cost:
    """Run a command to its end; raises if it fails.

    Python may keep its bytecode, whatever the shell says: an installation compiles a program once,
    and the peers are compiled in their environments.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = perf_counter()
    process = subprocess.Popen(command, env=kept, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} left with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss, output)


def interleave(commands: Mapping[str, Sequence[str]], *, rounds: int = 5) -> dict[str, list[Cost]]:
    """Run all commands once per round, in turn, after one uncounted round each."""
    for command in commands.values():
        run(command)
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(run(command))
    return costs


def spread(values: Sequence[float]) -> str:
    """Minimum, median and maximum of some figures."""
    return f"{min(values):.4f} / {statistics.median(values):.4f} / {max(values):.4f}"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Ours over theirs, round by round."""
    return [a / b for a, b in zip(ours, theirs, strict=True)]


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Median of the pairwise ratios, ours over theirs."""
    return statistics.median(ratios(ours, theirs))


def report(costs: Mapping[str, Sequence[Cost]], ours: str = "qualcode") -> None:
    """Print CPU time (min / median / max) per command and ours over each of the others."""
    for name, runs in costs.items():
        print(
            f"{name:24} cpu {spread([r.cpu for r in runs])}  wall {spread([r.wall for r in runs])}"
        )
    for name, runs in costs.items():
        if name != ours:
            found = ratio([r.cpu for r in costs[ours]], [r.cpu for r in runs])
            print(f"ours / {name:17} {found:.3f}")


def peer(name: str, program: str) -> str | None:
    """Path of a peer's program in its own virtual environment, or None if it is not there."""
    path = PEERS / name / "bin" / program
    if path.exists():
        return str(path)
    print(f"peer absent: {name} (benchmarks/peers.sh installs it)")
    return None


def circumstances(*packages: str) -> None:
    """Print the load average and the versions this run stands on."""
    print(f"load {os.getloadavg()[0]:.2f}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    for package in packages:
        try:
            print(f"{package} {version(package)}")
        except PackageNotFoundError:
            print(f"{package} not installed")

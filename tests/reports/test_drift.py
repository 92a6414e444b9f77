"""Change over rounds and within one, on studies small enough to count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from qualcode.errors import StillBlind, UnknownName, UsageProblem
from qualcode.model import Table
from qualcode.reliability.student_t import quantile
from qualcode.reports.agreement import agreement
from qualcode.reports.drift import COLUMNS, drift
from tests.reports.studies import Study

LETTERS = "abcdefghij"
TEXT = " ".join(f"{letter}{letter} now." for letter in LETTERS)


class Rounds:
    """A study whose documents have ten sentences; each coder marks the first so many."""

    def __init__(self, path: Path) -> None:
        self.study = Study(path, ["trust", "fear"])
        self._n = 0

    def add(
        self,
        name: str,
        marks: Sequence[dict[str, int]],
        *,
        close: bool = True,
        finished: Sequence[str] | None = None,
        version: str | None = None,
        code: str = "trust",
    ) -> None:
        """A round of one document per entry: coder → how many sentences they mark.

        ``finished`` holds when each was finished, by all of its coders; in the order given if None.
        """
        documents = []
        for _ in marks:
            self._n += 1
            documents.append(f"d{self._n}")
            self.study.document(documents[-1], f"P{self._n}: {TEXT}\n\nX: Then {self._n}.\n")
        self.study.round(
            name,
            {document: list(each) for document, each in zip(documents, marks, strict=True)},
            version,
        )
        for document, each in zip(documents, marks, strict=True):
            for coder, many in each.items():
                for letter in LETTERS[:many]:
                    quote = f"{letter}{letter} now."
                    self.study.code(coder, document, code, quote, round=name)
        times = finished or [f"2025-03-{n + 1:02}T10:00:00Z" for n in range(len(marks))]
        rows = [
            {
                "round": name, "document": document, "coder": coder, "finished": at,
                "purpose": None, "codebook_version": None, "blind": None, "state": None,
                "line": 2, "file": "assignments.csv",
            }
            for document, each, at in zip(documents, marks, times, strict=True)
            for coder in each
        ]  # fmt: skip
        self.study.project.import_codings([], rows, [], by=self.study.coders["ana"])
        if close:
            self.study.close(name)

    def table(self, **how: Any) -> Table:
        return drift(self.study.project, **how)

    def row(
        self, statistic: str, code: str = "trust", coder: str | None = None, **how: Any
    ) -> dict[str, Any]:
        (found,) = [
            row
            for row in self.table(**how)
            if (row["statistic"], row["code"], row["coder"]) == (statistic, code, coder)
        ]
        return found


@pytest.fixture
def rounds(tmp_path: Path) -> Iterator[Rounds]:
    made = Rounds(tmp_path / "s.qualcode")
    yield made
    made.study.project.close()


def two(*pairs: tuple[int, int]) -> list[dict[str, int]]:
    """What ana and ben mark, document by document."""
    return [{"ana": a, "ben": b} for a, b in pairs]


EARLY, LATE = two((4, 4), (5, 4), (3, 3)), two((5, 2), (6, 3), (4, 2))


def test_alpha_of_two_rounds_is_compared_with_its_interval(rounds: Rounds) -> None:
    rounds.add("r1", EARLY)
    rounds.add("r2", LATE)
    row = rounds.row("krippendorff_alpha")
    alpha: dict[Any, dict[str, Any]] = {
        r["round"]: r
        for r in agreement(rounds.study.project, interval="jackknife")
        if (r["code"], r["statistic"]) == ("trust", "krippendorff_alpha")
    }
    a, b = alpha["r1"], alpha["r2"]
    assert (row["earlier"], row["later"]) == ("r1", "r2")
    assert (row["value_earlier"], row["value_later"]) == (a["value"], b["value"])
    assert row["change"] == pytest.approx(b["value"] - a["value"])
    one, other = a["se"] ** 2, b["se"] ** 2
    df = (one + other) ** 2 / (one**2 / 2 + other**2 / 2)
    half = quantile(0.975, df) * (one + other) ** 0.5
    assert row["df"] == pytest.approx(df)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(
        (row["change"] - half, row["change"] + half)
    )
    assert ("drift" in row["flags"].split()) == (row["ci_high"] < 0)


def test_a_coder_who_marks_less_than_the_others_has_shifted(rounds: Rounds) -> None:
    # eleven sentences in a document; ben marks 1 of 33 less, then 8 of 33 less than ana
    rounds.add("r1", EARLY)
    rounds.add("r2", LATE)
    row = rounds.row("coder_shift", coder="ben")
    assert row["value_earlier"] == pytest.approx(-1 / 33)
    assert row["value_later"] == pytest.approx(-8 / 33)
    assert row["change"] == pytest.approx(-7 / 33)
    assert (row["n_units_earlier"], row["n_documents_later"]) == (33, 3)
    assert row["flags"] == "drift few_documents"
    assert rounds.row("coder_shift", coder="ana")["change"] == pytest.approx(7 / 33)


def test_a_coder_is_compared_with_others_on_documents_they_share(rounds: Rounds) -> None:
    rounds.add("r1", [{"ana": 4, "ben": 4, "cho": 1}, {"ana": 5, "ben": 5}, {"ana": 3, "cho": 3}])
    rounds.add("r2", [{"ana": 4, "ben": 4, "cho": 4}, {"ana": 5, "ben": 4}])
    row = rounds.row("coder_shift", coder="cho")
    assert (row["n_documents_earlier"], row["n_documents_later"]) == (2, 1)
    assert row["value_earlier"] == pytest.approx(-3 / 22)
    assert (row["ci_low"], row["ci_reason"]) == (None, "few_documents")


def test_only_who_coded_in_both_rounds_can_have_shifted(rounds: Rounds) -> None:
    rounds.add("r1", EARLY)
    rounds.add("r2", [{"ana": 4, "cho": 4}, {"ana": 5, "cho": 3}])
    found = {row["coder"] for row in rounds.table() if row["statistic"] == "coder_shift"}
    assert found == {"ana"}


def test_every_round_is_compared_with_the_next(rounds: Rounds) -> None:
    for name in ("r1", "r2", "r3"):
        rounds.add(name, EARLY)
    found = {
        (row["earlier"], row["later"])
        for row in rounds.table()
        if row["statistic"] == "krippendorff_alpha"
    }
    assert found == {("r1", "r2"), ("r2", "r3")}
    named = rounds.table(earlier="r1", later="r3")
    assert {(r["earlier"], r["later"]) for r in named if r["statistic"] == "coder_shift"} == {
        ("r1", "r3"),
    }  # fmt: skip


def test_a_round_of_one_document_has_a_change_without_an_interval(rounds: Rounds) -> None:
    rounds.add("r1", EARLY)
    rounds.add("r2", LATE[:1])
    row = rounds.row("krippendorff_alpha")
    assert row["change"] < 0
    assert (row["status"], row["reason"]) == ("ok", None)
    assert (row["ci_low"], row["ci_reason"], row["flags"]) == (
        None, "few_documents", "few_documents",
    )  # fmt: skip


def test_a_code_that_was_never_used_has_no_change_but_a_reason(rounds: Rounds) -> None:
    rounds.add("r1", EARLY)
    rounds.add("r2", LATE)
    row = rounds.row("krippendorff_alpha", "fear")
    assert (row["change"], row["status"], row["reason"]) == (None, "undefined", "code_never_used")


FALLING = two((5, 5), (5, 5), (5, 4), (5, 3), (5, 3), (5, 2))


def test_a_coder_who_codes_ever_less_late_on_is_found_within_a_round(rounds: Rounds) -> None:
    rounds.add("r1", FALLING)
    row = rounds.row("coder_trend", coder="ben")
    assert (row["earlier"], row["later"], row["flags"]) == ("r1", "r1", "drift")
    # the line through 0, 0, 1, 2, 2, 3 of eleven: it falls by 22/35 a document
    assert row["change"] == pytest.approx(-5 * 22 / 35 / 11)
    assert row["value_later"] - row["value_earlier"] == pytest.approx(row["change"])
    assert row["ci_high"] < 0
    assert row["df"] == 5


def test_the_order_is_that_of_finishing(rounds: Rounds) -> None:
    shuffled = [FALLING[n] for n in (5, 0, 3, 1, 4, 2)]
    times = [f"2025-03-{n + 1:02}T10:00:00Z" for n in (5, 0, 3, 1, 4, 2)]
    rounds.add("r1", shuffled, finished=times)
    assert rounds.row("coder_trend", coder="ben")["change"] == pytest.approx(-5 * 22 / 35 / 11)


def test_who_stays_level_does_not_drift(rounds: Rounds) -> None:
    rounds.add("r1", two((5, 4), (4, 5), (5, 5), (4, 5), (5, 4), (5, 5)))
    for coder in ("ana", "ben"):
        assert "drift" not in rounds.row("coder_trend", coder=coder)["flags"].split()


def test_under_five_documents_one_row_says_why_there_is_no_trend(rounds: Rounds) -> None:
    rounds.add("r1", FALLING[:4])
    found = [row for row in rounds.table() if row["coder"] == "ben"]
    assert [(r["code"], r["change"], r["reason"]) for r in found] == [("*", None, "few_documents")]


def test_documents_finished_at_one_moment_have_no_order(rounds: Rounds) -> None:
    rounds.add("r1", FALLING, finished=["2025-03-01T10:00:00Z"] * 6)
    assert rounds.row("coder_trend", "*", "ben")["reason"] == "few_documents"


def test_a_round_named_twice_is_looked_at_alone(rounds: Rounds) -> None:
    rounds.add("r1", FALLING)
    rounds.add("r2", EARLY)
    found = rounds.table(earlier="r1", later="r1")
    assert {row["statistic"] for row in found} == {"coder_trend"}
    assert list(found.columns) == COLUMNS


def test_codes_of_two_versions_are_those_of_both_and_a_note_says_so(rounds: Rounds) -> None:
    study = rounds.study
    study.project.codebook.freeze("v1", by=study.coders["ana"])
    study.project.codebook.import_codes(
        [*study.project.codebook.codes(), type(study.project.codebook.named("fear"))("", "joy")],
        by=study.coders["ana"],
    )
    study.project.codebook.freeze("v2", by=study.coders["ana"])
    rounds.add("r1", EARLY, version="v1")
    rounds.add("r2", LATE, version="v2")
    table = rounds.table()
    between = {row["code"] for row in table if row["statistic"] == "krippendorff_alpha"}
    assert between == {"trust", "fear", "*"}
    assert any("were coded with v1 and v2: a change may come" in note for note in table.notes)


def test_an_open_blind_round_is_refused_by_name_and_else_left_out(rounds: Rounds) -> None:
    rounds.add("r1", EARLY)
    rounds.add("r2", LATE, close=False)
    with pytest.raises(StillBlind):
        rounds.table(earlier="r1", later="r2")
    table = rounds.table()
    assert {row["later"] for row in table} == {"r1"}
    assert 'Round "r2" is left out: it is blind and open.' in table.notes


def test_one_round_alone_names_no_comparison(rounds: Rounds) -> None:
    rounds.add("r1", EARLY)
    with pytest.raises(UsageProblem):
        rounds.table(earlier="r1")
    with pytest.raises(UnknownName):
        rounds.table(earlier="r1", later="r9")
    with pytest.raises(UsageProblem):
        rounds.table(unit="segment")


@pytest.fixture
def changed(rounds: Rounds) -> Callable[..., Table]:
    rounds.add("r1", EARLY)
    rounds.add("r2", LATE)
    return rounds.table


def test_all_codes_together_are_the_cells_of_both_codes(changed: Callable[..., Table]) -> None:
    (row,) = [
        r for r in changed() if (r["statistic"], r["code"]) == ("krippendorff_alpha", "*")
    ]  # fmt: skip
    assert (row["n_units_earlier"], row["n_documents_earlier"]) == (66, 3)


def test_one_code_can_be_asked_for(changed: Callable[..., Table]) -> None:
    assert {row["code"] for row in changed(codes=["fear"])} == {"fear", "*"}


def test_a_wider_confidence_gives_a_wider_interval(changed: Callable[..., Table]) -> None:
    def width(level: float) -> float:
        row = next(r for r in changed(level=level) if r["code"] == "trust")
        return float(str(row["ci_high"])) - float(str(row["ci_low"]))

    assert width(0.99) > width(0.95) > width(0.8)

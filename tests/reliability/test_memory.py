"""What is held in memory grows with the spans, not with text × codes."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence

from qualcode.reliability.patterns import PatternCounts
from qualcode.reliability.units import (
    Placed,
    Ratings,
    UnitRow,
    Units,
    characters_of,
    rate,
    units_of,
)

CODERS = ["ana", "ben"]


def rated(units: Units, placed: Sequence[Placed], codes: Sequence[str]) -> Ratings:
    """Ratings of one document, ``d``, that both coders finished."""
    finished = {("d", coder) for coder in CODERS}
    texts = {"d": "x" * 100}
    return rate(units, placed, coders=CODERS, codes=codes, finished=finished, texts=texts)


def numbers(ratings: Ratings) -> int:
    """How many numbers the ratings hold."""
    units = ratings.units
    arrays = [units.document, units.start, units.stop, units.excluded, ratings.seen]
    return sum(array.size for array in (*arrays, *ratings.present))


def on_characters(length: int, placed: Sequence[Placed]) -> Ratings:
    units = characters_of([UnitRow("d", 0, length)], ["d"], placed)
    return rated(units, placed, ["calm", "fear"])


def spans(many: int) -> list[Placed]:
    """So many spans of 5 characters, one after the other, by two coders in turn."""
    return [Placed("d", CODERS[n % 2], "calm", 10 * n, 10 * n + 5) for n in range(many)]


def test_characters_of_a_longer_text_need_no_more_room() -> None:
    short, long = (on_characters(length, spans(8)) for length in (100, 1_000_000_000))
    assert long.units.size == 1_000_000_000
    assert numbers(long) - numbers(short) == 0
    assert long.counts().table.shape == short.counts().table.shape


def test_characters_are_cut_at_the_ends_of_spans_and_nowhere_else() -> None:
    # 8 spans with a gap after each: 16 pieces, the last gap included.
    assert len(on_characters(100, spans(8)).units) == 16
    assert len(on_characters(200, spans(16)).units) == 32


def test_codes_that_nobody_gave_take_no_room_per_unit() -> None:
    units = units_of("sentence", [UnitRow("d", n, n + 1) for n in range(100)], ["d"])
    placed = [Placed("d", "ana", "calm", 3, 6)]
    few = rated(units, placed, ["calm"])
    many = rated(units, placed, ["calm", *(f"code {n}" for n in range(500))])
    assert numbers(many) == numbers(few)
    assert [array.size for array in few.present] == [3, 3, 3]


def test_counts_have_a_row_per_code_and_document_however_many_units_there_are() -> None:
    def counts(units: int) -> PatternCounts:
        cut = units_of("sentence", [UnitRow("d", n, n + 1) for n in range(units)], ["d"])
        return rated(cut, [Placed("d", "ana", "calm", 3, 6)], ["calm", "fear"]).counts()

    # 2 codes × 1 document × 2 patterns: neither coder, ana alone.
    assert counts(10).table.shape == counts(90).table.shape == (2, 1, 2)


def test_no_array_of_units_times_codes_is_ever_made() -> None:
    units = units_of("sentence", [UnitRow("d", n, n + 1) for n in range(20_000)], ["d"])
    placed = spans(10)
    codes = ["calm", *(f"code {n}" for n in range(999))]
    tracemalloc.start()
    try:
        rated(units, placed, codes).counts()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000 * 1_000 / 4  # bytes: not even one for four cells

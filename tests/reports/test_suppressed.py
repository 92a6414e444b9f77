"""Theme tables without counts of one or two participants."""

from __future__ import annotations

from qualcode.model import Table
from qualcode.reports.suppressed import small_counts, suppressed

TABLE = Table(
    "frequency",
    ["code", "group", "participants", "n_participants", "top_participant"],
    [
        ("trust", "*", 8, 20, "P1"),
        ("trust", "officer", 5, 12, "P1"),
        ("trust", "sergeant", 2, 2, "S1"),
        ("trust", "nurse", 1, 6, "N1"),
        ("fear", "*", 5, 20, "P1"),
        ("fear", "officer", 4, 12, "P1"),
        ("fear", "sergeant", 0, 2, None),
        ("fear", "nurse", 2, 6, "N1"),
    ],
)


def test_small_counts_go_and_what_would_give_them_away() -> None:
    rows = [row[1:4] for row in suppressed(TABLE, 3).rows]
    assert rows == [
        ("*", 8, 20),
        ("officer", 5, 12),
        ("sergeant", "<3", "<3"),  # 8 - 5 = 3: the sergeants are 1 and the nurses 2, or otherwise
        ("nurse", "<3", "withheld"),  # 20 - 12 = 8 would tell 2 and 6
        ("*", 5, 20),
        ("officer", 4, 12),  # they are 6 with the nurses: somebody is in two, and nothing adds up
        ("sergeant", 0, "<3"),
        ("nurse", "<3", "withheld"),
    ]


def test_who_stands_behind_a_small_count_goes_with_it_and_a_note_says_so() -> None:
    table = suppressed(TABLE, 3)
    assert [row["top_participant"] for row in table] == [
        "P1", "P1", None, None, "P1", "P1", None, None,
    ]  # fmt: skip
    assert table.notes[-1].startswith("Counts of 1 to 2 participants are printed as <3 (5); 2 more")
    assert table.provenance["suppressed_below"] == 3


def test_small_counts_are_counted() -> None:
    assert small_counts(TABLE, 3) == 4
    assert small_counts(suppressed(TABLE, 3), 3) == 0

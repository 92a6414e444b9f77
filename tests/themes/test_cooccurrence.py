"""Codes together: the worked figures of the method notes, then a loop over turns and characters."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.themes.cooccurrence import Relation, Together, cooccurrence
from qualcode.themes.frequencies import Mark, ReadDocument, Stretch

quick = settings(max_examples=120, deadline=None)

CODES = {"A": ["A"], "B": ["B"]}


def numbered(turns: int, name: str = "d", **codes: list[int]) -> ReadDocument:
    """A document of one-letter turns numbered from 1; codes are the turns they are in."""
    stretches = tuple(Stretch(2 * at, 2 * at + 1, (f"P{at % 3}",)) for at in range(turns))
    marks = tuple(Mark(c, 2 * at - 2, 2 * at - 1) for c, numbers in codes.items() for at in numbers)
    return ReadDocument(name, "x " * turns, stretches, marks)


def pair(*documents: ReadDocument, relation: Relation = "turn", k: int = 2) -> Together:
    [found] = cooccurrence(documents, CODES, relation, k=k)
    return found


CHECK = numbered(12, A=[1, 2, 5, 9], B=[2, 6, 9, 12])


def test_turns_of_the_worked_check() -> None:
    found = pair(CHECK)
    assert (found.n, found.n_a, found.n_b, found.total) == (2, 4, 4, 12)
    assert found.jaccard == pytest.approx(1 / 3)
    assert found.lift == pytest.approx(1.5)


def test_turns_one_apart_of_the_worked_check() -> None:
    found = pair(CHECK, relation="near", k=1)
    assert (found.a_near, found.b_near) == (4, 3)
    assert found.near_index == pytest.approx(0.875)
    assert found.expected == pytest.approx(6.667, abs=0.0005)
    assert found.lift == pytest.approx(1.05)


def test_two_codes_that_merely_live_in_one_document() -> None:
    # Document 1 of 10 turns, A in 1-6, B in 4-9; document 2 of 30, A in 1, B in 2.
    one = numbered(10, "one", A=[1, 2, 3, 4, 5, 6], B=[4, 5, 6, 7, 8, 9])
    found = pair(one, numbered(30, "two", A=[1], B=[2]))
    assert found.lift == pytest.approx(2.45, abs=0.005)
    assert found.lift_within == pytest.approx(0.83, abs=0.005)
    assert (found.documents, found.sparse) == ({"one"}, True)


def test_turns_of_two_documents_are_never_near() -> None:
    found = pair(numbered(2, "d", A=[2]), numbered(2, "e", B=[1]), relation="near")
    assert (found.n, found.lift, found.lift_within) == (0, None, None)


def test_questions_in_between_do_not_keep_answers_apart() -> None:
    # The moderator's turn [2, 3) is no stretch: the two answers are neighbours.
    answers = (Stretch(0, 1, ("P1",)), Stretch(4, 5, ("P2",)))
    marks = (Mark("A", 0, 1), Mark("B", 4, 5), Mark("B", 2, 3))
    found = pair(ReadDocument("d", "x ? x", answers, marks), relation="near", k=1)
    assert (found.a_near, found.b_near, found.n_b) == (1, 1, 1)
    assert found.participants == {"P1", "P2"}


def test_overlap_counts_shared_characters_and_pairs_of_codings() -> None:
    # A [0, 10) and [20, 30), B [5, 25): 5 + 5 shared, of 20 and 20 in 40.
    marks = (Mark("A", 0, 10), Mark("A", 20, 30), Mark("B", 5, 25))
    found = pair(ReadDocument("d", "x" * 40, (Stretch(0, 40, ("P1",)),), marks), relation="overlap")
    assert (found.n, found.pairs, found.n_a, found.n_b, found.total) == (10, 2, 20, 20, 40)
    assert found.jaccard == pytest.approx(10 / 30)
    assert found.lift == pytest.approx(10 * 40 / (20 * 20))


def test_two_codings_that_share_text_in_two_turns_are_one_pair() -> None:
    read = ReadDocument(
        "d", "one two", (Stretch(0, 3, ("P1",)), Stretch(4, 7, ("P2",))),
        (Mark("A", 0, 7), Mark("B", 2, 6)),
    )  # fmt: skip
    found = pair(read, relation="overlap")
    assert (found.n, found.pairs) == (3, 1)


def test_touching_codings_share_nothing() -> None:
    read = ReadDocument(
        "d", "onetwo", (Stretch(0, 6, ("P1",)),), (Mark("A", 0, 3), Mark("B", 3, 6))
    )
    assert pair(read, relation="overlap").n == 0
    assert pair(read).n == 1


def test_a_parent_is_no_pair_with_a_code_below_it_whether_rolled_up_or_not() -> None:
    families = {"p": ["p", "c", "g"], "c": ["c", "g"], "g": ["g"], "s": ["s"]}
    for codes in (families, {code: [code] for code in families}):
        pairs = cooccurrence([], codes, families=families)
        assert [(one.a, one.b) for one in pairs] == [("p", "s"), ("c", "s"), ("g", "s")]


def test_a_rolled_up_parent_meets_what_its_child_meets() -> None:
    read = numbered(4, child=[1], B=[1])
    found = cooccurrence([read], {"parent": ["parent", "child"], "B": ["B"]})
    assert found[0].n == 1


def test_a_code_that_nobody_used_has_no_lift() -> None:
    found = pair(numbered(3, A=[1]))
    assert (found.jaccard, found.lift, found.lift_within) == (0.0, None, None)


text = "ab cd, ef gh. ij — kl mn op qr"
STRETCHES = (Stretch(0, 6, ("P1",)), Stretch(7, 13, ("P2",)), Stretch(16, 30, ("P1", "P2")))
drawn = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 29), st.integers(1, 30)).filter(
        lambda mark: mark[1] < mark[2]
    ),
    max_size=7,
)


def covered(read: ReadDocument, code: str) -> set[int]:
    """Eligible characters with a code, one by one."""
    eligible = {at for s in read.stretches for at in range(s.start, s.stop)}
    return eligible & {at for m in read.marks if m.code == code for at in range(m.start, m.stop)}


def turns_of(read: ReadDocument, code: str) -> set[int]:
    """Turns with a coded letter or digit."""
    letters = {at for at in covered(read, code) if read.text[at].isalnum()}
    return {n for n, s in enumerate(read.stretches) if letters & set(range(s.start, s.stop))}


@quick
@given(st.lists(drawn, min_size=1, max_size=3), st.integers(1, 3))
def test_a_loop_over_turns_gives_the_same(
    documents: list[list[tuple[str, int, int]]], k: int
) -> None:
    read = [
        ReadDocument(f"d{n}", text, STRETCHES, tuple(Mark(*one) for one in marks))
        for n, marks in enumerate(documents)
    ]
    a_near = b_near = n = 0
    expected = within = 0.0
    met: set[str] = set()
    for one in read:
        a, b = turns_of(one, "A"), turns_of(one, "B")
        wide_a = {t for t in range(3) if any(abs(t - u) <= k for u in a)}
        wide_b = {t for t in range(3) if any(abs(t - u) <= k for u in b)}
        n += len(a & b)
        a_near += len(a & wide_b)
        b_near += len(b & wide_a)
        expected += (len(a) * len(wide_b) + len(b) * len(wide_a)) / 3
        within += len(a) * len(b) / 3
        met |= {p for t in a & b for p in STRETCHES[t].participants}
    turn, near = pair(*read), pair(*read, relation="near", k=k)
    assert (turn.n, near.a_near, near.b_near) == (n, a_near, b_near)
    assert [turn.expected_within, near.expected] == pytest.approx([within, expected])
    assert turn.participants == met
    assert near.lift == (pytest.approx((a_near + b_near) / expected) if expected else None)


@quick
@given(drawn)
def test_a_loop_over_characters_gives_the_same_overlap(marks: list[tuple[str, int, int]]) -> None:
    read = ReadDocument("d", "x" * 30, STRETCHES, tuple(Mark(*m) for m in marks))
    a, b = covered(read, "A"), covered(read, "B")
    found = pair(read, relation="overlap")
    assert (found.n, found.n_a, found.n_b, found.total) == (len(a & b), len(a), len(b), 26)
    assert found.jaccard == (pytest.approx(len(a & b) / len(a | b)) if a | b else None)


@quick
@given(drawn, st.sampled_from(["overlap", "turn", "near"]))
def test_naming_the_codes_the_other_way_round_changes_no_figure(
    marks: list[tuple[str, int, int]], relation: Relation
) -> None:
    read = ReadDocument("d", text, STRETCHES, tuple(Mark(*m) for m in marks))
    one = pair(read, relation=relation)
    [other] = cooccurrence([read], {"B": ["B"], "A": ["A"]}, relation)
    assert (one.n, one.pairs, one.a_near, one.n_a) == (
        other.n,
        other.pairs,
        other.b_near,
        other.n_b,
    )
    assert (one.jaccard, one.participants) == (other.jaccard, other.participants)
    assert one.lift == (None if other.lift is None else pytest.approx(other.lift))


def test_every_pair_of_codes_has_a_row() -> None:
    codes = {name: [name] for name in "abcde"}
    assert [(o.a, o.b) for o in cooccurrence([], codes)] == list(combinations("abcde", 2))


def test_counting_pairs_needs_no_numpy() -> None:
    script = (
        "import json, sys, qualcode.themes.cooccurrence, qualcode.themes.crosstabs;"
        "print(json.dumps([m for m in ('numpy', 'pandas') if m in sys.modules]))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert json.loads(ran.stdout) == []

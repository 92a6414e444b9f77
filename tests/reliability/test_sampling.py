"""Who is drawn, who codes what, and how many documents it takes."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import UsageProblem
from qualcode.reliability import student_t
from qualcode.reliability.sampling import (
    documents_needed,
    draw,
    half_width,
    order_of,
    quotas,
    rotated,
)

FRAME = {f"doc-{n}": ("A" if n < 30 else "B", "interview") for n in range(50)}


def test_quotas_follow_the_largest_remainders() -> None:
    # 20 % of 37 is 7.4, rounded up 8: exact 3.4, 2.6, 1.4; the one left over goes to .6
    sizes: dict[tuple[str, ...], int] = {("a",): 17, ("b",): 13, ("c",): 7}
    assert quotas(sizes, 0.2) == {("a",): 4, ("b",): 3, ("c",): 1}


def test_every_stratum_gives_one_at_least() -> None:
    assert quotas({("big",): 40, ("small",): 1}, 0.1) == {("big",): 4, ("small",): 1}


@given(
    st.dictionaries(st.tuples(st.text("abc", min_size=1)), st.integers(1, 40), min_size=1),
    st.floats(0.01, 1),
)
def test_quotas_never_exceed_a_stratum_and_sum_to_the_share(
    sizes: dict[tuple[str, ...], int], share: float
) -> None:
    given_ = quotas(sizes, share)
    assert all(1 <= given_[s] <= sizes[s] for s in sizes)
    total = sum(sizes.values()) * share
    assert total - 1e-6 <= sum(given_.values()) <= total + 1 + len(sizes)


@pytest.mark.parametrize("share", [0, -0.1, 1.1])
def test_a_share_is_a_part(share: float) -> None:
    with pytest.raises(UsageProblem, match="share"):
        quotas({("a",): 3}, share)


def test_the_same_seed_draws_the_same_documents_and_another_one_others() -> None:
    assert draw(FRAME, 0.2, 7) == draw(dict(reversed(FRAME.items())), 0.2, 7)
    assert draw(FRAME, 0.2, 7).documents != draw(FRAME, 0.2, 8).documents
    assert Counter(FRAME[d][0] for d in draw(FRAME, 0.2, 7).documents) == {"A": 6, "B": 4}


def test_a_document_added_later_leaves_the_order_of_the_others() -> None:
    before = order_of(FRAME, 7)
    after = [d for d in order_of([*FRAME, "new"], 7) if d != "new"]
    assert before == after


@pytest.mark.parametrize("coders", [2, 3, 4, 5])
def test_all_pairs_meet_and_work_is_even(coders: int) -> None:
    people = [f"c{n}" for n in range(coders)]
    pairs = list(combinations(people, 2))
    documents = [f"d{n}" for n in range(2 * len(pairs))]
    given_ = rotated(documents, people)
    who: dict[str, list[str]] = {}
    for document, coder in given_:
        who.setdefault(document, []).append(coder)
    assert Counter(tuple(sorted(pair)) for pair in who.values()) == dict.fromkeys(pairs, 2)
    load = Counter(coder for _, coder in given_)
    assert len(set(load.values())) == 1


def test_crossed_gives_everything_to_everyone() -> None:
    assert rotated(["d", "e"], ["a", "b", "c"], crossed=True) == [
        (d, c) for d in "de" for c in "abc"
    ]


def test_one_coder_cannot_double_code() -> None:
    with pytest.raises(UsageProblem, match="two coders"):
        rotated(["d"], ["a"])


def test_a_plan_is_students_t_of_the_pilot() -> None:
    # pilot of 4 documents, se .10: with 9 documents t(8) 2.306 × .10 × sqrt(4/9)
    assert half_width(9, se=0.1, pilot=4) == pytest.approx(2.306004 * 0.1 * 2 / 3, abs=1e-6)
    needed = documents_needed(0.1, se=0.1, pilot=4)
    assert needed is not None
    assert half_width(needed, se=0.1, pilot=4) <= 0.1 < half_width(needed - 1, se=0.1, pilot=4)
    assert student_t.quantile(0.975, needed - 1) > 1.96


def test_a_target_out_of_reach_says_so() -> None:
    assert documents_needed(0.0001, se=0.5, pilot=5) is None
    with pytest.raises(UsageProblem, match="above 0"):
        documents_needed(0, se=0.5, pilot=5)


def test_a_coder_named_twice_is_one_coder() -> None:
    assert rotated(["d1", "d2"], ["ana", "ben", "ana"]) == rotated(["d1", "d2"], ["ana", "ben"])
    with pytest.raises(UsageProblem):
        rotated(["d1"], ["ana", "ana"])

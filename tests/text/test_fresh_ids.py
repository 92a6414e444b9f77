"""Other ids for participants."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qualcode.text.fresh_ids import fresh_ids

LABELS = ["A-O1", "A-O2", "Nadine", "P1"]


def test_the_same_seed_gives_the_same_ids_and_another_one_others() -> None:
    seen = [fresh_ids(LABELS, [], f"project:{seed}") for seed in range(9)]
    assert fresh_ids(LABELS[::-1], [], "project:0") == seen[0]
    assert len({tuple(one.values()) for one in seen}) > 1


def test_no_id_is_one_that_stands_for_somebody_already() -> None:
    assert set(fresh_ids(LABELS, ["[Q07]", "SPEAKER_01"], "s").values()) == {
        "R01", "R02", "R03", "R04",
    }  # fmt: skip


@given(st.sets(st.text(min_size=1, max_size=6)), st.text(max_size=5))
def test_everybody_has_an_id_of_their_own(labels: set[str], seed: str) -> None:
    ids = fresh_ids(labels, [], seed)
    assert set(ids) == labels
    assert len(set(ids.values())) == len(labels)

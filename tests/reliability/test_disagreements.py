"""Disagreements told apart and ranked; every unit is one sentence of ten characters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.reliability.coefficients import krippendorff_alpha
from qualcode.reliability.disagreements import Episode, confusions, episodes
from qualcode.reliability.patterns import count
from qualcode.reliability.units import Placed, Ratings, UnitRow, rate, units_of

UNITS = 8
CODERS = ["ana", "ben", "cy"]
CODES = ["buy_in", "handoff"]


def rated(
    codings: list[Placed],
    *,
    coders: list[str] = CODERS,
    unfinished: tuple[tuple[str, str], ...] = (),
    documents: tuple[str, ...] = ("d",),
) -> Ratings:
    rows = [UnitRow(d, 10 * u, 10 * u + 10) for d in documents for u in range(UNITS)]
    return rate(
        units_of("sentence", rows, documents),
        codings,
        coders=coders,
        codes=CODES,
        finished={(d, c) for d in documents for c in coders} - set(unfinished),
        texts=dict.fromkeys(documents, "x" * 10 * UNITS),
    )


def found(codings: list[Placed], coders: list[str]) -> list[Episode]:
    return episodes(rated(codings, coders=coders), codings)


def test_a_span_that_reaches_further_is_a_boundary() -> None:
    codings = [
        Placed("d", "ana", "handoff", 0, 20),
        Placed("d", "ben", "handoff", 0, 10),
    ]
    (episode,) = found(codings, ["ana", "ben"])
    assert (episode.kind, episode.first, episode.last) == ("boundary", 1, 1)
    assert (episode.present, episode.absent, episode.votes) == ((0,), (1,), (1, 1))


def test_another_code_there_is_confusable_and_named() -> None:
    codings = [
        Placed("d", "ana", "handoff", 30, 40),
        Placed("d", "ben", "buy_in", 30, 40),
    ]
    one, other = found(codings, ["ana", "ben"])
    assert {one.kind, other.kind} == {"confusable"}
    assert {one.other_codes, other.other_codes} == {(0,), (1,)}
    assert confusions(rated(codings, coders=["ana", "ben"])) == {(0, 1): 1}


def test_nothing_there_is_an_omission() -> None:
    (episode,) = found([Placed("d", "ana", "handoff", 30, 40)], ["ana", "ben"])
    assert (episode.kind, episode.other_codes) == ("omission", ())


def test_both_codes_by_one_coder_are_no_confusion() -> None:
    codings = [
        Placed("d", "ana", "handoff", 30, 40),
        Placed("d", "ana", "buy_in", 30, 40),
        Placed("d", "ben", "buy_in", 30, 40),
    ]
    (episode,) = found(codings, ["ana", "ben"])
    assert episode.kind == "omission"
    assert not confusions(rated(codings, coders=["ana", "ben"]))


def test_consecutive_units_are_one_episode_which_a_document_ends() -> None:
    codings = [
        Placed("d", "ana", "handoff", 60, 80),
        Placed("e", "ana", "handoff", 0, 10),
        Placed("e", "ana", "handoff", 30, 40),
    ]
    ratings = rated(codings, coders=["ana", "ben"], documents=("d", "e"))
    assert [(e.document, e.first, e.last) for e in sorted(
        episodes(ratings, codings), key=lambda e: e.first
    )] == [(0, 6, 7), (1, 8, 8), (1, 11, 11)]  # fmt: skip


def test_a_coder_who_has_not_finished_disagrees_with_nobody() -> None:
    codings = [Placed("d", "ana", "handoff", 0, 10), Placed("d", "ben", "handoff", 0, 10)]
    assert not episodes(rated(codings, unfinished=(("d", "cy"),)), codings)


def test_of_a_tie_the_smaller_change_counts() -> None:
    codings = [
        Placed("d", "ana", "handoff", 0, 10),
        Placed("d", "ben", "handoff", 0, 10),
        Placed("d", "ana", "handoff", 30, 40),
    ]
    (episode,) = found(codings, ["ana", "ben"])
    assert episode.delta_present is not None
    assert episode.delta_absent is not None
    assert episode.delta == min(episode.delta_present, episode.delta_absent)


def test_an_effect_that_does_not_exist_is_none_and_comes_last() -> None:
    # the only use of the code: were it absent, the code would never be used
    (episode,) = found([Placed("d", "ana", "handoff", 0, 10)], ["ana", "ben"])
    assert episode.delta_absent is None
    assert episode.delta_present is not None
    assert episode.delta is None


CODINGS = st.lists(
    st.builds(
        lambda coder, code, a, b: Placed("d", coder, code, min(a, b), max(a, b) + 1),
        st.sampled_from(CODERS),
        st.sampled_from(CODES),
        st.integers(0, 10 * UNITS - 1),
        st.integers(0, 10 * UNITS - 1),
    ),
    max_size=8,
)


@given(CODINGS)
def test_the_effect_is_alpha_recomputed(codings: list[Placed]) -> None:
    ratings = rated(codings)
    for episode in episodes(ratings, codings):
        matrix = ratings.matrix(episode.code)
        before = krippendorff_alpha(count(matrix))[0].value
        for value, delta in ((1, episode.delta_present), (0, episode.delta_absent)):
            settled = matrix.copy()
            settled[episode.first : episode.last + 1] = value
            after = krippendorff_alpha(count(settled))[0].value
            if before is None or after is None:
                assert delta is None
            else:
                assert delta == pytest.approx(after - before, abs=1e-9)


@given(CODINGS)
def test_episodes_cover_every_disagreement_once(codings: list[Placed]) -> None:
    ratings = rated(codings)
    covered = sorted(
        (e.code, unit) for e in episodes(ratings, codings) for unit in range(e.first, e.last + 1)
    )
    expected = []
    for code in range(len(CODES)):
        matrix = ratings.matrix(code)
        expected += [(code, u) for u in np.flatnonzero(matrix.min(1) != matrix.max(1)).tolist()]
    assert covered == expected


@given(CODINGS, st.integers(0, 7))
def test_a_nested_or_repeated_span_changes_nothing(codings: list[Placed], at: int) -> None:
    more = [*codings, *codings[at : at + 1]]
    assert episodes(rated(more), more) == episodes(rated(codings), codings)

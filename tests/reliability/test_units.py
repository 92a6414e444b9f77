"""From codings to who said present, absent, or nothing about each unit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import UsageProblem
from qualcode.reliability.basis import counted
from qualcode.reliability.coefficients import krippendorff_alpha
from qualcode.reliability.units import Placed, Ratings, UnitRow, rate, units_of

quick = settings(max_examples=100, deadline=None)
"""No deadline: a loaded machine is no bug."""

#        0         10        20        30
TEXT = "I met him. She drove us.  Then no."
FIRST, SECOND, THIRD = (0, 10), (11, 24), (26, 34)
BOTH = {("d", "ana"), ("d", "ben")}


def ratings(
    *spans: tuple[str, int, int],
    finished: set[tuple[str, str]] | None = None,
    excluded: tuple[int, int] | None = None,
    overlap: str = "any",
    known: set[str] | None = None,
    codes: tuple[str, ...] = ("trust",),
) -> Ratings:
    """Ratings of one document of three sentences; each span is (coder, start, stop)."""
    units = units_of(
        "sentence",
        [UnitRow("d", *unit, excluded=unit == excluded) for unit in (FIRST, SECOND, THIRD)],
        ["d"],
    )
    return rate(
        units,
        [Placed("d", coder, "trust", start, stop) for coder, start, stop in spans],
        coders=["ana", "ben"],
        codes=codes,
        finished=BOTH if finished is None else finished,
        texts={"d": TEXT},
        known=known,
        overlap=overlap,
    )


def said(found: Ratings) -> list[list[int]]:
    """Rows of units, columns of coders: 1 present, 0 absent, -1 missing."""
    return [[int(value) for value in row] for row in found.matrix(0)]


def test_a_coding_marks_every_unit_it_touches_and_no_coding_says_absent() -> None:
    assert said(ratings(("ana", 6, 15))) == [[1, 0], [1, 0], [0, 0]]


def test_a_span_that_only_touches_a_unit_does_not_mark_it() -> None:
    assert said(ratings(("ana", 0, 11))) == [[1, 0], [0, 0], [0, 0]]


def test_white_space_at_the_ends_of_a_span_marks_nothing() -> None:
    # Three characters of the last sentence are asked for; "  T" alone holds one.
    assert said(ratings(("ana", 23, 26), overlap="chars:1")) == [[0, 0], [1, 0], [0, 0]]
    assert said(ratings(("ana", 24, 26))) == [[0, 0], [0, 0], [0, 0]]


def test_white_space_inside_a_unit_does_not_mark_it() -> None:
    assert said(ratings(("ana", 1, 2))) == [[0, 0], [0, 0], [0, 0]]


def test_majority_asks_for_more_than_half_of_what_is_not_white_space() -> None:
    # "I met him." holds 8 characters without white space: "I met" 4, "I met h" 5.
    assert said(ratings(("ana", 0, 5), overlap="majority"))[0] == [0, 0]
    assert said(ratings(("ana", 0, 7), overlap="majority"))[0] == [1, 0]


def test_pieces_of_one_coder_in_a_unit_add_up() -> None:
    assert said(ratings(("ana", 0, 3), ("ana", 6, 9), overlap="majority"))[0] == [1, 0]


def test_a_number_of_characters_is_at_most_the_whole_unit() -> None:
    assert said(ratings(("ana", 0, 4), overlap="chars:5"))[0] == [0, 0]
    assert said(ratings(("ana", 0, 5), overlap="chars:5"))[0] == [1, 0]
    assert said(ratings(("ana", *FIRST), overlap="chars:99"))[0] == [1, 0]


def test_spans_that_touch_at_a_space_keep_the_space_between_them() -> None:
    # "I " and "me" are the four characters "I me", not "I" and "me".
    assert said(ratings(("ana", 0, 2), ("ana", 2, 4), overlap="chars:4"))[0] == [1, 0]


@pytest.mark.parametrize("rule", ["half", "chars:", "chars:0", "chars:x", ""])
def test_an_unknown_overlap_rule_is_refused(rule: str) -> None:
    with pytest.raises(UsageProblem, match="overlap rule"):
        ratings(overlap=rule)


def test_overlapping_units_are_refused() -> None:
    with pytest.raises(UsageProblem, match="may not overlap"):
        units_of("turn", [UnitRow("d", 0, 5), UnitRow("d", 4, 9)], ["d"])


def test_units_of_two_documents_may_lie_at_the_same_place() -> None:
    assert len(units_of("turn", [UnitRow("d", 0, 5), UnitRow("e", 4, 9)], ["d", "e"])) == 2


def test_a_document_finished_by_one_coder_adds_nothing() -> None:
    found = ratings(("ana", *FIRST), finished={("d", "ana")})
    assert len(found.units) == 0
    assert krippendorff_alpha(found.counts())[0].reason == "no_pairable_units"


def test_codings_in_an_unfinished_document_are_ignored_and_counted() -> None:
    found = ratings(("ana", *FIRST), ("ben", *FIRST), finished={("d", "ana")})
    assert found.unfinished == 1


def test_a_third_coder_who_has_not_finished_is_missing_not_absent() -> None:
    units = units_of("sentence", [UnitRow("d", *FIRST), UnitRow("d", *SECOND)], ["d"])
    found = rate(
        units,
        [Placed("d", c, "trust", 0, 5) for c in ("ana", "ben", "cho")],
        coders=["ana", "ben", "cho"],
        codes=["trust"],
        finished=BOTH,
        texts={"d": TEXT},
    )
    assert said(found) == [[1, 1, -1], [0, 0, -1]]


def test_a_code_outside_the_codebook_version_is_missing() -> None:
    found = ratings(("ana", *FIRST), codes=("trust", "hope"), known={"hope"})
    assert said(found) == [[-1, -1]] * 3
    assert found.unknown == 1
    assert krippendorff_alpha(found.counts())[0].reason == "no_pairable_units"
    assert krippendorff_alpha(found.counts())[1].reason == "code_never_used"


def test_a_moderators_unit_is_left_out_and_counted() -> None:
    found = ratings(("ana", *SECOND), excluded=SECOND)
    assert said(found) == [[0, 0], [0, 0]]
    assert (found.excluded, found.outside) == (1, 0)


def test_a_coding_outside_all_units_is_counted() -> None:
    assert ratings(("ana", 24, 26), ("ana", 0, 2)).outside == 1


def test_the_tally_counts_present_ratings_and_units_with_any_all_and_none() -> None:
    found = ratings(("ana", *FIRST), ("ben", *FIRST), ("ana", *SECOND))
    n = counted(found.counts(), 0)
    assert (n.present, n.any, n.all, n.none) == (3, 2, 1, 1)


def test_the_digest_follows_what_was_said_and_the_cut() -> None:
    same = ratings(("ana", *FIRST)).digest(["ana"])
    assert ratings(("ana", 0, 3)).digest(["ana"]) == same
    assert ratings(("ana", *SECOND)).digest(["ana"]) != same
    assert ratings(("ana", *FIRST), finished={("d", "ana")}).digest(["ana"]) != same
    assert ratings(("ana", *FIRST)).digest(["ben"]) != same


def test_another_cutter_gives_another_cut() -> None:
    rows = [UnitRow("d", *FIRST)]
    one, two = (units_of("sentence", rows, ["d"], maker=maker).cut for maker in ("1", "2"))
    assert one != two
    assert units_of("sentence", rows, ["d"], maker="1").cut == one


def test_disjoint_documents_are_compared_each_within_itself() -> None:
    # ana codes the first sentence of d, ben that of e: they never agree, though both say "first".
    rows = [UnitRow(d, *unit) for d in ("d", "e") for unit in (FIRST, SECOND, THIRD)]
    found = rate(
        units_of("sentence", rows, ["d", "e"]),
        [Placed("d", "ana", "trust", *FIRST), Placed("e", "ben", "trust", *FIRST)],
        coders=["ana", "ben"],
        codes=["trust"],
        finished={(d, c) for d in ("d", "e") for c in ("ana", "ben")},
        texts={"d": TEXT, "e": TEXT},
    )
    assert said(found) == [[1, 0], [0, 0], [0, 0], [0, 1], [0, 0], [0, 0]]
    alpha = krippendorff_alpha(found.counts())[0]
    assert alpha.require() < 0


pieces = st.lists(
    st.tuples(st.sampled_from(["ana", "ben"]), st.integers(0, 33), st.integers(1, 34)).filter(
        lambda s: s[1] < s[2]
    ),
    max_size=8,
)


@quick
@given(pieces, st.data(), st.sampled_from(["any", "majority", "chars:3"]))
def test_duplicating_nesting_and_splitting_a_span_changes_nothing(
    spans: list[tuple[str, int, int]], data: st.DataObject, overlap: str
) -> None:
    more = list(spans)
    for coder, start, stop in spans:
        cut = data.draw(st.integers(start, stop))
        inner = data.draw(st.integers(start, stop))
        more += [(coder, a, b) for a, b in ((start, stop), (start, inner)) if a < b]
        if start < cut < stop:
            more.remove((coder, start, stop))
            more += [(coder, cut, stop), (coder, start, cut)]
    one, two = ratings(*spans, overlap=overlap), ratings(*more, overlap=overlap)
    np.testing.assert_array_equal(one.matrix(0), two.matrix(0))
    assert one.digest() == two.digest()


@quick
@given(pieces, st.sampled_from(["any", "majority", "chars:3"]))
def test_ratings_equal_a_character_by_character_loop(
    spans: list[tuple[str, int, int]], overlap: str
) -> None:
    expected = []
    for start, stop in (FIRST, SECOND, THIRD):
        row = []
        for coder in ("ana", "ben"):
            covered = {i for c, a, b in spans if c == coder for i in range(a, b)}
            # Drop white space at the ends of each united run.
            for i in range(len(TEXT)):
                if i in covered and TEXT[i].isspace() and i - 1 not in covered:
                    covered.discard(i)
            for i in reversed(range(len(TEXT))):
                if i in covered and TEXT[i].isspace() and i + 1 not in covered:
                    covered.discard(i)
            here = [i for i in range(start, stop) if i in covered]
            ink = [i for i in range(start, stop) if not TEXT[i].isspace()]
            if overlap == "any":
                row.append(int(bool(here)))
            elif overlap == "majority":
                row.append(int(2 * len(set(here) & set(ink)) > len(ink)))
            else:
                row.append(int(len(here) >= min(3, stop - start)))
        expected.append(row)
    assert said(ratings(*spans, overlap=overlap)) == expected


def test_some_of_the_codes_are_rated_as_among_all() -> None:
    units = units_of("sentence", [UnitRow("d", *unit) for unit in (FIRST, SECOND, THIRD)], ["d"])
    spans = [("ana", "hope", 26, 34), ("ben", "trust", 0, 5), ("ana", "trust", 11, 20)]
    found = rate(
        units,
        [Placed("d", coder, code, start, stop) for coder, code, start, stop in spans],
        coders=["ana", "ben"],
        codes=["fear", "trust", "hope"],
        finished=BOTH,
        texts={"d": TEXT},
        known={"trust", "hope"},
    )
    some = found.only_codes(["hope", "fear", "trust"])
    assert some.codes == ("hope", "fear", "trust")
    for at, before in enumerate((2, 0, 1)):
        np.testing.assert_array_equal(some.matrix(at), found.matrix(before))
    np.testing.assert_array_equal(some.counts().table[2], found.counts().table[1])

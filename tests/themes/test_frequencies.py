"""Counting themes: the worked figures of the method notes, then what must not change a count."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.themes.frequencies import (
    Frequency,
    Mark,
    ReadDocument,
    Stretch,
    frequencies,
    hulls,
    joint_valence,
    unite,
)

quick = settings(max_examples=100, deadline=None)
"""No deadline: a loaded machine is no bug."""

Turn = tuple[str | tuple[str, ...] | None, str]


def document(*turns: Turn, name: str = "d", codes: Any = ()) -> ReadDocument:
    """A document of turns (speaker, words); a speaker of None moderates and is not eligible.

    Codes are (code, words quoted[, valence[, disconfirming]]).
    """
    text, stretches = "", []
    for speaker, words in turns:
        if speaker is not None:
            who = (speaker,) if isinstance(speaker, str) else speaker
            stretches.append(Stretch(len(text), len(text) + len(words), who))
        text += words + "\n"
    marks = []
    for code, quote, *more in codes:
        start = text.index(quote)
        marks.append(Mark(code, start, start + len(quote), *more))
    return ReadDocument(name, text, tuple(stretches), tuple(marks))


def count(*documents: ReadDocument, code: str = "trust") -> Frequency:
    return frequencies(documents, {code: [code]}).rows[0]


def test_a_code_is_counted_in_codings_turns_words_and_participants() -> None:
    found = count(
        document(
            ("P1", "I did trust her then."), ("P2", "I never did."), codes=[("trust", "trust her")]
        )
    )
    assert (found.codings, found.turns, found.words, found.characters) == (1, 1, 2, 9)
    assert (found.documents, found.participants) == ({"d"}, {"P1"})
    assert (found.base.turns, found.base.words, found.base.participants) == (2, 8, {"P1", "P2"})
    assert found.share == pytest.approx(2 / 8)
    assert found.per_1000_words == pytest.approx(125.0)


def test_a_rolled_up_parent_unites_its_own_and_its_childs_spans() -> None:
    # Parent [0, 100), child [40, 160): 1 coding of 160 characters, not 2 of 220.
    text = "x" * 200
    marks = (Mark("parent", 0, 100), Mark("child", 40, 160))
    read = ReadDocument("d", text, (Stretch(0, 200, ("P1",)),), marks)
    rows = frequencies([read], {"parent": ["parent", "child"], "child": ["child"]}).rows
    assert [(row.codings, row.characters) for row in rows] == [(1, 160), (1, 120)]


def test_touching_codings_stay_two_and_overlapping_ones_become_one() -> None:
    assert len(unite([Mark("a", 0, 5), Mark("a", 5, 9)])) == 2
    assert len(unite([Mark("a", 0, 6), Mark("a", 5, 9)])) == 1


def test_concentration_of_620_90_60_and_30_words() -> None:
    spoken = {"P1": 620, "P2": 90, "P3": 60, "P4": 30}
    turns: list[Turn] = [(who, " ".join([who] * words)) for who, words in spoken.items()]
    read = document(*turns)
    everything = (Mark("trust", 0, len(read.text)),)
    found = count(ReadDocument("d", read.text, read.stretches, everything))
    assert found.top_participant == "P1"
    assert found.top_share == pytest.approx(0.775)
    assert found.effective_participants == pytest.approx(1.61, abs=0.005)
    assert set(found.flags()) == {"one_speaker", "one_document"}


def test_two_equal_speakers_are_no_single_speaker() -> None:
    found = count(
        document(
            ("P1", "one two"),
            ("P2", "one two"),
            ("P3", "no"),
            codes=[("trust", "one two\none two")],
        )
    )
    assert found.effective_participants == pytest.approx(2.0)
    assert "one_speaker" not in set(found.flags())


def test_a_code_of_a_single_participant_is_flagged_even_among_two() -> None:
    found = count(document(("P1", "one two"), ("P2", "three"), codes=[("trust", "one")]))
    assert "one_speaker" in set(found.flags())


def test_a_turn_of_two_speakers_counts_for_both() -> None:
    found = count(document((("P1", "P2"), "we did trust her"), codes=[("trust", "trust")]))
    assert (found.participants, found.turns, found.words) == ({"P1", "P2"}, 1, 1)
    assert found.words_by == {"P1": 1, "P2": 1}


def test_a_coding_is_clipped_to_eligible_turns_and_still_counts_once() -> None:
    read = document(
        ("P1", "I trust"), (None, "Go on please"), ("P2", "her too"),
        codes=[("trust", "I trust\nGo on please\nher too")],
    )  # fmt: skip
    found = count(read)
    assert (found.codings, found.turns, found.words) == (1, 2, 4)
    assert found.characters == len("I trust") + len("her too")


def test_a_coding_of_a_moderator_only_is_dropped_and_counted_as_dropped() -> None:
    read = document(("P1", "yes"), (None, "Did you trust her?"), codes=[("trust", "trust her")])
    counts = frequencies([read], {"trust": ["trust"]})
    assert (counts.rows[0].codings, counts.dropped) == (0, 1)


def test_a_coding_without_letter_or_digit_is_dropped() -> None:
    read = document(("P1", "well — yes"), codes=[("trust", "—")])
    counts = frequencies([read], {"trust": ["trust"]})
    assert (counts.rows[0].codings, counts.dropped) == (0, 1)


def test_a_word_is_covered_if_its_first_letter_or_digit_is() -> None:
    turn: Turn = ("P1", "he “trusted” her")
    assert count(document(turn, codes=[("trust", "trusted")])).words == 1
    assert count(document(turn, codes=[("trust", "rusted” h")])).words == 1
    assert count(document(turn, codes=[("trust", "rusted”")])).words == 0


def test_a_word_that_begins_where_a_coding_ends_is_not_covered() -> None:
    assert count(document(("P1", "I trust her"), codes=[("trust", "I ")])).words == 1


def test_a_document_without_speakers_counts_for_documents_but_not_participants() -> None:
    read = ReadDocument("notes", "We trust them.", (Stretch(0, 14),), (Mark("trust", 0, 8),))
    found = count(read)
    assert (len(found.documents), len(found.base.participants)) == (1, 0)
    assert (found.top_participant, found.top_share, found.effective_participants) == (None,) * 3


def test_a_participant_of_two_documents_counts_once() -> None:
    read = [document(("P1", "trust"), name=name, codes=[("trust", "trust")]) for name in "de"]
    found = count(*read)
    assert (len(found.documents), len(found.participants), found.codings) == (2, 1, 2)


def test_focus_groups_are_documents_of_two_participants_or_more() -> None:
    group = document(("P1", "trust"), ("P2", "no"), name="fg", codes=[("trust", "trust")])
    interview = document(("P3", "trust"), name="int", codes=[("trust", "trust")])
    found = count(group, interview)
    assert (found.focus_groups, found.base.focus_groups) == ({"fg"}, {"fg"})


def test_an_unused_code_is_zero_of_n_without_flags() -> None:
    found = count(document(("P1", "nothing here")))
    assert (found.codings, len(found.participants), len(found.base.participants)) == (0, 0, 1)
    assert (found.share, found.per_1000_words, found.top_share) == (0.0, 0.0, None)
    assert list(found.flags()) == []


def test_no_eligible_word_leaves_shares_undefined() -> None:
    found = count(ReadDocument("d", "…", (), ()))
    assert (found.share, found.per_1000_words) == (None, None)


def test_unlike_valences_of_a_united_coding_are_mixed() -> None:
    read = document(
        ("P1", "a b c d e f"),
        codes=[
            ("trust", "a b", "barrier"),
            ("trust", "b c", "facilitator"),
            ("trust", "e", "barrier", True),
        ],
    )
    found = count(read)
    assert dict(found.valence) == {"mixed": 1, "barrier": 1}
    assert found.disconfirming == 1


def test_a_coding_without_valence_does_not_blur_one_that_has_it() -> None:
    assert joint_valence(["barrier", None]) == "barrier"
    assert joint_valence([None, None]) is None


def test_groups_split_turns_and_a_turn_of_two_groups_counts_in_both() -> None:
    stretches = (
        Stretch(0, 5, ("P1",), ("north",)),
        Stretch(6, 11, ("P2",), ("south",)),
        Stretch(12, 17, ("P1", "P2"), ("north", "south")),
    )
    read = ReadDocument("d", "trust trust trust", stretches, (Mark("trust", 0, 17),))
    rows = {
        row.group: row for row in frequencies([read], {"trust": ["trust"]}, ["north", "south"]).rows
    }
    assert [(g, r.codings, r.turns) for g, r in rows.items()] == [
        ("*", 1, 3), ("north", 1, 2), ("south", 1, 2),
    ]  # fmt: skip
    assert rows["north"].base.words == 2


def test_the_range_between_coders_adds_up_over_documents() -> None:
    stretch = (Stretch(0, 5, ("P1",)),)
    one, two = Mark("trust", 0, 1), Mark("trust", 2, 3)
    read = [
        ReadDocument("d", "a b c", stretch, (one,), ((one,), (one, two))),
        ReadDocument("e", "a b c", stretch, (one,), ((one,), ())),
    ]
    found = count(*read)
    assert (found.codings, found.codings_min, found.codings_max) == (2, 1, 3)


spans = st.lists(
    st.tuples(st.integers(0, 29), st.integers(1, 30)).filter(lambda s: s[0] < s[1]), max_size=6
)


@quick
@given(spans, st.data())
def test_a_duplicate_nested_in_a_coding_changes_no_figure(
    drawn: list[tuple[int, int]], data: st.DataObject
) -> None:
    text = "ab cd, ef gh. ij — kl mn op qr"
    stretches = (Stretch(0, 13, ("P1",)), Stretch(14, 30, ("P2",)))
    marks = [Mark("trust", start, stop) for start, stop in drawn]
    nested = list(marks)
    for start, stop in drawn:
        inner = data.draw(st.integers(start, stop - 1))
        nested.append(Mark("trust", inner, data.draw(st.integers(inner + 1, stop))))
    one, two = (count(ReadDocument("d", text, stretches, tuple(m))) for m in (marks, nested))
    assert one == two


@quick
@given(st.text("ab_ —“’1\n", max_size=24), st.data())
def test_words_are_runs_whose_first_letter_or_digit_is_covered(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    firsts = [word.start() for word in re.finditer(r"[^\W_]\S*", text)]
    read = ReadDocument("d", text, (Stretch(0, len(text), ("P1",)),), (Mark("trust", start, stop),))
    found = count(read)
    assert found.base.words == len(firsts)
    if stop > start and found.codings:
        assert found.words == sum(start <= first < stop for first in firsts)


@quick
@given(spans, spans)
def test_a_parent_covers_what_it_and_its_child_cover_and_nothing_twice(
    own: list[tuple[int, int]], below: list[tuple[int, int]]
) -> None:
    marks = [Mark("parent", *one) for one in own] + [Mark("child", *one) for one in below]
    read = ReadDocument("d", "x" * 30, (Stretch(0, 30, ("P1",)),), tuple(marks))
    parent, child = frequencies([read], {"parent": ["parent", "child"], "child": ["child"]}).rows
    covered = {at for start, stop in own + below for at in range(start, stop)}
    assert parent.characters == len(covered)
    assert parent.codings <= len(own) + len(below)
    assert parent.characters >= child.characters


@quick
@given(spans)
def test_hulls_are_where_united_codings_begin_and_end(drawn: list[tuple[int, int]]) -> None:
    marks = [Mark("trust", *one) for one in drawn]
    assert hulls(marks) == [(one.start, one.stop) for one in unite(marks)]

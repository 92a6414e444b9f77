"""The layer over a text: two positions, one meaning."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qualcode.model import Span
from qualcode.text.redaction import Layer, Rendering, Replacement, united

TEXT = "I met Dana Will at the door."


def rendering() -> Rendering:
    return Rendering(TEXT, [Replacement(6, 15, "[P01]")])


@st.composite
def renderings(draw: st.DrawFn) -> Rendering:
    text = draw(st.text(alphabet="ab \n", min_size=1, max_size=60))
    spans = draw(
        st.lists(
            st.tuples(st.integers(0, len(text) - 1), st.integers(1, 8)).map(
                lambda pair: (Span(pair[0], min(len(text), pair[0] + pair[1])), f"[{pair[1]}]")
            ),
            max_size=8,
        )
    )
    return Rendering(text, united(spans))


def test_a_redaction_shows_its_label() -> None:
    assert rendering().text == "I met [P01] at the door."


def test_a_stretch_that_cuts_a_redaction_grows_to_all_of_it() -> None:
    cutting = Span(TEXT.index("Will"), TEXT.index(" the"))
    assert rendering().grown(cutting) == Span(6, TEXT.index(" the"))
    assert rendering().cut(cutting) == "[P01] at"


def test_a_stretch_beside_a_redaction_stays_as_it_is() -> None:
    assert rendering().cut(Span(0, 5)) == "I met"
    assert rendering().cut(Span(16, 18)) == "at"


def test_overlapping_redactions_are_one_under_the_longest_label() -> None:
    assert united([(Span(0, 4), "[a]"), (Span(2, 9), "[b]"), (Span(9, 12), "[c]")]) == [
        Replacement(0, 9, "[b]"),
        Replacement(9, 12, "[c]"),
    ]


@given(renderings())
def test_places_never_run_backwards(shown: Rendering) -> None:
    there = [shown.to_view(n) for n in range(len(shown.original) + 1)]
    back = [shown.to_text(n) for n in range(len(shown.text) + 1)]
    assert there == sorted(there)
    assert back == sorted(back)
    assert there[0] == back[0] == 0
    assert (there[-1], back[-1]) == (len(shown.text), len(shown.original))


@given(renderings(), st.data())
def test_what_is_cut_holds_whole_labels_and_the_same_words_otherwise(
    shown: Rendering, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(shown.original) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(shown.original))))
    whole = shown.grown(span)
    assert (whole.start <= span.start, whole.stop >= span.stop) == (True, True)
    assert shown.grown(whole) == whole
    inside = [one for one in shown.replacements if whole.start <= one.start < whole.stop]
    again = Rendering(
        shown.original[whole.start : whole.stop],
        [Replacement(r.start - whole.start, r.stop - whole.start, r.label) for r in inside],
    )
    assert shown.cut(span) == again.text


def layer() -> Layer:
    return Layer({}, {"Dana Will": "[A]", "Dana": "[A]", "Al": "[B]"}, redactions=3)


def test_loose_words_show_labels_for_whole_names_only() -> None:
    assert layer().words("Also Al, and Dana\nWill; Dana_1.txt") == "Also [B], and [A]; [A]_1.txt"


def test_names_left_in_loose_words_are_each_told_once() -> None:
    assert layer().left_in("Al and Al and Dana") == ["Al", "Dana"]


def test_identified_text_is_shown_as_it_was_said() -> None:
    identified = Layer({"d": [Replacement(0, 2, "[B]")]}, {"Al": "[B]"}, 1, "the ethics board")
    assert not identified.active
    assert identified.words("Al") == identified.rendering("d", "Al").text == "Al"
    assert "the ethics board" in (identified.note() or "")

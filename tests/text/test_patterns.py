"""Words and patterns in texts: what is found, and what is stopped."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.model import Span
from qualcode.text.patterns import BadPattern, matches, words

ENDLESS = "(a+)+$"


def found(text: str, places: list[Span]) -> list[str]:
    return [text[one.start : one.stop] for one in places]


@pytest.mark.parametrize(
    ("asked", "text", "there"),
    [
        ("bed", "A bed, a BED, bedding.", ["bed", "BED", "bed"]),
        ("her  name", "her\n\tname", ["her\n\tname"]),
        ("caf\u00e9", "cafe\u0301 Caf\u00e9", ["cafe\u0301", "Caf\u00e9"]),
        ("a.b (x)", "axb (x) a.b (x)", ["a.b (x)"]),
        ("  ", "a  b", []),
        ("x", "", []),
    ],
)
def test_words_are_found_in_any_case_and_over_line_breaks(
    asked: str, text: str, there: list[str]
) -> None:
    assert found(text, words(asked, [text])[0]) == there


def test_a_pattern_is_found_text_by_text_line_by_line_and_never_empty() -> None:
    texts = ["one bed\nTWO beds", "none", "\ud800 b\U0001f600d bud"]
    each = matches(r"^two|b.d|x*", texts)
    assert [found(text, places) for text, places in zip(texts, each, strict=True)] == [
        ["bed", "TWO", "bed"], [], ["b\U0001f600d", "bud"],
    ]  # fmt: skip
    assert [len(places) for places in matches("b.d", texts, first=True)] == [1, 0, 1]
    assert matches("(?-i:TWO)", ["two TWO"]) == [[Span(4, 7)]]


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text(), max_size=4), st.text(min_size=1, max_size=2))
def test_an_escaped_text_is_a_pattern_for_itself(texts: list[str], asked: str) -> None:
    import re

    each = matches(f"(?-i:{re.escape(asked)})", texts)
    for text, places in zip(texts, each, strict=True):
        assert len(places) == text.count(asked)
        assert set(found(text, places)) <= {asked}


@pytest.mark.parametrize(
    ("pattern", "position"), [("b(", 1), ("ab[", 2), ("*", 0), ("(" * 5000 + ")" * 5000, 0),
                              ("a{99999999999}", 0)],
)  # fmt: skip
def test_what_is_no_pattern_says_where(pattern: str, position: int) -> None:
    with pytest.raises(BadPattern) as caught:
        matches(pattern, ["text"])
    assert caught.value.position == position


def test_a_pattern_without_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    children: list[subprocess.Popen[bytes]] = []

    class Watched(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            children.append(self)

    monkeypatch.setattr("qualcode.text.patterns.subprocess.Popen", Watched)
    with pytest.raises(TimeoutError, match=r"more than 0\.5 seconds"):
        matches(ENDLESS, ["a" * 200_000 + "b"], seconds=0.5)
    (child,) = children
    assert child.returncode is not None
    assert child.returncode != 0


def test_the_child_reads_nothing_but_its_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere/x.py")
    assert matches("b+", ["abba"]) == [[Span(1, 3)]]


def test_a_long_text_is_one_like_any_other() -> None:
    text = "word " * 40_000 + "end"
    assert matches("end$", [text]) == [[Span(200_000, 200_003)]]
    assert words("end", [text]) == [[Span(200_000, 200_003)]]

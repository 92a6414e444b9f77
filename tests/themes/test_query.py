"""The language of excerpt queries: what is understood, and where what is not goes wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import QueryProblem
from qualcode.themes.query import And, Names, Near, Node, Not, Or, named, parse

CODES = {
    "trust": ("trust", frozenset({"trust", "hope"})),
    "hope": ("hope", frozenset({"hope"})),
    "warm_handoff": ("warm_handoff", frozenset({"warm_handoff"})),
    "Officer buy-in": ("buy_in", frozenset({"buy_in"})),
}
NAMES = Names(CODES, ["site", "years in service"], ["P1", "Ana B"], ["A-FG1"], ["ana"], ["round 2"])


def told(node: Node) -> str:
    """A tree, every group in brackets."""
    if isinstance(node, Not):
        return f"!{told(node.of)}"
    if isinstance(node, Near):
        return f"[{told(node.a)} ~{node.turns} {told(node.b)}]"
    if isinstance(node, And):
        return f"[{' & '.join(map(told, node.parts))}]"
    if isinstance(node, Or):
        return f"[{' | '.join(map(told, node.parts))}]"
    own = "!" if node.own else ""
    if node.kind in ("attribute", "valence"):
        return f"{node.name}{node.relation}{node.value}"
    return f"{node.value}{own}" if node.kind == "code" else f"{node.kind}:{node.value}"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("trust", "trust"),
        ("trust!", "trust!"),
        ("  code:trust!  ", "trust!"),
        ('code:"trust"!', "trust!"),
        ('"her name"', "text:her name"),
        ("“her name”", "text:her name"),
        (r'"say \"no\""', 'text:say "no"'),
        (r"/a\/b+/", r"regex:a\/b+"),
        ('site="Port Alder"', "site=Port Alder"),
        ("site != North", "site!=North"),
        ("years<5", "years<5"),
        ("years >= 5.5", "years>=5.5"),
        ("on>2024-05-01", "on>2024-05-01"),
        ('"years in service">5', "years in service>5"),
        ("speaker:P1", "speaker:P1"),
        ('document:"A FG 1"', "document:A FG 1"),
        ('coder:ana AND round: "round 2"', "[coder:ana & round:round 2]"),
        ("has:Exemplar", "has:Exemplar"),
        ("valence=none", "valence=none"),
        ("a OR b AND c", "[a | [b & c]]"),
        ("(a OR b) AND c", "[[a | b] & c]"),
        ("NOT a AND b", "[!a & b]"),
        ("NOT (a AND b)", "![a & b]"),
        ("NOT NOT a", "!!a"),
        ("a NEAR/3 b AND c", "[[a ~3 b] & c]"),
        ("a NEAR b OR c", "[[a ~2 b] | c]"),
        ("(a OR b) NEAR/0 c", "[[a | b] ~0 c]"),
        ('a AND NOT b NEAR/1 "x"', ""),
        ("a AND b AND c", "[a & b & c]"),
        ("andy OR orwell", "[andy | orwell]"),
    ],
)
def test_what_a_query_means(text: str, tree: str) -> None:
    if tree:
        assert told(parse(text).tree) == tree
    else:
        with pytest.raises(QueryProblem, match="NEAR joins codes"):
            parse(text)


@pytest.mark.parametrize("scope", ["overlap", "turn", "document", "participant"])
def test_within_stands_at_the_end(scope: str) -> None:
    assert parse(f"a AND b WITHIN {scope}").within == scope
    assert parse("a AND b").within == "overlap"


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", 1, "ends where a term"),
        ("a AND", 6, "ends where a term"),
        ("AND a", 1, "before AND"),
        ("a and b", 3, "AND in capitals"),
        ("a NOT b", 3, "AND or OR before NOT"),
        ("a b", 3, "takes _ for blanks"),
        ("(a OR (b)", 1, "never closed"),
        ("a)", 2, "no parenthesis is open"),
        ("a AND =b", 7, "a term is expected"),
        ('a AND "b', 7, "never closed"),
        ('""', 1, "no word"),
        ("a AND /b", 7, "no closing slash"),
        ("//", 1, "empty"),
        ("has:notes", 5, "memo, exemplar, disconfirming"),
        ("valence=good", 9, "facilitator"),
        ("valence<barrier", 8, "= or !="),
        ("site<North", 6, "numbers, and dates"),
        ("site=", 6, "a value"),
        ("place:x", 1, "no prefix"),
        ("a NEAR/x b", 3, "NEAR/2"),
        ("a NEAR/1001 b", 8, "at most 1,000 turns"),
        (f"a NEAR/{'9' * 5000} b", 8, "at most 1,000 turns"),
        ("a NEAR/2 site=b", 10, "NEAR joins"),
        ("a NEAR/2 b NEAR/2 c", 12, "NEAR joins two"),
        ("a WITHIN house", 10, "overlap, turn"),
        ("a WITHIN turn AND b", 15, "expected AND"),
        ("(a WITHIN turn)", 4, "at the end"),
        ("(" * 60 + "a" + ")" * 60, 52, "inside one another"),
    ],
)
def test_an_error_points_at_its_column(text: str, column: int, says: str) -> None:
    with pytest.raises(QueryProblem, match=says) as caught:
        parse(text)
    assert caught.value.column == column
    assert caught.value.exit_code == 2
    message, line, caret = str(caught.value).splitlines()
    assert message.startswith(f"Column {column}: ")
    assert (line, caret) == (f"  {text}", " " * (column + 1) + "^")


def test_the_caret_stands_under_its_place_after_wide_and_unprintable_signs() -> None:
    with pytest.raises(QueryProblem) as caught:
        parse("“信任”\tand\x1b b")
    _, line, caret = str(caught.value).splitlines()
    assert line == "  “信任” and  b"
    assert caret.index("^") == line.index("and") + 2  # two signs take two columns each


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("trust AND hopp", 11, "near: hope"),
        ("zzz", 1, "codebook show"),
        ("site=x AND sight=x", 12, "near: site"),
        ("speaker:P9", 1, "there are: P1, Ana B"),
        ("document:Q", 1, "there are: A-FG1"),
        ("coder:anna", 1, "near: ana"),
        ("NOT round:one", 5, "there are: round 2"),
    ],
)
def test_an_unknown_name_says_which_are_near(text: str, column: int, says: str) -> None:
    with pytest.raises(QueryProblem, match=says) as caught:
        named(parse(text), NAMES)
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Trust", {"trust", "hope"}),
        ("trust!", {"trust"}),
        ("officer_buy-in", {"buy_in"}),
        ('code:"officer buy-in"', {"buy_in"}),
        ("NOT trust", set()),
        ("NOT (hope AND NOT trust!)", {"trust"}),
        ("hope NEAR/2 warm_handoff OR NOT trust", {"hope", "warm_handoff"}),
        ('"hope" AND site=x', set()),
    ],
)
def test_codes_under_no_not_are_asked_for(text: str, codes: set[str]) -> None:
    assert named(parse(text), NAMES).asked_for() == codes


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='ab ()!"/=<>:ANDORTEW2\\“”\t', max_size=30) | st.text(max_size=15))
def test_whatever_is_typed_is_understood_or_refused_with_its_place(text: str) -> None:
    problem: QueryProblem | None = None
    try:
        named(parse(text), NAMES)
    except QueryProblem as caught:
        problem = caught
    assert problem is None or 1 <= problem.column <= len(text) + 1
    assert problem is None or str(problem).count("\n") == 2

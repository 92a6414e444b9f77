"""What a query holds of: worked by eye, then against a slow second way on random studies."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.themes.matching import Coded, Found, Piece, Place, Record, compared, matching
from qualcode.themes.query import And, Names, Near, Node, Not, Or, Query, Term, named, parse

quick = settings(max_examples=100, deadline=None)

FAMILY = {"a": {"a", "aa"}, "aa": {"aa"}, "b": {"b"}, "c": {"c"}}
NAMES = Names(
    {code: (code, frozenset(below)) for code, below in FAMILY.items()},
    ["site", "years"],
    ["P1", "P2", "M"],
    ["d1", "d2"],
    ["ana", "ben"],
    ["r"],
)
PEOPLE = {"P1": {"site": "North", "years": "10"}, "P2": {"years": "9"}}
TEXTS = {"d1": "bed jail bed.    ask ", "d2": "jail bed "}


def query(text: str) -> Query:
    return named(parse(text), NAMES)


def finds(term: Term, pieces: Sequence[Piece]) -> Collection[Piece]:
    return {p for p in pieces if term.value in TEXTS[p[0]][p[1] : p[2]]}


def turn(start: int, who: str) -> Place:
    """A turn of four characters."""
    people = () if who == "M" else (who,)
    return Place(start, start + 4, (who,), people, who != "M")


#     0    4    8    12   16
# d1  bed  jail  bed.     ask     M P1 P2 P1 M
PLACES = tuple(turn(4 * i, who) for i, who in enumerate(["M", "P1", "P2", "P1", "M"]))
CODINGS = (
    Coded(4, 8, "a", "barrier", frozenset({"exemplar"})),
    Coded(6, 10, "b", "facilitator"),
    Coded(8, 12, "aa"),
    Coded(12, 14, "c", "mixed", frozenset({"memo", "disconfirming"})),
)
D1 = Record("d1", "d1", PLACES, CODINGS, "ana", "r", "x", {"site": "South"})
D2 = Record("d2", "d2", (turn(0, "P1"), turn(4, "P2")), (Coded(0, 4, "b"),), "ana", "r", "x")


def held(text: str, *records: Record, cut: bool = False) -> list[tuple[str, int, int]]:
    """What is found, as (code or turn, start, stop)."""
    every = records or (D1, D2)
    return [
        ("turn" if one.coding is None else every[one.record].codings[one.coding].code,
         one.start + 100 * one.record, one.stop + 100 * one.record)
        for one in matching(query(text), every, PEOPLE, finds, cut=cut)
    ]  # fmt: skip


A, B, AA, C, B2 = ("a", 4, 8), ("b", 6, 10), ("aa", 8, 12), ("c", 12, 14), ("b", 100, 104)
T1, T2, T3, U1, U2 = (
    ("turn", 4, 8), ("turn", 8, 12), ("turn", 12, 16), ("turn", 100, 104), ("turn", 104, 108),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", [A, AA]),
        ("a!", [A]),
        ("a AND b", [A, B, AA]),
        ("a! AND b", [A, B]),
        ("a AND NOT b", []),
        ("b AND NOT a", [B2]),
        ("a OR c", [A, AA, C]),
        ("c AND a", []),
        ("c AND a WITHIN document", [A, AA, C]),
        ("c AND a WITHIN participant", [A, C]),
        ("b AND c WITHIN participant", [B, C, B2]),
        ("aa AND b WITHIN turn", [B, AA]),
        ("a! AND aa WITHIN turn", []),
        ("b AND NOT c WITHIN document", [B2]),
        ("a AND valence=barrier", [A]),
        ("a AND valence!=barrier", []),
        ("a AND NOT valence=barrier", [AA]),
        ("(a OR b) AND valence=none", [AA, B2]),
        ("a AND has:exemplar", [A]),
        ("c AND has:memo AND has:disconfirming", [C]),
        ("b AND site=north", [B, B2]),
        ("b AND site=South", [B]),
        ("a AND site!=North", [AA]),
        ("NOT site=North", [T2, U2]),
        ("years>9", [T1, T3, U1]),
        ("years<10", [T2, U2]),
        ("years=9.0", [T2, U2]),
        ("speaker:P2", [T2, U2]),
        ("speaker:M AND a WITHIN document", []),
        ("document:D2", [U1, U2]),
        ("a AND coder:ana AND round:r", [A, AA]),
        ("a AND coder:ben", []),
        ('"jail"', [T1, U1]),
        ('"bed"', [T2, U2]),
        ('"bed" AND NOT aa', [U2]),
        ('b AND "bed" WITHIN turn', [B]),
        ('b AND "bed" WITHIN document', [B, B2]),
        ('b AND "jail"', [B2]),
        ("a! NEAR/1 c", []),
        ("a! NEAR/2 c", [A, C]),
        ("c NEAR/1 aa", [AA, C]),
        ("a NEAR/0 a", []),
        ("a NEAR/1 a", [A, AA]),
        ('b NEAR/1 "bed"', [B, B2]),
        ('"jail" NEAR/1 "bed"', [T1, T2, U1, U2]),
        ("has:exemplar", [T1]),
        ("valence=facilitator", [T1, T2]),
    ],
)  # fmt: skip
def test_what_a_query_holds_of(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert held(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a! AND b", [("a", 6, 8), ("b", 6, 8)]),
        ("a AND b AND NOT c", [("a", 6, 8), ("b", 6, 10), ("aa", 8, 10)]),
        ("b AND (a! OR aa)", [("a", 6, 8), ("b", 6, 10), ("aa", 8, 10)]),
        ('b AND "jail"', [B2]),
        ("a", [A, AA]),
    ],
)
def test_cut_leaves_what_the_codes_share(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert held(text, cut=True) == expected


def test_another_coders_codings_never_make_a_query_hold() -> None:
    ana, ben = (
        replace(D1, codings=CODINGS[:1]),
        replace(D1, codings=CODINGS[1:2], coder="ben", reading="y"),
    )
    assert held("a AND b", ana, ben) == []
    assert held("a AND b WITHIN participant", ana, ben) == []
    assert held("a AND NOT b", ana, ben) == [A]


@pytest.mark.parametrize(
    ("value", "relation", "asked", "holds"),
    [
        ("10", ">", "9", True), ("9", ">", "10", False), ("5.0", "=", "5", True),
        ("2024-05-01", "<", "2024-11-30", True), ("2024-05", ">", "2024-04-30", True),
        ("abc", ">", "5", False), ("Port  Alder", "=", "port_alder", True), ("x", "!=", "y", True),
        ("1_0", "=", "10", False), ("nan", "<", "5", False), ("-3", "<=", "-3", True),
    ],
)  # fmt: skip
def test_numbers_compare_as_numbers_and_dates_as_dates(
    value: str, relation: str, asked: str, holds: bool
) -> None:
    assert compared(value, relation, asked) is holds


# A second way, as slow and as plain as can be: characters and turns one by one


def slowly(asked: Query, records: Sequence[Record], people: Mapping[str, Any]) -> list[Found]:
    found = []
    codes = _named_positively(asked.tree, True)
    for r, record in enumerate(records):
        if codes:
            each: list[tuple[int | None, int, int]] = [
                (i, c.start, c.stop) for i, c in enumerate(record.codings) if c.code in codes
            ]
        else:
            each = [(None, p.start, p.stop) for p in record.places if p.eligible]
        for i, start, stop in each:
            if _holds(asked.tree, asked.within, records, r, i, start, stop, people):
                found.append(Found(r, i, start, stop))
    return found


def _named_positively(node: Node, yes: bool) -> set[str]:
    match node:
        case Term():
            return set(node.codes) if yes else set()
        case Not():
            return _named_positively(node.of, not yes)
        case Near():
            return _named_positively(node.a, yes) | _named_positively(node.b, yes)
        case _:
            return set().union(*(_named_positively(p, yes) for p in node.parts))


def _at(record: Record, start: int, stop: int) -> list[int]:
    return [
        i
        for i, p in enumerate(record.places)
        if set(range(start, stop)) & set(range(p.start, p.stop))
    ]


def _region(within: str, records: Any, r: int, start: int, stop: int) -> set[tuple[int, int]]:
    """Where to look: (record, character)."""
    turns = _at(records[r], start, stop)
    own = {(r, x) for x in range(start, stop)}
    if within == "overlap":
        return own
    if within == "document":
        return {(r, x) for x in range(100)}
    who = {w for i in turns for w in records[r].places[i].people}
    if within == "participant" and who:
        return {
            (q, x)
            for q, other in enumerate(records)
            if other.reading == records[r].reading
            for place in other.places
            if who & set(place.people)
            for x in range(place.start, place.stop)
        }
    spans = [records[r].places[i] for i in turns]
    return {(r, x) for p in spans for x in range(p.start, p.stop)} or own


def _things(node: Node, record: Record) -> list[tuple[object, set[int]]]:
    """What NEAR joins: each with its characters."""
    if isinstance(node, Or):
        return [thing for part in node.parts for thing in _things(part, record)]
    assert isinstance(node, Term)
    if node.kind == "code":
        return [
            (i, set(range(c.start, c.stop)))
            for i, c in enumerate(record.codings)
            if c.code in node.codes
        ]
    return [
        ((node.value, p.start), set(range(p.start, p.stop)))
        for p in record.places
        if node.value in TEXTS[record.document][p.start : p.stop]
    ]


def _numbers(record: Record, characters: set[int]) -> list[int]:
    eligible = [p for p in record.places if p.eligible]
    return [n for n, p in enumerate(eligible) if characters & set(range(p.start, p.stop))]


def _holds(
    node: Node, within: str, records: Any, r: int, i: int | None, start: int, stop: int, people: Any
) -> bool:
    def again(part: Node) -> bool:
        return _holds(part, within, records, r, i, start, stop, people)

    record = records[r]
    region = _region(within, records, r, start, stop)
    match node:
        case Not():
            return not again(node.of)
        case And():
            return all(again(part) for part in node.parts)
        case Or():
            return any(again(part) for part in node.parts)
        case Near():
            return any(
                abs(m - n) <= node.turns
                for q, other in enumerate(records)
                for key_a, a in _things(node.a, other)
                for key_b, b in _things(node.b, other)
                if key_a != key_b and any((q, x) in region for x in a | b)
                for m in _numbers(other, a)
                for n in _numbers(other, b)
            )
    if node.kind == "code":
        return any(
            (q, x) in region
            for q, other in enumerate(records)
            for c in other.codings
            if c.code in node.codes
            for x in range(c.start, c.stop)
        )
    if node.kind == "text":
        for q, other in enumerate(records):
            for p in other.places:
                said = "".join(
                    TEXTS[other.document][x : x + 1]
                    for x in range(p.start, p.stop)
                    if (q, x) in region
                )
                if node.value in said:
                    return True
        return False
    if node.kind in ("valence", "has"):
        mine = (
            [record.codings[i]]
            if i is not None
            else [
                c for c in record.codings if set(range(c.start, c.stop)) & set(range(start, stop))
            ]
        )
        if node.kind == "has":
            return any(node.value in c.marks for c in mine)
        return any(((c.valence or "none") == node.value) for c in mine)
    turns = [record.places[t] for t in _at(record, start, stop)]
    if node.kind == "speaker":
        return any(node.value in p.speakers for p in turns)
    who = {w for p in turns for w in p.people}
    fallback = record.values.get(node.name, "")
    values = [people.get(w, {}).get(node.name) or fallback for w in who] or [fallback]
    return any(compared(value, node.relation, node.value) for value in values if value)


CODING = st.builds(
    lambda start, length, code, valence, exemplar: Coded(
        start, start + length, code, valence, frozenset(["exemplar"] if exemplar else [])
    ),
    st.integers(0, 18),
    st.integers(1, 7),
    st.sampled_from(sorted(FAMILY)),
    st.sampled_from([None, "barrier", "facilitator"]),
    st.booleans(),
)
STUDY = st.tuples(
    st.lists(CODING, max_size=6).map(lambda c: replace(D1, codings=tuple(c))),
    st.lists(CODING, max_size=3).map(lambda c: replace(D2, codings=tuple(c))),
    st.lists(CODING, max_size=3).map(
        lambda c: replace(D1, coder="ben", reading="y", codings=tuple(c))
    ),
)
PLACED = st.sampled_from(["a", "a!", "aa", "b", "c", '"bed"', '"jail"'])
NEARS = st.builds("{} NEAR/{} {}".format, PLACED, st.integers(0, 3), PLACED)
OWN = st.sampled_from(["valence=barrier", "has:exemplar", "site=North", "years<10", "speaker:P2"])
QUERIES = st.recursive(
    PLACED | NEARS | OWN,
    lambda inner: (
        st.builds("NOT ({})".format, inner)
        | st.builds("({}) AND ({})".format, inner, inner)
        | st.builds("({}) OR ({})".format, inner, inner)
    ),
    max_leaves=5,
)
SCOPES = st.sampled_from(["overlap", "turn", "document", "participant"])


@quick
@given(STUDY, QUERIES, SCOPES)
def test_a_plain_evaluator_finds_the_same(study: tuple[Record, ...], text: str, scope: str) -> None:
    asked = query(f"{text} WITHIN {scope}")
    assert matching(asked, study, PEOPLE, finds) == slowly(asked, study, PEOPLE)


@quick
@given(STUDY, QUERIES, QUERIES, SCOPES)
def test_the_laws_of_and_or_and_not(
    study: tuple[Record, ...], one: str, two: str, scope: str
) -> None:
    def found(text: str) -> list[Found]:
        return matching(query(f"{text} WITHIN {scope}"), study, PEOPLE, finds)

    assert found(f"NOT (NOT ({one}))") == found(one)
    assert found(f"({one}) AND ({two})") == found(f"({two}) AND ({one})")
    assert found(f"NOT (({one}) AND ({two}))") == found(f"NOT ({one}) OR NOT ({two})")
    assert found(f"({one}) AND ({one})") == found(one)


@quick
@given(STUDY, PLACED, PLACED, st.integers(0, 3), SCOPES)
def test_near_looks_both_ways(
    study: tuple[Record, ...], a: str, b: str, k: int, scope: str
) -> None:
    def found(text: str) -> list[Found]:
        return matching(query(f"{text} WITHIN {scope}"), study, PEOPLE, finds)

    assert found(f"{a} NEAR/{k} {b}") == found(f"{b} NEAR/{k} {a}")
    assert set(found(f"{a} NEAR/{k} {b}")) <= set(found(f"{a} NEAR/{k + 1} {b}"))


@quick
@given(STUDY, QUERIES)
def test_what_is_cut_lies_in_what_is_not(study: tuple[Record, ...], text: str) -> None:
    whole = matching(query(text), study, PEOPLE, finds)
    for part in matching(query(text), study, PEOPLE, finds, cut=True):
        assert any(
            (one.record, one.coding) == (part.record, part.coding)
            and one.start <= part.start < part.stop <= one.stop
            for one in whole
        )

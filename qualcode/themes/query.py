"""The language in which excerpts are asked for: from what was typed to a tree.

``officer_buy_in AND valence=barrier AND NOT leadership_signal AND site="Port Alder"``

Terms are codes, words of the text, and facts about an excerpt. NOT binds closest, then NEAR, AND,
OR; parentheses group. WITHIN, once and at the end, says where codes and words are looked for.
Every node knows its column, so that an error can point at it. What the names in a query stand for
is looked up by ``named``; what holds of which excerpt is the matter of ``themes.matching``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal, TypeAlias, get_args

from qualcode.errors import QueryProblem

Scope = Literal["overlap", "turn", "document", "participant"]
Kind = Literal[
    "code", "text", "regex", "attribute", "valence", "speaker", "document", "coder", "round", "has"
]

PREFIXES = ("code", "speaker", "document", "coder", "round", "has")
MARKS = ("memo", "exemplar", "disconfirming")
VALENCES = ("facilitator", "barrier", "mixed", "none")
NEAR = 2
"""How many turns NEAR reaches where no number is given."""

FARTHEST = 1000
"""How many it may reach."""

DEEPEST = 50
"""How far parentheses and NOTs may be nested."""

_OPERATORS = ("AND", "OR", "NOT", "NEAR", "WITHIN")
_CLOSING = {'"': '"', "“": "”", "„": "“"}
_WORD = re.compile(r'[^\s()"“”„=!<>:/]+')
_VALUE = re.compile(r'[^\s()"“”„]+')
_RELATION = re.compile(r"\s*(!=|<=|>=|=|<|>)")
_NEAR = re.compile(r"NEAR(?:/(\d+))?(?![^\s()])", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?\Z")
_DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?\Z")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that may hold of an excerpt."""

    kind: Kind
    value: str
    column: int
    name: str = ""
    """Of the attribute."""

    relation: str = "="
    own: bool = False
    """A code without those below it."""

    codes: frozenset[str] = frozenset()
    """Codes meant, once names are looked up."""


@dataclass(frozen=True, slots=True)
class Not:
    of: Node


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Two codings, or words, at most so many turns apart in one document."""

    a: Node
    b: Node
    turns: int


Node: TypeAlias = Term | Not | And | Or | Near


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was typed, and as it was understood."""

    text: str
    tree: Node
    within: Scope = "overlap"

    def terms(self, *kinds: Kind) -> Iterator[Term]:
        """The terms of these kinds, of all without, in the order they were typed."""
        return (term for term in _terms(self.tree) if not kinds or term.kind in kinds)

    def asked_for(self) -> frozenset[str]:
        """Codes that are named positively: under no NOT, or under two."""
        return frozenset().union(*(term.codes for term in _positive(self.tree, True)))


@dataclass(frozen=True, slots=True)
class Names:
    """What the names in a query may stand for; what can be told to somebody who mistypes one."""

    codes: Mapping[str, tuple[str, frozenset[str]]]
    """Short name or title → the code, and it with all below it."""

    attributes: Sequence[str] = ()
    speakers: Sequence[str] = ()
    documents: Sequence[str] = ()
    coders: Sequence[str] = ()
    rounds: Sequence[str] = ()


def parse(text: str) -> Query:
    """Understand a query; the names in it are not looked up yet.

    Raises:
        QueryProblem: With the column (from 1) of what cannot be understood.
    """
    return _Parser(text).query()


def named(query: Query, names: Names) -> Query:
    """The query with every name looked up: any case, blanks standing for underscores.

    Raises:
        QueryProblem: A name that stands for nothing, with those that are near.
    """
    return replace(query, tree=_mapped(query.tree, lambda term: _named(term, query.text, names)))


def folded(name: str) -> str:
    """A name as it is compared."""
    return "_".join(name.casefold().replace("_", " ").split())


def number(value: str) -> float | None:
    """The number a value is, None where it is none."""
    return float(value) if _NUMBER.match(value.strip()) else None


def date(value: str) -> str | None:
    """An ISO date (or month), which compares as text; None where the value is none."""
    return value.strip() if _DATE.match(value.strip()) else None


class _Parser:
    """Reads a query from left to right; one method for each level of the grammar."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def problem(self, message: str, at: int | None = None) -> QueryProblem:
        return QueryProblem(message, self.text, (self.at if at is None else at) + 1)

    def query(self) -> Query:
        tree = self.either()
        within = self.within()
        self.blank()
        if self.at < len(self.text):
            raise self.left_over()
        return Query(self.text, tree, within)

    def left_over(self) -> QueryProblem:
        if self.text[self.at] == ")":
            return self.problem("no parenthesis is open here.")
        found = _WORD.match(self.text, self.at)
        word = found.group() if found else ""
        if word == "WITHIN":
            return self.problem("WITHIN stands once, at the end of the query.")
        if word in _OPERATORS:
            return self.problem(f"expected AND or OR before {word}.")
        if word.upper() in _OPERATORS:
            return self.problem(f"write {word.upper()} in capitals.")
        return self.problem(
            "expected AND, OR, NEAR, WITHIN or the end; a name of several words takes _ for blanks."
        )

    def within(self) -> Scope:
        if not self.take("WITHIN"):
            return "overlap"
        self.blank()
        start = self.at
        found = _WORD.match(self.text, start)
        word = found.group() if found else ""
        self.at += len(word)
        for scope in get_args(Scope):
            if scope == word.casefold():
                return scope  # type: ignore[no-any-return]
        raise self.problem("WITHIN takes overlap, turn, document or participant.", start)

    def either(self) -> Node:
        parts = [self.both()]
        while self.take("OR"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self) -> Node:
        parts = [self.near()]
        while self.take("AND"):
            parts.append(self.near())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def near(self) -> Node:
        start = self.blank()
        left = self.negated()
        self.blank()
        found = _NEAR.match(self.text, self.at)
        if found is None:
            word = _WORD.match(self.text, self.at)
            if word is not None and word.group() == "NEAR":
                raise self.problem("NEAR takes a number of turns: NEAR/2.")
            return left
        self.require_place(left, start)
        turns = found[1].lstrip("0") if found[1] else ""
        if len(turns) > len(str(FARTHEST)) or int(turns or 0) > FARTHEST:
            raise self.problem(f"NEAR reaches at most {FARTHEST:,} turns.", found.start(1))
        self.at = found.end()
        start = self.blank()
        right = self.negated()
        self.require_place(right, start)
        self.blank()
        if _NEAR.match(self.text, self.at):
            raise self.problem("NEAR joins two: write (a NEAR/2 b) AND (b NEAR/2 c).")
        return Near(left, right, NEAR if found[1] is None else int(turns or 0))

    def require_place(self, node: Node, at: int) -> None:
        """What is near something must have a place: codes and words, or several joined by OR."""
        if isinstance(node, Or):
            for part in node.parts:
                self.require_place(part, at)
        elif not (isinstance(node, Term) and node.kind in ("code", "text", "regex")):
            raise self.problem('NEAR joins codes, "words" and /patterns/, or several with OR.', at)

    def negated(self) -> Node:
        if self.take("NOT"):
            return Not(self.deeper(self.negated))
        return self.single()

    def single(self) -> Node:
        start = self.blank()
        if start == len(self.text):
            raise self.problem("the query ends where a term is expected.")
        character = self.text[start]
        if character == "(":
            self.at += 1
            inside = self.deeper(self.either)
            self.blank()
            if not self.text.startswith(")", self.at):
                if self.at < len(self.text):
                    raise self.left_over()
                raise self.problem("this parenthesis is never closed.", start)
            self.at += 1
            return inside
        if character == "/":
            return self.regex(start)
        if character in _CLOSING:
            return self.quoted_term(start)
        return self.word_term(start)

    def deeper(self, rule: Callable[[], Node]) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.problem(f"more than {DEEPEST} parentheses and NOTs inside one another.")
        node = rule()
        self.depth -= 1
        return node

    def regex(self, start: int) -> Term:
        found = re.compile(r"/((?:\\.|[^/\\])*)/", re.DOTALL).match(self.text, start)
        if found is None:
            raise self.problem("this pattern has no closing slash.", start)
        if not found[1]:
            raise self.problem("this pattern is empty.", start)
        self.at = found.end()
        return Term("regex", found[1], start + 1)

    def quoted_term(self, start: int) -> Term:
        words = self.quoted(start)
        relation = _RELATION.match(self.text, self.at)
        if relation is not None:  # an attribute whose name has blanks or signs in it
            return self.attribute(words, relation, start)
        if not words.strip():
            raise self.problem("there is no word between the quotation marks.", start)
        return Term("text", words, start + 1)

    def quoted(self, start: int) -> str:
        closing = _CLOSING[self.text[start]]
        pattern = rf"((?:\\.|[^\\{closing}])*){closing}"
        found = re.compile(pattern, re.DOTALL).match(self.text, start + 1)
        if found is None:
            raise self.problem("this quotation mark is never closed.", start)
        self.at = found.end()
        return re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL)

    def word_term(self, start: int) -> Term:
        found = _WORD.match(self.text, start)
        if found is None:
            raise self.problem("a term is expected here.", start)
        word = found.group()
        if word in _OPERATORS:
            raise self.problem(f"a term is expected before {word}.", start)
        self.at = found.end()
        if self.text.startswith(":", self.at):
            return self.prefixed(word, start)
        relation = _RELATION.match(self.text, self.at)
        if relation is not None:
            return self.attribute(word, relation, start)
        own = self.text.startswith("!", self.at)
        self.at += own
        return Term("code", word, start + 1, own=own)

    def prefixed(self, word: str, start: int) -> Term:
        if word.casefold() not in PREFIXES:
            near = _near(word.casefold(), PREFIXES) or ", ".join(PREFIXES)
            raise self.problem(f'"{word}:" is no prefix; there are: {near}.', start)
        self.at += 1
        at = self.blank()
        value = self.value()
        if word.casefold() == "has" and value.casefold() not in MARKS:
            raise self.problem(f"has: takes {', '.join(MARKS)}.", at)
        for kind in get_args(Kind):
            if kind == word.casefold():
                own = kind == "code" and self.text.startswith("!", self.at)
                self.at += own
                if kind == "code" and self.text[at] not in _CLOSING:
                    own, value = value.endswith("!"), value.removesuffix("!")
                return Term(kind, value, start + 1, own=own)
        raise AssertionError(word)

    def attribute(self, name: str, relation: re.Match[str], start: int) -> Term:
        self.at = relation.end()
        at = self.blank()
        value, sign = self.value(), relation[1]
        kind: Kind = "valence" if folded(name) == "valence" else "attribute"
        if kind == "valence":
            if value.casefold() not in VALENCES:
                raise self.problem(f"valence is one of {', '.join(VALENCES)}.", at)
            if sign not in ("=", "!="):
                raise self.problem(f"valence takes = or !=, not {sign}.", relation.start(1))
        elif sign not in ("=", "!=") and number(value) is None and date(value) is None:
            raise self.problem(f"{sign} compares numbers, and dates such as 2024-05-31.", at)
        return Term(kind, value, start + 1, name, sign)

    def value(self) -> str:
        start = self.blank()
        if self.text[start : start + 1] in _CLOSING:
            return self.quoted(start)
        found = _VALUE.match(self.text, start)
        if found is None:
            raise self.problem("a value is expected here.", start)
        self.at = found.end()
        return found.group()

    def take(self, word: str) -> bool:
        """Step over an operator if it stands here."""
        self.blank()
        found = _WORD.match(self.text, self.at)
        if found is None or found.group() != word:
            return False
        self.at = found.end()
        return True

    def blank(self) -> int:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at


def _named(term: Term, text: str, names: Names) -> Term:
    """A term with its name looked up."""
    if term.kind == "code":
        known = {folded(name): found for name, found in names.codes.items()}
        found = known.get(folded(term.value))
        if found is None:
            near = _near(term.value, list(names.codes)) or 'see "qualcode codebook show"'
            message = f'there is no code "{term.value}"; {near}.'
            raise QueryProblem(message, text, term.column)
        code, family = found
        return replace(term, value=code, codes=frozenset([code]) if term.own else family)
    if term.kind == "attribute":
        return replace(term, name=_known(term, "attribute", term.name, names.attributes, text))
    known_names = {
        "speaker": names.speakers, "document": names.documents, "coder": names.coders,
        "round": names.rounds,
    }  # fmt: skip
    if term.kind in known_names:
        return replace(
            term, value=_known(term, term.kind, term.value, known_names[term.kind], text)
        )
    return replace(term, value=term.value.casefold()) if term.kind in ("has", "valence") else term


def _known(term: Term, kind: str, name: str, known: Sequence[str], text: str) -> str:
    for one in known:
        if folded(one) == folded(name):
            return one
    near = _near(name, known)
    some = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")
    hint = f"; {near}" if near else f"; there are: {some}" if known else ""
    raise QueryProblem(f'there is no {kind} "{name}"{hint}.', text, term.column)


def _near(name: str, known: Sequence[str]) -> str:
    """``near: a, b``; empty where nothing is."""
    by_fold = {folded(one): one for one in reversed(known)}
    close = get_close_matches(folded(name), list(by_fold), n=4)
    close = close or [one for one in by_fold if folded(name) and folded(name) in one][:4]
    return f"near: {', '.join(by_fold[one] for one in close)}" if close else ""


def _terms(node: Node) -> Iterator[Term]:
    if isinstance(node, Term):
        yield node
    else:
        for part in parts(node):
            yield from _terms(part)


def _positive(node: Node, positive: bool) -> Iterator[Term]:
    """The terms under an even number of NOTs."""
    if isinstance(node, Term):
        if positive:
            yield node
    else:
        for part in parts(node):
            yield from _positive(part, positive != isinstance(node, Not))


def parts(node: Node) -> tuple[Node, ...]:
    """What a node joins; nothing for a term."""
    if isinstance(node, And | Or):
        return node.parts
    if isinstance(node, Near):
        return node.a, node.b
    return (node.of,) if isinstance(node, Not) else ()


def _mapped(node: Node, change: Callable[[Term], Term]) -> Node:
    if isinstance(node, Term):
        return change(node)
    if isinstance(node, Not):
        return Not(_mapped(node.of, change))
    if isinstance(node, Near):
        return Near(_mapped(node.a, change), _mapped(node.b, change), node.turns)
    return type(node)(tuple(_mapped(part, change) for part in node.parts))

"""The key and colour each code gets, and its place in the tree."""

from __future__ import annotations

from qualcode.model import Code
from qualcode.tui.codes import KEYS, NO_KEY, depths, path, shown_codes


def code(name: str, **fields: object) -> Code:
    return Code(name, name, **fields)  # type: ignore[arg-type]


def keys(*codes: Code) -> list[str]:
    return [shown.key for shown in shown_codes(codes).values()]


def test_keys_run_from_1_in_codebook_order() -> None:
    assert keys(code("a"), code("b"), code("c")) == ["1", "2", "3"]


def test_a_key_given_by_the_codebook_is_kept_and_not_given_twice() -> None:
    assert keys(code("a"), code("b", key="1"), code("c", key="w")) == ["2", "1", "w"]


def test_of_two_codes_that_claim_a_key_the_first_has_it() -> None:
    assert keys(code("a", key="x"), code("b", key="x")) == ["x", "1"]


def test_a_heading_has_no_key() -> None:
    assert keys(code("a", codable=False), code("b")) == [NO_KEY, "1"]


def test_letters_follow_the_digits_and_codes_beyond_them_have_none() -> None:
    many = keys(*(code(f"c{n}") for n in range(len(KEYS) + 2)))
    assert many[9] == "a"
    assert many[-3:] == ["Z", NO_KEY, NO_KEY]
    assert len(set(many[:-2])) == 61


def test_a_colour_of_the_codebook_is_kept_and_others_get_one() -> None:
    shown = shown_codes([code("a", colour="#123456"), code("b"), code("c", colour="red")])
    assert shown["a"].colour == "#123456"
    assert shown["b"].colour.startswith("#")
    assert shown["c"].colour.startswith("#")
    assert shown["b"].colour != shown["c"].colour


def test_names_are_titles() -> None:
    assert shown_codes([code("warm_handoff")])["warm_handoff"].name == "warm handoff"


def test_depth_and_path_follow_the_parents() -> None:
    tree = [code("top"), code("mid", parent="top"), code("leaf", parent="mid"), code("other")]
    assert depths(tree) == {"top": 0, "mid": 1, "leaf": 2, "other": 0}
    assert path(tree[2], tree) == "top › mid"
    assert path(tree[0], tree) == ""


def test_a_parent_that_is_not_there_leaves_the_code_at_the_top() -> None:
    orphan = code("leaf", parent="gone")
    assert depths([orphan]) == {"leaf": 0}
    assert path(orphan, [orphan]) == ""

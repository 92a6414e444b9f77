"""Codebook files: what comes in, and what is said about what does not."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from qualcode.codebook_files import read_yaml
from qualcode.errors import InputProblems


def book(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "book.yaml"
    path.write_text(dedent(text), encoding="utf-8")
    return path


def problems(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    with pytest.raises(InputProblems) as caught:
        read_yaml(book(tmp_path, text))
    return [(p.line, p.message) for p in caught.value.problems]


def test_every_scalar_stays_the_text_that_was_written(tmp_path: Path) -> None:
    found = read_yaml(
        book(
            tmp_path,
            """
            codes:
              - {code: no, brief: 12:30}
              - {code: "010", brief: ~}
              - {code: 1_000, brief: on}
            """,
        )
    )
    assert [(c.code, c.brief) for c in found.codes] == [
        ("no", "12:30"),
        ("010", "~"),
        ("1_000", "on"),
    ]


def test_children_follow_their_parent_in_file_order(tmp_path: Path) -> None:
    found = read_yaml(
        book(
            tmp_path,
            """
            codebook: x
            version: v2
            codes:
              - code: a
                brief: .
                children: [{code: b, brief: .}, {code: c, brief: .}]
              - {code: d, brief: ., parent: b}
            """,
        )
    )
    assert (found.title, found.version) == ("x", "v2")
    assert [(c.code, c.parent, c.position) for c in found.codes] == [
        ("a", None, 0),
        ("b", "a", 0),
        ("d", "b", 0),
        ("c", "a", 1),
    ]


def test_all_problems_come_at_once_with_their_lines(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """\
        codes:
          - code: warm handoff
            colour: red
          - code: Warm Handoff
          - name: nameless
          - {code: x, parent: nowhere}
        """,
    )
    assert [line for line, _ in found] == [2, 4, 5, 6]
    assert found[1][1] == '"Warm Handoff" is defined twice (first on line 2).'


def test_a_circle_of_parents_is_named(tmp_path: Path) -> None:
    found = problems(tmp_path, "codes: [{code: a, parent: b}, {code: b, parent: a}, {code: c}]")
    assert [message for _, message in found] == [
        '"a" is its own ancestor: its parents form a circle.',
        '"b" is its own ancestor: its parents form a circle.',
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("codes: [&a {code: x}, *a]", "Anchors"),
        ("codes: [!!python/name:os.system {code: x}]", "Tags"),
        ("codes: []\n---\ncodes: []", "second"),
        ("codes: " + "[" * 80 + "]" * 80, "deep"),
        ("codes: [{code: x, code: y}]", "given twice"),
        ("codes: [", "not valid YAML"),
        ("- just a list", "mapping"),
        ("codes: [{code: x, key: ab}]", "one character"),
        ("codes: [{code: x, key: k}, {code: y, key: K}]", "taken"),
        ("codes: [{code: x, codable: maybe}]", "true or false"),
        ("codebook: empty", "no code"),
    ],
)
def test_what_could_surprise_is_refused(tmp_path: Path, text: str, word: str) -> None:
    assert any(word in message for _, message in problems(tmp_path, text))


def test_an_alias_bomb_is_refused_before_it_is_built(tmp_path: Path) -> None:
    levels = "\n".join(f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]" for n in range(1, 12))
    assert problems(tmp_path, f"a0: &a0 [x]\n{levels}\ncodes: *a11\n")[0][0] == 1


def test_unknown_keys_and_missing_definitions_are_warnings(tmp_path: Path) -> None:
    found = read_yaml(book(tmp_path, "codes: [{code: x, flavour: sour}]"))
    assert [w.message for w in found.warnings] == [
        '"x" has no definition.',
        'Unknown key "flavour" was left out.',
    ]


def test_near_misses_may_be_a_mapping_of_code_to_difference(tmp_path: Path) -> None:
    found = read_yaml(book(tmp_path, "codes: [{code: x, brief: b, near_miss: {y: not this}}]"))
    assert found.codes[0].near_miss == ("y: not this",)


def test_a_file_that_is_not_utf8_says_where(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_bytes(b"codes: [{code: caf\xe9}]")
    with pytest.raises(InputProblems, match="byte 18"):
        read_yaml(path)

"""Text is shown as it is: by what ``literal`` does, and by how the sources are written."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from rich.cells import cell_len

import qualcode.tui
from qualcode.tui.literal import cell, clipped, end_of, literal
from tests.tui.conftest import Study, on_screen, press, screens

NOTATIONS = [
    "[inaudible]", "[laughs]", "[crosstalk]", "[sic]", "[P3]", "[Officer Smith]", "[b]bold[/b]",
    "[@click=app.quit]CLICK[/]", "[/oops]", "[link=file:///etc/passwd]x[/link]", "[[x]]", "\\[x]",
    "[00:07:34]", "[#ff0000]red", "[$primary]", "$text", "[red]x[/]", "[reverse]", "[ ]",
]  # fmt: skip


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_notation_is_shown_whole(notation: str) -> None:
    assert literal(notation).plain == notation
    assert cell(notation).plain == notation


def test_control_and_bidirectional_characters_become_visible() -> None:
    assert literal("a\x1b]52;c;x\x07\u202eb\u2028").plain == "a␛]52;c;x␇␦b␦"
    assert cell("\x9b31m").plain == "␦31m"


def test_what_is_clipped_ends_in_an_ellipsis_and_fits() -> None:
    assert clipped("warm handoff", 12) == "warm handoff"
    assert clipped("warm handoff", 8) == "warm ha…"
    assert clipped("我们在一起", 6) == "我们…"
    assert clipped("warm", 0) == ""
    assert all(cell_len(clipped("我们 in one 👩‍👩‍👧 line", n)) <= n for n in range(20))


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("👩‍👩‍👧 family", "👩 family"), ("rage ❤️", "rage ❤"), ("wave 👋🏽", "wave 👋"),
        ("1️⃣ first", "1 first"), ("🇺🇦 flag", "UA flag"), ("two 👩‍⚕️\nlines", "two 👩\nlines"),
    ],
)  # fmt: skip
def test_a_name_is_drawn_in_characters_whose_width_nobody_disputes(name: str, drawn: str) -> None:
    assert literal(name).plain == drawn
    assert cell(name).plain == drawn
    assert clipped(name, 40) == end_of(name, 40) == drawn.replace("\n", " ")


def test_of_a_long_text_no_more_is_looked_at_than_is_shown() -> None:
    assert clipped("我们" * 10_000, 6) == "我们…"
    assert end_of("我们" * 10_000, 6) == "…我们"
    joined = "👩‍👩‍👧" * 20
    assert clipped(joined, 7) == "👩" * 3 + "…"


# The syntax tree of every source file here

SOURCES = sorted(Path(str(qualcode.tui.__path__[0])).rglob("*.py"))

SHOWING = {
    "Static", "Label", "Button", "Option", "Tree", "add_row", "add_column", "add_columns",
    "add_option", "add_leaf", "set_label", "notify",
}  # fmt: skip
"""Callables of Textual's that read a ``str`` as markup, or show what they are given."""

MAKES_LITERAL = {"literal", "cell", "literal_row", "shown", "drawn", "_row"}
"""Functions whose result cannot be read as markup; ``notify`` must also say ``markup=False``."""

MARKUP_ATTRIBUTES = {"border_title", "border_subtitle", "tooltip"}


def offences(source: str) -> list[str]:
    """Where text that does not stand in the source could be read as markup."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = _name(node.func)
            if name in ("from_markup", "from_text", "highlight"):
                found.append(f"{node.lineno}: {name} reads markup")
            if name in SHOWING:
                shown = [
                    *node.args,
                    *(k.value for k in node.keywords if k.arg in ("label", "prompt")),
                ]
                found += [f"{node.lineno}: {name}" for a in shown if not _is_literal(a)]
            if name == "notify" and not any(
                k.arg == "markup" and isinstance(k.value, ast.Constant) and k.value.value is False
                for k in node.keywords
            ):
                found.append(f"{node.lineno}: notify without markup=False")
            if name in ("OptionList", "CodeTree") and node.args:
                found.append(f"{node.lineno}: {name} with options")
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr in MARKUP_ATTRIBUTES:
                    found += [] if _is_literal(node.value) else [f"{node.lineno}: {target.attr}"]
    return found


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _is_literal(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return _name(value.func) in MAKES_LITERAL
    if isinstance(value, ast.Starred) and isinstance(value.value, ast.GeneratorExp):
        return _is_literal(value.value.elt)
    return isinstance(value, ast.Constant)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_variable_reaches_a_place_that_reads_markup(path: Path) -> None:
    assert offences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "Static(name)", "Label(f'{name}')", "app.notify(words)", "table.add_row(code.name)",
        "widget.border_title = name", "widget.tooltip = f'{name}'", "Content.from_markup(name)",
        "Option(prompt)", "app.notify('x')",
    ],
)  # fmt: skip
def test_the_check_finds_what_it_looks_for(source: str) -> None:
    assert offences(source)


@pytest.mark.parametrize(
    "source", ["Static('x')", "Option(literal(name))", "app.notify(shown(w), markup=False)"]
)
def test_the_check_lets_literal_text_pass(source: str) -> None:
    assert offences(source) == []


@pytest.mark.parametrize("keys", [["f2"], ["c"], ["1", "f3"], ["1", "f4"], ["f6"], ["1", "f8"]])
async def test_no_list_draws_a_code_name_whose_width_is_disputed(
    study: Study, keys: list[str]
) -> None:
    with study.open() as project:
        me = project.acting("ana")
        first = project.codebook.codes()[0]
        project.codebook.edit(first.id, by=me, name="kin ❤️ 👋🏽")
    async with screens(study) as pilot:
        await press(pilot, *keys)
        rows = on_screen(pilot)
        assert "kin ❤ 👋" in rows
        assert not set(rows) & set("\u200d\ufe0f🏽")

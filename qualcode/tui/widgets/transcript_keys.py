"""The keys of the transcript view: what moves, selects, walks through codings, changes the view."""

from __future__ import annotations

from textual.binding import Binding, BindingType


def _key(id_: str, keys: str, action: str, description: str, tooltip: str) -> Binding:
    return Binding(
        keys, action, description, id=id_, tooltip=tooltip, show=id_ == "select.sentence"
    )


def _move(step: str, keys: str, description: str, tooltip: str) -> Binding:
    return _key(f"move.{step}", keys, f"move('{step}')", description, tooltip)


def _extend(step: str, keys: str) -> Binding:
    return _key(
        f"select.extend_{step}",
        keys,
        f"extend('{step}')",
        f"Extend {step}",
        f"Extend the selection {step}",
    )


def _select(kind: str, key: str) -> Binding:
    return _key(
        f"select.{kind}",
        key,
        f"select_unit('{kind}')",
        kind.capitalize(),
        f"Select the {kind} here; again: add the next",
    )


KEYS: list[BindingType] = [
    _move("left", "left,h", "Left", "One character back"),
    _move("right", "right,l", "Right", "One character on"),
    _move("up", "up,k", "Up", "One row up"),
    _move("down", "down,j", "Down", "One row down"),
    _move("word_next", "w", "Next word", "To the next word"),
    _move("word_back", "b", "Word back", "To the word before"),
    _move("sentence_next", "right_parenthesis", "Next sentence", "To the next sentence"),
    _move("sentence_back", "left_parenthesis", "Sentence back", "To the sentence before"),
    _move("turn_next", "n", "Next turn", "To the next turn"),
    _move("turn_back", "p", "Turn back", "To the turn before"),
    _move("page_down", "pagedown,space", "Page down", "One page down"),
    _move("page_up", "pageup", "Page up", "One page up"),
    _move("row_start", "home", "Row start", "To the beginning of the row"),
    _move("row_end", "end", "Row end", "To the end of the row"),
    _move("top", "g", "Top", "To the beginning of the document"),
    _move("bottom", "G", "Bottom", "To the end of the document"),
    _extend("left", "shift+left,H"),
    _extend("right", "shift+right,L"),
    _extend("up", "shift+up,K"),
    _extend("down", "shift+down,J"),
    _select("word", "e"),
    _select("sentence", "s"),
    _select("turn", "t"),
    _key(
        "select.grow", "plus,equals_sign", "grow", "Grow",
        "Select more: word, sentence, turn, two turns",
    ),
    _key("select.shrink", "minus", "shrink", "Shrink", "Select less"),
    _key("select.swap", "o", "swap", "Other end", "Go to the other end of the selection"),
    _key("select.clear", "escape", "clear", "Clear", "Select nothing"),
    _key(
        "coding.next", "right_square_bracket", "coding_next", "Next coding",
        "To the next coding",
    ),
    _key(
        "coding.back", "left_square_bracket", "coding_back", "Coding back",
        "To the coding before",
    ),
    _key("coding.cycle", "comma", "coding_cycle", "Cycle", "Focus the next coding at this place"),
    _key(
        "view.density", "v", "density", "Marks",
        "Marks on the text: edges, light tint of all, none",
    ),
    _key(
        "view.filter", "f", "filter", "One code",
        "Show only the focused coding's code; again: all codes",
    ),
    _key("view.copy", "y", "copy", "Copy", "Copy the selection, or the sentence here"),
]  # fmt: skip

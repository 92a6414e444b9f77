"""The keys of the coding screen: what applies, changes and recalls codings, and leads elsewhere."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from qualcode.tui.keys import key

APPLY: list[Binding] = [
    key(
        f"code.quick_{n}", str(n), f"quick('{n}')", f"Apply code {n}",
        "Apply the code with this key; the same stretch again: remove it",
    )
    for n in range(1, 10)
]  # fmt: skip

CODING_KEYS: list[BindingType] = [
    *APPLY,
    key("code.by_key", "a", "by_key", "Apply by key", "Apply the code with the key pressed next"),
    key("code.pick", "c,enter", "pick", "Pick a code", "Choose a code by its letters and apply it"),
    key("code.repeat", "full_stop", "repeat", "Repeat", "Apply the code used last"),
    key(
        "code.in_vivo",
        "i",
        "in_vivo",
        "New code",
        "New code in these very words; in a blind round or a frozen codebook, propose it",
    ),
    key(
        "coding.stop_forward",
        "greater_than_sign",
        "nudge('stop', 1)",
        "End forward",
        "Move the coding's end a word forward",
    ),
    key(
        "coding.stop_back",
        "less_than_sign",
        "nudge('stop', -1)",
        "End back",
        "Move the coding's end a word back",
    ),
    key(
        "coding.start_forward",
        "right_curly_bracket",
        "nudge('start', 1)",
        "Start forward",
        "Move the coding's start a word forward",
    ),
    key(
        "coding.start_back",
        "left_curly_bracket",
        "nudge('start', -1)",
        "Start back",
        "Move the coding's start a word back",
    ),
    key("coding.recode", "r", "recode", "Recode", "Give the coding another code"),
    key("coding.remove", "x,delete", "remove", "Remove", "Remove the coding"),
    key(
        "coding.exemplar",
        "asterisk",
        "mark('exemplar')",
        "Exemplar",
        "Mark the coding as a good example, or no longer",
    ),
    key(
        "coding.disconfirming",
        "D",
        "mark('disconfirming')",
        "Disconfirming",
        "Mark the coding as speaking against the theme, or no longer",
    ),
    key(
        "coding.valence",
        "V",
        "mark('valence')",
        "Valence",
        "Valence: none, facilitator, barrier, mixed",
    ),
    key(
        "work.uncoded_next",
        "tab",
        "uncoded(1)",
        "Next uncoded",
        "Next participant's turn that I have not coded",
    ),
    key(
        "work.uncoded_back",
        "shift+tab",
        "uncoded(-1)",
        "Previous uncoded",
        "Previous participant's turn that I have not coded",
    ),
    key("work.finish", "F", "finish", "Finish", "Declare the document finished; or open it again"),
    key("work.retry", "ctrl+s", "retry", "Save again", "Try again to save what could not be saved"),
    key("memo.coding", "m", "memo_coding", "Memo", "Memo on the coding"),
    key("memo.document", "M", "memo_document", "Document memo", "Memo on the document"),
    key(
        "redaction.hand",
        "X",
        "redact",
        "Redact",
        "Redact the selection, or the word here; on a label: show the words again",
    ),
    key("search.open", "slash", "search", "Search", "Look for words, here first"),
    key("search.next", "N", "hit(1)", "Next hit", "Next hit of the last search"),
    key("search.back", "P", "hit(-1)", "Previous hit", "Previous hit of the last search"),
    key(
        "suggest.open",
        "S",
        "suggestions",
        "Suggestions",
        "Sentences here that are like passages coded already; nothing is coded by it",
    ),
    key("history.undo", "u", "undo", "Undo", "Undo my latest act"),
    key("history.redo", "U,ctrl+r", "redo", "Redo", "Redo what I undid"),
    key("history.show", "f4", "history", "History", "What I did, latest first"),
    key("panel.codes", "f2", "codes", "Code list", "The code list"),
    key("panel.entry", "f3", "rules", "Rules", "The rules of the code here"),
    key(
        "move.goto",
        "colon",
        "go_to",
        "Go to",
        "Go to a turn (26), a time (07:34) or an offset (@5065)",
    ),
    key(
        "screen.redactions",
        "R",
        "redactions",
        "Redactions",
        "What is redacted or suggested, to be decided",
    ),
    key("app.back", "q", "back", "Back", "Back to the documents"),
]

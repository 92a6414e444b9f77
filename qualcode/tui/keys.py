"""Every key and what it does, read from the bindings themselves.

Help, palette and ``docs/keys.md`` all come from here, so none of them can know something else than
the keyboard does. ``python -m qualcode.tui.keys`` prints the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.keys import key_to_character

from qualcode.tui.literal import literal

GROUPS = {
    "move": "Move",
    "select": "Select",
    "code": "Apply a code",
    "coding": "Codings",
    "work": "Progress",
    "memo": "Memos",
    "view": "View",
    "history": "History",
    "panel": "Panels",
    "codebook": "Codebook",
    "search": "Search",
    "suggest": "Suggestions",
    "review": "Review",
    "document": "Documents",
    "file": "Files",
    "import": "Import",
    "label": "Speakers",
    "redaction": "Redactions",
    "agreement": "Agreement",
    "adj": "Adjudication",
    "themes": "Themes",
    "screen": "Screens",
    "message": "Messages",
    "help": "Help",
    "app": "Program",
}
"""What the first part of a binding's id stands for, in the order of the page."""

EVERYWHERE = "Everywhere"

_NAMES = {
    "left": "←", "right": "→", "up": "↑", "down": "↓", "pageup": "PgUp", "pagedown": "PgDn",
    "escape": "Esc", "delete": "Del", "enter": "Enter", "space": "Space", "tab": "Tab",
    "home": "Home", "end": "End", "backspace": "Backspace",
    "plus": "+", "minus": "-", "slash": "/",
}  # fmt: skip


def key(
    id_: str, keys: str, action: str, description: str, tooltip: str, *, show: bool = False
) -> Binding:
    """A binding as every one here is: with an id, a description and a tooltip."""
    return Binding(keys, action, description, show=show, id=id_, tooltip=tooltip)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One act and the keys for it."""

    ids: tuple[str, ...]
    """Ids of the bindings; several where one line stands for all of them (``1`` to ``9``)."""

    keys: str
    description: str
    tooltip: str

    @property
    def group(self) -> str:
        """Which part of the page it stands in."""
        return GROUPS[self.ids[0].partition(".")[0]]


def key_name(key: str) -> str:
    """How a key is called: ``Ctrl+R``, ``>``, ``PgDn``."""
    *modifiers, last = key.split("+")
    name = _NAMES.get(last)
    if name is None:
        character = key_to_character(last)
        name = character if character is not None else last
    if modifiers and len(name) == 1:
        name = name.upper()
    if len(name) > 1 and name[0] == "f" and name[1:].isdigit():
        name = name.upper()
    return "+".join([*(modifier.capitalize() for modifier in modifiers), name])


def expanded(bindings: Iterable[BindingType]) -> list[Binding]:
    """One binding per key, as Textual will hold them."""
    return list(Binding.make_bindings(bindings))


def key_rows(bindings: Iterable[Binding]) -> list[KeyRow]:
    """Give what the bindings with an id do, in the order of the page.

    Keys of one id stand together; so do bindings that share their tooltip (``1`` to ``9``).
    """
    rows: dict[str, tuple[dict[str, None], list[str], str]] = {}
    for binding in bindings:
        if binding.id is None:
            continue
        ids, keys, _ = rows.setdefault(binding.tooltip, ({}, [], binding.description))
        ids[binding.id] = None
        name = key_name(binding.key)
        if name not in keys:
            keys.append(name)
    found = [
        KeyRow(tuple(ids), _run(keys), description, tooltip)
        for tooltip, (ids, keys, description) in rows.items()
    ]
    order = list(GROUPS.values())
    return sorted(found, key=lambda row: order.index(row.group))


def _run(keys: Sequence[str]) -> str:
    """``1–9`` for nine digits, else the keys with blanks between."""
    if len(keys) > 3 and "".join(keys) in "123456789":
        return f"{keys[0]}–{keys[-1]}"
    return " ".join(keys)


def key_sheet(rows: Sequence[KeyRow], width: int) -> Content:
    """Give the rows as the help sheet shows them, under the headings of their groups."""
    column = max((cell_len(row.keys) for row in rows), default=0) + 2
    lines: list[Content] = []
    heading = ""
    for row in rows:
        if row.group != heading:
            heading = row.group
            lines += [Content(""), literal(heading, "bold underline")]
        padding = " " * (column - cell_len(row.keys))
        lines.append(Content.assemble(literal(row.keys, "bold"), padding, literal(row.tooltip)))
    return Content("\n").join(lines[1:])


def every_binding() -> dict[str, list[BindingType]]:
    """The bindings of each screen, and those that hold everywhere, by the heading of the page."""
    from qualcode.tui.adjudication import AdjudicationScreen
    from qualcode.tui.agreement import AgreementScreen, FigureTable
    from qualcode.tui.app import QualcodeApp
    from qualcode.tui.codebook import CodebookScreen, CodeList
    from qualcode.tui.coding import CodingScreen
    from qualcode.tui.documents import DocumentTable, ProjectScreen
    from qualcode.tui.files import FilesScreen
    from qualcode.tui.importing import ImportScreen
    from qualcode.tui.project_import import ProjectImportScreen
    from qualcode.tui.recoding import RecodingScreen
    from qualcode.tui.redactions import RedactionsScreen
    from qualcode.tui.search import SearchField, SearchScreen
    from qualcode.tui.speakers import SpeakersScreen
    from qualcode.tui.suggestions import SuggestionsScreen
    from qualcode.tui.theme_excerpts import QuoteList, ThemeExcerptsScreen
    from qualcode.tui.themes import ThemesScreen
    from qualcode.tui.widgets.bars import BarList
    from qualcode.tui.widgets.file_table import FileTable, PathField
    from qualcode.tui.widgets.kwic import HitList
    from qualcode.tui.widgets.label_table import LabelTable
    from qualcode.tui.widgets.redaction_table import RedactionTable
    from qualcode.tui.widgets.suggestion_list import SuggestionList
    from qualcode.tui.widgets.transcript_view import TranscriptView

    return {
        "The coding screen": [*TranscriptView.BINDINGS, *CodingScreen.BINDINGS],
        "The project screen": [*DocumentTable.BINDINGS, *ProjectScreen.BINDINGS],
        "Choosing files to import": [*FileTable.BINDINGS, *FilesScreen.BINDINGS],
        "Typing a path": list(PathField.BINDINGS),
        "The import screen": [*LabelTable.BINDINGS, *ImportScreen.BINDINGS],
        "A project of another program": list(ProjectImportScreen.BINDINGS),
        "The speakers screen": [*LabelTable.BINDINGS, *SpeakersScreen.BINDINGS],
        "The redactions screen": [*RedactionTable.BINDINGS, *RedactionsScreen.BINDINGS],
        "The codebook screen": [*CodeList.BINDINGS, *CodebookScreen.BINDINGS],
        "Going through my codings with a code": list(RecodingScreen.BINDINGS),
        "Typing what to look for": list(SearchField.BINDINGS),
        "The search screen": [*HitList.BINDINGS, *SearchScreen.BINDINGS],
        "The suggestions screen": [*SuggestionList.BINDINGS, *SuggestionsScreen.BINDINGS],
        "The agreement screen": [*FigureTable.BINDINGS, *AgreementScreen.BINDINGS],
        "The adjudication screen": list(AdjudicationScreen.BINDINGS),
        "The themes screen": [*BarList.BINDINGS, *ThemesScreen.BINDINGS],
        "The excerpts of a bar": [*QuoteList.BINDINGS, *ThemeExcerptsScreen.BINDINGS],
        EVERYWHERE: list(QualcodeApp.BINDINGS),
    }


def page() -> str:
    """The whole of ``docs/keys.md``."""
    out = [
        "# Keys",
        "",
        "Generated from the bindings: `python -m qualcode.tui.keys`. On any screen `?` shows the",
        "keys that work there, and `Ctrl+P` finds an act by its name.",
        "",
        "Other keys can be given in `keys.toml` in the configuration folder (on Linux",
        '`~/.config/qualcode/`): `"code.pick" = "c,enter"`. A line replaces all keys of its act;',
        "keys that would mean two things are reported when qualcode starts.",
    ]
    for title, bindings in every_binding().items():
        out += ["", f"## {title}", "", "| keys | id | does |", "|---|---|---|"]
        for row in key_rows(expanded(bindings)):
            ids = row.ids[0] if len(row.ids) == 1 else f"{row.ids[0]} … {row.ids[-1]}"
            keys = " ".join(f"`{key}`" for key in row.keys.split(" "))
            out.append(f"| {keys} | `{ids}` | {row.tooltip} |")
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    print(page(), end="")

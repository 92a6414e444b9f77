"""The palette: what can be done on this screen now, by name. Nothing but the bindings is in it."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode

from qualcode.tui.keys import key_name
from qualcode.tui.literal import literal
from qualcode.tui.widgets.dialogue import QUIT


class Palette(CommandPalette):
    """Textual's palette, which can be quit from."""

    BINDINGS: ClassVar[list[BindingType]] = [QUIT]


class ActionsProvider(Provider):
    """The active bindings of the screen below the palette."""

    def actions(self) -> list[tuple[DOMNode, Binding]]:
        """Every act with an id, once, with the widget, screen or app it belongs to."""
        found: dict[str, tuple[DOMNode, Binding]] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.id is not None and active.enabled:
                found.setdefault(active.binding.id, (active.node, active.binding))
        found.pop("app.palette", None)  # it is open
        return list(found.values())

    async def discover(self) -> Hits:
        for node, binding in self.actions():
            yield DiscoveryHit(
                literal(_label(binding)),
                partial(self.app.run_action, binding.action, node),
                text=_label(binding),
                help=binding.tooltip,
            )

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for node, binding in self.actions():
            score = matcher.match(f"{binding.description} {binding.tooltip}")
            if score > 0:
                yield Hit(
                    score,
                    literal(_label(binding)),
                    partial(self.app.run_action, binding.action, node),
                    text=_label(binding),
                    help=binding.tooltip,
                )


def _label(binding: Binding) -> str:
    act = binding.description
    return f"{act[:1].upper()}{act[1:]}  ({key_name(binding.key)})"

"""A sheet to draw on, measured in points from its top left corner; the only place that knows
matplotlib.

Its text is never markup: no mathematics in ``$…$``, no TeX. A sign that the built-in font lacks
comes from an installed one, or is written as ``[U+1F642]``, as are
control characters.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from qualcode.text.graphemes import cuts

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

MM = 72 / 25.4
SMALL, NORMAL = 7.0, 7.5
"""Sizes of type in points; journals ask for 7 at least."""

INK, GREY, PALE, RULE = "#000000", "#595959", "#d9d9d9", "#8c8c8c"
LEADING = 1.22
MARGIN = 2.0
MOST_LINES = 4
FONT = "DejaVu Sans"
PLAIN = ("normal", 400, "normal")
"""Style, weight and stretch of a font that may lend a sign."""

_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u2060\ufe00-\ufe0f]")
_LOOK: dict[str, Any] = {
    "font.family": [FONT],
    "text.parse_math": False,
    "text.usetex": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "qualcode",
    "text.hinting": "none",
    "hatch.linewidth": 0.5,
    "path.simplify": False,
}


def load() -> None:
    """Import matplotlib without leaving files in anybody's home.

    It keeps a list of fonts in its own folder, which is a passing one here, unless somebody has
    said where it shall be or has imported it already.
    """
    if "matplotlib.font_manager" in sys.modules or os.environ.get("MPLCONFIGDIR"):
        return
    with tempfile.TemporaryDirectory(prefix="qualcode-") as folder:
        os.environ["MPLCONFIGDIR"] = folder
        try:
            import_module("matplotlib.font_manager")
        finally:
            del os.environ["MPLCONFIGDIR"]


@contextmanager
def looks() -> Iterator[None]:
    """Draw in our look, whatever a ``matplotlibrc`` or a notebook has set."""
    load()
    import matplotlib

    look: Any = {k: v for k, v in matplotlib.rcParamsDefault.items() if "backend" not in k}
    look.update(_LOOK)
    with matplotlib.rc_context(look):
        yield


class Canvas:
    """A sheet of a given width and as much height as it needs."""

    def __init__(self, width: float) -> None:
        from matplotlib.figure import Figure

        self.width = width - 2 * MARGIN
        """Between the margins: x runs from 0 to here."""

        self.replaced: set[str] = set()
        """Signs that cannot be drawn: controls, and what no installed font has."""

        self._borrowed = False
        self._figure = Figure(figsize=(width / 72, 1))
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(-MARGIN, width - MARGIN)

    def literal(self, text: str) -> str:
        """The text on one line, as it can be drawn: nothing of it is hidden or interpreted."""
        plain = " ".join(text.split())
        if plain.isascii() and plain.isprintable():
            return plain
        return "".join(self._drawable(sign) for sign in plain)

    def _drawable(self, sign: str) -> str:
        home = FONT if sign.isascii() else _home(sign)
        if sign.isprintable() and home is not None:
            self._borrowed = self._borrowed or home != FONT
            return sign
        if _INVISIBLE.match(sign):
            return ""
        self.replaced.add(sign)
        return f"[U+{ord(sign):04X}]"

    def measure(self, text: str, size: float = NORMAL, bold: bool = False) -> float:
        """How wide a text is that ``literal`` gave, in points."""
        return _measured(text, size, bold)

    def wrapped(
        self, text: str, room: float, size: float = NORMAL, bold: bool = False
    ) -> list[str]:
        """The text in lines of at most ``room`` points; what four lines do not hold ends in …"""
        lines = [""]
        for word in re.findall(r"[^\s_/\-]*[_/\-]*\s*", self.literal(text)):
            for piece in self._pieces(word, room, size, bold):
                if lines[-1] and self.measure((lines[-1] + piece).rstrip(), size, bold) > room:
                    lines.append("")
                lines[-1] += piece
        lines = [line.rstrip() for line in lines]
        if len(lines) > MOST_LINES:
            lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][:-1] + "…"]
        return lines

    def _pieces(self, word: str, room: float, size: float, bold: bool) -> list[str]:
        """A word, cut where it alone is wider than a line."""
        if self.measure(word.rstrip(), size, bold) <= room:
            return [word]
        pieces, start = [], 0
        for at in range(1, len(word) + 1):
            if self.measure(word[start:at].rstrip(), size, bold) > room and at - start > 1:
                at = next((n for n in range(at - 1, start, -1) if not cuts(word, n)), at)
                pieces.append(word[start:at])
                start = at
        return [*pieces, word[start:]]

    def text(
        self,
        x: float,
        y: float,
        text: str | Sequence[str],
        *,
        size: float = NORMAL,
        at: str = "left",
        bold: bool = False,
        ink: str = INK,
        turned: float = 0,
        anchor: str = "center",
    ) -> None:
        """Write a text, or lines of it around ``y``."""
        lines = [self.literal(text)] if isinstance(text, str) else list(text)
        step = size * LEADING
        for n, line in enumerate(lines):
            if not line:
                continue
            self._axes.text(
                x,
                y + (n - (len(lines) - 1) / 2) * step,
                line,
                fontproperties=_properties(line, size, bold),
                color=ink,
                ha=at,
                va="center_baseline" if anchor == "center" and not turned else anchor,
                rotation=turned,
                rotation_mode="anchor",
                parse_math=False,
            )

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        *,
        ink: str = INK,
        width: float = 0.6,
        dashes: tuple[float, float] | None = None,
        over: float = 2,
    ) -> None:
        """Draw a line through points."""
        from matplotlib.lines import Line2D

        style: Any = "-" if dashes is None else (0, dashes)
        self._axes.add_artist(
            Line2D(xs, ys, color=ink, linewidth=width, linestyle=style, zorder=over)
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "none",
        edge: str = "none",
        hatch: str | None = None,
        line: float = 0.5,
        over: float = 1,
    ) -> None:
        """Draw a rectangle with its top left corner at a point; ``hatch`` in the edge's colour."""
        from matplotlib.patches import Rectangle

        self._axes.add_artist(
            Rectangle(
                (x, y), width, height,
                facecolor=fill, edgecolor=edge, hatch=hatch, linewidth=line, zorder=over,
            )
        )  # fmt: skip

    def mark(
        self, x: float, y: float, sign: str = "o", *, ink: str = INK, size: float = 5.5,
        hollow: bool = False,
    ) -> None:  # fmt: skip
        """Draw one of matplotlib's markers."""
        from matplotlib.lines import Line2D

        self._axes.add_artist(
            Line2D(
                [x], [y], linestyle="none", marker=sign, markersize=size, markeredgewidth=0.9,
                markerfacecolor="#ffffff" if hollow else ink, markeredgecolor=ink, zorder=4,
            )
        )  # fmt: skip

    def area(self, xs: Sequence[float], low: Sequence[float], high: Sequence[float]) -> None:
        """Fill what lies between two lines, in a pale grey."""
        self._axes.fill_between(xs, low, high, facecolor=PALE, edgecolor="none", zorder=1)

    def curve(
        self, start: tuple[float, float], by: tuple[float, float], stop: tuple[float, float],
        *, ink: str, width: float,
    ) -> None:  # fmt: skip
        """Draw a line from one point to another, bent towards a third."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        way = Path([start, by, stop], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
        self._axes.add_artist(
            PathPatch(way, facecolor="none", edgecolor=ink, linewidth=width, capstyle="round")
        )

    def saved(self, height: float, ending: str, facts: Mapping[str, Any], dpi: int) -> bytes:
        """The sheet, cut to a height, as the bytes of a file; the same drawing, the same bytes."""
        from matplotlib import rc_context
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.backends.backend_pdf import FigureCanvasPdf
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        makers: dict[str, Any] = {
            "svg": FigureCanvasSVG, "pdf": FigureCanvasPdf, "png": FigureCanvasAgg,
        }  # fmt: skip
        makers[ending](self._figure)
        self._figure.set_size_inches(self.width / 72 + MARGIN / 36, height / 72)
        self._axes.set_ylim(height, 0)
        file = io.BytesIO()
        # Readers of PDF find fault with how matplotlib embeds fonts that are not TrueType.
        with rc_context({"pdf.fonttype": 3 if self._borrowed else 42}):
            self._figure.savefig(file, format=ending, dpi=dpi, metadata=dict(facts))
        return file.getvalue()


@cache
def _coverage(family: str) -> frozenset[int]:
    """The code points that an installed font has."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    path = findfont(FontProperties(family=[family]), fallback_to_default=False)
    return frozenset(get_font(path).get_charmap())


@cache
def _families() -> tuple[str, ...]:
    """Fonts to look in, one after the other: the built-in one, then sans-serif ones first."""
    from matplotlib.font_manager import fontManager

    plain = [f for f in fontManager.ttflist if (f.style, f.weight, f.stretch) == PLAIN]
    fit = {f.name for f in plain if not f.name.startswith(("Last Resort", "STIX", "cm"))} - {FONT}

    def place(name: str) -> tuple[bool, bool, bool, str]:
        return ("Noto Sans" not in name, "Serif" in name, "Mono" in name, name)

    return (FONT, *sorted(fit, key=place))


@cache
def _home(sign: str) -> str | None:
    """The first font that has a sign; None where none has."""
    return next((name for name in _families() if ord(sign) in _coverage(name)), None)


def _properties(text: str, size: float, bold: bool) -> FontProperties:
    from matplotlib.font_manager import FontProperties

    others = {} if text.isascii() else {home: None for sign in text if (home := _home(sign))}
    families = [FONT, *(name for name in others if name != FONT)]
    return FontProperties(family=families, size=size, weight="bold" if bold else "normal")


@cache
def _measured(text: str, size: float, bold: bool) -> float:
    from matplotlib.textpath import text_to_path

    if not text:
        return 0.0
    found = text_to_path.get_text_width_height_descent(text, _properties(text, size, bold), False)
    return float(found[0])

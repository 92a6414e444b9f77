"""Pictures from plain records: every text literal, nothing undefined drawn as zero, same bytes."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from qualcode.exporters.figures import draw
from qualcode.exporters.figures.records import (
    Circle,
    Course,
    Dot,
    Dots,
    Drawing,
    Grid,
    Line,
    Panel,
    Shares,
    Square,
    Strips,
)

HOSTILE = [
    "$x_1$ and $y^2$", "under_score_name", "<b>&amp; \\alpha {} %", "漢字の名前", "نعم code",
    "=1+1", "{\\textbf{x}}", "new\nline\x1b[31m\x00", "turned \u202eback", "$", "plain",
]  # fmt: skip
TICKS = ((0.0, "0"), (1.0, "100 %"))


def dots(names: Sequence[str], *texts: str | None) -> Dots:
    """One panel: a dot for each name at a half, or none where the text is None."""
    each = [
        Dot(None, "not defined: never used") if text is None else Dot(0.5, text)
        for text in (texts or ["1 of 2"] * len(names))
    ]
    return Dots([Line(n) for n in names], [Panel("all", "N = 2", each)], 0, 1, TICKS, "% of all")


def every(names: Sequence[str]) -> dict[str, Drawing]:
    """One drawing of each kind over the same names."""
    lines = [Line(name, n % 3) for n, name in enumerate(names)]
    few = names[:12]
    squares = [
        [Square(float(i * j), str(i * j)) for j in range(len(few))] for i in range(len(names))
    ]
    return {
        "dots": dots(names),
        "shares": Shares(lines, [[(name, 0.6), ("other", 0.4)] for name in names], ["7"] * len(names), "words"),
        "strips": Strips(lines, [[2, 3, 7]] * len(names), 1, 9, [1, 2, 3, 5, 7, 9], ["3 of 6"] * len(names), "turn"),
        "grid": Grid(lines, few, squares),
        "triangle": Grid(lines[:12], few, squares[:12], triangle=True),
        "circle": Circle(names, list(range(len(names))), [(0, n, n) for n in range(1, len(names))]),
        "course": Course(names, list(range(len(names))), [], [], "codes", "document"),
    }  # fmt: skip


def svg(drawing: Drawing, width: float = 183, title: str = "T", alt: str = "A") -> etree._Element:
    return etree.fromstring(draw(drawing, ".svg", title=title, alt=alt, width=width).data)


def texts(drawing: Drawing, width: float = 183) -> list[str]:
    """Everything written in the picture, text by text."""
    found = svg(drawing, width).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(map(str, text.itertext())) for text in found]


def marks(drawing: Drawing) -> int:
    """How many marks of dots and ticks there are."""
    return len(svg(drawing).findall(".//{http://www.w3.org/2000/svg}use"))


def run_on(drawing: Drawing) -> str:
    """Everything written, without blanks and breaks of lines."""
    return re.sub(r"\s", "", "".join(texts(drawing)))


@pytest.mark.parametrize("kind", sorted(every(["a"])))
def test_names_of_every_kind_stand_in_the_picture_as_they_are(kind: str) -> None:
    names = [name for name in HOSTILE if name.isprintable()]
    said = run_on(every(names)[kind])
    for name in names:
        assert re.sub(r"\s", "", name) in said, name


def test_what_cannot_be_seen_is_shown_in_a_picture() -> None:
    said = run_on(dots(HOSTILE))
    assert "newline[U+001B][31m[U+0000]" in said
    assert "turned[U+202E]back" in said


@pytest.mark.parametrize(
    ("kind", "ending"),
    [*((kind, ".svg") for kind in sorted(every(["a"]))), ("dots", ".png"), ("grid", ".pdf")],
)
def test_the_same_record_gives_the_same_bytes(kind: str, ending: str) -> None:
    drawing = every(["one", "two", "three"])[kind]
    first, again = (draw(drawing, ending, title="T", alt="A", dpi=50) for _ in "ab")
    assert first.data == again.data
    assert not re.search(rb"CreationDate|ModDate|<dc:date>", first.data)


@pytest.mark.parametrize("kind", sorted(every(["a"])))
@pytest.mark.parametrize("count", [1, 60])
def test_no_text_leaves_the_sheet_however_many_names(kind: str, count: int) -> None:
    width = 89 if count > 1 else 183
    names = [f"code number {n} with a name_that-goes/on and on for a while" for n in range(count)]
    root = svg(every(names)[kind], width)
    wide, high = (float(part) for part in root.get("viewBox", "").split()[2:])
    assert wide == pytest.approx(width * 72 / 25.4)
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        x, y = float(text.get("x", "nan")), float(text.get("y", "nan"))
        assert -1 <= x <= wide + 1
        assert -1 <= y <= high + 1
        assert float(re.findall(r"font-size: ([\d.]+)px", text.get("style", ""))[0]) >= 7


def test_what_is_not_defined_is_said_and_gets_no_mark() -> None:
    drawn = dots(["used", "unused"], "1 of 2", None)
    assert "× not defined: never used" in texts(drawn)
    both = dots(["used", "unused"], "1 of 2", "0 of 2")
    assert marks(both) == marks(drawn) + 1


def test_a_cell_that_is_not_read_is_no_zero() -> None:
    grid = Grid([Line("a")], ["x", "y"], [[Square(0.0, "0"), Square(None, "–")]])
    assert {"0", "–"} <= set(texts(grid))
    assert b"url(#" in draw(grid, ".svg", title="T", alt="A").data  # the hatch


def test_panels_that_find_no_room_go_below_with_the_names_again() -> None:
    one = Panel("group", "N = 2", [Dot(0.5, "1 of 2")])
    wide = Dots([Line("a code")], [one] * 6, 0, 1, TICKS, "%")
    assert texts(wide, 183).count("a code") < texts(wide, 89).count("a code")
    assert texts(wide, 89).count("1 of 2") == 6


def test_a_limit_beyond_the_scale_ends_in_an_arrow_not_outside() -> None:
    def forest(low: float) -> Dots:
        dot = Dot(0.5, ".50", low, 0.9)
        return Dots([Line("a")], [Panel("", "", [dot])], 0, 1, TICKS, "alpha", (0.667,))

    assert (
        draw(forest(-3.0), ".svg", title="T", alt="A").data
        != draw(forest(0.0), ".svg", title="T", alt="A").data
    )


def test_a_sign_that_no_font_has_is_written_as_its_number() -> None:
    drawing = dots(["unassigned \U000e0fff sign"])
    drawn = draw(drawing, ".png", title="T", alt="A", dpi=50)
    assert drawn.replaced == ("\U000e0fff",)
    assert "unassigned[U+E0FFF]sign" in run_on(drawing)


def test_an_svg_says_what_it_shows_and_names_no_address_to_load() -> None:
    root = svg(dots(["a"]), title="Codes & <cases>", alt="Dots: a (1 of 2).")
    assert [root[0].text, root[1].text] == ["Codes & <cases>", "Dots: a (1 of 2)."]
    assert root.get("role") == "img"
    raw = draw(dots(["a"]), ".svg", title="T", alt="A").data.decode()
    assert "<!DOCTYPE" not in raw
    assert not re.search(r'(href|src)="(?!#)', unescape(raw))


def test_a_png_and_a_pdf_say_what_they_show() -> None:
    png = draw(dots(["a"]), ".png", title="Titel 漢", alt="Was man sieht.", width=89)
    with Image.open(io.BytesIO(png.data)) as image:
        image.load()
        assert image.info["Title"] == "Titel 漢"
        assert image.info["Description"] == "Was man sieht."
        assert image.width == pytest.approx(89 / 25.4 * 300, abs=1)
    pdf = draw(dots(["a"]), ".pdf", title="Title", alt="What it shows.").data
    assert b"/Title (Title)" in pdf
    assert b"/Subject (What it shows.)" in pdf


def test_drawing_leaves_no_file_in_the_home_and_no_state_in_matplotlib(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from qualcode.exporters.figures import draw\n"
        "from qualcode.exporters.figures.records import Grid, Line, Square\n"
        "draw(Grid([Line('$a$')], ['b'], [[Square(1.0, '1')]]), '.svg', title='', alt='')\n"
        "import matplotlib\n"
        "assert matplotlib.rcParams['text.parse_math'] and 'MPLCONFIGDIR' not in os.environ\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nlines.linewidth: 9\n", "utf-8")
    environment = {"HOME": str(home), "PATH": "", "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run(
        [sys.executable, "-W", "error", "-c", script], check=True, cwd=tmp_path, env=environment
    )
    assert list(home.iterdir()) == []


def test_a_triangle_that_finds_no_room_goes_on_below_with_every_number() -> None:
    names = [f"code {n}" for n in range(20)]
    squares = [[Square(float(100 * i + j), str(100 * i + j)) for j in range(20)] for i in range(20)]
    found = texts(Grid([Line(name) for name in names], names, squares, triangle=True), 89)
    for i in range(20):
        for j in range(i):
            assert str(100 * i + j) in found
    assert found.count("code 19") > 1


def test_names_around_a_circle_that_find_no_room_are_numbers_told_below() -> None:
    names = [f"a code with a long name of its own {n}" for n in range(30)]
    circle = Circle(names, [1] * 30, [(0, 1, 1)])
    assert "30" in texts(circle, 89)
    said = re.sub(r"\s", "", "".join(texts(circle, 89)))
    assert "30acodewithalongnameofitsown29" in said

"""Pictures for papers, drawn from plain records: SVG, PNG or PDF bytes.

Nothing here knows the project. Every text is literal, the same records give the same bytes, and
matplotlib, which takes a second or two to load, is loaded by the first picture. No screen, no
network and no state of ``pyplot`` is touched.
"""

from qualcode.exporters.figures.draw import (
    ENDINGS,
    NARROWEST,
    PAGE,
    WIDEST,
    WIDTH,
    Drawn,
    draw,
)  # fmt: skip

__all__ = ["ENDINGS", "NARROWEST", "PAGE", "WIDEST", "WIDTH", "Drawn", "draw"]

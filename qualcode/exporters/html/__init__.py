"""Web pages for readers: one file each, without script, that asks nothing of the network.

``exporters.report`` holds the records of a report, which Word is made of, too.
"""

from __future__ import annotations

from pathlib import Path

from qualcode.exporters.files import new_file
from qualcode.exporters.html.body import body
from qualcode.exporters.html.look import REPORT, colours_of
from qualcode.exporters.html.page import Ink, page, stream
from qualcode.exporters.report import Report


def write_html(report: Report, path: Path, *, force: bool = False) -> int:
    """Write a report as one HTML file, readable by its owner alone.

    Args:
        force: Replace a file that is already there.

    Returns:
        How many characters could not stand in a web page and became U+FFFD.

    Raises:
        ExportError: It cannot be written; what was at ``path`` before is still there.
    """
    ink = Ink()
    look = REPORT + colours_of(report)
    with new_file(path, force=force) as file:
        stream(file, page(report.title, look, body(report, ink), ink, program=report.program))
    return ink.replaced

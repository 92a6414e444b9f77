"""A report as a Word file: excerpts, tables, an annotated transcript, the codebook.

``exporters.report`` holds the records a report is made of, ``write_word`` writes them.
"""

from __future__ import annotations

from pathlib import Path

from qualcode.exporters.report import Report


def write_word(report: Report, path: Path, *, force: bool = False) -> int:
    """Write a report as a Word file; see ``writer.write_word``, which loads python-docx."""
    from qualcode.exporters.word.writer import write_word as write

    return write(report, path, force=force)

"""A report as a Word file: excerpts, tables, an annotated transcript, the codebook.

``exporters.report`` holds the records a report is made of, ``write_word`` writes them.
"""

from __future__ import annotations

from pathlib import Path

from qualcode.exporters.report import Report


def write_word(
    report: Report, path: Path, *, force: bool = False, template: Path | None = None
) -> int:
    """Write a report as a Word file; see ``writer.write_word``, which loads python-docx."""
    from qualcode.exporters.word.writer import write_word as write

    return write(report, path, force=force, template=template)


def write_template(path: Path, *, force: bool = False) -> None:
    """Write a template to start from, in which every style of the report is used."""
    from qualcode.exporters.word.sample import sample

    write_word(sample(), path, force=force)

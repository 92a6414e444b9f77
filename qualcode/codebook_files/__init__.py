"""Codebook files, in and out: YAML and tables with MacQueen's fields, and REFI-QDA's codebooks.

The problems of a file come back all at once, each with its line. Nothing here knows a project.
"""

from qualcode.codebook_files.entries import FIELDS, CodebookFile
from qualcode.codebook_files.qdc import read_qdc
from qualcode.codebook_files.tables import is_qualcoder, read_qualcoder, read_table
from qualcode.codebook_files.yaml_files import codebook_text, read_yaml, write_yaml

__all__ = [
    "FIELDS",
    "CodebookFile",
    "codebook_text",
    "is_qualcoder",
    "read_qdc",
    "read_qualcoder",
    "read_table",
    "read_yaml",
    "write_yaml",
]

"""Tables as Parquet, where the package pyarrow is installed; qualcode does not bring it along."""

from __future__ import annotations

import json
from typing import IO

from qualcode.errors import ExportError
from qualcode.exporters.columns import columns, kind, plain
from qualcode.model import Table


def write_parquet(table: Table, file: IO[bytes], schema: str) -> None:
    """Write a table as Parquet, each column with its type; notes and provenance in the metadata.

    Raises:
        ExportError: pyarrow is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise ExportError(
            "Parquet is written by the package pyarrow, which is not installed; install it with "
            '"pip install pyarrow", or write .csv.'
        ) from error
    types = {
        "text": pyarrow.string(),
        "empty": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
    }
    found = []
    for cells in columns(table):
        of = kind(cells)
        values = [None if c is None else plain(c) for c in cells] if of == "text" else cells
        found.append(pyarrow.array(values, type=types[of]))
    told = {
        "schema": f"qualcode.{schema}/1",
        "notes": list(table.notes),
        "provenance": dict(table.provenance),
    }
    made = pyarrow.table(found, names=list(table.columns))
    metadata = {"qualcode": json.dumps(told, ensure_ascii=False, allow_nan=False)}
    pyarrow.parquet.write_table(made.replace_schema_metadata(metadata), file)

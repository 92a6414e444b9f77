"""``docs/notebooks.md`` runs from top to bottom and prints what it says."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from qualcode.reports.sample import build

PAGE = Path(__file__).parents[2] / "docs" / "notebooks.md"
BLOCK = re.compile(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```)?", re.DOTALL)


def test_the_blocks_of_the_tutorial_print_what_stands_below_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("qualcode-demo").mkdir()
    build(Path("qualcode-demo/demo.qualcode")).close()
    page = PAGE.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(page))
    assert len(blocks) == page.count("```python")
    assert sum(block[2] is not None for block in blocks) == page.count("```text")
    names: dict[str, Any] = {}
    for block in blocks:
        line = page.count("\n", 0, block.start(1))
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile("\n" * line + block[1], str(PAGE), "exec"), names)
        assert printed.getvalue() == (block[2] or ""), f"{PAGE.name}:{line + 1}"

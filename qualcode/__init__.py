"""qualcode: code transcripts, see how far coders agree, count themes, report them in Word.

>>> import qualcode
>>> with qualcode.open("study.qualcode") as project:  # doctest: +SKIP
...     project.codings.table().frame()

The names below are resolved when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qualcode import reliability, reports
    from qualcode.errors import QualcodeError
    from qualcode.model import Span, Table
    from qualcode.project import Project, create, open

__version__ = "0.1.0"

__all__ = [
    "Project", "QualcodeError", "Span", "Table", "create", "open", "reliability", "reports",
]  # fmt: skip

_HOME = {
    "Project": "qualcode.project",
    "QualcodeError": "qualcode.errors",
    "Span": "qualcode.model",
    "Table": "qualcode.model",
    "create": "qualcode.project",
    "open": "qualcode.project",
}

_PACKAGES = ("reliability", "reports")
"""The pure functions on arrays, and the questions to a project: for notebooks."""


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        return import_module(f"{__name__}.{name}")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

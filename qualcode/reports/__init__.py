"""The questions a researcher asks, one function each: a project in, a table out.

>>> from qualcode import reports
>>> reports.agreement(project, rounds=["round 2"]).frame()  # doctest: +SKIP

The names below are resolved when first used. Some modules bear the name of their question; here
that name is the question, also once the module has been imported.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qualcode.reports.agreement import agreement, agreement_wide
    from qualcode.reports.coder_effects import coverage
    from qualcode.reports.cooccurrence import cooccurrence
    from qualcode.reports.crosstab import crosstab
    from qualcode.reports.disagreements import confusion, disagreements
    from qualcode.reports.disclosure import disclosure
    from qualcode.reports.drift import drift
    from qualcode.reports.evidence import evidence
    from qualcode.reports.excerpts import excerpts
    from qualcode.reports.framework import framework
    from qualcode.reports.joint import joint
    from qualcode.reports.matrix import matrix
    from qualcode.reports.memos import memos
    from qualcode.reports.methods import methods
    from qualcode.reports.panel import panel
    from qualcode.reports.plots import picture
    from qualcode.reports.ratings_file import agreement_of_ratings
    from qualcode.reports.saturation import saturation
    from qualcode.reports.search import search
    from qualcode.reports.suggestions import suggestions
    from qualcode.reports.themes import frequency

__all__ = [
    "agreement",
    "agreement_of_ratings",
    "agreement_wide",
    "confusion",
    "cooccurrence",
    "coverage",
    "crosstab",
    "disagreements",
    "disclosure",
    "drift",
    "evidence",
    "excerpts",
    "framework",
    "frequency",
    "joint",
    "matrix",
    "memos",
    "methods",
    "panel",
    "picture",
    "saturation",
    "search",
    "suggestions",
]

_HOME = {
    "agreement": "agreement",
    "agreement_of_ratings": "ratings_file",
    "agreement_wide": "agreement",
    "confusion": "disagreements",
    "cooccurrence": "cooccurrence",
    "coverage": "coder_effects",
    "crosstab": "crosstab",
    "disagreements": "disagreements",
    "disclosure": "disclosure",
    "drift": "drift",
    "evidence": "evidence",
    "excerpts": "excerpts",
    "framework": "framework",
    "frequency": "themes",
    "joint": "joint",
    "matrix": "matrix",
    "memos": "memos",
    "methods": "methods",
    "panel": "panel",
    "picture": "plots",
    "saturation": "saturation",
    "search": "search",
    "suggestions": "suggestions",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Questions(ModuleType):
    """This package: an import binds a module to its name here, which the question keeps."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in _HOME and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Questions

"""The codes that can be applied now, as the picker lists them."""

from __future__ import annotations

from qualcode.project import Project
from qualcode.tui.codes import path, shown_codes
from qualcode.tui.desk import code_shown
from qualcode.tui.widgets.code_picker import PickerCode
from qualcode.tui.widgets.codes_here import rules_of


def pickable(project: Project) -> list[PickerCode]:
    """Every code of the codebook that is not a heading, in codebook order."""
    codes = [code_shown(one, project.layer) for one in project.codebook.codes()]
    looks = shown_codes(codes)
    return [
        PickerCode(looks[one.id], path(one, codes), rules_of(one, looks[one.id]))
        for one in codes
        if one.codable
    ]

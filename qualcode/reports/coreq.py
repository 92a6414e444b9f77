"""The COREQ checklist, with what the project file can say filled in.

Source: Tong, A., Sainsbury, P., & Craig, J. (2007). International Journal for Quality in Health
Care, 19(6), 349–357. The wording of its items is shortened here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode import __version__
from qualcode.model import Table
from qualcode.reports.disclosed import disclosed
from qualcode.reports.source import documents as documents_of

if TYPE_CHECKING:
    from qualcode.project import Project

ITEMS = (
    "Interviewer or facilitator", "Credentials", "Occupation", "Gender",
    "Experience and training", "Relationship established before the study",
    "What participants knew of the interviewer", "Interviewer characteristics",
    "Methodological orientation", "Sampling", "Method of approach", "Sample size",
    "Non-participation", "Setting of data collection", "Presence of non-participants",
    "Description of the sample", "Interview guide", "Repeat interviews",
    "Audio or visual recording", "Field notes", "Duration", "Data saturation",
    "Transcripts returned", "Number of data coders", "Description of the coding tree",
    "Derivation of themes", "Software", "Participant checking", "Quotations presented",
    "Data and findings consistent", "Clarity of major themes", "Clarity of minor themes",
)  # fmt: skip
"""In the order of the checklist, from 1."""

STATE = "[state]"


def coreq(project: Project) -> Table:
    """The 32 items, each with what is known of it.

    Returns:
        Columns ``item, topic, answer``; ``[state]`` where only the authors know.
    """
    known = _known(project)
    rows = [(n, topic, known.get(n, STATE)) for n, topic in enumerate(ITEMS, 1)]
    left = sum(n not in known for n in range(1, len(ITEMS) + 1))
    notes = [f"{left} of {len(ITEMS)} items are for the authors to state."]
    table = Table("coreq", ["item", "topic", "answer"], rows, notes, {"data": project.digest()})
    return disclosed(project, table)


def _known(project: Project) -> dict[int, str]:
    live = documents_of(project)
    codes = project.codebook.codes()
    people = [row for row in project.participants.table() if row["role"] != "moderator"]
    moderators = sorted({s.name for s in project.speakers.list() if s.role == "moderator"})
    attributes = [
        name
        for name in project.participants.table().columns
        if name not in ("participant", "speakers", "role")
    ]
    notes = [document.name for document in live if document.kind == "field-notes"]
    coders = sorted(
        {row["coder"] for row in project.rounds.coverage() if row["status"] == "finished"}, key=str
    )
    found: dict[int, str] = {}
    if moderators:
        found[1] = f"Speakers with the role of moderator: {', '.join(moderators)}."
    if people:
        found[12] = f"{len(people)} participants in {len(live)} documents."
        found[16] = f"Attributes recorded of each: {', '.join(attributes) or 'none'}."
    if notes:
        found[20] = f"Field notes among the data: {', '.join(notes)}."
    if coders:
        found[24] = f"{len(coders)}: {', '.join(map(str, coders))}."
    if codes:
        parents = {code.parent for code in codes if code.parent is not None}
        top = sum(code.parent is None for code in codes)
        found[25] = (
            f"{len(codes)} codes, {top} at the top, {len(parents)} with codes below them; versions "
            f"{', '.join(v.label for v in project.codebook.versions()) or 'none frozen'}. "
            "See the codebook appendix."
        )
        origins = sorted({code.origin for code in codes if code.origin})
        found[26] = f"Origin of codes: {', '.join(origins) or 'not recorded'}."
    found[27] = f"qualcode {__version__}."
    if people:
        found[29] = "Quotations carry the label of the participant, document and turn."
    return found

"""The COREQ checklist, with what the project file can say filled in.

Source: Tong, A., Sainsbury, P., & Craig, J. (2007). International Journal for Quality in Health
Care, 19(6), 349–357. The wording of its items is shortened here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from qualcode import __version__
from qualcode.errors import QualcodeError
from qualcode.model import Table
from qualcode.reports.disclosed import disclosed
from qualcode.reports.methods_study import sites
from qualcode.reports.printed import at_least
from qualcode.reports.saturation import saturation, told
from qualcode.reports.source import documents as documents_of
from qualcode.reports.themes import frequency
from qualcode.text.plurals import counted

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

CHECK, FILL = "check", "author to fill"


def coreq(project: Project, counted: Callable[[], Table] | None = None) -> Table:
    """The 32 items, those filled in that a project file can speak to.

    Args:
        counted: Gives the theme frequencies as they are printed beside the list, small counts
            taken out; codes without a figure there are named in neither item of themes. None to
            count them.

    Returns:
        Columns ``item, topic, status, answer``. What is filled in is marked "check", for the
        authors know better; of the rest, "author to fill", the answer is None.
    """
    fewest = 0 if counted is None else at_least(project)
    known = {**_sample(project, fewest), **_collection(project), **_analysis(project)}
    known |= _findings(project, counted or (lambda: frequency(project)))
    rows = [
        (n, topic, CHECK if n in known else FILL, known.get(n)) for n, topic in enumerate(ITEMS, 1)
    ]
    left = len(ITEMS) - len(known)
    notes = [
        f"{left} of {len(ITEMS)} items are for the authors to fill in; the others were filled in "
        "from the project and are to be checked."
    ]
    table = Table(
        "coreq", ["item", "topic", "status", "answer"], rows, notes, {"data": project.digest()}
    )
    return disclosed(project, table)


def _sample(project: Project, fewest: int) -> dict[int, str]:
    """Who took part, and where; fewer than ``fewest`` as so many."""
    found: dict[int, str] = {}
    live, where = documents_of(project), sites(project)
    table = project.participants.table()
    people = [row for row in table if row["role"] != "moderator"]
    if people:
        own = [name for name in table.columns if name not in ("participant", "speakers", "role")]
        few = len(people) < fewest
        who = f"<{fewest} participants" if few else counted(len(people), "participant")
        found[12] = f"{who} in {counted(len(live), 'document')}."
        found[16] = f"Attributes recorded of each: {', '.join(own) or 'none'}."
        found[29] = "Quotations carry the label of the participant, document and turn."
    if where:
        found[14] = f"Sites: {', '.join(where)}."
    others = sorted({s.name for s in project.speakers.list() if s.role == "other"})
    if others:
        found[15] = f"Speakers who are neither participant nor moderator: {', '.join(others)}."
    return found


def _collection(project: Project) -> dict[int, str]:
    """What the transcripts say of how they were made."""
    found: dict[int, str] = {}
    live = documents_of(project)
    notes = [document.name for document in live if document.kind == "field-notes"]
    if notes:
        found[20] = f"Field notes among the data: {', '.join(notes)}."
    lasted: dict[str, float] = {}
    for document in live:
        turns = project.documents.transcript(document.id).turns
        ends = [at for t in turns for at in (t.start_seconds, t.stop_seconds) if at is not None]
        if ends:
            lasted[document.name] = max(ends)
    if lasted:
        found[19] = (
            f"{len(lasted)} of {len(live)} transcripts have the times of a recording: "
            f"{', '.join(lasted)}."
        )
        found[21] = "Last time in each: " + ", ".join(
            f"{name} {round(at / 60)} min" for name, at in lasted.items()
        ) + "."  # fmt: skip
    return found


def _analysis(project: Project) -> dict[int, str]:
    """Who coded, with which codes and what software; how codes came to an end."""
    found: dict[int, str] = {27: f"qualcode {__version__}."}
    codes = project.codebook.codes()
    coders = sorted(
        {str(row["coder"]) for row in project.rounds.coverage() if row["status"] == "finished"}
    )
    if coders:
        found[24] = f"{len(coders)}: {', '.join(coders)}."
    if codes:
        parents = {code.parent for code in codes if code.parent is not None}
        top = sum(code.parent is None for code in codes)
        versions = ", ".join(v.label for v in project.codebook.versions())
        found[25] = (
            f"{counted(len(codes), 'code')}, {top} at the top, {len(parents)} with codes below "
            f"them; versions {versions or 'none frozen'}. See the codebook appendix."
        )
    origins = Counter(code.origin for code in codes if code.origin)
    if origins:
        found[26] = "Codes: " + ", ".join(f"{n} {one}" for one, n in origins.items()) + "."
    return found


def _findings(project: Project, counted: Callable[[], Table]) -> dict[int, str]:
    """Saturation and themes, of the documents that are finished; nothing where none is."""
    try:
        counts = counted()
    except QualcodeError:
        return {}
    found = {
        22: "Code saturation after Guest, Namey and Chen (2020), base 4, runs of 2, threshold 5 %. "
        + next(told(saturation(project)))
    }
    of = "participants" if any(row["n_participants"] for row in counts) else "documents"
    tops = [row for row in counts if row["group"] == "*" and row["level"] == 1 and row[of]]
    sizes = [
        (n, total, str(row["path"]))
        for row in tops
        if isinstance(n := row[of], int) and isinstance(total := row[f"n_{of}"], int)
    ]
    for item, major in ((31, True), (32, False)):
        named = ", ".join(
            f"{code} ({n} of {total})" for n, total, code in sizes if (2 * n >= total) == major
        )
        which = "half of the" if major else "fewer than half of the"
        more = " or more" if major else ""
        if named:
            found[item] = f"Codes at the top spoken of by {which} {of}{more}: {named}."
    return found

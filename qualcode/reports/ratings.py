"""What coders said in a round, unit by unit: what agreement and every later comparison read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qualcode.errors import QualcodeError
from qualcode.model import Assignment, Code, Coder, Document, Round
from qualcode.reliability.units import Placed, Ratings, rate
from qualcode.reports.cut import USUAL, Scope, units
from qualcode.reports.figures import Subject
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project


@dataclass(frozen=True, slots=True)
class RatedRound:
    """One round with the coders' ratings on its units."""

    round: Round
    documents: tuple[Document, ...]
    """Those assigned in the round, by name."""

    codes: tuple[Code, ...]
    coders: tuple[Coder, ...]
    ratings: Ratings
    warnings: tuple[str, ...]
    codings: tuple[Placed, ...] = ()
    """The spans that the ratings were made of."""

    asked: Scope = USUAL
    flags: tuple[str, ...] = ()
    """What holds for every figure of it: ``discussed``."""

    scope: str | None = None
    """``stability`` where its coders are one person, now and earlier."""

    def subject(self) -> Subject:
        """What its figures are made of."""
        cut = self.ratings.units
        names = {document.id: document.name for document in self.documents}
        return Subject(
            self.round.name,
            tuple(code.code for code in self.codes),
            tuple(coder.name for coder in self.coders),
            self.ratings.counts(),
            self.ratings.matrix,
            cut.kind,
            self.asked.overlap if cut.weight is None else "any",
            self.round.codebook_version,
            tuple(names[document] for document in cut.documents),
            rolled_up=self.asked.roll_up,
            restrict=self.asked.restrict,
            sampled=cut.weight is None,
            flags=self.flags,
            called=f'Round "{self.round.name}"',
            scope=self.scope,
        )

    def digest(self) -> str:
        """SHA-256 of texts, units, coders, codes and what each coder said where."""
        return self.ratings.digest(
            [d.sha256 for d in self.documents]
            + [c.name for c in self.coders]
            + [c.code for c in self.codes]
        )


def comparable(project: Project, names: Sequence[str] | None) -> tuple[list[Round], list[str]]:
    """Give the rounds to compare, and a warning for each left out because it is still blind.

    Args:
        names: Names of rounds; None: every closed or unblinded one but ``solo`` and recoding ones
            (``solo`` where there is no other).

    Raises:
        StillBlind: A round asked for, or every round, is blind and open.
    """
    if names is not None:
        chosen = {r.id: r for r in map(project.rounds.named, names)}
        for id_ in chosen:
            project.rounds.require_visible(id_)
        return list(chosen.values()), []
    every = project.rounds.list()
    comparing = [r for r in every if r.purpose not in ("solo", "recode")]
    comparing = comparing or [r for r in every if r.purpose == "solo"]
    blind = [r for r in comparing if r.blind and r.state == "open"]
    visible = [r for r in comparing if r not in blind]
    if not visible:
        if not blind:
            raise QualcodeError("There is no round to compare.")
        project.rounds.require_visible(blind[0].id)
    return visible, [f'Round "{r.name}" is left out: it is blind and open.' for r in blind]


def rated_round(
    project: Project,
    round_: Round,
    *,
    only: Sequence[Code] | None = None,
    people: Sequence[Coder] | None = None,
    asked: Scope = USUAL,
) -> RatedRound:
    """Place a round's codings on units.

    A closed round is counted on the versions that were coded in it, also where a corrected one has
    taken their place since, and on the sentences of that time: its figures stay as they were.

    Args:
        only: These codes; None: all of the codebook version in force.
        people: These coders; None: all who finished a document of the round.
        asked: Units, documents and rules.
    """
    corrected = corrected_since(project) if round_.state == "closed" else {}
    documents = {d.id: d for d in project.documents.list() if not d.removed or d.id in corrected}
    assigned = [
        a
        for a in project.rounds.assignments(round_.id, removed=True)
        if a.document_id in documents and (not asked.documents or a.document_id in asked.documents)
    ]
    working = [c for c in project.coders.list() if any(a.coder_id == c.id for a in assigned)]
    if people is not None:
        working = [c for c in working if c in people]
    finished = {(a.document_id, a.coder_id) for a in assigned if a.finished_at}
    ready = [c for c in working if any(coder == c.id for _, coder in finished)]
    compared = sorted(ready or working, key=lambda c: c.name.casefold())
    in_force = codes_in_force(project, round_)
    codes = list({c.id: c for c in (only if only is not None else in_force)}.values())
    here = sorted({a.document_id for a in assigned}, key=lambda d: _place(documents[d]))
    # Whether anyone coded a unit does not depend on which codes are shown.
    also = in_force if asked.restrict is not None else ()
    rated = list(dict.fromkeys(c.id for c in (*codes, *also)))
    known = {code.id for code in in_force}
    codings = [one for one in placed(project, round_, asked, in_force) if one.document in documents]
    if only is not None:
        codings = [one for one in codings if one.code in set(rated)]
    ratings = rate(
        units(project, asked, here, codings, pinned_cut(round_)),
        codings,
        coders=[c.id for c in compared],
        codes=rated,
        finished=finished,
        texts={d: project.documents.text(d) for d in {c.document for c in codings} & set(here)},
        known=known,
        overlap=asked.overlap,
    )
    if asked.restrict is not None:
        ratings = ratings.any_coded().only_codes([c.id for c in codes])
    idle = [c.name for c in working if c not in ready]
    since = [documents[d] for d in here if d in corrected]
    known_before = discussed_before(project, round_, assigned)
    warnings = (
        *_warnings(round_, ratings, idle),
        *_replaced(project, round_, since, corrected),
        *_discussed(round_, [documents[d] for d in here if d in known_before]),
    )
    return RatedRound(
        round_,
        tuple(documents[d] for d in here),
        tuple(codes),
        tuple(compared),
        ratings,
        warnings,
        tuple(codings),
        asked,
        ("discussed",) if known_before else (),
    )


def rated_rounds(
    project: Project,
    names: Sequence[str] | None,
    *,
    codes: Sequence[str] | None,
    coders: Sequence[str] | None,
    asked: Scope,
) -> tuple[list[RatedRound], list[str]]:
    """Every round to compare, as ``comparable`` chooses them, and what a reader is warned of.

    Args:
        names, codes, coders: Names; None: as for ``comparable`` and ``rated_round``.

    Raises:
        StillBlind, UnknownName: As for ``comparable``; no such code or coder.
    """
    people = None if coders is None else [project.coders.named(name) for name in coders]
    only = None if codes is None else [project.codebook.named(name) for name in codes]
    chosen, hidden = comparable(project, names)
    rated = [rated_round(project, r, only=only, people=people, asked=asked) for r in chosen]
    return rated, [*hidden, *(text for one in rated for text in one.warnings)]


def pinned_cut(round_: Round) -> str | None:
    """The segmentation that a closed round is counted on; None: the sentences as they are now."""
    return round_.segmentation_id if round_.state == "closed" else None


def discussed_before(
    project: Project, round_: Round, assigned: Sequence[Assignment]
) -> frozenset[str]:
    """Documents that were discussed in another round before somebody finished them in this one."""
    talks: dict[str, datetime] = {}
    for (where, document), at in project.adjudications.discussed().items():
        if where != round_.id:
            talks[document] = min(moment(at), talks.get(document, moment(at)))
    return frozenset(
        one.document_id
        for one in assigned
        if one.finished_at is not None
        and one.document_id in talks
        and talks[one.document_id] < moment(one.finished_at)
    )


def moment(at: str) -> datetime:
    """A time of the record; without a zone it is taken for UTC."""
    found = datetime.fromisoformat(at.replace("Z", "+00:00"))
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def placed(project: Project, round_: Round, asked: Scope, in_force: Sequence[Code]) -> list[Placed]:
    """Every coding of a round, also in documents that were taken out since."""
    codings = [
        Placed(c.document_id, c.coder_id, c.code_id, c.span.start, c.span.stop)
        for c in project.codings.list(round_id=round_.id, removed=True)
    ]
    return list(_rolled_up(codings, in_force)) if asked.roll_up else codings


def _rolled_up(codings: Sequence[Placed], codes: Sequence[Code]) -> Iterator[Placed]:
    """Every coding, and once more for each code above its own."""
    by_name = {code.code: code for code in codes}
    above: dict[str, list[str]] = {}
    for code in codes:
        parent = code.parent
        while parent is not None and parent in by_name:
            above.setdefault(code.id, []).append(by_name[parent].id)
            parent = by_name[parent].parent
    for one in codings:
        yield one
        yield from (one._replace(code=parent) for parent in above.get(one.code, ()))


def codes_in_force(project: Project, round_: Round) -> list[Code]:
    """The codes that can be applied in a round: of its codebook version, or of the codebook."""
    if round_.codebook_version is None:
        codes: Sequence[Code] = project.codebook.codes()
    else:
        codes = project.codebook.version(round_.codebook_version).codes
    return [code for code in codes if code.codable and not code.removed]


def _warnings(round_: Round, ratings: Ratings, idle: Sequence[str]) -> Iterator[str]:
    name = f'Round "{round_.name}"'
    if idle:
        yield f"{name}: {', '.join(idle)} finished no document and is left out."
    if ratings.unfinished:
        begun = counted(ratings.unfinished, "coding")
        yield f"{name}: {begun} in documents their coder has not finished."
    if ratings.unknown:
        of = counted(
            ratings.unknown,
            "coding of a code outside its codebook is",
            "codings of codes outside its codebook are",
        )
        yield f"{name}: {of} left out."
    if ratings.outside:
        outside = counted(ratings.outside, "coding lies", "codings lie")
        yield f"{name}: {outside} in no unit of analysis."


def _discussed(round_: Round, documents: Sequence[Document]) -> Iterator[str]:
    if documents:
        yield (
            f'Round "{round_.name}": {", ".join(d.name for d in documents)}: discussed in another '
            "round before it was coded in this one, so the coders were not independent there."
        )


def _replaced(
    project: Project, round_: Round, documents: Sequence[Document], corrected: Mapping[str, str]
) -> Iterator[str]:
    """Where the corrected versions of replaced documents are counted."""
    if not documents:
        return
    versions = {corrected[document.id] for document in documents}
    now_in = {a.round_id for a in project.rounds.assignments() if a.document_id in versions}
    names = [f'"{r.name}"' for r in project.rounds.list() if r.id in now_in]
    where = f", which is counted in {', '.join(names)}" if names else ""
    yield (
        f'Round "{round_.name}": {", ".join(d.name for d in documents)}: counted as coded in this '
        f"round; a corrected version has taken its place since{where}."
    )


def corrected_since(project: Project) -> dict[str, str]:
    """Documents that are out of the project for a corrected version is in it → that version."""
    found: dict[str, str] = {}
    for document in reversed(project.documents.list()):
        if document.replaces is not None and (not document.removed or document.id in found):
            found[document.replaces] = found.get(document.id, document.id)
    return found


def _place(document: Document) -> tuple[str, str]:
    return document.name.casefold(), document.id

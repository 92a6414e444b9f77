"""Double coding, planned: which documents to give to two coders, and how many it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode.errors import Refused, RoundClosed, UnknownName, UsageProblem
from qualcode.model import Cell, Coder, Document, Round, Table
from qualcode.reliability import sampling, student_t
from qualcode.reliability.basis import Counted, counted
from qualcode.reliability.coefficients import krippendorff_alpha
from qualcode.reliability.intervals import ENOUGH_DOCUMENTS, Interval, jackknife
from qualcode.reliability.sampling import MOST, Sample, Stratum, documents_needed
from qualcode.reports.cut import SEGMENT, scope
from qualcode.reports.disclosed import disclosed
from qualcode.reports.figures import ALL
from qualcode.reports.ratings import RatedRound, comparable, rated_round
from qualcode.text import plurals

if TYPE_CHECKING:
    from qualcode.project import Project

SAMPLE = ["stratum", "of", "drawn", "document", "document_id", "coders"]
PLAN = [
    "round", "code", "statistic", "unit", "value", "half_width", "target", "documents_needed",
    "status", "reason", "se", "ci_level", "n_documents", "n_units", "n_coders", "n_any",
    "prevalence", "flags",
]  # fmt: skip

KIND = "kind"
"""Stands for the kind of a document among its attributes."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A sample before anything is written."""

    round: str
    seed: int
    share: float
    strata: tuple[str, ...]
    crossed: bool
    frame: Mapping[str, Stratum]
    """Document → its stratum; all that could be drawn."""

    skipped: Mapping[str, tuple[str, ...]]
    """``discussed`` and ``double_coded`` → documents that could not."""

    sample: Sample
    pairs: tuple[tuple[str, str], ...]
    """Document and name of a coder: all that the round has afterwards."""

    earlier: tuple[str, ...] = ()
    """Documents of an earlier draw that this one does not hold; they stay assigned."""


def draw(
    project: Project,
    name: str,
    *,
    coders: Sequence[str],
    strata: Sequence[str] = (),
    share: float = 0.2,
    seed: int = 1,
    crossed: bool = False,
) -> Draw:
    """Draw documents for double coding; nothing is written.

    Args:
        name: Of the round; open, or not there yet.
        coders: Names of two coders or more; new ones too.
        strata: Attributes of documents, and ``kind``; none: one stratum.
        share: Of the documents that can be drawn.
        seed: The same seed draws the same documents; one that is added later changes nothing but
            what its stratum's quota gives.
        crossed: Give every document to every coder.

    Raises:
        UnknownName: No document has such an attribute. UsageProblem: a share or the coders make
            no sense. RoundClosed. Refused: the round is not for double coding, or no document is
            left.
    """
    if seed < 0:
        raise UsageProblem("A seed is 0 or more.")
    round_ = _existing(project, name)
    skipped = _skipped(project, round_)
    out = {document for each in skipped.values() for document in each}
    live = [d for d in project.documents.list() if not d.removed]
    places = _strata(project, live, strata)
    frame = {d.id: places[d.id] for d in live if d.id not in out}
    if not frame:
        raise Refused(
            f"There is no document to draw: {len(skipped['discussed'])} were discussed, "
            f"{len(skipped['double_coded'])} are double-coded in another round."
        )
    sample = sampling.draw(frame, share, seed)
    known = {c.id: c.name for c in project.coders.list()}
    has: dict[str, list[str]] = {}
    for one in project.rounds.assignments(round_.id) if round_ is not None else ():
        has.setdefault(one.document_id, []).append(known[one.coder_id])
    spelt = {c.casefold(): c for c in known.values()}
    people = list(dict.fromkeys(spelt.get(c.strip().casefold(), c.strip()) for c in coders))
    return Draw(
        round_.name if round_ is not None else name.strip(), seed, share,
        tuple(_spelt(project, one) for one in strata), crossed, frame, skipped, sample,
        tuple(_pairs(sample, has, people, crossed=crossed)),
        tuple(document for document in has if document not in sample.documents),
    )  # fmt: skip


def draw_sample(
    project: Project, drawn: Draw, *, by: Coder, codebook_version: str | None = None
) -> Table:
    """Open or use the round, assign what was drawn and keep how: one action.

    Args:
        drawn: What ``draw`` gave.
        codebook_version: Of a round that is opened.

    Returns:
        As ``sample_table``.
    """
    if codebook_version is not None and _existing(project, drawn.round) is not None:
        raise UsageProblem(
            f'Round "{drawn.round}" is open already; its codebook version was chosen then.'
        )
    known = {c.name.casefold(): c for c in project.coders.list()}
    for coder in dict.fromkeys(coder for _, coder in drawn.pairs):
        if coder.casefold() not in known:
            known[coder.casefold()] = project.coders.add(coder, by=by)
    ids = [(document, known[coder.casefold()].id) for document, coder in drawn.pairs]
    facts = {**_facts(drawn), "coders": sorted({coder for _, coder in ids})}
    project.rounds.draw(drawn.round, ids, facts, by=by, codebook_version=codebook_version)
    return sample_table(project, drawn)


def sample_table(project: Project, drawn: Draw) -> Table:
    """A sample as a table.

    Returns:
        Columns ``stratum, of, drawn, document, document_id, coders``, one row per drawn document:
        its stratum, how many documents that has (``of``) and gives (``drawn``). By stratum, then
        in the order of the draw. ``provenance`` has what is kept with the round.
    """
    names = {d.id: d.name for d in project.documents.list()}
    coders: dict[str, list[str]] = {}
    for document, coder in drawn.pairs:
        coders.setdefault(document, []).append(coder)
    rows: list[tuple[Cell, ...]] = [
        (
            _said(drawn, drawn.frame[document]), drawn.sample.sizes[drawn.frame[document]],
            drawn.sample.quotas[drawn.frame[document]], names[document], document,
            ", ".join(coders[document]),
        )
        for document in drawn.sample.documents
    ]  # fmt: skip
    notes = list(_sample_notes(drawn, names))
    provenance = {"round": drawn.round, **_shown(project, _facts(drawn))}
    return disclosed(project, Table("sample", SAMPLE, rows, notes, provenance))


def rounds(project: Project) -> Table:
    """Who has which document in which round, and how its documents were drawn.

    Returns:
        As ``project.rounds.coverage``; ``provenance["samples"]`` has what is kept of a draw, by
        name of round.
    """
    table = project.rounds.coverage()
    kept = project.rounds.samples()
    named = {r.id: r.name for r in project.rounds.list()}
    samples = {named[round_id]: _shown(project, facts) for round_id, facts in kept.items()}
    provenance = {"samples": samples} if samples else {}
    return disclosed(project, Table(table.name, table.columns, table.rows, (), provenance))


def plan(
    project: Project,
    *,
    round: str | None = None,
    target: float = 0.1,
    codes: Sequence[str] | None = None,
    unit: str = "sentence",
    level: float = 0.95,
) -> Table:
    """How many documents to double-code so that alpha's interval is ± ``target``.

    Args:
        project: An open project.
        round: Name of the pilot; None: the newest visible round that two documents or more were
            double-coded in.
        target: Half the width that the interval may have.
        codes: Names of codes; None: all.
        unit: Kind of unit, as for ``agreement``.
        level: Confidence.

    Returns:
        Columns ``PLAN``, one row per code and one for all codes (``*``): ``half_width`` as the
        pilot's jackknife has it, and the documents that ``sampling.documents_needed`` takes. The
        jackknife stands from two documents on; below five ``few_documents`` warns that its
        standard error is itself uncertain. Reasons where no number can be given: those of alpha
        and its jackknife; ``no_spread`` where every document agreed alike, so that the pilot says
        nothing; ``too_many_documents`` above ``MOST``.

    Raises:
        StillBlind: The round, or every one, is blind and open. UsageProblem: a number makes no
            sense. UnknownName: a round, code or unit does not exist.
    """
    if target <= 0:
        raise UsageProblem("A half width is above 0, such as 0.1.")
    if not 0 < level < 1:
        raise UsageProblem(f"A confidence lies between 0 and 1, such as 0.95; got {level:g}.")
    if unit == SEGMENT:
        raise UsageProblem("A plan needs units that every coder rates, not segments.")
    asked = scope(project, unit=unit)
    only = None if codes is None else [project.codebook.named(code) for code in codes]
    chosen, hidden = comparable(project, None if round is None else [round])
    rated = rated_round(project, chosen[-1], only=only, asked=asked)
    for other in reversed(chosen[:-1]):
        if _documents(rated) >= 2:
            break
        rated = rated_round(project, other, only=only, asked=asked)
    if _documents(rated) < 2:
        rated = rated_round(project, chosen[-1], only=only, asked=asked)
    rows = list(_planned(rated, target, level))
    notes = [*hidden, *rated.warnings, *_plan_notes(rated, target, level)]
    provenance = {
        "options": {"round": rated.round.name, "target": target, "unit": unit, "ci_level": level},
        "data": {"sha256": rated.digest(), "unit_cut": rated.ratings.units.cut},
    }
    return disclosed(project, Table("plan", PLAN, rows, notes, provenance))


# Drawing


def _existing(project: Project, name: str) -> Round | None:
    """The round of that name, which must take documents to double-code; None: not there yet."""
    if not name.strip():
        raise UsageProblem("A round needs a name.")
    wanted = name.strip().casefold()
    found = next((r for r in project.rounds.list() if r.name.casefold() == wanted), None)
    if found is None:
        return None
    if found.state == "closed":
        raise RoundClosed(f'Round "{found.name}" is closed; draw into a new one.')
    if found.purpose in ("solo", "recode"):
        raise Refused(f'Round "{found.name}" is for one coder each; a sample is for two.')
    return found


def _skipped(project: Project, round_: Round | None) -> dict[str, tuple[str, ...]]:
    """Documents that cannot be drawn: no pair of coders would code them independently."""
    live = [d.id for d in project.documents.list() if not d.removed]
    talked = {document for _, document in project.adjudications.discussed()}
    elsewhere = {
        r.id
        for r in project.rounds.list()
        if r.purpose not in ("solo", "recode") and (round_ is None or r.id != round_.id)
    }
    pairs: dict[tuple[str, str], int] = {}
    for one in project.rounds.assignments():
        if one.round_id in elsewhere:
            at = one.round_id, one.document_id
            pairs[at] = pairs.get(at, 0) + 1
    double = {document for (_, document), coders in pairs.items() if coders > 1}
    return {
        "discussed": tuple(d for d in live if d in talked),
        "double_coded": tuple(d for d in live if d in double - talked),
    }


def _pairs(
    sample: Sample, has: Mapping[str, Sequence[str]], people: Sequence[str], *, crossed: bool
) -> dict[tuple[str, str], None]:
    """What is assigned, and two coders (all if crossed) for each document that has not got them.

    The rotation goes on after those of an earlier draw, so that no pair meets too often.
    """
    kept = [document for document in has if len(has[document]) > 1]
    new = [document for document in sample.documents if document not in kept]
    given = sampling.rotated([*kept, *new], people, crossed=crossed)
    wanted = set(sample.documents if crossed else new)
    there = [(document, coder) for document in has for coder in has[document]]
    return dict.fromkeys([*there, *(pair for pair in given if pair[0] in wanted)])


def _spelt(project: Project, name: str) -> str:
    """An attribute as the project spells it."""
    known = [one for each in project.documents.attributes().values() for one in each]
    return next((one for one in (*known, KIND) if one.casefold() == name.casefold()), name)


def _strata(
    project: Project, documents: Sequence[Document], names: Sequence[str]
) -> dict[str, Stratum]:
    """Document → its values; an empty one where it has none."""
    values = project.documents.attributes()
    folded = {d: {name.casefold(): v for name, v in each.items()} for d, each in values.items()}
    for document in documents:
        folded.setdefault(document.id, {}).setdefault(KIND, document.kind)
    known = dict.fromkeys([KIND, *(name for d in documents for name in values.get(d.id, {}))])
    for name in names:
        if name.casefold() not in {one.casefold() for one in known}:
            raise UnknownName("attribute", name, list(known))
    wanted = [name.casefold() for name in names]
    return {d.id: tuple(folded[d.id].get(name, "") for name in wanted) for d in documents}


def _facts(drawn: Draw) -> dict[str, Any]:
    """What is kept of a draw: enough to draw it again."""
    chosen = set(drawn.sample.documents)
    return {
        "seed": drawn.seed,
        "share": drawn.share,
        "strata": list(drawn.strata),
        "crossed": drawn.crossed,
        "frame": len(drawn.frame),
        "quotas": [
            {
                "stratum": list(stratum),
                "of": drawn.sample.sizes[stratum],
                "drawn": quota,
                "documents": [d for d in drawn.sample.documents if drawn.frame[d] == stratum],
                "left": sorted(
                    d for d, where in drawn.frame.items() if where == stratum and d not in chosen
                ),
            }
            for stratum, quota in drawn.sample.quotas.items()
        ],
        "skipped": {why: list(documents) for why, documents in drawn.skipped.items()},
    }


def _shown(project: Project, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a draw with known names in its strata as their labels."""
    words = project.layer.words
    quotas = [{**one, "stratum": list(map(words, one["stratum"]))} for one in facts["quotas"]]
    return {**facts, "quotas": quotas}


def _said(drawn: Draw, stratum: Stratum) -> str:
    return ", ".join(value or "–" for value in stratum) if drawn.strata else "all"


def _sample_notes(drawn: Draw, names: Mapping[str, str]) -> Iterator[str]:
    strata = f"stratified by {', '.join(drawn.strata)}" if drawn.strata else "not stratified"
    yield (
        f'Round "{drawn.round}": {len(drawn.sample.documents)} of {len(drawn.frame)} documents '
        f"drawn, {strata}, seed {drawn.seed}, share {drawn.share:g}."
    )
    for why, said in (
        ("discussed", "were discussed or adjudicated"),
        ("double_coded", "are for two coders in another round"),
    ):
        out = drawn.skipped[why]
        if out:
            yield f"Not drawn: {', '.join(names[d] for d in out)}, which {said} ({len(out)})."
    if drawn.earlier:
        listed = ", ".join(names[d] for d in drawn.earlier)
        yield f"Assigned in this round before, and staying so: {listed}."


# Planning


def _documents(rated: RatedRound) -> int:
    """How many documents two coders or more have finished."""
    return len(set(rated.ratings.units.document.tolist()))


def _planned(rated: RatedRound, target: float, level: float) -> Iterator[tuple[Cell, ...]]:
    counts = rated.ratings.counts()
    alone = [counts.only_code(at) for at in range(counts.codes)]
    names = [code.code for code in rated.codes]
    if names:
        alone.append(counts.stacked())
        names.append(ALL)
    for name, one in zip(names, alone, strict=True):
        alpha = krippendorff_alpha(one)[0]
        sure = jackknife(one, krippendorff_alpha, level=level)[0]
        half, needed, reason = _needed(sure, target, level)
        n = counted(one, 0)
        yield (
            rated.round.name, name, "krippendorff_alpha", rated.ratings.units.kind, alpha.value,
            half, target, needed, "undefined" if reason else "ok", reason, sure.se, level,
            sure.documents, n.units, n.coders, n.any, n.prevalence,
            " ".join(_plan_flags(n, sure)),
        )  # fmt: skip


def _needed(
    sure: Interval, target: float, level: float
) -> tuple[float | None, int | None, str | None]:
    if sure.se is None:
        return None, None, sure.reason
    t = student_t.quantile((1 + level) / 2, sure.documents - 1)
    half = t * sure.se
    if sure.se == 0:
        return half, None, "no_spread"
    needed = documents_needed(target, se=sure.se, pilot=sure.documents, level=level)
    return half, needed, None if needed is not None else "too_many_documents"


def _plan_flags(n: Counted, sure: Interval) -> Iterator[str]:
    if n.prevalence is not None and n.prevalence < 0.10:
        yield "rare_code"
    if n.any is not None and n.any < 10:
        yield "low_information"
    if sure.documents < ENOUGH_DOCUMENTS:
        yield "few_documents"


def _plan_notes(rated: RatedRound, target: float, level: float) -> Iterator[str]:
    many = _documents(rated)
    yield (
        f"For planning only: as if later documents differed as the {many} of round "
        f'"{rated.round.name}" do. half width now, and documents needed for ±{target:g} at '
        f"{level:.0%}: t(D-1) × se × √(D0/D) of the document jackknife."
    )
    if many < ENOUGH_DOCUMENTS:
        yield (
            f"A pilot of {plurals.counted(many, 'document')} says little of how much documents "
            "differ: plan again after the next round."
        )
    yield f"no_spread: every document agreed alike; too_many_documents: more than {MOST:,}."

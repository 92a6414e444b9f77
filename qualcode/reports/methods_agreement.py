"""Methods sentences on one round: who coded what, and how far they agreed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qualcode.model import Adjudication, Round, Table
from qualcode.reports.figures import ALL
from qualcode.reports.source import documents as documents_of
from qualcode.reports.wording import count, figure, small, span_of, word

if TYPE_CHECKING:
    from qualcode.project import Project

SAMPLE = "sample:"
"""Beginning of the setting that holds how a round's documents were drawn."""

INTERVALS = {
    "jackknife": "jackknife over documents",
    "bootstrap-documents": "bootstrap over documents",
    "bootstrap-units": "bootstrap over units, which are not independent",
}


WHY = {
    "not used": {"code_never_used"},
    "without variation": {"no_variation"},
    "not rated by two coders": {"single_coder", "no_pairable_units"},
}
"""What is said of codes without a figure → the reasons that mean it."""


def of_round(project: Project, round_: Round, table: Table, facts: list[tuple[str, str]]) -> str:
    """How a round was coded and how far its coders agreed, every figure from its table."""
    if round_.purpose == "recode":
        return _stability(round_, table)
    rows = list(table)
    data = table.provenance["data"]
    coders = list(data["coders"])
    alphas = [r for r in rows if r["scope"] == "code" and r["statistic"] == "krippendorff_alpha"]
    overall = next((r for r in rows if r["code"] == ALL), None)
    pinned = f"; codebook {round_.codebook_version}" if round_.codebook_version else ""
    blind = _blind(project, round_)
    drawn = _drawn(project, round_)
    live = documents_of(project)
    name = f'round "{round_.name}"'
    facts += [
        (f"{name}: coders", ", ".join(coders)),
        (f"{name}: documents", str(data["documents"])),
        (f"{name}: units", f"{data['units']} sentences"),
        (f"{name}: data", str(data["sha256"])),
    ]
    sentences = [
        f"In {name}, {word(len(coders))} coders{blind} coded {word(int(data['documents']))} of "
        f"{count(len(live), 'document')} ({drawn}; {data['units']:,} sentences{pinned})."
    ]
    sentences += _agreement(alphas, overall)
    decided = project.adjudications.list(round_.id)
    if decided:
        facts.append((f"{name}: decisions", str(len(decided))))
        sentences.append(
            f"{count(len(decided), 'disagreement').capitalize()} "
            f"{'was' if len(decided) == 1 else 'were'} decided together{_reasoned(decided)}; the "
            "independent codings stayed as they were, and the figures above are theirs."
        )
    return " ".join(sentences)


def closing(checks: Sequence[dict[str, Any]], facts: list[tuple[str, str]]) -> str:
    """What holds for the figures of all rounds."""
    package = f"{checks[0]['package']} {checks[0]['version']}"
    facts.append(("alpha recomputed by", package))
    which = "Every alpha was"
    if any(check["not_checked"] for check in checks):
        which = f"{word(sum(check['checked'] for check in checks)).capitalize()} alphas were"
    largest = max(
        (c["max_abs_difference"] for c in checks if c["max_abs_difference"] is not None),
        default=None,
    )
    return (
        "Documents that a coder had not finished were missing for that coder, not empty. "
        f"{which} computed a second time with {package} (largest difference {small(largest)})."
    )


def _blind(project: Project, round_: Round) -> str:
    if round_.blind:
        return ", blind to each other,"
    if project.rounds.unblinded(round_.id):
        return ", blind to each other until the round was unblinded,"
    return ", not blind to each other,"


def _reasoned(decided: Sequence[Adjudication]) -> str:
    """How many of the decisions have a reason written down."""
    n = sum(bool(one.reason) for one in decided)
    if n == len(decided):
        return ", with a reason" if n == 1 else ", with reasons"
    return f", {word(n)} with a reason written down" if n else ""


def _stability(round_: Round, table: Table) -> str:
    """How far coders agree with their earlier selves."""
    alphas = [
        f"{figure(row['value'])} for {row['coder_a']} against {row['coder_b']}"
        for row in table
        if row["code"] == ALL and row["document"] is None and isinstance(row["value"], float)
    ]
    figures = f"was {', '.join(alphas)}" if alphas else "does not exist"
    return (
        f'In round "{round_.name}" coders coded documents anew. Krippendorff\'s alpha with their '
        f"own earlier coding, over all codes, {figures}."
    )


def _drawn(project: Project, round_: Round) -> str:
    """How the documents were chosen, as far as it was done here."""
    held = project.settings.get(f"{SAMPLE}{round_.id}")
    if held is None:
        return "[state: how these were chosen]"
    drawn: dict[str, Any] = json.loads(held)
    strata = ", ".join(map(str, drawn.get("strata", ()))) or "nothing"
    return f"a random sample stratified by {strata}, seed {drawn.get('seed')}"


def _agreement(alphas: Sequence[dict[str, Any]], overall: Any) -> Iterator[str]:
    known = sorted(row["value"] for row in alphas if row["value"] is not None)
    missing = len(alphas) - len(known)
    if known:
        methods_used = Counter(r["ci_method"] for r in alphas if r["ci_low"] is not None)
        how = " and ".join(INTERVALS.get(str(m), str(m)) for m, _ in methods_used.most_common())
        yield (
            f"Krippendorff's alpha per code was {span_of(known[0], known[-1])}"
            + (f" (95 % intervals: {how}; see the table)." if how else ".")
        )
    if overall is not None and overall["value"] is not None:
        limits = (
            f" [{figure(overall['ci_low'])}, {figure(overall['ci_high'])}]"
            if overall["ci_low"] is not None
            else ""
        )
        yield f"Over all codes it was {figure(overall['value'])}{limits}."
    if missing:
        of = f"{word(missing)} of {count(len(alphas), 'code')}"
        reasons = {str(row["reason"]) for row in alphas if row["value"] is None}
        why = [text for text, named in WHY.items() if reasons & named]
        yield f"For {of} it does not exist ({', '.join(why)})."
    low = [row for row in alphas if row["ci_low"] is not None and row["ci_low"] < 0.667]
    if low:
        yield f"The lower limit was below .667 for {count(len(low), 'code')}."

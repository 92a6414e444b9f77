"""The methods paragraph, from stored facts; what no project file can know is named, not made up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode import __version__
from qualcode.model import Adjudication, Code, Round, Table
from qualcode.reports.agreement import agreement
from qualcode.reports.figures import ALL
from qualcode.reports.source import documents as documents_of
from qualcode.reports.word import KINDS

if TYPE_CHECKING:
    from qualcode.project import Project

SAMPLE = "sample:"
"""Beginning of the setting that holds how a round's documents were drawn."""

WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip

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


@dataclass(frozen=True, slots=True)
class Methods:
    """What to write, and the facts it was written from."""

    paragraphs: list[str]
    facts: Table
    """Columns ``fact, value``."""


def methods(project: Project, *, rounds: Sequence[str] | None = None) -> Methods:
    """Write how the coding was done and how far coders agreed.

    Args:
        rounds: Names of the rounds to report; None: the closed or unblinded reliability rounds.

    Returns:
        Paragraphs for a paper. ``[state: …]`` stands where only the authors know.

    Raises:
        StillBlind: A round asked for is blind and open. UnknownName: there is no such round.
    """
    facts: list[tuple[str, str]] = []
    reported = _reported(project, rounds)
    checks: list[dict[str, Any]] = []
    paragraphs = [_corpus(project, facts), _codebook(project, facts)]
    for round_ in reported:
        table = agreement(project, rounds=[round_.name])
        checks.append(table.provenance["cross_check"])
        paragraphs.append(_round(project, round_, table, facts))
    if checks:
        paragraphs[-1] += f" {_closing(checks, facts)}"
    else:
        paragraphs.append(
            "Agreement between coders is not reported. [state: how the coding was checked]"
        )
    paragraphs.append(_software(project, facts))
    note = project.layer.note()
    table = Table("methods", ["fact", "value"], list(facts), [] if note is None else [note],
                  {"data": project.digest()})  # fmt: skip
    return Methods([project.layer.words(p) for p in paragraphs], table)


def _reported(project: Project, names: Sequence[str] | None) -> list[Round]:
    if names is not None:
        chosen = [project.rounds.named(name) for name in names]
        for round_ in chosen:
            project.rounds.require_visible(round_.id)
        return chosen
    return [
        r
        for r in project.rounds.list()
        if r.purpose == "reliability" and not (r.blind and r.state == "open")
    ]


def _corpus(project: Project, facts: list[tuple[str, str]]) -> str:
    live = documents_of(project)
    kinds = Counter(document.kind for document in live)
    people = [p for p in project.participants.table() if p["role"] != "moderator"]
    made_of = ", ".join(
        f"{_word(n)} {KINDS.get(kind, (kind, kind))[n != 1]}" for kind, n in kinds.items()
    )
    several = "" if made_of in ("", _count(len(live), "document")) else f" ({made_of})"
    who = f" with {_count(len(people), 'participant')}" if people else ""
    left = "" if people else "participants, "
    facts += [("documents", str(len(live))), ("kinds of documents", made_of)]
    facts.append(("participants", str(len(people))))
    return (
        f"The data are {_count(len(live), 'document')}{several}{who}. "
        f"[state: recruitment, {left}setting, dates, consent]"
    )


def _codebook(project: Project, facts: list[tuple[str, str]]) -> str:
    codes = project.codebook.codes()
    versions = project.codebook.versions()
    origins = Counter(code.origin for code in codes if code.origin)
    named = ", ".join(f"{n} {origin}" for origin, n in origins.items())
    facts += [
        ("codes", str(len(codes))),
        ("origin of codes", named),
        ("codebook versions", ", ".join(f"{v.label} ({v.frozen_at[:10]})" for v in versions)),
    ]
    frozen = ""
    if versions:
        were = "was" if len(versions) == 1 else "were"
        frozen = f" {_count(len(versions), 'version').capitalize()} of it {were} frozen."
    made_of = f" ({named})" if named else ""
    return (
        f"The codebook has {_count(len(codes), 'code')}{made_of}{_described(codes)}.{frozen} "
        "[state: how codes were derived; training of coders]"
    )


def _described(codes: Sequence[Code]) -> str:
    """How many of the codes have what a codebook should have."""
    having = {
        "a definition": sum(bool(code.full or code.brief) for code in codes),
        "rules for use": sum(bool(code.use_when or code.not_when) for code in codes),
        "an example": sum(bool(code.example) for code in codes),
    }
    if codes and set(having.values()) == {len(codes)}:
        return ", each with a definition, rules for use and an example"
    some = [f"{what} for {_word(n)}" for what, n in having.items() if n]
    return f", with {', '.join(some)} of them" if some else ""


def _round(project: Project, round_: Round, table: Table, facts: list[tuple[str, str]]) -> str:
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
        f"In {name}, {_word(len(coders))} coders{blind} coded {_word(int(data['documents']))} of "
        f"{_count(len(live), 'document')} ({drawn}; {data['units']:,} sentences{pinned})."
    ]
    sentences += _agreement(alphas, overall)
    decided = project.adjudications.list(round_.id)
    if decided:
        facts.append((f"{name}: decisions", str(len(decided))))
        sentences.append(
            f"{_count(len(decided), 'disagreement').capitalize()} "
            f"{'was' if len(decided) == 1 else 'were'} decided together{_reasoned(decided)}; the "
            "independent codings stayed as they were, and the figures above are theirs."
        )
    return " ".join(sentences)


def _closing(checks: Sequence[dict[str, Any]], facts: list[tuple[str, str]]) -> str:
    """What holds for the figures of all rounds."""
    package = f"{checks[0]['package']} {checks[0]['version']}"
    facts.append(("alpha recomputed by", package))
    which = "Every alpha was"
    if any(check["not_checked"] for check in checks):
        which = f"{_word(sum(check['checked'] for check in checks)).capitalize()} alphas were"
    largest = max(
        (c["max_abs_difference"] for c in checks if c["max_abs_difference"] is not None),
        default=None,
    )
    return (
        "Documents that a coder had not finished were missing for that coder, not empty. "
        f"{which} computed a second time with {package} (largest difference {_small(largest)})."
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
    return f", {_word(n)} with a reason written down" if n else ""


def _stability(round_: Round, table: Table) -> str:
    """How far coders agree with their earlier selves."""
    alphas = [
        f"{_figure(row['value'])} for {row['coder_a']} against {row['coder_b']}"
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
            f"Krippendorff's alpha per code was {_range(known[0], known[-1])}"
            + (f" (95 % intervals: {how}; see the table)." if how else ".")
        )
    if overall is not None and overall["value"] is not None:
        limits = (
            f" [{_figure(overall['ci_low'])}, {_figure(overall['ci_high'])}]"
            if overall["ci_low"] is not None
            else ""
        )
        yield f"Over all codes it was {_figure(overall['value'])}{limits}."
    if missing:
        of = f"{_word(missing)} of {_count(len(alphas), 'code')}"
        reasons = {str(row["reason"]) for row in alphas if row["value"] is None}
        why = [text for text, named in WHY.items() if reasons & named]
        yield f"For {of} it does not exist ({', '.join(why)})."
    low = [row for row in alphas if row["ci_low"] is not None and row["ci_low"] < 0.667]
    if low:
        yield f"The lower limit was below .667 for {_count(len(low), 'code')}."


def _software(project: Project, facts: list[tuple[str, str]]) -> str:
    digest = project.digest()
    facts += [("software", f"qualcode {__version__}"), ("project digest", digest)]
    return (
        f"Coding and figures were made with qualcode {__version__}; the project file is named by "
        f"the digest {digest[:16]}."
    )


def _range(low: float, high: float) -> str:
    same = _figure(low) == _figure(high)
    return _figure(low) if same else f"{_figure(low)} to {_figure(high)}"


def _figure(value: float | None) -> str:
    """Two decimals without the leading zero, as papers print coefficients."""
    if value is None:
        return "–"
    text = f"{abs(value):.2f}"
    sign = "−" if value < 0 and float(text) else ""
    return sign + (text[1:] if text.startswith("0") else text)


def _small(value: float | None) -> str:
    return "none compared" if value is None else f"{value:.0e}" if value else "0"


def _count(n: int, noun: str) -> str:
    return f"{_word(n)} {noun}" if n == 1 else f"{_word(n)} {noun}s"


def _word(n: int) -> str:
    """Numbers up to ten in words, as a sentence has them."""
    return WORDS[n] if n < len(WORDS) else f"{n:,}"

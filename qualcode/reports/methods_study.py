"""Methods sentences on the study: documents, codebook, coding and counting.

Every number is read from the project; where a fact is not recorded ``[state: …]`` stands for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qualcode.errors import QualcodeError
from qualcode.model import Code
from qualcode.reports.evidence import searched
from qualcode.reports.source import documents as documents_of
from qualcode.reports.source import reading
from qualcode.reports.word_front import KINDS
from qualcode.reports.wording import ORIGINS, count, word

if TYPE_CHECKING:
    from qualcode.project import Project

Facts = list[tuple[str, str]]
SITE = "site"
"""The attribute that says where; without it the authors state the sites."""


def of_corpus(project: Project, facts: Facts) -> str:
    """What was analysed, with how many codes."""
    live = documents_of(project)
    kinds = Counter(document.kind for document in live)
    made_of = ", ".join(
        f"{word(n)} {KINDS.get(kind, (kind, kind))[n != 1]}" for kind, n in kinds.items()
    )
    people = [p for p in project.participants.table() if p["role"] != "moderator"]
    where = sites(project)
    parts = [
        "" if made_of == count(len(live), "document") else made_of,
        count(len(people), "participant") if people else "[state: participants]",
        count(len(where), "site") if where else "[state: sites]",
    ]
    codes = project.codebook.codes()
    origins = Counter(code.origin for code in codes)
    named = ", ".join(f"{n} {ORIGINS.get(o, o)}" for o, n in origins.items() if o)
    if named and origins[""]:
        named += f", {origins['']} of origin not recorded"
    versions = project.codebook.versions()
    version = "[state: codebook version]"
    if versions:
        same = {code.code for code in versions[-1].codes} == {code.code for code in codes}
        version = f"codebook {'version' if same else 'changed since version'} {versions[-1].label}"
    when = _when(project)
    facts += [
        ("documents", str(len(live))), ("kinds of documents", made_of),
        ("participants", str(len(people))), ("sites", ", ".join(where)),
        ("collected", when or ""), ("codes", str(len(codes))), ("origin of codes", named),
    ]  # fmt: skip
    dates = "" if when else "dates, "
    told = f" They were collected {when}." if when else ""
    return (
        f"We analysed {count(len(live), 'document')} ({'; '.join(filter(None, parts))}) with "
        f"{count(len(codes), 'code')} ({named or '[state: origin of codes]'}; {version}).{told} "
        f"[state: recruitment, setting, {dates}consent]"
    )


def sites(project: Project) -> list[str]:
    """The sites of the participants, else of the documents; empty where nothing says.

    In the order of what is shown for them: that of the names behind labels would tell on them.
    """
    of_people = [p.attributes for p in project.participants.list()]
    for records in (of_people, list(project.documents.attributes().values())):
        values = {v for one in records for name, v in one.items() if name.casefold() == SITE and v}
        if values:
            return sorted(values, key=project.layer.words)
    return []


def _when(project: Project) -> str | None:
    """From the first to the last collection date; None unless every document has one."""
    dates = sorted(d.collected_on or "" for d in documents_of(project))
    if not dates or not dates[0]:
        return None
    return f"on {dates[0]}" if dates[0] == dates[-1] else f"from {dates[0]} to {dates[-1]}"


def of_codebook(project: Project, facts: Facts) -> str:
    """What the codebook says of its codes, and how often it was frozen."""
    codes, versions = project.codebook.codes(), project.codebook.versions()
    told = ", ".join(f"{v.label} ({v.frozen_at[:10]})" for v in versions)
    facts.append(("codebook versions", told))
    frozen = ""
    if versions:
        were = "was" if len(versions) == 1 else "were"
        frozen = f" {count(len(versions), 'version').capitalize()} of it {were} frozen."
    return (
        f"The codebook has {count(len(codes), 'code')}{_described(codes)}.{frozen} "
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
    some = [f"{what} for {word(n)}" for what, n in having.items() if n]
    return f", with {', '.join(some)} of them" if some else ""


def of_coding(project: Project, facts: Facts) -> str:
    """Who coded how much: what coders declared finished, in whichever round."""
    live = {d.id for d in documents_of(project)}
    coders: set[str] = set()
    by_document: dict[str, set[str]] = {}
    for row in project.rounds.coverage():
        if row["status"] == "finished" and row["document_id"] in live:
            coders.add(str(row["coder"]))
            by_document.setdefault(str(row["document_id"]), set()).add(str(row["coder"]))
    if not coders:
        return "[state: who coded which documents]"
    several = sum(len(who) > 1 for who in by_document.values())
    facts += [
        ("coders", ", ".join(sorted(coders))), ("documents coded", str(len(by_document))),
        ("documents coded by two or more", str(several)),
    ]  # fmt: skip
    whole = len(by_document) == len(live)
    which = "all documents" if whole else f"{word(len(by_document))} of {word(len(live))} documents"
    twice = f"{word(several)} of them by two or more" if several else "each by one of them"
    told = f"{count(len(coders), 'coder').capitalize()} coded {which}, {twice}."
    return told + _proposed(project, facts)


def _proposed(project: Project, facts: Facts) -> str:
    """How many codings came of a search or of a suggestion; nothing where none did."""
    made = Counter(one.made_by for one in project.codings.list())
    parts = [
        f"{word(n)} {'was' if n == 1 else 'were'} {how}"
        for n, how in (
            (made["search"], "made from a search"),
            (made["suggestion"], "accepted from suggestions of similar passages"),
        )
        if n
    ]
    if not parts:
        return ""
    facts += [
        ("codings", str(made.total())), ("codings from a search", str(made["search"])),
        ("codings from suggestions", str(made["suggestion"])),
    ]  # fmt: skip
    return f" Of {count(made.total(), 'coding')} {' and '.join(parts)}."


def of_themes(project: Project, facts: Facts) -> str:
    """How frequencies are made, as ``reports.frequency`` makes them unless told otherwise."""
    try:
        read = reading(project)
    except QualcodeError:
        return "[state: how themes were counted]"
    how = Counter(one.how for one in read)
    facts.append(("documents counted", f"{how['consensus']} by consensus, {how['coder']} by coder"))
    return " ".join(_counting(how, len(read), len(documents_of(project)))) + _searches(
        project, facts
    )


def _counting(how: Counter[str], read: int, live: int) -> Iterator[str]:
    which = "every document" if read == live else f"the {word(read)} documents that were finished"
    yield f"Frequencies count participants (n of N) in {which} and exclude moderators."
    if how["consensus"] and how["coder"]:
        yield (
            f"They use the consensus where a document was adjudicated ({word(how['consensus'])}), "
            f"else one coder's record ({word(how['coder'])}); coders are never pooled."
        )
    elif how["consensus"]:
        yield "They use the consensus of the coders."
    else:
        yield "They use one coder's record of each document; coders are never pooled."


def _searches(project: Project, facts: Facts) -> str:
    found, codes = searched(project), project.codebook.codes()
    if not found:
        return " [state: whether and how negative cases were looked for]"
    facts.append(("searches for negative cases", ", ".join(found)))
    return (
        f" Negative cases were looked for, with a record, for {word(len(found))} of "
        f"{count(len(codes), 'code')}."
    )

"""Units of analysis: sentences inside blocks.

Boundaries come from nupunkt (Punkt, trained on English) with an abbreviation list of our own: the
trained one comes from legal filings and holds words such as "okay", "so" and "joke", after which
people who talk do end sentences. A sentence never crosses a block or a blank line.

``maker()`` names all that boundaries depend on, so that a stored unit cut can say what cut it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from qualcode.model import Block, Span

if TYPE_CHECKING:
    from nupunkt import PunktSentenceTokenizer
    from spacy.language import Language
    from spacy.tokens import Doc

SPACY_FACTORY = "qualcode_sentences"

TITLES = frozenset([
    "adm", "amb", "asst", "atty", "brig", "capt", "cdr", "cmdr", "col", "cpl", "cpt", "dep",
    "det", "dr", "ens", "fr", "gen", "gov", "hon", "insp", "lcpl", "lt", "maj", "messrs", "mlle",
    "mme", "mr", "mrs", "ms", "msgt", "mx", "ofc", "pfc", "pres", "prof", "pvt", "rep", "rev",
    "sen", "sfc", "sgt", "spc", "sra", "ssgt", "st", "supt", "tpr", "tsgt",
])  # fmt: skip
"""Ranks and titles: never the end of a sentence before a capitalised word."""

ABBREVIATIONS = frozenset([
    "appt", "approx", "apr", "apt", "ariz", "assn", "assoc", "aug", "ave", "avg", "bldg", "blvd",
    "bros", "calif", "cert", "cm", "co", "colo", "conn", "corp", "dec", "dept", "dist", "div",
    "ed", "eds", "esp", "esq", "est", "etc", "ext", "feb", "fig", "figs", "fla", "ft", "gal",
    "govt", "hosp", "hr", "hrs", "hwy", "inc", "intl", "jan", "jr", "jul", "jun", "kg", "km",
    "lb", "lbs", "ltd", "max", "mg", "mgmt", "mgr", "mich", "min", "minn", "mm", "mos", "mt",
    "mtg", "natl", "neb", "nev", "nov", "oct", "okla", "oz", "pkwy", "pp", "pt", "rd", "resp",
    "sec", "secs", "sep", "sept", "sr", "tel", "temp", "tenn", "thu", "thur", "thurs", "tue",
    "tues", "univ", "vol", "vs", "wed", "wis", "wk", "wks", "wyo", "yr", "yrs",
])  # fmt: skip
"""Other abbreviations without inner periods, lower case; those with ("p.m.") are nupunkt's."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_NUMBER_SIGN = re.compile(r"(?:^|\W)Nos?\.$")
_QUOTED_QUESTION = re.compile(r"[?!][\"'”’]$")
_SAYS_WHO = re.compile(
    r"(?:I|[Hh]e|[Ss]he|[Tt]hey|[Ww]e|[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?)"
    r" (?:say|says|said|ask|asks|asked|go|goes|went|yell|yells|yelled|repl(?:y|ies|ied))\b"
)
_AND_I = re.compile(r"(?<=[a-z,] )I\.\s+(?=[A-Z])")
_PLAIN_END = re.compile(r"(?<=\S[^\S\n])([^\W\d_]{2,})\.\s+(?=\w)")
_LONG = 400
_LONG_RUN = re.compile(rf"\S{{{_LONG},}}")

_RULES = {
    "abbreviations": sorted(ABBREVIATIONS),
    "and_i": _AND_I.pattern,
    "blank_line": _BLANK_LINE.pattern,
    "long_run": _LONG_RUN.pattern,
    "number_sign": _NUMBER_SIGN.pattern,
    "quoted_question": _QUOTED_QUESTION.pattern,
    "revision": 1,
    "says_who": _SAYS_WHO.pattern,
    "titles": sorted(TITLES),
}


def segment(text: str, blocks: Iterable[Block]) -> list[Span]:
    """Give the sentences of a document: those of every block, counted from the text's beginning.

    Returns:
        Spans in the order of the blocks. Each block's words lie in its sentences; only white
        space lies between them.
    """
    return [
        Span(block.start + start, block.start + stop)
        for block in blocks
        for start, stop in _cut(text[block.start : block.stop])
    ]


def sentences(text: str) -> list[Span]:
    """Give the sentences of one block, in text order.

    Between two sentences there is always white space, and nothing but white space. They neither
    begin nor end with it; a blank text has none. A blank line always ends a sentence.
    """
    return [Span(start, stop) for start, stop in _cut(text)]


def _cut(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for gap in _BLANK_LINE.finditer(text):
        yield from _cut_paragraph(text[at : gap.start()], at)
        at = gap.end()
    yield from _cut_paragraph(text[at:], at)


def _cut_paragraph(paragraph: str, offset: int) -> Iterator[tuple[int, int]]:
    """Give the sentences of a paragraph, which begins at ``offset``."""
    # most paragraphs are a turn of a few words, and these two patterns cost more than a look
    masked = _LONG_RUN.sub(_mask, paragraph) if len(paragraph) >= _LONG else paragraph
    cuts = set(_begins(masked))
    if " I." in masked:
        cuts.update(match.end() for match in _AND_I.finditer(masked))
    at = 0
    for cut in [*sorted(cuts), len(paragraph)]:
        if cut < len(paragraph) and not _is_boundary(paragraph, at, cut):
            continue
        sentence = paragraph[at:cut]
        words = sentence.strip()
        if words:
            start = offset + at + len(sentence) - len(sentence.lstrip())
            yield start, start + len(words)
        at = cut


def _begins(paragraph: str) -> list[int]:
    """Give where sentences begin after nupunkt.

    After a word that is in none of its lists a full stop always ends the sentence. Where there are
    no other marks, as in most of what people say, it need not be asked, which takes much longer.
    """
    tokenizer, marks, listed = _punkt()
    plain = list(_PLAIN_END.finditer(paragraph))
    others = sum(map(paragraph.count, marks)) - len(plain) - (paragraph.rstrip()[-1:] in marks)
    if others or any(found[1].lower() in listed for found in plain):
        return [begin for begin, _ in tokenizer.span_tokenize(paragraph)]
    return [found.end() for found in plain]


@cache
def _punkt() -> tuple[PunktSentenceTokenizer, tuple[str, ...], frozenset[str]]:
    """Give the tokenizer, the marks it looks at, and the words it treats in some way."""
    tokenizer = _tokenizer()
    parameters = tokenizer.parameters
    listed = parameters.abbrev_types | {first for first, _ in parameters.collocations}
    return tokenizer, tuple(tokenizer._SENT_END_CHARS), frozenset(listed)


def _mask(run: re.Match[str]) -> str:
    # nupunkt looks ahead to the end of an unbroken run at every mark in it: quadratic in its length
    return "x" * (len(run[0]) - 40) + run[0][-40:]


def _is_boundary(paragraph: str, start: int, cut: int) -> bool:
    """Tell whether nupunkt's cut stands; ``start`` is where the sentence before it begins."""
    if cut == 0 or not paragraph[cut - 1].isspace():
        return False  # spaCy's tokens end at white space, and both must give the same sentences
    before = paragraph[max(start, cut - 60) : cut].rstrip()
    if paragraph[cut].isdigit() and _NUMBER_SIGN.search(before):
        return False
    return not (_QUOTED_QUESTION.search(before) and _SAYS_WHO.match(paragraph, cut, cut + 80))


@cache
def _tokenizer() -> PunktSentenceTokenizer:
    """Build our own tokenizer; ``nupunkt.load`` would hand out one that all callers share."""
    from nupunkt import PunktSentenceTokenizer
    from nupunkt.models import get_default_model_path

    class SpeechTokenizer(PunktSentenceTokenizer):
        _TITLE_ABBREVS = TITLES

    tokenizer = SpeechTokenizer.load(get_default_model_path())
    parameters = tokenizer.parameters
    dotted = {kept for kept in parameters.abbrev_types if "." in kept}
    parameters.abbrev_types = dotted | TITLES | ABBREVIATIONS
    parameters.abbrev_break_rates = {}
    parameters.invalidate_patterns()
    parameters.freeze_sets()
    tokenizer.clear_decision_cache()
    return tokenizer


@cache
def maker() -> str:
    """Name what cuts the sentences, as canonical JSON: software, version, digest of our rules."""
    import nupunkt

    digest = hashlib.sha256(_canonical(_RULES).encode()).hexdigest()
    return _canonical({"software": "nupunkt", "version": nupunkt.__version__, "rules": digest})


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@cache
def register_spacy_component() -> str:
    """Register the sentence cutter with spaCy and give the factory's name.

    Importing this module must not import spaCy, which takes seconds; so this is called first:
    ``nlp.add_pipe(register_spacy_component())``.
    """
    from spacy.language import Language

    def create(nlp: Language, name: str) -> Callable[[Doc], Doc]:
        return _mark_sentences

    Language.factory(SPACY_FACTORY, assigns=["token.is_sent_start", "doc.sents"], func=create)
    return SPACY_FACTORY


def _mark_sentences(doc: Doc) -> Doc:
    """Set ``is_sent_start``: ``doc.sents``, white space aside, are ``sentences(doc.text)``."""
    starts = {sentence.start for sentence in sentences(doc.text)[1:]}
    for token in doc:
        token.is_sent_start = token.i == 0 or token.idx in starts
    return doc


def pipeline(lang: str = "en") -> Language:
    """Give a blank spaCy pipeline for a language that cuts our sentences."""
    import spacy

    nlp = spacy.blank(lang)
    nlp.max_length = 100_000_000  # spaCy's limit guards the memory of models; there is none here
    nlp.add_pipe(register_spacy_component())
    return nlp

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
from collections.abc import Callable, Iterable
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
_STOP = re.compile(r"\.\s+(?=\w)")
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
    return [Span(start, stop) for start, stop in segment_ends(text, blocks)]


def segment_ends(text: str, blocks: Iterable[Block]) -> list[tuple[int, int]]:
    """Give where the sentences of ``segment`` start and stop."""
    return [
        (block.start + start, block.start + stop)
        for block in blocks
        for start, stop in _cut(text[block.start : block.stop])
    ]


def sentences(text: str) -> list[Span]:
    """Give the sentences of one block, in text order.

    Between two sentences there is always white space, and nothing but white space. They neither
    begin nor end with it; a blank text has none. A blank line always ends a sentence.
    """
    return [Span(start, stop) for start, stop in _cut(text)]


def _cut(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = 0
    if "\n" in text:
        for gap in _BLANK_LINE.finditer(text):
            found += _cut_paragraph(text[at : gap.start()], at)
            at = gap.end()
    return found + _cut_paragraph(text[at:], at)


def _cut_paragraph(paragraph: str, offset: int) -> list[tuple[int, int]]:
    """Give the sentences of a paragraph, which begins at ``offset``."""
    # most paragraphs are a turn of a few words, and these two patterns cost more than a look
    masked = _LONG_RUN.sub(_mask, paragraph) if len(paragraph) >= _LONG else paragraph
    begins = _begins(masked)
    if " I." in masked:
        and_i = dict.fromkeys((match.end() for match in _AND_I.finditer(masked)), False)
        begins = dict(sorted((and_i | begins).items()))
    begins[len(paragraph)] = True
    found: list[tuple[int, int]] = []
    at = 0
    for cut, certain in begins.items():
        if not certain and not _is_boundary(paragraph, at, cut):
            continue
        sentence = paragraph[at:cut].rstrip()
        words = sentence.lstrip()
        if words:
            stop = offset + at + len(sentence)
            found.append((stop - len(words), stop))
        at = cut
    return found


def _begins(paragraph: str) -> dict[int, bool]:
    """Give where sentences begin after nupunkt → whether that is certain, in text order.

    After a word that is in none of its lists a full stop always ends the sentence. So nupunkt,
    which takes much longer, is only asked about what lies between two such full stops where there
    are other marks; in most of what people say there are none.
    """
    tokenizer, marks, listed = _punkt()
    plain = _plain_ends(paragraph, listed)
    begins = {begin: True for _, _, begin in plain}
    last = paragraph.rstrip()
    if sum(map(paragraph.count, marks)) == len(plain) + (last[-1:] in marks):
        return begins
    word_before = begin_before = 0
    for word, stop, begin in [*plain, (0, len(paragraph), 0)]:
        between = last[begin_before : min(stop, len(last)) - 1]
        if any(mark in between for mark in marks):
            # from the last word before, so that nothing here seems to begin a line
            asked = tokenizer.span_tokenize(paragraph[word_before:stop])
            places = (word_before + start for start, _ in asked)
            begins.update((place, False) for place in places if place > begin_before)
        word_before, begin_before = word, begin
    return dict(sorted(begins.items()))


def _plain_ends(paragraph: str, listed: frozenset[str]) -> list[tuple[int, int, int]]:
    """Give the full stops, after a word of letters that is not listed, which something follows.

    Returns:
        Where each one's word begins, where it ends itself, and where what follows begins.
    """
    found: list[tuple[int, int, int]] = []
    before = 0
    for end in _STOP.finditer(paragraph):
        stop, begin = end.span()
        # a pattern for the word would be tried at every word, and take five times as long
        blank = paragraph.rfind(" ", before, stop)
        before = begin - 1
        if (
            blank > 0
            and stop - blank > 2
            and (word := paragraph[blank + 1 : stop]).isalpha()
            and word.lower() not in listed
            and not paragraph[blank - 1].isspace()
        ):
            found.append((blank + 1, stop + 1, begin))
    return found


@cache
def _punkt() -> tuple[PunktSentenceTokenizer, tuple[str, ...], frozenset[str]]:
    """Give the tokenizer, the marks it looks at, and the words it treats in some way."""
    tokenizer = _tokenizer()
    parameters = tokenizer.parameters
    listed = parameters.abbrev_types | {first for first, _ in parameters.collocations}
    ours = {"no", "nos"}  # a number may follow
    return tokenizer, tuple(tokenizer._SENT_END_CHARS), frozenset(listed | ours)


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

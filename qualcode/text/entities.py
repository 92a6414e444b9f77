"""Whom and what a text names, as spaCy sees it: known names first, then a trained model's guesses.

Without a model the pipeline is blank and finds the known names only, which ``names.find`` finds as
well; with one, the known names keep the model from guessing otherwise where they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qualcode.errors import UsageProblem
from qualcode.model import Block, Span
from qualcode.text.names import Found, Name

if TYPE_CHECKING:
    from spacy.language import Language

KINDS = {
    "PERSON": "person", "PER": "person", "GPE": "place", "LOC": "place", "FAC": "place",
    "ORG": "organisation", "NORP": "group",
}  # fmt: skip
"""What a model may call an entity → the kind of a redaction. All else names nobody."""

LONGEST = 20_000
"""Characters that a pipeline sees at once: its memory grows with them."""

_SIZES = ("sm", "md", "lg", "trf")
_NEEDED = frozenset(["tok2vec", "transformer", "ner", "entity_ruler"])
_KNOWN = "known"


def installed_model(language: str) -> str | None:
    """The largest installed model of a language; None if there is none."""
    from spacy.util import get_installed_models

    ours = [name for name in get_installed_models() if name.startswith(f"{language}_")]
    return max(ours, key=_size, default=None)


def _size(name: str) -> tuple[int, str]:
    size = name.rpartition("_")[2]
    return (_SIZES.index(size) if size in _SIZES else -1), name


def pipeline(names: Sequence[Name], *, language: str = "en", model: str | None = None) -> Language:
    """Make a pipeline that knows these names; a model's entity recogniser comes after them.

    Args:
        model: Name or folder of an installed model; None takes a blank pipeline.

    Raises:
        UsageProblem: there is no such model here, or no blank pipeline of this language.
    """
    import spacy

    if model is None:
        try:
            nlp = spacy.blank(language)
        except ImportError:  # as spaCy says it of a language it does not know
            nlp = spacy.blank("xx")
    else:
        try:
            nlp = spacy.load(model)
        except OSError:
            raise UsageProblem(
                f"spaCy has no model {model} here. Install it (python -m spacy download {model}), "
                "or do without: names from lists, and identifiers by their form, are found anyway."
            ) from None
        for name in [name for name in nlp.pipe_names if name not in _NEEDED]:
            nlp.remove_pipe(name)
        if "ner" not in nlp.pipe_names:
            raise UsageProblem(f"The spaCy model {model} recognises no names (it has no ner).")
    first = "ner" if "ner" in nlp.pipe_names else None
    ruler: Any = nlp.add_pipe("entity_ruler", name="qualcode_names", before=first)
    ruler.add_patterns(list(_patterns(nlp, names)))
    return nlp


def entities(
    text: str, blocks: Iterable[Block], names: Sequence[Name], nlp: Language
) -> list[Found]:
    """Find the entities of a text's turns and paragraphs.

    Args:
        names: Those the pipeline was made of.

    Returns:
        In text order, none overlapping another. The label is that of the known name, else ``""``.
    """
    labels = {f"{_KNOWN}-{n}": one for n, one in enumerate(names)}
    pieces = [(text[start:stop], start) for start, stop in _pieces(text, blocks)]
    found = []
    for doc, offset in nlp.pipe(pieces, as_tuples=True, batch_size=32):
        for entity in doc.ents:
            span = Span(offset + entity.start_char, offset + entity.end_char)
            known = labels.get(entity.ent_id_)
            if known is not None:
                found.append(Found(span, known.label, known.kind))
            elif entity.label_ in KINDS:
                found.append(Found(span, "", KINDS[entity.label_]))
    return found


def _patterns(nlp: Language, names: Sequence[Name]) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for n, one in enumerate(names):
        name = " ".join(one.name.split())
        if not name or name in seen:
            continue
        seen.add(name)
        tokens: list[dict[str, Any]] = []
        for word in name.split(" "):
            if tokens:  # a line may break here; what is more than one blank is a token of spaCy's
                tokens.append({"IS_SPACE": True, "OP": "*"})
            tokens += [{"ORTH": token.text} for token in nlp.make_doc(word)]
        yield {"label": one.kind.upper() or "PERSON", "pattern": tokens, "id": f"{_KNOWN}-{n}"}


def _pieces(text: str, blocks: Iterable[Block]) -> Iterator[tuple[int, int]]:
    """Each block, and a very long one in parts that end at white space."""
    for block in blocks:
        at = block.start
        while block.stop - at > LONGEST:
            cut = max(text.rfind(sign, at, at + LONGEST) for sign in ("\n", " "))
            cut = at + LONGEST if cut <= at else cut
            yield at, cut
            at = cut
        yield at, block.stop

"""The basic form of words, where something that knows it is installed."""

from __future__ import annotations

from collections.abc import Callable

from qualcode.errors import UsageProblem
from qualcode.text.entities import installed_model


def lemmatiser(language: str = "en") -> Callable[[str], str]:
    """Word in small letters → its basic form, from spaCy's tables or an installed model.

    Raises:
        UsageProblem: Neither is here; the message says how to get one.
    """
    from spacy.lookups import load_lookups

    try:
        tables = load_lookups(language, ["lemma_lookup"])
    except ValueError:  # as spaCy says that the package with its tables is missing
        model = installed_model(language)
        if model is None:
            raise UsageProblem(
                "No lemmatiser is installed, so the forms of a word are not known. Install one "
                "(pip install spacy-lookups-data), or look for the beginning of the word: hand*"
            ) from None
        return _of_model(model)
    table = tables.get_table("lemma_lookup")
    return lambda word: str(table.get(word, word))


def _of_model(name: str) -> Callable[[str], str]:
    import spacy

    nlp = spacy.load(name, exclude=["ner", "parser"])
    known: dict[str, str] = {}

    def basic(word: str) -> str:
        if word not in known:
            known[word] = "".join(token.lemma_ for token in nlp(word)).casefold()
        return known[word]

    return basic

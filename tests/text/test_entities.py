"""Entities, with a pipeline made here; no trained model is needed, and none was seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qualcode.errors import UsageProblem
from qualcode.model import Block
from qualcode.text.entities import LONGEST, entities, installed_model, pipeline
from qualcode.text.names import Name

spacy = pytest.importorskip("spacy")
DANA = [Name("Dana Will", "person", "[A]")]


def found(text: str, names: list[Name] = DANA, model: str | None = None) -> list[tuple[str, ...]]:
    nlp = pipeline(names, model=model)
    blocks = [Block(0, len(text), None)]
    return [
        (text[one.span.start : one.span.stop], one.kind, one.label)
        for one in entities(text, blocks, names, nlp)
    ]


@pytest.mark.parametrize("between", [" ", "\n", "  \n"])
def test_a_known_name_is_found_over_blanks_and_line_ends(between: str) -> None:
    assert found(f"I met Dana{between}Will.") == [(f"Dana{between}Will", "person", "[A]")]


def test_a_blank_pipeline_guesses_nothing() -> None:
    assert found("Rosa lives in Port Alder.") == []


def test_offsets_count_characters_beyond_the_first_plane() -> None:
    assert found("😀😀 Dana Will") == [("Dana Will", "person", "[A]")]


def test_a_long_block_is_cut_at_white_space() -> None:
    text = "word " * (LONGEST // 5) + "Dana Will"
    assert found(text) == [("Dana Will", "person", "[A]")]


@pytest.fixture
def model(tmp_path: Path) -> str:
    """A tiny model: its ``ner`` never guesses, and a ruler stands in for what one would."""
    nlp = spacy.blank("en")
    nlp.add_pipe("ner").add_label("PERSON")
    nlp.initialize()
    nlp.to_disk(tmp_path / "tiny")
    return str(tmp_path / "tiny")


def test_known_names_come_before_the_guesses_of_a_model(model: str) -> None:
    nlp = pipeline(DANA, model=model)
    assert nlp.pipe_names == ["qualcode_names", "ner"]
    assert ("Dana Will", "person", "[A]") in found("I met Dana Will.", model=model)


def test_a_guess_has_a_kind_and_no_label_and_dates_are_none() -> None:
    nlp = pipeline(DANA)
    ruler: Any = nlp.add_pipe("entity_ruler", name="guesses")
    ruler.add_patterns(
        [{"label": "GPE", "pattern": "Port Alder"}, {"label": "DATE", "pattern": "Monday"}]
    )
    text = "Dana Will left Port Alder on Monday."
    guesses = entities(text, [Block(0, len(text), None)], DANA, nlp)
    assert [(one.kind, one.label) for one in guesses] == [("person", "[A]"), ("place", "")]


def test_a_model_that_is_not_installed_is_an_error_with_the_way_out() -> None:
    with pytest.raises(UsageProblem, match="python -m spacy download no_such_model"):
        pipeline([], model="no_such_model")


def test_an_installed_model_finds_a_person() -> None:
    name = installed_model("en")
    if name is None:
        pytest.skip("no spaCy model for English is installed: its guesses were not seen")
    guesses = found("Barack Obama lives in Chicago.", [], name)
    assert ("Barack Obama", "person", "") in guesses

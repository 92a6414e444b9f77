"""A frequency table as bars, and the excerpts behind each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qualcode.errors import UnknownName
from qualcode.reports.bar_excerpts import bar_excerpts
from qualcode.reports.suppressed import suppressed_in
from qualcode.reports.theme_bars import MEASURES, facts, theme_bars, uncounted
from qualcode.reports.themes import frequency
from tests.reports.studies import Study

TALK = """Moderator: Did you trust her?

P1: I trusted her. She came back.

P2: I was afraid. — Nobody called me.

P3: I trusted him, too.
"""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Trust: "I trusted her." and, overlapping, hope "her. She came back."; P3's; the question."""
    made = Study(tmp_path / "study.qualcode", ["trust", ("hope", "trust"), "fear", "none"])
    made.document("north", TALK, site="north")
    made.document("south", TALK.replace("too", "as well"), site="south")
    for name in ("north", "south"):
        made.code("ana", name, "trust", "trust her?", "I trusted her.")
        made.code("ana", name, "hope", "her. She came back.")
    made.code("ana", "north", "trust", "I trusted him, too.")
    made.code("ana", "north", "fear", "I was afraid.", "—")
    made.finish("ana", "north", "south")
    yield made
    made.project.close()


def figures(study: Study, measure: str, **options: Any) -> dict[tuple[str, str], str]:
    table = frequency(study.project, **options)
    return {(b.code, b.group): b.figures() for b in theme_bars(table, measure)}


def test_each_measure_says_its_number_and_what_it_is_of(study: Study) -> None:
    of = {measure: figures(study, measure) for measure in MEASURES}
    assert of["participants"]["trust", "*"] == "2 of 3 participants · 3 codings"
    assert of["participants"]["fear", "*"] == "1 of 3 participants · 1 coding"
    assert of["documents"]["fear", "*"] == "1 of 2 documents · 1 coding"
    assert of["codings"]["trust", "*"] == "3 codings · 90.9 per 1,000 words"
    assert of["words"]["trust", "*"] == "16 of 33 words · 48.5%"
    assert of["words"]["none", "*"] == "0 of 33 words · 0.0%"


def test_a_bar_of_participants_is_a_part_of_all_a_bar_of_codings_of_the_longest(
    study: Study,
) -> None:
    table = frequency(study.project)
    shares = {b.code: b.fraction for b in theme_bars(table)}
    assert shares == {"trust": 2 / 3, "hope": 1 / 3, "fear": 1 / 3, "none": 0}
    against = {b.code: b.fraction for b in theme_bars(table, "codings")}
    assert against == {"trust": 1, "hope": 2 / 3, "fear": 1 / 3, "none": 0}


def test_zero_is_a_number_and_nothing_counted_is_a_dash(study: Study) -> None:
    assert figures(study, "participants")["none", "*"] == "0 of 3 participants · 0 codings"
    dashes = uncounted(study.project.codebook.codes())
    assert [(b.code, b.level, b.figures(), b.fraction) for b in dashes][:2] == [
        ("trust", 1, "–", None), ("hope", 2, "–", None),
    ]  # fmt: skip


def test_a_document_of_moderators_alone_has_nothing_to_count_in(tmp_path: Path) -> None:
    made = Study(tmp_path / "study.qualcode", ["trust"])
    made.document("talk", "Moderator: Did you trust her?\n\nModerator: And then?\n")
    made.finish("ana", "talk")
    table = frequency(made.project)
    assert [[b.figures() for b in theme_bars(table, m)] for m in MEASURES] == [["–"]] * 4
    made.project.close()


def test_warnings_are_words_and_what_is_taken_out_draws_nothing(study: Study) -> None:
    table = frequency(study.project)
    fear = theme_bars(table)[2]
    assert fear.flags == ("one speaker", "one document", "few words")
    hidden = theme_bars(suppressed_in(study.project, table)[0])[2]
    assert (hidden.count, hidden.fraction, hidden.flags) == ("<3 of 3", 0, ())


def test_the_facts_of_a_bar_say_who_speaks_most_of_it(study: Study) -> None:
    rows = {str(row["code"]): " · ".join(facts(row)) for row in frequency(study.project)}
    assert "most said by P1: 75% of these words" in rows["trust"]
    assert "! one speaker" in rows["trust"]
    assert "most said" not in rows["none"]


@pytest.mark.parametrize(
    "options",
    [{}, {"own": True}, {"include_moderator": True}, {"source": "coder:ana"},
     {"own": True, "include_moderator": True}],
)  # fmt: skip
def test_there_are_as_many_excerpts_behind_a_bar_as_it_counts(
    study: Study, options: dict[str, Any]
) -> None:
    for row in frequency(study.project, by="site", **options):
        code, group = str(row["code"]), str(row["group"])
        found = bar_excerpts(study.project, code, group=group, by="site", **options)
        assert len(found) == row["codings"], (code, group)


def test_the_excerpts_are_the_words_of_the_group_and_those_of_codes_below(study: Study) -> None:
    north = bar_excerpts(study.project, "trust", group="north", by="site")
    assert [one.text for one in north] == ["I trusted her. She came back.", "I trusted him, too."]
    alone = bar_excerpts(study.project, "trust", group="south", by="site", own=True)
    assert [(one.text, one.document.name) for one in alone] == [("I trusted her.", "south")]
    assert bar_excerpts(study.project, "none") == []


def test_an_unknown_code_or_attribute_is_refused(study: Study) -> None:
    with pytest.raises(UnknownName):
        bar_excerpts(study.project, "joy")
    with pytest.raises(UnknownName):
        bar_excerpts(study.project, "trust", group="x", by="shoe_size")

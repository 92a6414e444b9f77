"""Units a report may ask for: what they count, checked by hand and by plain loops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qualcode.errors import UnknownName, UsageProblem
from qualcode.model import Span
from qualcode.reliability.coefficients import krippendorff_alpha
from qualcode.reliability.patterns import count
from qualcode.reports import segments
from qualcode.reports.agreement import agreement
from qualcode.reports.ratings import rated_round
from qualcode.reports.wanted import wanted
from tests.reports.studies import Study

TEXT = """Moderator: How was it?

P1: I trusted her. She came back.

P2: I was afraid. Nobody called.
"""
SAID = ["I trusted her. She came back.", "I was afraid. Nobody called."]


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Two documents coded by ana and ben in a closed round; ben codes less, and other borders."""
    made = Study(tmp_path / "s.qualcode", ["trust", ("hope", "trust"), "fear"])
    made.document("one", TEXT)
    made.document("two", TEXT + "\nP3: Another voice.\n")
    made.round("r1", {"one": ["ana", "ben"], "two": ["ana", "ben"]})
    made.code("ana", "one", "trust", "trusted her", round="r1")
    made.code("ben", "one", "trust", "I trusted", round="r1")
    made.code("ana", "one", "hope", "She came back", round="r1")
    made.code("ana", "two", "fear", "I was afraid. Nobody", round="r1")
    made.code("ben", "two", "fear", "afraid", round="r1")
    made.code("ana", "two", "trust", "How was it", round="r1")
    for coder in ("ana", "ben"):
        made.finish(coder, "one", "two", round="r1")
    made.close("r1")
    yield made
    made.project.close()


def alpha(study: Study, code: str, **how: Any) -> dict[str, Any]:
    table = agreement(study.project, **how)
    (row,) = [
        row
        for row in table
        if row["code"] == code and row["statistic"] == "krippendorff_alpha"
        and row["scope"] in ("code", "overall")
    ]  # fmt: skip
    return row


def characters(study: Study, code: str) -> float | None:
    """Alpha over every character that participants say, by plain loops."""
    rows: list[list[int]] = []
    wanted = study.project.codebook.named(code).id
    for name, document in study.documents.items():
        text = study.project.documents.text(document.id)
        coded = {
            (c.coder_id, at)
            for c in study.project.codings.list(document_id=document.id)
            if c.code_id == wanted
            for at in range(c.span.start, c.span.stop)
        }
        people = [study.coder(coder).id for coder in ("ana", "ben")]
        for words in [*SAID, *(["Another voice."] if name == "two" else [])]:
            start = text.index(words)
            rows += [
                [int((who, at) in coded) for who in people]
                for at in range(start, start + len(words))
            ]
    return krippendorff_alpha(count(np.array(rows)))[0].value


@pytest.mark.parametrize("code", ["trust", "hope", "fear"])
def test_characters_are_what_a_loop_over_them_finds(study: Study, code: str) -> None:
    row = alpha(study, code, unit="character", codes=[code])
    assert row["value"] == pytest.approx(characters(study, code))
    assert row["n_units"] == 2 * sum(map(len, SAID)) + len("Another voice.")


def test_characters_are_no_sample(study: Study) -> None:
    row = alpha(study, "fear", unit="character")
    assert (row["ci_low"], row["ci_reason"]) == (None, "no_sample")
    row = alpha(study, "fear", unit="character", interval="bootstrap-units")
    assert (row["ci_low"], row["ci_reason"]) == (None, "no_sample")


def test_a_window_is_so_many_words_and_never_crosses_a_turn(study: Study) -> None:
    # 6 + 5 words in "one", 6 + 5 + 2 in "two": windows of 4 make 2 + 2 and 2 + 2 + 1
    assert alpha(study, "trust", unit="window:4")["n_units"] == 9
    with pytest.raises(UsageProblem):
        alpha(study, "trust", unit="window:0")
    with pytest.raises(UnknownName):
        alpha(study, "trust", unit="window:N")


def test_rolled_up_a_code_is_present_where_one_below_it_is(study: Study) -> None:
    assert alpha(study, "trust")["n_present"] == 2
    rolled = alpha(study, "trust", roll_up=True)
    assert (rolled["n_present"], rolled["rolled_up"]) == (3, True)
    assert alpha(study, "hope", roll_up=True)["n_present"] == 1


def test_only_units_that_anyone_coded_is_printed_and_counted(study: Study) -> None:
    table = agreement(study.project, restrict="any-coded")
    assert {row["restrict"] for row in table} == {"any-coded"}
    assert alpha(study, "trust", restrict="any-coded")["n_units"] == 4
    assert any("biased downwards" in note for note in table.notes)
    with pytest.raises(UnknownName):
        agreement(study.project, restrict="some")


def test_the_moderator_counts_where_that_is_asked_for(study: Study) -> None:
    assert alpha(study, "trust")["n_units"] == 9
    included = alpha(study, "trust", include_excluded=True)
    assert (included["n_units"], included["n_present"]) == (11, 3)


def test_one_document_can_be_asked_for(study: Study) -> None:
    assert alpha(study, "fear", documents=["two"])["n_units"] == 5
    assert alpha(study, "trust", documents=["ONE"])["n_documents"] == 1
    with pytest.raises(UnknownName):
        agreement(study.project, documents=["three"])


def test_documents_have_a_figure_each_and_no_interval(study: Study) -> None:
    rows = [row for row in agreement(study.project, by=["document"]) if row["scope"] == "document"]
    assert [(r["document"], r["statistic"]) for r in rows] == [
        ("one", "percent_agreement"), ("one", "krippendorff_alpha"),
        ("two", "percent_agreement"), ("two", "krippendorff_alpha"),
    ]  # fmt: skip
    assert {row["ci_reason"] for row in rows} == {"few_documents"}


def test_segments_are_compared_as_they_were_marked(study: Study) -> None:
    table = agreement(study.project, unit="segment")
    rows = {(r["code"], r["statistic"]): r for r in table}
    assert rows["fear", "alpha_u_2004"]["n_units"] == 2
    assert rows["trust", "u_alpha"]["value"] is not None
    assert rows["*", "bar_u_alpha"]["value"] is not None
    assert {row["unit"] for row in table} == {"segment"}
    assert "6 segments in 2 documents that all of them finished" in table.notes[0]
    assert {row["ci_reason"] for row in table if row["value"] is not None} == {"few_documents"}


def test_every_statistic_can_be_asked_for_by_name(study: Study) -> None:
    from qualcode.reliability.registry import OURS

    table = agreement(study.project, statistics=list(OURS), interval="gwet")
    found = {row["statistic"] for row in table if row["scope"] == "code"}
    assert found == set(OURS) - {"pooled_kappa"}
    assert {row["statistic"] for row in table if row["scope"] == "overall"} == set(OURS)
    reasons = {row["statistic"]: row["ci_reason"] for row in table if row["code"] == "trust"}
    assert reasons["holsti"] == "no_formula"
    assert reasons["gwet_ac1"] is None
    with pytest.raises(UnknownName):
        agreement(study.project, statistics=["rho"])


def test_which_units_anyone_coded_does_not_depend_on_the_codes_shown(study: Study) -> None:
    among_all = alpha(study, "trust", restrict="any-coded")
    alone = alpha(study, "trust", restrict="any-coded", codes=["trust"])
    assert (alone["n_units"], alone["value"]) == (among_all["n_units"], among_all["value"])


@pytest.mark.parametrize("rule", ["majority", "chars:3"])
def test_a_character_is_coded_or_not_whatever_the_rule(study: Study, rule: str) -> None:
    # A blank alone has no ink of which a majority could be covered.
    study.round("r2", {"two": ["ana", "ben"]})
    two = study.documents["two"]
    text = study.project.documents.text(two.id)
    code = study.project.codebook.named("trust").id
    round_ = study.project.rounds.named("r2").id
    at = text.index("her. She") + 4
    for who, start, stop in (("ana", at - 2, at), ("ana", at + 1, at + 3), ("ben", at - 2, at + 3)):
        study.project.codings.apply(
            two.id, Span(start, stop), code, by=study.coder(who), round_id=round_
        )
    for who in ("ana", "ben"):
        study.finish(who, "two", round="r2")
    study.close("r2")
    usual = alpha(study, "trust", unit="character", rounds=["r2"])
    assert usual["n_present"] == 9
    assert alpha(study, "trust", unit="character", rounds=["r2"], overlap=rule) == usual


def test_segments_have_statistics_of_their_own(study: Study) -> None:
    table = agreement(study.project, unit="segment", statistics=["u_alpha"], by=["round"])
    assert [(row["scope"], row["statistic"]) for row in table] == [("overall", "u_alpha")]
    with pytest.raises(UnknownName):
        agreement(study.project, unit="segment", statistics=["cohen_kappa"])
    with pytest.raises(UsageProblem):
        agreement(study.project, unit="segment", restrict="any-coded")
    with pytest.raises(UsageProblem):
        agreement(study.project, unit="segment", overlap="majority")


def test_segments_of_a_code_outside_the_rounds_version_do_not_count(study: Study) -> None:
    rated = rated_round(study.project, study.project.rounds.named("r1"))
    assert sum(line.counted.units for line in segments.lines(rated, wanted(by=["round"]))) > 0
    unknown = replace(rated, ratings=replace(rated.ratings, known=np.zeros(3, dtype=np.bool_)))
    assert {line.counted.units for line in segments.lines(unknown, wanted())} == {0}


def test_sets_of_codes_are_compared_by_the_distances_asked_for(study: Study) -> None:
    from qualcode.reliability.sets import count_sets, krippendorff_alpha_set

    table = agreement(
        study.project, statistics=["krippendorff_alpha_set"], distances=["jaccard", "masi"]
    )
    rows = {row["distance"]: row for row in table}
    assert set(rows) == {"jaccard", "masi"}
    # sentence by sentence: trust by both; hope, fear (twice) by ana, fear once by ben; four blank
    sets = [
        [{"trust"}, {"trust"}], [{"hope"}, set()], [set(), set()], [set(), set()],
        [set(), set()], [set(), set()], [{"fear"}, {"fear"}], [{"fear"}, set()], [set(), set()],
    ]  # fmt: skip
    for distance in ("jaccard", "masi"):
        expected = krippendorff_alpha_set(count_sets(sets), distance=distance)[0].value  # type: ignore[arg-type]
        assert rows[distance]["value"] == pytest.approx(expected)
    assert (rows["masi"]["code"], rows["masi"]["n_units"]) == ("*", 9)
    with pytest.raises(UsageProblem):
        agreement(study.project, statistics=["krippendorff_alpha_set"], unit="character")
    with pytest.raises(UnknownName):
        agreement(study.project, distances=["near"])

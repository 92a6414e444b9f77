"""The Word report of small projects: which parts, which figures, and why something is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from qualcode.errors import UnknownName
from qualcode.exporters.report import (
    AnnotatedTranscript,
    Appendix,
    Excerpts,
    Figures,
    PrintedTable,
    Reference,
)
from qualcode.exporters.word import write_word
from qualcode.model import Span
from qualcode.reports.word import word_report
from qualcode.reports.wording import figure
from tests.reports.studies import Study

GROUP = """Moderator: Did you trust her?

P1: I trusted her. She came back.

P2: I was afraid. Nobody called me.

P1: That is true. I forgot.
"""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study(tmp_path / "study.qualcode", ["trust", ("hope", "trust"), "fear"])
    made.document("fg", GROUP, site="North")
    made.code("ana", "fg", "trust", "trusted her", "came back")
    made.code("ana", "fg", "fear", "afraid", valence="barrier")
    made.finish("ana", "fg")
    yield made
    made.project.close()


def cells(table: PrintedTable) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_the_parts_come_in_their_order_and_only_those_asked_for(study: Study) -> None:
    whole = word_report(study.project)
    assert [type(part) for part in whole.parts] == [
        Excerpts, *[Figures] * 4, AnnotatedTranscript, Appendix, Figures, Figures,
    ]  # fmt: skip
    assert [part.heading for part in whole.parts[-3:]] == [
        "Appendix: Codebook", "Appendix: Rounds", "Appendix: COREQ",
    ]  # fmt: skip
    some = word_report(study.project, what=["codebook", "frequency"])
    assert [type(part) for part in some.parts] == [Figures, Appendix]
    assert some.front is None


def test_tables_and_appendix_stand_for_their_parts(study: Study) -> None:
    asked = word_report(study.project, what=["appendix", "tables"])
    assert [part.heading for part in asked.parts] == [
        "Theme frequency", "Codes that come up together", "Saturation",
        "Agreement between coders", "Appendix: Codebook", "Appendix: Rounds", "Appendix: COREQ",
    ]  # fmt: skip


def test_the_appendix_says_what_a_version_changed_and_where(study: Study) -> None:
    by = study.coders["ana"]
    study.project.codebook.freeze("v1", by=by)
    codes = study.project.codebook.codes()
    study.project.codebook.import_codes(
        [replace(code, brief="Relies on somebody.") if code.code == "trust" else code
         for code in codes], by=by,
    )  # fmt: skip
    study.project.codebook.freeze("v2", by=by)
    book, versions = word_report(study.project, what=["codebook", "versions"]).parts
    assert isinstance(book, Appendix)
    assert isinstance(versions, Figures)
    assert Reference("versions 1") in book.intro
    (table,) = versions.tables
    assert [row[:3] + row[4:] for row in cells(table)] == [
        ["trust", "changed", "brief definition", "Relies on somebody."]
    ]


def test_rounds_and_decisions_are_told_with_their_reasons(study: Study) -> None:
    study.round("r", {"fg": ["ana", "ben"]})
    study.code("ana", "fg", "trust", "trusted her", round="r")
    study.finish("ana", "fg", round="r")
    study.finish("ben", "fg", round="r")
    study.close("r")
    made = study.project.codings.list(round_id=study.project.rounds.named("r").id)[0]
    study.project.adjudications.decide(
        made.round_id, made.document_id, made.code_id, made.span, "present",
        by=study.coders["ben"], reason="She says so.",
    )  # fmt: skip
    rounds, decisions = word_report(study.project, what=["rounds", "decisions"]).parts
    assert isinstance(rounds, Figures)
    assert isinstance(decisions, Figures)
    assert cells(rounds.tables[0])[1] == [
        "r", "reliability", "yes", "closed", "–", "ana, ben", "1", "2 / 2",
    ]  # fmt: skip
    assert cells(decisions.tables[0]) == [
        ["r", "fg", "2", "trust", "present", "She says so.", "ben"]
    ]


def test_the_turn_before_a_quote_comes_along_and_omissions_are_marked(study: Study) -> None:
    (part,) = word_report(study.project, what=["excerpts"], context=1).parts
    assert isinstance(part, Excerpts)
    first, second = part.codes[0].quotes
    # "trusted her" begins after "I", so words of its own turn are left out before it
    assert list(first.context) == [("Moderator", "Did you trust her? […]")]
    assert list(second.context) == [("Moderator", "Did you trust her? […]")]
    assert not word_report(study.project, what=["excerpts"]).parts[0].codes[0].quotes[0].context  # type: ignore[union-attr]


def test_a_transcript_in_brackets_says_so_and_another_way_is_refused(study: Study) -> None:
    (part,) = word_report(study.project, what=["transcript"], marks="brackets").parts
    assert isinstance(part, AnnotatedTranscript)
    assert part.brackets
    assert "in brackets" in part.intro
    with pytest.raises(UnknownName, match="colour"):
        word_report(study.project, marks="colour")


def test_excerpts_say_which_tables_count_them(study: Study) -> None:
    study.round("r", {"fg": ["ana", "ben"]})
    study.code("ana", "fg", "trust", "trusted her", "That is true", round="r")
    study.code("ben", "fg", "trust", "trusted her", round="r")
    study.finish("ana", "fg", round="r")
    study.finish("ben", "fg", round="r")
    study.close("r")
    first, counts, agreed = word_report(
        study.project, what=["excerpts", "frequency", "agreement"]
    ).parts
    assert isinstance(first, Excerpts)
    assert list(first.intro[1:]) == [
        " Frequencies are in ", Reference("frequency"), ".",
        " Agreement is in ", Reference("agreement 1"), ".",
    ]  # fmt: skip
    assert isinstance(counts, Figures)
    assert isinstance(agreed, Figures)
    assert [table.key for table in (*counts.tables, *agreed.tables)] == ["frequency", "agreement 1"]


def test_an_unknown_part_or_document_is_said(study: Study) -> None:
    with pytest.raises(UnknownName, match="pictures"):
        word_report(study.project, what=["pictures"])
    with pytest.raises(UnknownName, match="nowhere"):
        word_report(study.project, documents=["nowhere"])


def test_a_code_says_how_many_of_its_excerpts_are_shown(study: Study) -> None:
    (part,) = word_report(study.project, what=["excerpts"], quotes=1).parts
    assert isinstance(part, Excerpts)
    assert [(c.title, c.count) for c in part.codes] == [
        ("Trust", "1 of 2 excerpts, 1 document"), ("Fear", "1 excerpt, 1 document"),
    ]  # fmt: skip
    assert "No excerpt: hope." in part.intro


def test_an_exemplar_is_quoted_before_others(study: Study) -> None:
    study.project.rounds.reopen_document(
        study.project.rounds.named("solo").id, study.documents["fg"].id, study.coders["ana"].id,
        by=study.coders["ana"],
    )  # fmt: skip
    study.code("ana", "fg", "fear", "Nobody called", exemplar=True)
    study.finish("ana", "fg")
    (part,) = word_report(study.project, what=["excerpts"], quotes=1).parts
    assert isinstance(part, Excerpts)
    quoted = {code.title: code.quotes[0].passages for code in part.codes}
    assert quoted == {"Trust": [("", "trusted her")], "Fear": [("", "Nobody called")]}


def test_the_frequency_table_prints_n_of_n(study: Study) -> None:
    (part,) = word_report(study.project, what=["frequency"]).parts
    assert isinstance(part, Figures)
    (table,) = part.tables
    assert cells(table)[0][:4] == ["trust", "2", "1 / 1", "1 / 2"]
    assert [row[0].indent for row in table.rows] == [0, 1, 0]
    assert cells(table)[2][6] == "1"


def test_without_a_second_coder_the_agreement_part_says_why(study: Study) -> None:
    (part,) = word_report(study.project, what=["agreement"]).parts
    assert isinstance(part, Figures)
    assert not part.tables
    assert "one coder" in part.sentences[0]


def test_a_blind_open_round_is_the_reason_given(study: Study) -> None:
    study.round("r", {"fg": ["ana", "ben"]})
    (part,) = word_report(study.project, what=["agreement"]).parts
    assert isinstance(part, Figures)
    assert "blind" in part.sentences[0]


def test_agreement_has_no_leading_zeros_and_a_lettered_dash_where_undefined(study: Study) -> None:
    study.round("r", {"fg": ["ana", "ben"]})
    study.code("ana", "fg", "trust", "trusted her", "That is true", round="r")
    study.code("ben", "fg", "trust", "trusted her", round="r")
    study.finish("ana", "fg", round="r")
    study.finish("ben", "fg", round="r")
    study.close("r")
    (part,) = word_report(study.project, what=["agreement"]).parts
    assert isinstance(part, Figures)
    (table,) = part.tables
    trust, _, fear, overall = table.rows
    # 6 sentences of participants: both 1, ana alone 1, nobody 4. Observed disagreement 1/6;
    # expected 2 x 3 x 9 / (12 x 11) = 9/22; alpha = 1 - (1/6) / (9/22) = .59.
    assert trust[4].text == ".59"
    assert (fear[4].text, fear[4].note != "") == ("–", True)
    assert overall[0].text == "All codes"
    assert any(piece.text.endswith("used the code.") for piece in table.note)


def test_every_coding_of_the_transcript_becomes_a_comment(study: Study) -> None:
    study.project.memos.write(
        "look again", by=study.coders["ana"], coding_id=study.project.codings.list()[0].id
    )
    (part,) = word_report(study.project, what=["transcript"]).parts
    assert isinstance(part, AnnotatedTranscript)
    assert [list(c.lines) for c in part.comments] == [
        ["trust", "Memo: look again"], ["trust"], ["fear", "barrier"],
    ]  # fmt: skip
    assert [p.speaker for p in part.passages] == ["Moderator", "P1", "P2", "P1"]


def test_a_comment_says_where_a_coding_came_from_that_was_not_made_by_hand(study: Study) -> None:
    project, ana, document = study.project, study.coders["ana"], study.documents["fg"].id
    text, fear = project.documents.text(document), project.codebook.named("fear").id
    solo = project.rounds.named("solo").id
    project.rounds.reopen_document(solo, document, ana.id, by=ana)
    start = text.index("Nobody called")
    project.codings.apply_all([(document, Span(start, start + 6))], fear, by=ana, made_by="search")
    place = document, Span(start + 7, start + 13)
    project.codings.apply_all([place], fear, by=ana, made_by="suggestion")
    (part,) = word_report(project, what=["transcript"]).parts
    assert isinstance(part, AnnotatedTranscript)
    lines = [line for comment in part.comments for line in comment.lines]
    assert "made from a search" in lines
    assert "accepted from a suggestion" in lines


def test_the_report_of_a_project_reopens_with_its_comments(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    assert write_word(word_report(study.project), path) == 0
    document = Document(str(path))
    assert len(list(document.comments)) == len(study.project.codings.list())
    last = document.tables[-1]
    assert [cell.text for cell in last.rows[0].cells] == [
        "Project digest (SHA-256)", study.project.digest(),
    ]  # fmt: skip


def test_the_same_project_gives_the_same_bytes(study: Study, tmp_path: Path) -> None:
    files = [tmp_path / "a.docx", tmp_path / "b.docx"]
    for path in files:
        write_word(word_report(study.project), path)
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize(
    ("value", "printed"),
    [(0.834, ".83"), (1.0, "1.00"), (-0.24, "−.24"), (0.0, ".00"), (-0.001, ".00")],
)
def test_a_coefficient_is_printed_as_apa_asks(value: float, printed: str) -> None:
    assert figure(value) == printed


def test_a_report_draws_its_pictures_and_says_which_do_not_exist(study: Study) -> None:
    report = word_report(study.project, what=["excerpts", "figures"])
    drawn = report.parts[-1]
    assert isinstance(drawn, Figures)
    assert [one.key for one in drawn.pictures] == ["picture frequency", "picture saturation"]
    for one in drawn.pictures:
        assert one.png.startswith(b"\x89PNG")
        assert one.alt
        assert one.width == pytest.approx(160 * 72 / 25.4)
        assert one.note[1].text.startswith(" Source: reading. 1 document read")
    assert drawn.pictures[0].caption == "Participants With Each Code"
    assert "trust (1 of 2)" in drawn.pictures[0].alt
    assert drawn.sentences == [
        "No picture of codes that come up together, counted: No two codes come up together "
        "(relation turn); nothing to draw.",
        "No picture of agreement on each code with intervals: krippendorff_alpha does not exist for "
        "any code: one coder.",
    ]
    first = report.parts[0]
    assert isinstance(first, Excerpts)
    assert Reference("picture frequency") in first.intro

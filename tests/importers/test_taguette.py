"""Taguette's projects: bytes become characters, tags codes, and commands say who coded."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.contents import ProjectContents
from qualcode.importers.taguette import read_taguette
from qualcode.importers.taguette_text import PageText
from tests.importers.foreign_files import PAGE, highlight, in_bytes, joined, taguette_rows

WORDS = [
    "Café 🙂", "did they\n   meet", "you? 😀", "walked over\xa0–", "– naïve, I thought –",
    "her name. Fish & chips.", "🧩 thing", "thingtwo",
]  # fmt: skip


def contents(*highlights: dict[str, Any], coder: str | None = None, **what: Any) -> ProjectContents:
    tables = taguette_rows(highlights, **what)
    for rows in tables.values():
        for n, row in enumerate(rows, 1):
            row.setdefault("id", n)
    return read_taguette(tables, "t.sqlite3", coder=coder)


def passages(found: ProjectContents) -> list[tuple[str, str, str]]:
    """Coder, code and words of every coding."""
    texts = {one.guid: one.named.reading.text for one in found.documents}
    codes = {one.id: one.code for one in found.codes}
    coders = {one.guid: one.name for one in found.coders}
    return [
        (coders[one.coder], codes[one.code], texts[one.document][one.start : one.stop])
        for one in found.codings
    ]


# The text of a page


def test_blocks_end_paragraphs_and_layout_is_one_blank() -> None:
    assert PageText(PAGE).text == (
        "Café 🙂 at the harbour\n\nModerator: How did they meet you? 😀\n\n"
        "P1: She walked over\xa0– naïve, I thought – and said her name. Fish & chips.\n\n"
        "one 🧩 thing\ntwo"
    )


@pytest.mark.parametrize("words", WORDS)
def test_bytes_of_a_page_lie_where_the_words_are(words: str) -> None:
    page = PageText(PAGE)
    start, stop = in_bytes(PAGE, words)
    ours = page.text[page.start(start) : page.stop(stop)]
    assert "".join(ours.split()) == "".join(words.split())
    assert ours == ours.strip()


def test_every_byte_has_a_place_and_places_do_not_run_back() -> None:
    page = PageText(PAGE)
    assert page.size == len(joined(PAGE).encode())
    starts = [page.start(at) for at in range(page.size + 1)]
    stops = [page.stop(at) for at in range(page.size + 1)]
    assert starts == sorted(starts)
    assert stops == sorted(stops)
    assert stops[-1] == len(page.text)


def test_a_byte_inside_a_character_goes_down_for_a_start_and_up_for_a_stop() -> None:
    page = PageText("<p>a🙂b</p>")
    assert (page.start(3), page.stop(3)) == (1, 2)


def test_lines_cells_and_preformatted_text_keep_their_form() -> None:
    page = PageText("<p>a<br>b<br><br>c</p><table><tr><td>d</td><td>e</td></tr></table><pre>\n f\n"
                    " g</pre>")  # fmt: skip
    assert page.text == "a\nb\n\nc\n\nd\te\n\n f\n g"


def test_what_no_document_may_hold_is_dropped_and_still_counted() -> None:
    page = PageText("<p>a\x1bb\ufeffc</p>")
    assert (page.text, dict(page.dropped)) == ("abc", {"U+001B": 1, "U+FEFF": 1})
    assert page.text[page.start(6) : page.stop(7)] == "c"


@pytest.mark.parametrize("odd", ["<![x", "a < b &amp &bogus; <", "<p", "<!-- never closed", ""])
def test_odd_pages_are_read_and_not_crashed_on(odd: str) -> None:
    assert isinstance(PageText(f"<p>words</p>{odd}").text, str)


# A project


def test_a_highlight_becomes_a_coding_for_each_of_its_tags() -> None:
    found = contents(highlight("naïve, I thought", 1, 2))
    assert passages(found) == [
        ("rosa", "contact.warm", "naïve, I thought"), ("rosa", "naïve", "naïve, I thought"),
    ]  # fmt: skip
    assert found.losses[-1].fate == "changed"  # of the page's layout; nothing else
    assert len(found.losses) == 1


@pytest.mark.parametrize("words", WORDS)
def test_every_highlight_says_what_taguette_kept_of_it(words: str) -> None:
    rule = contents(highlight(words, 1)).facts["offset_rule"]
    assert (rule["quote"], rule["in_range"], rule["of"]) == (1, 1, 1)


def test_tags_keep_their_path_as_the_name_and_their_description() -> None:
    codes = contents().codes
    assert [(one.code, one.parent, one.full) for one in codes] == [
        ("contact.warm", None, "What contact.warm means."), ("naïve", None, "What naïve means."),
    ]  # fmt: skip


def test_who_set_a_highlight_last_made_its_codings() -> None:
    found = contents(highlight("walked over", 1, who="rosa"))
    assert passages(found)[0][0] == "rosa"  # "admin" had set it before
    assert found.codings[0].created_at == "2026-05-01T12:00:00Z"


@pytest.mark.parametrize(("coder", "name"), [("Kim", "Kim"), (None, "unknown")])
def test_a_highlight_without_a_command_is_the_coders_or_unknown(
    coder: str | None, name: str
) -> None:
    found = contents(highlight("walked over", 1, who=None), coder=coder)
    assert passages(found)[0][0] == name
    assert [one.code for one in found.warnings] == ["no_coder"]


def test_other_words_than_those_kept_are_told_and_the_place_stays() -> None:
    wrong = {**highlight("walked over", 1), "snippet": "<p>said her name</p>"}
    found = contents(wrong)
    assert passages(found)[0][2] == "walked over"
    assert [one.fate for one in found.losses if one.element == "highlight"] == ["approximate"]
    assert [one.message for one in found.warnings] == [
        "A-FG1: 1 coded passage quotes other words than those at its offsets; look at it (--losses"
        " lists them)."
    ]


@pytest.mark.parametrize(
    ("offsets", "fate", "passage"),
    [
        ((5, 4), "dropped", []),
        ((-3, 4), "dropped", []),
        ((9000, 9004), "dropped", []),
        ((0, 90_000), "changed", ["contact.warm"]),
        ((None, "x"), "dropped", []),
    ],
)
def test_offsets_that_leave_the_text_are_cut_or_dropped_and_told(
    offsets: tuple[Any, Any], fate: str, passage: list[str]
) -> None:
    start, end = offsets
    found = contents({**highlight("walked", 1), "start_offset": start, "end_offset": end})
    assert [code for _, code, _ in passages(found)] == passage
    assert [one.fate for one in found.losses if one.element == "highlight"][:1] == [fate]


def test_a_highlight_without_tags_is_told() -> None:
    found = contents(highlight("walked over"))
    reasons = [one.reason for one in found.losses if one.element == "highlight"]
    assert (found.codings, reasons) == ((), ["it has no tag"])


def test_the_same_tag_twice_on_the_same_words_is_one_coding() -> None:
    found = contents(highlight("walked over", 1), highlight("walked over", 1))
    assert len(found.codings) == 1
    assert "twice" in found.losses[-1].reason


def test_descriptions_become_memos() -> None:
    assert [(one.on, one.body) for one in contents().memos] == [
        ("document", "The first group."), ("project", "About it."),
    ]  # fmt: skip


def test_turns_are_found_by_their_labels() -> None:
    turns = contents().documents[0].named.reading.turns
    assert [turn.label for turn in turns] == ["Moderator", "P1"]


def test_ids_are_the_same_whenever_the_file_is_read() -> None:
    one, other = contents(highlight("walked over", 1)), contents(highlight("walked over", 1))
    assert [c.guid for c in one.codings] == [c.guid for c in other.codings]


def test_two_documents_with_the_same_words_stay_two() -> None:
    found = contents(highlight("walked over", 1, document=2), pages=(PAGE, PAGE))
    assert len({one.guid for one in found.documents}) == 2
    assert found.codings[0].document == found.documents[1].guid

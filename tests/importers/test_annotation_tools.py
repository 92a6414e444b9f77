"""oTranscribe, ELAN and CHAT: who speaks when, and what is beside the speech."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qualcode.errors import HostileFile, ReadingError
from tests.importers.files import reading, said, told


def otr(*paragraphs: str) -> str:
    """A file of oTranscribe; ``@3.5`` in a paragraph is a stamp of that many seconds."""
    html = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    pieces = html.split("@")
    for i, piece in enumerate(pieces[1:], 1):
        seconds, _, rest = piece.partition(" ")
        pieces[i] = (
            f'<span class="timestamp" data-timestamp="{seconds}">0:{seconds}</span>&nbsp;{rest}'
        )
    return json.dumps({"text": "".join(pieces), "media": "a.mp3", "media-time": 1.0})


def test_a_stamp_is_no_text_but_an_anchor(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.otr", otr("@1.5 Ina: One @3 more.", "Bo: Two.", "Ina: A", "Bo: B"))
    assert found.text.startswith("\xa0Ina: One \xa0more.\n\nBo: Two.")
    assert said(found)[:2] == [("Ina", "One \xa0more."), ("Bo", "Two.")]
    assert [seconds for _, seconds in found.anchors] == [1.5, 3]
    assert [turn.start_seconds for turn in found.turns] == [1.5, None, None, None]
    assert found.text[found.anchors[1][0] :].startswith("\xa0more.")
    assert found.metadata == {"media": "a.mp3"}


def test_a_stamp_after_the_label_or_on_a_line_above_times_the_turn(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.otr", otr("Ina: @2 One.", "@4 ", "Ina: Two.", "Ina: Three."))
    assert [turn.start_seconds for turn in found.turns] == [2, 4, None]


def test_bold_labels_and_time_backwards_in_otranscribe(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.otr", otr("@9 <b>Ina:</b> One.", "@4 <b>Bo:</b> Two."))
    assert found.pattern == "bold-label"
    assert [(w.code, w.line, w.message) for w in found.warnings] == [
        ("time_backwards", None, "The time runs backwards in this file.")
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "damaged"),
        ("[1]", 'no "text"'),
        ('{"text": 1}', 'no "text"'),
        ("[" * 99_999, "damaged"),
    ],
)
def test_what_is_not_of_otranscribe_says_so(tmp_path: Path, content: str, problem: str) -> None:
    with pytest.raises(ReadingError, match=problem):
        reading(tmp_path, "a.otr", content)


def eaf(*tiers: str, slots: str = "1000 2000 3000 4000") -> str:
    """A file of ELAN with time slots ``t1``, ``t2`` …; ``-`` is one without a time."""
    times = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="t{n}"' + ("/>" if ms == "-" else f' TIME_VALUE="{ms}"/>')
        for n, ms in enumerate(slots.split(), 1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT>\n'
        f"<TIME_ORDER>{times}</TIME_ORDER>\n" + "\n".join(tiers) + "\n</ANNOTATION_DOCUMENT>"
    )


def tier(attributes: str, *annotations: str) -> str:
    """A tier on one line; an annotation is written ``t1 t2 words``."""
    inside = ""
    for one in annotations:
        start, stop, words = one.split(" ", 2)
        inside += (
            f'<ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="{start}" TIME_SLOT_REF2="{stop}">'
            f"<ANNOTATION_VALUE>{words}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
        )
    return f"<TIER {attributes}>{inside}</TIER>"


def test_tiers_are_read_in_order_of_time(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        "a.eaf",
        eaf(
            tier('PARTICIPANT="Ina" TIER_ID="a"', "t1 t2 One.", "t4 t4 Four."),
            tier('TIER_ID="Bo"', "t2 t3 Two.", "t3 t4 Three."),
        ),
    )
    assert said(found) == [("Ina", "One."), ("Bo", "Two. Three."), ("Ina", "Four.")]
    assert [(turn.start_seconds, turn.stop_seconds) for turn in found.turns] == [
        (1, 2),
        (2, 4),
        (4, 4),
    ]
    assert found.encoding is None


def test_a_tier_that_hangs_on_another_is_told(tmp_path: Path) -> None:
    child = tier('TIER_ID="gloss" PARENT_REF="a"', "t1 t2 Uno.")
    found = reading(tmp_path, "a.eaf", eaf(tier('TIER_ID="a"', "t1 t2 One."), child))
    assert found.text == "a: One."
    assert [(w.code, w.line, w.message) for w in found.warnings] == [
        (
            "tier_left_out",
            5,
            'The tier "gloss" hangs on another one; annotations left out: 1.',
        )
    ]


def test_an_annotation_without_a_place_follows_the_one_before(tmp_path: Path) -> None:
    found = reading(
        tmp_path, "a.eaf", eaf(tier('TIER_ID="a"', "t1 t2 One.", "zz zz Two.", "t3 t4 Three."))
    )
    assert said(found) == [("a", "One. Two. Three.")]
    assert [(w.line, w.message) for w in found.warnings] == [
        (4, "This annotation has no place in time; it follows the one before it.")
    ]


def test_a_slot_without_a_time_keeps_its_place(tmp_path: Path) -> None:
    tiers = [tier('TIER_ID="a"', "t2 t3 Two."), tier('TIER_ID="b"', "t1 t2 One.", "t3 t4 Three.")]
    found = reading(tmp_path, "a.eaf", eaf(*tiers, slots="1000 - 3000 4000"))
    assert said(found) == [("b", "One."), ("a", "Two."), ("b", "Three.")]
    assert [(turn.start_seconds, turn.stop_seconds) for turn in found.turns] == [
        (1, None),
        (None, 3),
        (3, 4),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (eaf()[:-9], "damaged"),
        ("<other/>", "not a file of ELAN"),
        (eaf(), "holds no text"),
    ],
)
def test_what_is_not_of_elan_says_so(tmp_path: Path, content: str, problem: str) -> None:
    with pytest.raises(ReadingError, match=problem):
        reading(tmp_path, "a.eaf", content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(tmp_path: Path, encoding: str) -> None:
    bomb = eaf(tier('TIER_ID="a"', "t1 t2 One.")).replace(
        "\n<ANN", '\n<!DOCTYPE x [<!ENTITY e "lol">]>\n<ANN', 1
    )
    with pytest.raises(HostileFile, match="document type"):
        reading(tmp_path, "a.eaf", bomb.replace("UTF-8", encoding).encode(encoding))


def cha(*lines: str) -> str:
    """A CHAT file; ``<1000_2000>`` is a bullet."""
    body = "\n".join(("@UTF8", "@Begin", *lines, "@End")) + "\n"
    for number in ("1000_2000", "2000_1000", "500_900", "media_3000_4000"):
        body = body.replace(f"<{number}>", f"\x15{number}\x15")
    return body


def test_main_lines_are_turns_and_dependent_tiers_are_not(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        "a.cha",
        cha(
            "@Participants:\tINV Ina Investigator",
            "*INV:\tone , and",
            "\ttwo . <1000_2000>",
            "%mor:\tnum|one",
            "\tnum|two",
            "*INV:\tthree . <media_3000_4000>",
        ),
    )
    assert said(found) == [("INV", "one , and two ."), ("INV", "three .")]
    assert [(turn.start_seconds, turn.stop_seconds) for turn in found.turns] == [(1, 2), (3, 4)]
    assert [turn.line for turn in found.turns] == [4, 8]
    assert found.metadata == {"participants": "INV Ina Investigator"}
    assert [(w.code, w.line, w.message) for w in found.warnings] == [
        ("tier_left_out", 6, "Dependent tiers left out: 1.")
    ]
    assert dict(found.dropped) == {}


def test_a_bullet_in_the_middle_is_an_anchor_at_the_words_it_times(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.cha", cha("*A:\tone <500_900> two . <1000_2000>"))
    assert found.text == "A: one two ."
    assert [(found.text[at:], s) for at, s in found.anchors] == [("one two .", 0.5), ("two .", 1)]


def test_what_chat_does_not_allow_is_told_with_its_line(tmp_path: Path) -> None:
    content = cha("lost", "*A:\tone . <1000_2000>", "found", "*A:\t. <500_900>", "*A:\t<2000_1000>")
    found = reading(tmp_path, "a.cha", content.replace("@End\n", ""))
    assert [(w.code, w.line, w.message) for w in found.warnings] == [
        ("outside_tier", 3, "This line has no tier; read as text of the turn before."),
        ("outside_tier", 5, "This line has no tier; read as text of the turn before."),
        ("time_backwards", 6, "The time runs backwards here."),
        ("stop_before_start", 7, "The bullet stops before it starts; its end is left out."),
        ("empty_turn", 7, "A label without words; it will not be stored."),
        ("cut_off", 8, "The file ends without @End; it may be cut off."),
    ]
    assert found.text == "lost\n\nA: one . found\n\nA: .\n\nA:"


def test_a_control_character_that_is_no_bullet_is_seen(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.cha", cha("*A:\tone \x15 \x1btwo ."))
    assert (found.text, dict(found.dropped)) == ("A: one • two .", {"U+001B": 1})


def test_a_chat_file_needs_its_beginning(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="no line @Begin"):
        reading(tmp_path, "a.cha", "*A:\tone .\n")


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        (otr("Ina: One."), "otr"),
        (eaf(tier('TIER_ID="a"', "t1 t2 One.")), "eaf"),
        (cha("*A:\tone ."), "cha"),
        ("0:00:01.000,0:00:02.000\nOne.\n", "sbv"),
    ],
)
def test_the_content_beats_the_ending(tmp_path: Path, content: str, format_: str) -> None:
    found = reading(tmp_path, "a.txt", content)
    assert (found.format, told(found)[0]) == (format_, ("format_by_content", None))

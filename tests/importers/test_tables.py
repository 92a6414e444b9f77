"""Tables as transcripts and surveys: what kind they are, who speaks, what is a document."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import InputProblems, ReadingError, UnknownName
from qualcode.importers import examine, read, read_all
from qualcode.importers.source import Source
from qualcode.importers.tables import read_documents, read_records, read_table
from qualcode.model import NamedReading
from tests.importers.files import reading, said, told
from tests.importers.test_properties import SOUP, check
from tests.importers.xlsx_files import workbook

LONG = "Somebody walked me over to the door and waited."
OTHER = "They had a list and my name was not on it yet."
THIRD = "Nobody told me about the papers I had to bring."
SURVEY = f'id,site,words_said\nR1,North,{LONG}\nR2,South,"{OTHER}"\n'


def kind(folder: Path, content: str, **options: object) -> object:
    path = folder / "a.csv"
    path.write_text(content, encoding="utf-8")
    return examine(path, **options).facts["kind"]  # type: ignore[arg-type]


def documents(
    folder: Path, content: str | bytes, name: str = "a.csv", **options: object
) -> list[NamedReading]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_all(path, **options)  # type: ignore[arg-type]


# --- which kind of table ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["words", "Text", "content", "utterance"])
def test_a_column_of_speakers_and_one_of_words_make_a_transcript(tmp_path: Path, text: str) -> None:
    assert kind(tmp_path, f"Speaker,{text}\nIna,Yes.\n") == "transcript"


def test_a_column_of_long_and_various_cells_makes_a_survey(tmp_path: Path) -> None:
    assert kind(tmp_path, SURVEY) == "survey"


def test_short_cells_make_participants(tmp_path: Path) -> None:
    assert kind(tmp_path, "id,site\nR1,North\nR2,South\n") == "participants"


def test_long_cells_that_are_all_the_same_make_participants(tmp_path: Path) -> None:
    assert kind(tmp_path, f"id,site\nR1,{LONG}\nR2,{LONG}\n") == "participants"


@pytest.mark.parametrize(
    "cells",
    [
        ("2024-03-01T10:15:00.123456+01:00", "2024-03-01T10:15:01.123456+01:00"),
        ("https://example.org/answers/first", "https://example.org/answers/second"),
        ("7f9c1a52-0b1e-4c0a-9a63-3d1e2f405162", "7f9c1a52-0b1e-4c0a-9a63-3d1e2f405163"),
    ],
)
def test_stamps_addresses_and_keys_are_no_words_however_long(
    tmp_path: Path, cells: tuple[str, str]
) -> None:
    assert kind(tmp_path, f"id,key\nR1,{cells[0]}\nR2,{cells[1]}\n") == "participants"


def test_the_kind_can_be_said(tmp_path: Path) -> None:
    assert kind(tmp_path, SURVEY, table="participants") == "participants"
    assert kind(tmp_path, "id,site\nR1,North\n", table="survey") == "survey"
    assert kind(tmp_path, "id,site\nR1,North\n", text_columns=["site"]) == "survey"


@pytest.mark.parametrize("option", [{"text_columns": ["answer"]}, {"id_column": "answer"}])
def test_a_column_that_is_not_there_is_an_error_with_those_that_are(
    tmp_path: Path, option: dict[str, object]
) -> None:
    with pytest.raises(UnknownName, match="id, site, words_said"):
        kind(tmp_path, SURVEY, **option)


# --- transcripts --------------------------------------------------------------------------------


def test_a_speaker_opens_a_turn_and_a_blank_one_continues_it(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.csv", "speaker,words\nIna:,One.\n,Two.\nIna:,Three.\n")
    assert said(found) == [("Ina:", "One.\nTwo."), ("Ina:", "Three.")]
    assert found.text == "Ina:: One.\nTwo.\n\nIna:: Three."
    assert [turn.flags for turn in found.turns] == [("continuation",), ()]


def test_rows_before_the_first_speaker_are_nobodys_turn(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.csv", "speaker,words\n,One.\nIna,Two.\n")
    assert said(found) == [(None, "One."), ("Ina", "Two.")]


def test_a_cell_of_several_lines_stays_as_it_is(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.csv", 'speaker,words\nIna,"One,\n\n  ""two""."\n')
    assert said(found) == [("Ina", 'One,\n\n  "two".')]


def test_references_are_resolved_and_what_they_hide_is_dropped(tmp_path: Path) -> None:
    found = reading(
        tmp_path, "a.csv", "speaker,words\nA&amp;B,yes&#8212;no&#27; &lt;b&gt; &nosuch;\n"
    )
    assert said(found) == [("A&B", "yes—no <b> &nosuch;")]
    assert found.dropped == {"&#27;": 1}


def test_stamps_are_starts_and_anchors_and_others_are_told(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        "a.csv",
        "speaker,words,timestamp\nIna,One.,[0:05]\n,Two.,00:01:00\nBo,Three.,later\n",
    )
    assert [turn.start_seconds for turn in found.turns] == [5, None]
    assert [(found.text[at:][:4], time) for at, time in found.anchors] == [
        ("One.", 5),
        ("Two.", 60),
    ]
    assert told(found) == [("time_unread", 4)]


def test_time_that_runs_backwards_is_told_and_kept(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.csv", "speaker,words,time\nIna,One.,0:09\nBo,Two.,0:05\n")
    assert [turn.start_seconds for turn in found.turns] == [9, 5]
    assert told(found) == [("time_backwards", 3)]


def test_a_speaker_without_words_is_shown_with_a_warning(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.csv", "speaker,words\nIna,One.\nBo,\n")
    assert said(found) == [("Ina", "One."), ("Bo", "")]
    assert told(found) == [("empty_turn", 3)]


def test_cells_of_further_columns_are_counted_when_left_out(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.csv", "speaker,words,tags\nIna,One.,a\nBo,Two.,\n")
    assert [(w.code, w.message) for w in found.warnings] == [
        ("column_left_out", 'The column "tags" is left out: 1 filled cell.')
    ]


def test_words_read_as_windows_1252_come_with_a_warning(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.csv", "speaker,words\nIna,déjà\n".encode("cp1252"))
    assert said(found) == [("Ina", "déjà")]
    assert ("encoding_guessed", 2) in told(found)


def test_a_transcript_without_speakers_has_a_turn_per_row(tmp_path: Path) -> None:
    found = reading(
        tmp_path, "a.csv", "n,note\n1,One.\n2,Two.\n", table="transcript", text_columns=["note"]
    )
    assert said(found) == [(None, "One."), (None, "Two.")]
    assert ("no_speakers", None) in told(found)


def test_a_workbook_is_read_as_a_table(tmp_path: Path) -> None:
    content = workbook(talk=[["Speaker", "Text"], ["Ina", "One_x000B_."], [None, "Two."]])
    found = reading(tmp_path, "a.xlsx", content)
    assert said(found) == [("Ina", "One\n.\nTwo.")]
    assert found.encoding is None


def test_only_the_first_sheet_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    content = workbook(talk=[["speaker", "words"], ["Ina", "One."]], codes=[["a"]])
    found = reading(tmp_path, "a.xlsx", content)
    assert said(found) == [("Ina", "One.")]
    assert [(w.code, w.line, w.message) for w in found.warnings] == [
        ("sheets_left_out", None, 'Only the sheet "talk" is read; left out: "codes".')
    ]


def test_formulas_that_nobody_computed_are_told(tmp_path: Path) -> None:
    content = workbook(talk=[["speaker", "words"], ["Ina", "One."], ["Bo", '="T"&"wo."']])
    found = reading(tmp_path, "a.xlsx", content)
    assert told(found) == [("formulas_without_value", None), ("empty_turn", 3)]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("speaker,words,words\nIna,a,b\n", 'Line 1: the column "words" is there twice.'),
        ("speaker,,words\nIna,a,b\n", "Line 1: a column has no name."),
        ("speaker,words\nIna,a,b\nBo,c,d\n", "Line 2: 3 cells where the header has 2. (1 more"),
        ('speaker,words\nIna,"a\n', "Line 2: not a readable CSV row"),
        ("speaker,words\n", "The file holds no text."),
    ],
)
def test_a_table_not_in_order_is_an_error_with_its_line(
    tmp_path: Path, content: str, problem: str
) -> None:
    with pytest.raises(ReadingError) as caught:
        reading(tmp_path, "a.csv", content)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


# --- surveys ------------------------------------------------------------------------------------


def test_every_answer_is_a_document_named_after_who_gave_it(tmp_path: Path) -> None:
    found = documents(tmp_path, SURVEY)
    assert [one.name for one in found] == ["a/R1", "a/R2"]
    assert [one.reading.text for one in found] == [LONG, OTHER]
    assert [said(one.reading) for one in found] == [[("R1", LONG)], [("R2", OTHER)]]


def test_two_columns_of_words_give_two_documents_a_row(tmp_path: Path) -> None:
    found = documents(tmp_path, f"id,why,how\nR1,{LONG},{OTHER}\nR2,,{THIRD}\n")
    assert [one.name for one in found] == ["a/R1 – why", "a/R1 – how", "a/R2 – how"]
    assert told(found[0].reading) == [("empty_cells", 3)]


def test_a_much_shorter_column_is_an_attribute(tmp_path: Path) -> None:
    found = documents(tmp_path, f"id,job,how\nR1,teaches at a school,{LONG}\nR2,works,{OTHER}\n")
    assert found[0].participants == {"R1": {"job": "teaches at a school"}}


def test_an_answer_keeps_its_outer_blanks_and_its_turn_does_not(tmp_path: Path) -> None:
    found = documents(tmp_path, f'id,how\nR1," {LONG}\n\nYes.\n"\nR2,{OTHER}\n')[0].reading
    assert found.text == f" {LONG}\n\nYes.\n"
    assert said(found) == [("R1", f"{LONG}\n\nYes.")]


def test_attributes_that_never_differ_are_the_persons_and_the_others_the_documents(
    tmp_path: Path,
) -> None:
    found = documents(
        tmp_path, f"id,site,day,how\nR1,North,1,{LONG}\nR1,,2,{OTHER}\nR2,South,,{THIRD}\n"
    )
    assert [(dict(one.attributes), dict(one.participants)) for one in found] == [
        ({"day": "1"}, {"R1": {"site": "North"}}),
        ({"day": "2"}, {"R1": {"site": "North"}}),
        ({}, {"R2": {"site": "South"}}),
    ]


def test_without_ids_rows_go_by_their_number_and_nobody_is_a_participant(tmp_path: Path) -> None:
    found = documents(tmp_path, f"site,how\nNorth,{LONG}\nSouth,\nWest,{OTHER}\n")
    assert [(one.name, dict(one.attributes)) for one in found] == [
        ("a/1", {"site": "North"}),
        ("a/3", {"site": "West"}),
    ]
    assert not any(one.participants for one in found)


def test_a_row_without_its_id_goes_by_its_number_with_a_warning(tmp_path: Path) -> None:
    found = documents(tmp_path, f"id,how\nR1,{LONG}\n,{OTHER}\n")
    assert [(one.name, list(one.participants)) for one in found] == [("a/R1", ["R1"]), ("a/2", [])]
    assert told(found[0].reading) == [("no_id", 3)]


@pytest.mark.parametrize("column", ["case", "ID", "Participant", "respondent"])
def test_columns_that_say_who_answers(tmp_path: Path, column: str) -> None:
    assert documents(tmp_path, f"how,{column}\n{LONG},R1\n{OTHER},R2\n")[0].name == "a/R1"


def test_the_column_that_says_who_answers_can_be_named(tmp_path: Path) -> None:
    found = documents(tmp_path, f"id,code,how\n1,K1,{LONG}\n2,K2,{OTHER}\n", id_column="code")
    assert [one.name for one in found] == ["a/K1", "a/K2"]


def test_one_document_holds_all_answers_of_a_column(tmp_path: Path) -> None:
    content = f"id,site,day,why,how\nR1,N,1,{LONG},{OTHER}\nR1,N,2,,{THIRD}\n"
    found = documents(tmp_path, content, one_document=True)
    assert [one.name for one in found] == ["a – why", "a – how"]
    assert said(found[1].reading) == [("R1", OTHER), ("R1", THIRD)]
    assert found[1].participants == {"R1": {"site": "N"}}
    assert told(found[0].reading) == [("empty_cells", 3), ("column_left_out", 2)]


def test_the_source_of_an_answer_is_its_row_without_other_answers(tmp_path: Path) -> None:
    found = documents(tmp_path, f"id,why,how,site\nR1,{LONG},{OTHER},N\nR2,{THIRD},{LONG},S\n")
    assert found[0].reading.source.decode() == f"id,why,site\nR1,{LONG},N\n"
    assert len({one.reading.sha256 for one in found}) == 4


def test_a_transcript_in_a_table_is_one_document(tmp_path: Path) -> None:
    found = documents(tmp_path, "speaker,words\nIna,Yes.\n")
    assert [(one.name, one.reading.text) for one in found] == [("a", "Ina: Yes.")]


def test_a_running_text_is_one_document(tmp_path: Path) -> None:
    assert [one.name for one in documents(tmp_path, "Ina: Yes.", "talk.txt")] == ["talk"]


def test_participants_are_examined_without_text_and_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,site\nR1,North\n")
    found = examine(path)
    assert (found.text, found.turns) == ("", ())
    assert told(found) == [("participants_table", None)]
    assert "--text" in found.warnings[0].message


def test_participants_are_no_text_and_the_error_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,site\nR1,North\n")
    for reader in (read, read_all):
        with pytest.raises(ReadingError, match="qualcode participants import"):
            reader(path)


# --- participants -------------------------------------------------------------------------------


def test_records_of_a_workbook_are_those_of_the_same_csv(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("People,\nid,age\nP1,34\nP2,\n")
    (tmp_path / "a.xlsx").write_bytes(
        workbook(p=[["People"], ["id", "age"], ["P1", 34], ["P2", None]])
    )
    assert read_records(tmp_path / "a.csv") == read_records(tmp_path / "a.xlsx")
    assert read_records(tmp_path / "a.csv") == [
        (3, {"id": "P1", "age": "34"}),
        (4, {"id": "P2", "age": ""}),
    ]


def test_problems_of_a_workbook_are_told_with_their_rows(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(p=[["id", "id"], ["P1", "x"]]))
    with pytest.raises(InputProblems, match=r"a\.xlsx:1: "):
        read_records(tmp_path / "a.xlsx")


# --- whatever the file --------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(SOUP, SOUP, SOUP), max_size=6),
    header=st.sampled_from(["speaker,words,time", "id,words,other", "a;b;c"]),
    table=st.sampled_from([None, "transcript", "survey", "participants"]),
)
def test_spans_lie_in_the_text_of_every_document(
    rows: list[tuple[str, str, str]], header: str, table: str | None
) -> None:
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    data = "\n".join([header, *lines]).encode("utf-8", "surrogatepass")
    source = Source("a.csv", data, "csv", "utf-8" if b"\xed" not in data else None, table=table)
    try:
        check(read_table(source))
        for one in read_documents(source, "a"):
            (turn,) = one.reading.turns if one.reading.metadata.get("column") else (None,)
            if turn is not None:
                words = one.reading.text[turn.start : turn.stop]
                assert words == one.reading.text.strip()
    except ReadingError as error:
        problem = str(error)
    else:
        problem = ""
    assert "\n" not in problem

"""The sample study: what its files promise, and that what was planted in them is there."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from qualcode.codebook_files import CodebookFile, read_yaml
from qualcode.formats.cells import read_csv
from qualcode.importers import read
from qualcode.importers.codings_csv import ADJUDICATION, ASSIGNMENT, CODING, read_rows
from qualcode.model import Code, Reading, Span
from qualcode.spans import trim
from qualcode.text.blocks import blocks
from qualcode.text.graphemes import cuts
from qualcode.text.segmentation import segment

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "transcripts_sample"
CODEBOOKS = ROOT / "codebooks"
TRANSCRIPTS = (
    "A-FG1.vtt", "A-FG2.srt", "A-FN1.txt", "A-INT1.docx", "A-INT2.txt", "A-P1.csv", "B-FG1.docx",
    "B-FG2.txt", "B-INT1.pdf", "B-INT2.txt", "B-P1.vtt", "X-MOU.pdf",
)  # fmt: skip
TABLES = sorted(path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*.csv"))
CODINGS = sorted((SAMPLE / "codings").glob("*.csv"))
CONFUSABLE = (
    ("collaboration", "relationship_building"),
    ("warm_handoff", "service_connection"),
    ("service_connection", "structural_limits"),
    ("discretion", "eligibility_referral"),
    ("communication", "information_sharing"),
)
FICTIONAL = "Fictional sample data"
KEPT = (
    "January February March April June August September October November Christmas Monday Mondays"
    " Tuesday Wednesday Thursday Thursdays Friday Saturday Saturdays Sundays"
    " Open Door Programme Understanding Outreach Police Health County Public Prosecutor Defender"
    " Records Ward Officer Corporal Sergeant Mr Mrs God Spanish Facebook Narcan Fifteen"
    " B C ER FTO ID IDs THE"
)
"""What is written large within a sentence and need not be taken out, as the README says."""


@cache
def codebook(version: str) -> CodebookFile:
    return read_yaml(CODEBOOKS / f"lead-mechanisms-{version}.yaml")


def codes(version: str) -> dict[str, Code]:
    return {code.code: code for code in codebook(version).codes}


@cache
def reading(name: str) -> Reading:
    return read(SAMPLE / name)


def text_of(document: str) -> str:
    return reading(next(name for name in TRANSCRIPTS if Path(name).stem == document)).text


@cache
def planted() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLE / "planted.json").read_text(encoding="utf-8"))
    return found


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold().replace("’", "").replace("'", ""))


# The codebooks


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_sample_codebook_loads_without_a_warning(version: str) -> None:
    book = codebook(version)
    assert (book.title, book.version, book.warnings) == ("lead-mechanisms", version, ())


def test_version_2_sharpens_one_pair_splits_buy_in_and_adds_no_sanctions() -> None:
    v1, v2 = codes("v1"), codes("v2")
    assert {name: v2[name].parent for name in v2 if name not in v1} == {
        "securing": "officer_buy_in",
        "maintaining": "officer_buy_in",
        "no_sanctions": "harm_reduction_principles",
    }
    assert v2["no_sanctions"].origin == "emergent"
    assert [name for name in v1 if v1[name] != v2[name]] == list(CONFUSABLE[0])


@pytest.mark.parametrize("code", codebook("v2").codes, ids=lambda code: code.code)
def test_every_sample_code_says_when_it_is_used_and_when_not(code: Code) -> None:
    assert all((code.name, code.brief, code.full, code.use_when, code.not_when, code.kind))
    assert len(code.example) >= 2


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("pair", CONFUSABLE, ids="/".join)
def test_confusable_codes_warn_of_each_other(version: str, pair: tuple[str, str]) -> None:
    known = codes(version)
    for one, other in (pair, pair[::-1]):
        assert any(text.startswith(f"{other}: ") for text in known[one].near_miss)


def test_no_example_of_the_codebook_stands_in_a_transcript() -> None:
    said = " ".join(" ".join(words(reading(name).text)) for name in TRANSCRIPTS)
    examples = [text for code in codebook("v2").codes for text in code.example]
    assert [text for text in examples if " ".join(words(text)) in said] == []


# The transcripts


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_a_transcript_says_inside_that_it_is_fictional(name: str) -> None:
    path = SAMPLE / name
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as package:
            inside = package.read("word/document.xml").decode()
    elif path.suffix == ".pdf":
        inside = reading(name).text
    else:
        inside = path.read_text(encoding="utf-8")[:300]
    assert FICTIONAL in inside


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_a_table_says_that_it_is_fictional(name: str) -> None:
    rows = read_csv(SAMPLE / name, titled=True)
    assert rows
    assert all(FICTIONAL in row["note"] for _, row in rows)


def test_no_sentence_of_eight_words_occurs_twice_in_all_transcripts() -> None:
    said: Counter[str] = Counter()
    for name in TRANSCRIPTS:
        one = reading(name)
        for sentence in segment(one.text, blocks(one.text, one.turns)):
            spoken = words(one.text[sentence.start : sentence.stop])
            if len(spoken) >= 8:
                said[" ".join(spoken)] += 1
    assert [sentence for sentence, times in said.items() if times > 1] == []


def test_every_speaker_is_somebody_in_the_table_of_participants() -> None:
    rows = [row for _, row in read_csv(SAMPLE / "participants.csv")]
    known = {name.strip() for row in rows for name in row["speaker"].split(";")}
    spoken = {turn.speaker for name in TRANSCRIPTS for turn in reading(name).turns}
    assert spoken - {None} == known


def test_whatever_is_written_large_within_a_sentence_is_listed_or_may_stay() -> None:
    rows = read_csv(SAMPLE / "names.csv")
    listed = {word for _, row in rows for word in re.findall(r"\w+", row["name"])}
    large = {
        word
        for name in TRANSCRIPTS
        for word in re.findall(r"(?<=[a-z,’] )[A-Z]\w*", reading(name).text)
    }
    assert large - listed == set(KEPT.split())


def test_every_number_of_a_person_or_a_case_is_listed() -> None:
    listed = {row["name"] for _, row in read_csv(SAMPLE / "names.csv")}
    found = {
        number
        for name in TRANSCRIPTS
        for number in re.findall(
            r"(?<![\w:.])(?:[A-Z]+-)?\d[\d-]{3,}(?![\w:.])", reading(name).text
        )
    }
    assert found - listed == {"2022"}


def test_what_is_listed_stands_somewhere() -> None:
    said = " ".join(
        " ".join([one.text, *(turn.speaker or "" for turn in one.turns)])
        for one in map(reading, TRANSCRIPTS)
    )
    names = [row["name"] for _, row in read_csv(SAMPLE / "names.csv")]
    words = [r"\s+".join(map(re.escape, name.split())) for name in names]
    assert len(set(names)) == len(names)
    assert [w for w in words if not re.search(rf"(?<!\w){w}(?!\w)", said)] == []


def test_the_table_of_documents_has_every_transcript() -> None:
    rows = [row for _, row in read_csv(SAMPLE / "documents.csv")]
    assert [row["file"] for row in rows] == list(TRANSCRIPTS)
    assert [row["document"] for row in rows] == [Path(name).stem for name in TRANSCRIPTS]


# The codings


@pytest.mark.parametrize("path", CODINGS, ids=lambda path: path.stem)
def test_every_coding_covers_the_words_it_gives_as_its_excerpt(path: Path) -> None:
    cells = [row for _, row in read_csv(path)]
    for row, cell in zip(read_rows(path, CODING), cells, strict=True):
        text, span = text_of(row["document"]), Span(row["start"], row["stop"])
        assert text[span.start : span.stop] == cell["excerpt"], row["line"]
        assert trim(text, span) == span
        assert not cuts(text, span.start)
        assert not cuts(text, span.stop)


def test_codings_use_the_codes_of_the_version_their_round_was_coded_with() -> None:
    marks = read_rows(SAMPLE / "assignments.csv", ASSIGNMENT)
    known = {row["round"]: set(codes(row["codebook_version"] or "v2")) for row in marks}
    finished = {(r["round"], r["document"], r["coder"]) for r in marks if r["finished"]}
    rows = [row for path in CODINGS for row in read_rows(path, CODING)]
    assert [row for row in rows if row["code"] not in known[row["round"]]] == []
    assert {(r["round"], r["document"], r["coder"]) for r in rows} == finished


def test_each_decision_settles_a_passage_that_the_two_coders_read_differently() -> None:
    drawn: dict[str, set[tuple[str, str, int]]] = {}
    for path in CODINGS:
        for row in read_rows(path, CODING):
            if row["round"] == "round 1":
                places = {
                    (row["document"], row["code"], at) for at in range(row["start"], row["stop"])
                }
                drawn.setdefault(row["coder"], set()).update(places)
    a, b = drawn["coder-a"], drawn["coder-b"]
    decisions = read_rows(SAMPLE / "adjudications.csv", ADJUDICATION)
    assert 25 <= len(decisions) <= 40
    for row in decisions:
        places = {(row["document"], row["code"], at) for at in range(row["start"], row["stop"])}
        assert places & (a ^ b), row["line"]
        assert row["reason"]


# What was planted


def test_every_planted_passage_stands_in_its_document() -> None:
    missing = [
        (item["id"], passage["document"], passage["text"])
        for item in planted()["items"]
        for passage in item.get("passages", [])
        if passage["text"] not in text_of(passage["document"])
    ]
    assert missing == []


def test_what_was_planted_names_codes_of_the_codebook() -> None:
    named = {code for item in planted()["items"] for code in item.get("codes", [])}
    assert named
    assert named <= set(codes("v2"))


def item(id_: str) -> dict[str, Any]:
    return next(item for item in planted()["items"] if item["id"] == id_)


def codings(round_: str) -> list[dict[str, Any]]:
    rows = [row for path in CODINGS for row in read_rows(path, CODING)]
    return [row for row in rows if row["round"] == round_]


def test_one_coding_lies_inside_another_of_the_same_coder_and_code() -> None:
    nested = item("nested_duplicate")
    spans = {
        (row["start"], row["stop"])
        for row in codings(nested["round"])
        if row["code"] in nested["codes"]
        and (row["coder"], row["document"]) == (nested["coder"], nested["document"])
    }
    outer, inner = tuple(nested["outer"]), tuple(nested["inner"])
    assert {outer, inner} <= spans
    assert outer[0] <= inner[0] < inner[1] <= outer[1]


def test_one_code_is_used_by_one_coder_alone() -> None:
    alone = item("single_coder_code")
    users: dict[str, set[str]] = {}
    for row in [row for path in CODINGS for row in read_rows(path, CODING)]:
        users.setdefault(row["code"], set()).add(row["coder"])
    assert [code for code, who in users.items() if len(who) == 1] == alone["codes"]
    assert users[alone["codes"][0]] == {alone["coder"]}


def test_one_coder_marks_ever_less() -> None:
    drift = item("coder_drift")
    counts = Counter((row["document"], row["coder"]) for row in codings(drift["round"]))
    told = drift["codings_by_document"]
    assert told == {
        document: {coder: counts[document, coder] for coder in ("coder-a", "coder-b")}
        for document in told
    }
    shares = [each["coder-b"] / each["coder-a"] for each in told.values()]
    assert sum(shares[:3]) / 3 > 0.85
    assert sum(shares[-2:]) / 2 < 0.75


def test_the_coder_who_marks_ever_less_goes_on_in_the_late_document() -> None:
    late = item("late_drift")
    rows = codings(late["round"])
    assert {row["document"] for row in rows} == {late["document"]}
    assert Counter(row["coder"] for row in rows) == late["codings"]
    before = item("coder_drift")["codings_by_document"].values()
    share = late["codings"][late["coder"]] / late["codings"][late["compared_with"]]
    assert share < min(each["coder-b"] / each["coder-a"] for each in before)


def test_one_document_was_coded_once_more_by_its_coder_and_mostly_alike() -> None:
    told = item("own_recode")

    def marked(round_: str) -> set[tuple[str, int]]:
        return {
            (row["code"], place)
            for row in codings(round_)
            if (row["document"], row["coder"]) == (told["document"], told["coder"])
            for place in range(row["start"], row["stop"])
        }

    first, again = marked(told["first_round"]), marked(told["round"])
    assert {row["coder"] for row in codings(told["round"])} == {told["coder"]}
    assert 0.7 < len(first & again) / len(first | again) < 0.95


def test_what_contradicts_the_others_is_marked_so() -> None:
    rows = [row for path in CODINGS for row in read_rows(path, CODING)]
    for name in ("unwelcome_handoff", "price_of_the_post"):
        told = item(name)
        found = [
            row
            for row in rows
            if row["document"] == told["document"]
            and row["code"] in told["codes"]
            and row["disconfirming"]
        ]
        assert any(
            text_of(row["document"])[row["start"] : row["stop"]] == told["passages"][-1]["text"]
            for row in found
        ), name


def test_a_running_line_stands_once() -> None:
    running = item("running_lines")
    for passage in running["passages"]:
        assert text_of(passage["document"]).count(passage["text"]) == 1


def test_the_small_cells_are_those_of_the_table_of_participants() -> None:
    rows = [row for _, row in read_csv(SAMPLE / "participants.csv")]
    cells: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row["role"] == "participant":
            cell = (row["stakeholder_role"], row["site"])
            cells.setdefault(cell, []).append(row["participant"])
    told = item("small_cells")["cells"]
    assert {cell: who[0] for cell, who in cells.items() if len(who) < 3} == {
        (cell["stakeholder_role"], cell["site"]): cell["participant"] for cell in told
    }


def test_every_planted_name_and_number_is_listed_for_taking_out() -> None:
    listed = {row["name"] for _, row in read_csv(SAMPLE / "names.csv")}
    assert {name for each in planted()["items"] for name in each.get("names", [])} <= listed


def test_a_deleted_passage_is_not_in_the_text() -> None:
    tracked = item("tracked_changes")
    assert tracked["deleted"] not in text_of(tracked["document"])

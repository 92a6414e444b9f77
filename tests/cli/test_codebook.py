"""``qualcode codebook``: files in and out, the linter, and what a version changed."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Shell


@pytest.mark.parametrize("ending", ["yaml", "csv", "xlsx"])
def test_what_is_exported_can_be_brought_into_another_project(study: Shell, ending: str) -> None:
    study.ok("codebook", "export", "s.qualcode", f"out.{ending}")
    study.ok("init", "other", "--coder", "ana")
    study.ok("codebook", "import", "other.qualcode", f"out.{ending}")
    here, there = (study.json("codebook", "show", f"{p}.qualcode")["rows"] for p in ("s", "other"))
    assert here == there


def test_a_file_is_replaced_only_by_force_and_only_known_endings_are_written(study: Shell) -> None:
    study.ok("codebook", "export", "s.qualcode", "out.yaml")
    assert study.run("codebook", "export", "s.qualcode", "out.yaml").exit_code == 1
    study.ok("codebook", "export", "s.qualcode", "out.yaml", "--force")
    assert study.run("codebook", "export", "s.qualcode", "book.pdf").exit_code != 0
    assert study.run("codebook", "import", "s.qualcode", "book.pdf").exit_code == 2


def test_a_table_leaves_the_fields_that_it_has_no_column_for(study: Shell) -> None:
    study.file("t.csv", "code,when to use\nwarm_handoff,In person.\nnew_one,Later.\n")
    study.ok("codebook", "import", "s.qualcode", "t.csv")
    rows = {row["code"]: row for row in study.json("codebook", "show", "s.qualcode")["rows"]}
    assert rows["warm_handoff"]["use_when"] == "In person."
    assert (rows["warm_handoff"]["brief"], rows["warm_handoff"]["key"]) == (
        "Passed on in person.", "1",
    )  # fmt: skip
    assert list(rows) == ["warm_handoff", "housing", "new_one"]


def test_columns_are_said_by_name(study: Shell) -> None:
    study.file("t.csv", "Name of it,Sense\ntrust,They trust.\n")
    result = study.run("codebook", "import", "s.qualcode", "t.csv")
    assert result.exit_code == 1
    assert 'there are "Name of it", "Sense"' in result.stderr
    study.ok(
        "codebook", "import", "s.qualcode", "t.csv", "--column", "code=Name of it", "--column",
        "brief=Sense",
    )  # fmt: skip
    assert "trust" in study.ok("codebook", "show", "s.qualcode")
    assert study.run("codebook", "import", "s.qualcode", "t.csv", "--column", "x").exit_code == 2
    assert (
        study.run("codebook", "import", "s.qualcode", "book.yaml", "--column", "a=b").exit_code == 2
    )


def test_who_codes_blind_leaves_the_codebook_as_the_others_know_it(study: Shell) -> None:
    study.ok("codebook", "freeze", "s.qualcode", "v1")
    study.ok("round", "open", "s.qualcode", "r1", "--codebook", "v1")
    study.ok("round", "assign", "s.qualcode", "r1", "--document", "harbour", "--to", "ana",
             "--to", "ben")  # fmt: skip
    asked = (
        ["codebook", "show", "s.qualcode"], ["codebook", "diff", "s.qualcode", "v1"],
        ["history", "s.qualcode"],
    )  # fmt: skip
    seen = [study.ok(*words, "--coder", "ana") for words in asked]
    study.file("t.csv", "code,definition\nluck,By chance.\n")
    refused = study.run("codebook", "import", "s.qualcode", "t.csv", "--coder", "ben")
    assert refused.exit_code == 1
    assert 'You code round "r1" blind: its other coders would see' in refused.stderr
    assert [study.ok(*words, "--coder", "ana") for words in asked] == seen
    study.ok("round", "close", "s.qualcode", "r1", "--coder", "ana")
    study.ok("codebook", "import", "s.qualcode", "t.csv", "--coder", "ben")
    assert "luck" in study.ok("codebook", "show", "s.qualcode")


def test_the_check_exits_with_3_where_it_finds_something(study: Shell) -> None:
    result = study.run("codebook", "check", "s.qualcode", "--json")
    assert result.exit_code == 3
    assert "no_exclusion" in result.stdout
    study.file("book.yaml", "codes:\n  - code: a\n    brief: b\n")
    assert study.run("codebook", "check", "book.yaml").exit_code == 3


def test_a_version_is_compared_field_by_field_and_opens_a_queue(study: Shell) -> None:
    study.ok("codebook", "freeze", "s.qualcode", "v1")
    study.ok("round", "open", "s.qualcode", "r1", "--codebook", "v1", "--not-blind")
    study.ok("round", "assign", "s.qualcode", "r1", "--to", "ana")
    study.file(
        "c.csv", "document,start,stop,code,coder,round\nharbour,0,9,warm_handoff,ana,r1\n"
        "harbour,0,9,housing,ana,r1\n",
    )  # fmt: skip
    study.ok("codings", "import", "s.qualcode", "c.csv")
    study.file("t.csv", "code,when not to use\nwarm_handoff,By letter.\nextra,Never.\n")
    study.ok("codebook", "import", "s.qualcode", "t.csv")
    study.ok("codebook", "freeze", "s.qualcode", "v2")
    answer = study.json("codebook", "diff", "s.qualcode", "v1", "v2")
    assert [(row["code"], row["change"], row["field"], row["after"]) for row in answer["rows"]] == [
        ("warm_handoff", "changed", "not_when", "By letter."),
        ("extra", "added", None, None),
    ]
    queue = study.json("codebook", "diff", "s.qualcode", "v1", "--queue")["rows"]
    assert [(row["code"], row["changed"]) for row in queue] == [("warm_handoff", "not_when")]
    assert study.run("codebook", "diff", "s.qualcode", "v9").exit_code == 2

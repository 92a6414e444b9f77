"""``qualcode search``: keyword in context, and proposals that ask first."""

from __future__ import annotations

from tests.cli.conftest import Shell


def test_hits_stand_in_their_context(study: Shell) -> None:
    answer = study.json("search", "s.qualcode", "She walked", "--context", "4")
    assert answer["schema"] == "qualcode.search/1"
    (row,) = answer["rows"]
    assert (row["document"], row["turn"], row["before"], row["hit"], row["after"]) == (
        "harbour", 2, "P1: ", "She walked", " ove",
    )  # fmt: skip
    assert "She walked" in study.ok("search", "s.qualcode", "she walk*")


def test_a_phrase_is_found_in_quotation_marks_and_marks_inside_are_explained(study: Shell) -> None:
    plain = study.json("search", "s.qualcode", "walked over")["rows"]
    assert len(plain) == 1
    for asked in ('"walked over"', "“walked over”"):
        assert study.json("search", "s.qualcode", asked)["rows"] == plain
    assert study.json("search", "s.qualcode", 'she "walked over"')["notes"] == [
        "0 places in 0 documents.",
        "Quotation marks inside the words were looked for, too.",
    ]


def test_a_code_is_only_proposed_until_yes_and_one_undo_takes_it_back(study: Shell) -> None:
    asked = ("search", "s.qualcode", "bed", "--apply", "housing", "--unit", "turn")
    told = study.run(*asked)
    assert "1 new. Nothing was changed; --yes makes the codings." in told.stderr
    assert study.json("codings", "export", "s.qualcode")["rows"] == []
    told = study.run(*asked, "--yes")
    assert "1 coding made; qualcode undo takes them back." in told.stderr
    (row,) = study.json("codings", "export", "s.qualcode")["rows"]
    assert (row["excerpt"], row["made_by"]) == (
        "They put me on the list for a bed. Nobody called.", "search",
    )  # fmt: skip
    told = study.run("search", "s.qualcode", "bed", "--apply", "housing", "--yes")
    assert "by sentence" in told.stderr
    assert "0 new, 1 already coded. Nothing was changed." in told.stderr
    study.ok("undo", "s.qualcode")
    assert study.json("codings", "export", "s.qualcode")["rows"] == []


def test_a_bad_pattern_is_pointed_at_and_ends_with_2(study: Shell) -> None:
    told = study.run("search", "s.qualcode", "(bed", "--mode", "regex")
    assert told.exit_code == 2
    assert "No regular expression: missing )" in told.stderr


def test_yes_needs_a_code_and_where_needs_a_value(study: Shell) -> None:
    for words in (("--yes",), ("--where", "site"), ("--unit", "page"), ("--unit", "turn")):
        assert study.run("search", "s.qualcode", "bed", *words).exit_code == 2
    told = study.run("search", "s.qualcode", "bed", "--unit", "page")
    assert "--unit goes with --apply CODE." in told.stderr
    told = study.run("search", "s.qualcode", "bed", "--unit", "page", "--apply", "housing")
    assert (told.exit_code, '"page"' in told.stderr) == (2, True)


def test_a_context_below_nothing_is_refused(study: Shell) -> None:
    assert study.run("search", "s.qualcode", "bed", "--context", "-5").exit_code == 2


def test_the_scope_is_named_by_options(study: Shell) -> None:
    assert study.json("search", "s.qualcode", "over", "--speaker", "P2")["rows"] == []
    assert len(study.json("search", "s.qualcode", "over", "--where", "site=N")["rows"]) == 1
    assert study.run("search", "s.qualcode", "over", "--where", "site=M").exit_code == 2
    moderated = study.json("search", "s.qualcode", "meet", "--without-moderator")
    assert moderated["rows"] == []

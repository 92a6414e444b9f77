"""Themes on screen: bars with their numbers, groups, the excerpts behind them, and a file."""

from __future__ import annotations

import csv
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from qualcode.model import Span
from qualcode.reports.theme_bars import Bar
from qualcode.tui.coding import CodingScreen
from qualcode.tui.theme_excerpts import ThemeExcerptsScreen
from qualcode.tui.themes import ThemesScreen
from qualcode.tui.widgets.bars import columns_of, warnings
from qualcode.tui.widgets.paper import Paper
from tests.reports.studies import Study as Coded
from tests.tui.conftest import Study, hit, line, on_screen, press, screens, settled

TALK = """Moderator: Did you trust her?

P1: I trusted her. She came back.

P2: I was afraid. Nobody called me.

P3: No.
"""


@pytest.fixture(scope="session")
def _counted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ana finished north and south, not west; hope stands under trust.

    Trust: "I trusted her." in both, the moderator's question in north; hope, in north: "She came
    back."; fear, in south: "I was afraid."
    """
    codes: list[str | tuple[str, str]] = ["trust", ("hope", "trust"), "fear"]
    made = Coded(tmp_path_factory.mktemp("counted") / "study.qualcode", codes)
    for name in ("north", "south", "west"):
        made.document(name, TALK.replace("No.", f"No, {name}."), site=name)
    made.code("ana", "north", "trust", "trust her?", "I trusted her.")
    made.code("ana", "south", "trust", "I trusted her.")
    made.code("ana", "north", "hope", "She came back.")
    made.code("ana", "south", "fear", "I was afraid.")
    made.code("ana", "west", "fear", "I was afraid.")
    made.finish("ana", "north", "south")
    made.project.close()
    return made.path


@pytest.fixture
def counted(_counted: Path, tmp_path: Path) -> Study:
    shutil.copy(_counted, tmp_path / "study.qualcode")
    return Study(tmp_path / "study.qualcode")


def rows(pilot: Pilot[int]) -> list[str]:
    """What stands in the list, blanks and bars left out, by line."""
    lines = on_screen(pilot).splitlines()[1:-2]
    kept = ["".join(c for c in one if c not in "▏▎▍▌▋▊▉█▁▂▃▄▅▆▇") for one in lines]
    return [" ".join(one.split()) for one in kept]


def paper(pilot: Pilot[int], which: str) -> str:
    return pilot.app.screen.query_one(f"#{which}", Paper).content.plain


async def open_themes(pilot: Pilot[int], *keys: str) -> None:
    await press(pilot, "f8")
    assert isinstance(pilot.app.screen, ThemesScreen)
    await hit(pilot, *keys)


async def choose(pilot: Pilot[int], key: str, letters: str) -> None:
    """Open a picker by its key and take what has these letters."""
    await press(pilot, key)
    focused = pilot.app.focused
    assert isinstance(focused, Input)
    focused.value = letters
    await press(pilot, "enter")


async def test_each_code_is_a_bar_with_its_number(counted: Study) -> None:
    async with screens(counted, document=None, size=(120, 40)) as pilot:
        await open_themes(pilot)
        seen = rows(pilot)
        assert seen[0] == "trust 1 of 3 participants · 3 codings one speaker, few words"
        assert seen[2] == (
            "fear 1 of 3 participants · 1 coding one speaker, one document, few words"
        )
        assert "█" in on_screen(pilot)
        assert "2 of 3 documents" in line(pilot, "header")
        assert "codes rolled up; without moderators" in line(pilot, "status")
        facts = paper(pilot, "bar-facts")
        assert facts.startswith("trust: 1 of 3 participants · 2 of 2 documents · 3 codings")
        assert "most said by P1: 100% of these words" in facts


async def test_a_key_changes_what_the_bars_are_of(counted: Study) -> None:
    async with screens(counted, document=None, size=(120, 40)) as pilot:
        await open_themes(pilot, "m")
        assert rows(pilot)[2].startswith("fear 1 of 2 documents · 1 coding")
        await hit(pilot, "m")
        assert rows(pilot)[0].startswith("trust 3 codings · ")
        assert "by codings, against the longest" in line(pilot, "header")
        await hit(pilot, "m")
        assert rows(pilot)[1].startswith("hope 3 of 28 words · 10.7%")
        await hit(pilot, "m")
        assert "by participants" in line(pilot, "header")


async def test_children_moderators_and_unfinished_documents_are_in_or_out_by_a_key(
    counted: Study,
) -> None:
    async with screens(counted, document=None) as pilot:
        await open_themes(pilot, "r")
        assert rows(pilot)[0].startswith("trust 1 of 3 · 2 codings")
        assert "own codings of a code" in line(pilot, "status")
        await hit(pilot, "r", "o")
        assert rows(pilot)[0].startswith("trust 1 of 3 · 4 codings")
        assert "moderators counted" in line(pilot, "status")
        assert "Not finished here, so neither counted nor in N" in on_screen(pilot)
        assert "– west" in rows(pilot)
        await hit(pilot, "o", "i")
        assert rows(pilot)[2].startswith("fear 1 of 3 · 2 codings")
        assert "3 of 3 documents" in line(pilot, "header")
        assert "– west" not in rows(pilot)


async def test_groups_of_an_attribute_stand_under_each_code(counted: Study) -> None:
    async with screens(counted, document=None) as pilot:
        await open_themes(pilot)
        await choose(pilot, "w", "site")
        assert [one.partition(" coding")[0] for one in rows(pilot)[:3]] == [
            "trust 1 of 3 · 3", "· north 1 of 3 · 2", "· south 1 of 3 · 1",
        ]  # fmt: skip
        assert "· north 0 of 3 · 0 codings" in rows(pilot)
        await hit(pilot, "tab", "tab", "j")
        assert paper(pilot, "bar-facts").startswith("fear, north: 0 of 3 participants")
        await choose(pilot, "w", "no groups")
        assert paper(pilot, "bar-facts").startswith("fear: 1 of 3")


async def test_enter_lists_the_excerpts_of_a_bar_and_opens_one_at_its_place(
    counted: Study,
) -> None:
    async with screens(counted, document=None) as pilot:
        await open_themes(pilot)
        await choose(pilot, "w", "site")
        await hit(pilot, "j", "enter")
        screen = pilot.app.screen
        assert isinstance(screen, ThemeExcerptsScreen)
        assert line(pilot, "header").startswith("trust, north  2 excerpts")
        assert rows(pilot)[:2] == ["north 2 P1 I trusted her.", "north 2 P1 She came back."]
        await hit(pilot, "j")
        quote = paper(pilot, "quote-text").splitlines()
        assert quote[0] == "P1, north · north, turn 2"
        assert quote[-1] == "hope · coded by ana · solo"
        await press(pilot, "enter")
        coding = pilot.app.screen
        assert isinstance(coding, CodingScreen)
        assert coding.text.view is not None
        assert coding.text.view.text[coding.text.position :].startswith("She came back.")
        await press(pilot, "q")
        assert pilot.app.screen is screen
        await press(pilot, "q")
        assert paper(pilot, "bar-facts").startswith("trust, north:")


async def test_a_bar_of_nothing_says_that_its_zero_was_counted(counted: Study) -> None:
    async with screens(counted, document=None) as pilot:
        await open_themes(pilot)
        await choose(pilot, "w", "site")
        await hit(pilot, "G", "k", "enter")
        assert "a 0 that was counted" in line(pilot, "status")


async def test_the_source_is_chosen_from_a_list(counted: Study) -> None:
    async with screens(counted, document=None) as pilot:
        await open_themes(pilot)
        await choose(pilot, "s", "coder:ana")
        assert "Source: ana alone" in line(pilot, "status")
        assert rows(pilot)[0].startswith("trust 1 of 3 · 3 codings")
        await choose(pilot, "s", "consensus")
        assert rows(pilot)[:2] == ["trust –", "hope –"]
        assert "No document is finished in this source" in line(pilot, "status")


async def test_what_is_counted_is_told_in_full(counted: Study) -> None:
    async with screens(counted, document=None) as pilot:
        await open_themes(pilot, "n")
        seen = " ".join(on_screen(pilot).split())
        assert "2 turns of moderators are left out." in seen
        assert "neither counted nor in N: west." in seen


async def test_the_table_is_written_to_a_file_and_none_is_replaced(
    counted: Study, tmp_path: Path
) -> None:
    out = tmp_path / "bars.csv"

    async def write(pilot: Pilot[int], to: Path, answer: str) -> str:
        await press(pilot, "e")
        assert isinstance(pilot.app.focused, Input)
        pilot.app.focused.value = str(to)
        await press(pilot, "enter")
        await press(pilot, answer)
        return str(pilot.app.messages[-1][1])  # type: ignore[attr-defined]

    async with screens(counted, document=None) as pilot:
        await open_themes(pilot)
        assert f"3 rows written to {out}" in await write(pilot, out, "w")
        with out.open(encoding="utf-8") as file:
            assert [row["participants"] for row in csv.DictReader(file)] == ["1", "1", "1"]
        first = out.read_bytes()
        assert "exists already, and was left as it is" in await write(pilot, out, "h")
        assert out.read_bytes() == first
        hidden = tmp_path / "hidden.csv"
        await write(pilot, hidden, "h")
        with hidden.open(encoding="utf-8") as file:
            assert [row["participants"] for row in csv.DictReader(file)] == ["<3", "<3", "<3"]
        assert "cannot be told a format by" in await write(pilot, tmp_path / "bars.docx", "w")
        await press(pilot, "e", "escape")
    assert sorted(name for name in os.listdir(tmp_path) if "csv" in name or "docx" in name) == [
        "bars.csv", "bars.csv.meta.json", "hidden.csv", "hidden.csv.meta.json",
    ]  # fmt: skip


async def test_a_resize_keeps_the_bar_and_fits_the_lines(counted: Study) -> None:
    async with screens(counted, document=None, size=(160, 50)) as pilot:
        await open_themes(pilot, "j", "j")
        assert rows(pilot)[2].startswith("fear 1 of 3 participants · 1 coding")
        await pilot.resize_terminal(70, 20)
        await settled(pilot)
        assert paper(pilot, "bar-facts").startswith("fear:")
        assert rows(pilot)[2].startswith("fear 1 of 3 · 1 coding")


def test_warnings_are_named_as_far_as_there_is_room() -> None:
    flags = ("one speaker", "few words")
    assert warnings(flags, 30) == "one speaker, few words"
    assert warnings(flags, 15) == "one speaker +1"
    assert warnings(flags, 5) == "!"
    assert warnings((), 30) == ""


# Nothing there, and nothing of another's


async def test_with_nothing_finished_codes_have_a_dash_and_documents_are_listed(
    study: Study,
) -> None:
    async with screens(study, document=None) as pilot:
        await open_themes(pilot)
        assert rows(pilot)[:2] == ["warm handoff –", "housing –"]
        assert "– talk" in rows(pilot)
        assert "i counts unfinished ones" in line(pilot, "status")
        await hit(pilot, "e", "enter")
        assert isinstance(pilot.app.screen, ThemesScreen)
        await hit(pilot, "i")
        assert rows(pilot)[0] == "warm handoff –"
        assert "No document is coded in this source" in line(pilot, "status")


async def test_an_empty_project_says_what_to_do(tmp_path: Path) -> None:
    Coded(tmp_path / "study.qualcode", []).project.close()
    async with screens(Study(tmp_path / "study.qualcode"), document=None) as pilot:
        await open_themes(pilot, "enter", "tab", "e")
        assert "There are no codes yet; F6 shows the codebook." in line(pilot, "status")
        await hit(pilot, "w")
        assert "no document has an attribute" in line(pilot, "status")


async def test_names_that_are_redacted_are_labels_on_bars_and_excerpts(counted: Study) -> None:
    with counted.open() as project:
        me, north = project.acting("ana"), project.documents.named("north")
        start = project.documents.text(north.id).index("north")
        place = Span(start, start + len("north"))
        project.redactions.add(north.id, place, "[site A]", "place", by=me)
    async with screens(counted, document=None) as pilot:
        await open_themes(pilot)
        await choose(pilot, "w", "site")
        assert rows(pilot)[1].startswith("· [site A] 1 of 3 · 2 codings")
        assert "north" not in on_screen(pilot)
        await hit(pilot, "j", "enter")
        assert rows(pilot)[0] == "[site A] 2 P1 I trusted her."
        assert paper(pilot, "quote-text").startswith("P1, [site A] · [site A], turn 2")
        assert "north" not in on_screen(pilot)


async def test_a_blind_coder_sees_only_their_own_codings_and_the_title_says_so(
    blind_study: Study,
) -> None:
    with blind_study.open() as project:  # ana codes one passage and finishes
        me, talk = project.coders.named("ana"), project.documents.named("talk")
        text, round_ = project.documents.text(talk.id), project.rounds.named("r1")
        start = text.index("The office never called.")
        waiting = project.codebook.named("waiting").id
        project.codings.apply(talk.id, Span(start, start + 24), waiting, by=me)
        project.rounds.finish(round_.id, talk.id, me.id, by=me)
    async with screens(blind_study, document=None) as pilot:
        await open_themes(pilot)
        assert line(pilot, "header").startswith("Themes: my codings only  BLIND r1")
        seen = rows(pilot)
        assert seen[1] == "housing 0 of 2 · 0 codings"
        assert seen[2].startswith("waiting 1 of 2 · 1 coding")
        assert "by coder" not in paper(pilot, "bar-facts")
        assert "themes.source" not in {
            active.binding.id
            for active in pilot.app.screen.active_bindings.values()
            if active.enabled
        }
        await hit(pilot, "s", "j", "enter")
        assert "BLIND r1: mine only" in line(pilot, "header")
        assert "a 0 that was counted" in line(pilot, "status")
        assert "ben" not in on_screen(pilot)


async def test_another_s_finished_mark_counts_nothing_while_blind(blind_study: Study) -> None:
    async with screens(blind_study, document=None) as pilot:
        await open_themes(pilot)
        assert rows(pilot)[1] == "housing –"
        await hit(pilot, "i")
        assert rows(pilot)[1] == "housing 0 of 2 · 0 codings"
        assert "ben" not in on_screen(pilot)


async def test_while_blind_not_even_a_closed_round_shows_another_s_codings(
    tmp_path: Path,
) -> None:
    made = Coded(tmp_path / "study.qualcode", ["trust", "fear"])
    made.document("one", TALK)
    made.document("two", TALK.replace("No.", "No, two."))
    made.round("r0", {"one": ("ana", "ben", "cho")})
    made.code("ben", "one", "fear", "I was afraid.", "I trusted her.", round="r0")
    made.code("ana", "one", "fear", "I was afraid.", round="r0")
    for coder in ("ana", "ben", "cho"):
        made.finish(coder, "one", round="r0")
    made.close("r0")
    made.round("r1", {"two": ("ana", "ben")})
    made.project.close()
    study = Study(made.path)
    async with screens(study, document=None, coder="ana") as pilot:
        await open_themes(pilot, "j")
        assert rows(pilot)[1].startswith("fear 1 of 3 · 1 coding")
        assert "by coder" not in paper(pilot, "bar-facts")
        await press(pilot, "enter")
        assert "BLIND r1: mine only  1 excerpt" in line(pilot, "header")
        assert "ben" not in on_screen(pilot)
    async with screens(study, document=None, coder="cho") as pilot:  # codes in no open round
        await open_themes(pilot, "j")
        assert "BLIND" not in line(pilot, "header")
        await choose(pilot, "s", "coder:ben")
        assert "2 codings (by coder 0 to 2)" in paper(pilot, "bar-facts")


def test_warnings_give_way_to_bars_that_would_be_too_short_to_compare() -> None:
    plain = Bar("", "*", 1, "a name of length", "17 of 26", "participants", "68 codings", 0.5)
    flagged = replace(plain, flags=("one speaker", "one document", "few words"))
    alone = columns_of([plain], "participants", 79)
    both = columns_of([plain, flagged], "participants", 79)
    assert alone.bar == both.bar + len("  one speaker +2")
    assert both.bar >= 16
    assert warnings(flagged.flags, both.flags) == "one speaker +2"

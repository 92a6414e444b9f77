"""Two coders in an open blind round: whatever one does, the other's screens show the same.

The same keys are pressed on two projects that differ only in what ben has done; every screen must
be the same to the letter. Of others the documents say who has finished, and nothing else.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qualcode.errors import Refused
from qualcode.model import Code, Span
from qualcode.tui.app import QualcodeApp
from qualcode.tui.commands import ActionsProvider
from qualcode.tui.keys import expanded
from tests.store.texts import reading
from tests.tui.conftest import Study, hit, on_screen, press, screens, settled

MEMO = "canary memo"
SHEETS = ("f3", "f4", "f12", "question_mark", "c", "m", "M", "F")
"""What opens over the coding screen and is left by Esc."""


def blind_round(study: Study, *, ben_works: bool) -> None:
    """Open r1 for ana and ben; ana has coded once, ben perhaps everything, and finished."""
    with study.open("ben") as project:
        ana, ben = project.coders.named("ana"), project.coders.named("ben")
        project.codebook.freeze("v1", by=ana)
        round_ = project.rounds.open("r1", by=ana, codebook_version="v1")
        talk = project.documents.named("talk")
        project.rounds.assign(round_.id, [talk.id], [ana.id, ben.id], by=ana)
        transcript = project.documents.transcript(talk.id)
        codes = [code for code in project.codebook.codes() if code.codable]
        first = transcript.turns[1]
        project.codings.apply(talk.id, Span(first.start, first.stop), codes[0].id, by=ana)
        if not ben_works:
            return
        for turn in transcript.turns:
            for code in codes:
                made = project.codings.apply(
                    talk.id, Span(turn.start, turn.stop), code.id, by=ben, exemplar=True
                )
                project.memos.write(MEMO, by=ben, coding_id=made.id)
        project.memos.write(MEMO, by=ben, document_id=talk.id)
        book = project.codebook
        for change in (
            lambda: book.add([Code("", MEMO)], by=ben),
            lambda: book.edit(codes[0].id, by=ben, name=MEMO, brief=MEMO),
            lambda: book.merge(codes[0].id, codes[1].id, by=ben),
            lambda: book.retire(codes[2].id, by=ben),
            lambda: book.add_example(codes[0].id, MEMO, by=ben),
        ):
            with pytest.raises(Refused):  # the draft, too, is on ana's screens
                change()
        project.rounds.finish(round_.id, talk.id, ben.id, by=ben)


def without_times(screen: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "", screen)


async def seen(pilot: Pilot[int]) -> list[str]:
    """The screen itself, its help, and what the palette lists."""
    app = pilot.app
    await pilot.pause(0.05)  # the footer follows what has the keys
    await settled(pilot)
    shown = [without_times(on_screen(pilot))]
    shown += sorted(binding.id or "" for _, binding in ActionsProvider(app.screen).actions())
    await press(pilot, "f1")
    shown.append(on_screen(pilot))
    await press(pilot, "escape")
    return shown


async def walk(study: Study, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Everything ana can come to see, by the way that leads there."""
    monkeypatch.setenv("XDG_STATE_HOME", str(study.path.parent / "state"))
    found: dict[str, list[str]] = {}
    everywhere = [b for b in expanded(QualcodeApp.BINDINGS) if (b.id or "").startswith("screen.")]
    async with screens(study, size=(120, 40)) as pilot:
        await press(pilot, "n")
        found["coding"] = await seen(pilot)
        for key in SHEETS:
            await press(pilot, key)
            found[key] = [without_times(on_screen(pilot))]
            await press(pilot, "escape")
        await press(pilot, "v", "right_square_bracket", "right_square_bracket", "tab", "f")
        found["walked"] = [on_screen(pilot)]
        await press(pilot, "f", "v", "v")
        for binding in everywhere:
            before = pilot.app.screen
            await press(pilot, binding.key)
            await settled(pilot)
            name = binding.id or ""
            if pilot.app.screen is before:
                found[name] = ["stays"]
                continue
            found[name] = await seen(pilot)
            if name == "screen.project":
                for key in ("R", "s"):
                    await press(pilot, key)
                    found[f"{name} {key}"] = await seen(pilot)
                    await press(pilot, "q")
                await press(pilot, "enter")
                continue
            if name == "screen.codebook":
                await press(pilot, "j")
                found[f"{name} entry"] = [on_screen(pilot)]
            if name == "screen.search":
                await hit(pilot, *"the", "enter")
                found[f"{name} hits"] = await seen(pilot)
                await hit(pilot, "f")
                found[f"{name} codes"] = [on_screen(pilot)]
                await hit(pilot, *"housing", "enter")
                found[f"{name} within"] = [on_screen(pilot)]
            await press(pilot, "q")
            await settled(pilot)
    return found


@pytest.fixture
def both(study: Study, tmp_path: Path) -> tuple[Study, Study]:
    folder = tmp_path / "other"
    folder.mkdir()
    shutil.copy(study.path, folder / study.path.name)
    other = Study(folder / study.path.name)
    blind_round(study, ben_works=False)
    blind_round(other, ben_works=True)
    return study, other


async def test_whatever_the_other_does_every_screen_is_the_same(
    both: tuple[Study, Study], monkeypatch: pytest.MonkeyPatch
) -> None:
    idle, busy = both
    expected, found = await walk(idle, monkeypatch), await walk(busy, monkeypatch)
    assert expected.keys() == found.keys()
    assert {"screen.project", "screen.codebook", "screen.themes"} <= expected.keys()
    assert {"screen.search codes", "screen.search within"} <= expected.keys()
    everything = "\n".join(screen for shown in found.values() for screen in shown)
    assert "BLIND r1" in everything
    assert MEMO not in everything
    for way, screen in found.items():
        told = [
            re.sub(r" +ben \(r1\)", "", one).replace("1 of 2 finished", "0 of 2 finished")
            for one in screen
        ]
        if way.startswith("screen.project"):  # finished marks may show, and nothing else
            told, screen_before = (
                [re.sub(r" +(\d+% +|– +)?", " ", s) for s in x] for x in (told, expected[way])
            )  # how far ana has read is kept beside the project, a moment later
            assert told == screen_before, way
        else:
            assert screen == expected[way], way


@pytest.fixture
def unpinned(study: Study) -> Study:
    """In the open blind round r1, which pins no codebook version, ana and ben have the talk."""
    with study.open() as project:
        ana, ben = project.coders.named("ana"), project.coders.named("ben")
        round_ = project.rounds.open("r1", by=ana)
        talk = project.documents.named("talk")
        project.rounds.assign(round_.id, [talk.id], [ana.id, ben.id], by=ana)
    return study


async def test_while_blind_no_code_is_made_even_where_the_codebook_is_open(
    unpinned: Study,
) -> None:
    with unpinned.open() as project:
        before = project.codebook.codes()
    async with screens(unpinned) as pilot:
        await press(pilot, "n", "e", "e", "c", *"quay")
        shown = on_screen(pilot)
        assert "Create" not in shown
        assert "No code has these letters. Esc, then i: propose one." in shown
        await press(pilot, "enter", "escape", "i")
        assert "Round r1 is blind: propose the code in a memo" in on_screen(pilot)
        await press(pilot, "ctrl+s")
    with unpinned.open() as project:
        assert project.codebook.codes() == before
        (memo,) = project.memos.list()
    assert (memo.kind, memo.body) == ("proposed-code", "Proposed code: She walked")
    async with screens(unpinned, coder="ben") as pilot:
        await press(pilot, "f2")
        assert "walked" not in on_screen(pilot).split("P1")[0]
        assert "Proposed" not in on_screen(pilot)


async def test_while_blind_the_codebook_offers_no_change_and_says_until_when(
    both: tuple[Study, Study],
) -> None:
    async with screens(both[0], coder="ben", size=(120, 40)) as pilot:
        await press(pilot, "f6")
        assert 'You code "r1" blind: codes can be changed once it is closed.' in on_screen(pilot)
        offered = {binding.id for _, binding in ActionsProvider(pilot.app.screen).actions()}
        changes = {"add", "rename", "key", "move_down", "merge", "split", "retire", "edit"}
        assert not offered & {f"codebook.{one}" for one in changes}
        assert {"codebook.review", "codebook.freeze", "codebook.compare"} <= offered
        before = on_screen(pilot)
        await press(pilot, "n", "r", "m", "x", "J", "enter")
        assert on_screen(pilot) == before
    with both[0].open() as project:
        project.rounds.close(project.rounds.named("r1").id, by=project.coders.named("ana"))
    async with screens(both[0], coder="ben", size=(120, 40)) as pilot:
        await press(pilot, "f6")
        assert "blind" not in on_screen(pilot)
        assert "n new" in on_screen(pilot)


async def test_who_codes_blind_elsewhere_proposes_a_code_in_a_memo(unpinned: Study) -> None:
    with unpinned.open() as project:
        ana = project.coders.named("ana")
        project.documents.add(reading("P1: Nobody called.\n"), "solo talk", by=ana)
    async with screens(unpinned, document="solo talk") as pilot:
        await press(pilot, "e", "i")
        assert "Round r1 is blind: propose the code in a memo" in on_screen(pilot)


async def test_once_unblinded_codes_are_made_again(unpinned: Study) -> None:
    with unpinned.open() as project:
        (round_,) = (r for r in project.rounds.list() if r.name == "r1")
        project.rounds.unblind(round_.id, by=project.coders.named("ana"), reason="pilot")
    async with screens(unpinned) as pilot:
        await press(pilot, "n", "e", "e", "i", "enter")
        assert unpinned.codings() == [("she_walked", "She walked")]

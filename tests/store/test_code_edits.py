"""The codebook changed code by code: one action each, no coder's record touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import qualcode
from qualcode.errors import Conflict, Refused, UndoRefused
from qualcode.model import Code, Coder, Span
from qualcode.project import Project
from qualcode.reports.agreement import agreement
from qualcode.reports.themes import frequency
from tests.store.texts import reading

TEXT = "P1: She walked over and took him.\nP2: We never met the partner agencies at all.\n"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with qualcode.create(tmp_path / "p.qualcode", title="Study", coder="ana") as made:
        ana = made.acting("ana")
        made.codebook.add(
            [
                Code("", "handoff"),
                Code("", "warm", parent="handoff", key="w"),
                Code("", "cold", parent="handoff"),
                Code("", "partners"),
            ],
            by=ana,
        )
        made.documents.add(reading(TEXT), "A", by=ana)
        yield made


def tree(project: Project) -> list[str]:
    """The live codes, a dot for each step below the top."""
    depth: dict[str | None, int] = {None: -1}
    found = []
    for code in project.codebook.codes():
        depth[code.code] = depth[code.parent] + 1
        found.append("." * depth[code.code] + code.code)
    return found


def ana(project: Project) -> Coder:
    return project.acting("ana")


def id_of(project: Project, name: str) -> str:
    return project.codebook.named(name).id


def apply(project: Project, name: str, start: int, stop: int, round_id: str | None = None) -> None:
    document = project.documents.list()[0].id
    project.codings.apply(
        document, Span(start, stop), id_of(project, name), by=ana(project), round_id=round_id
    )


def test_new_codes_stand_last_under_their_parent(project: Project) -> None:
    project.codebook.add([Code("", "late", parent="handoff")], by=ana(project))
    assert tree(project) == ["handoff", ".warm", ".cold", ".late", "partners"]


def test_adding_several_codes_is_one_undo(project: Project) -> None:
    before = tree(project)
    project.codebook.add([Code("", "x"), Code("", "y", parent="x")], by=ana(project))
    assert tree(project) == [*before, "x", ".y"]
    project.history.undo(ana(project))
    assert tree(project) == before


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (Code("", "Warm"), "There is a code warm already"),
        (Code("", "x", key="W"), 'Key "W" belongs to warm'),
        (Code("", "x", key="ab"), "A key is one digit"),
        (Code("", "x", colour="red"), "not of the form #RRGGBB"),
        (Code("", " "), "needs a name"),
        (Code("", "a\nb"), "one line"),
        (Code("", "x", parent="nowhere"), "stand under nowhere"),
    ],
)
def test_a_code_that_cannot_be_is_refused_and_nothing_is_added(
    project: Project, code: Code, said: str
) -> None:
    before = tree(project)
    with pytest.raises(Refused, match=said):
        project.codebook.add([Code("", "first"), code], by=ana(project))
    assert tree(project) == before


def test_editing_changes_only_the_fields_given_and_undo_brings_them_back(project: Project) -> None:
    warm = project.codebook.named("warm")
    made = project.codebook.edit(
        warm.id, by=ana(project), code="warm_handoff", brief="In person.", example=("took him",)
    )
    assert (made.code, made.brief, made.example, made.key) == (
        "warm_handoff", "In person.", ("took him",), "w",
    )  # fmt: skip
    assert tree(project) == ["handoff", ".warm_handoff", ".cold", "partners"]
    project.history.undo(ana(project))
    again = project.codebook.named("warm")
    assert (again.brief, again.example) == ("", ())


def test_a_key_is_taken_away_by_none(project: Project) -> None:
    assert project.codebook.edit(id_of(project, "warm"), by=ana(project), key=None).key is None


def test_editing_what_has_changed_since_it_was_shown_is_refused(project: Project) -> None:
    warm = project.codebook.named("warm")
    project.codebook.edit(warm.id, by=ana(project), brief="One.")
    with pytest.raises(Conflict):
        project.codebook.edit(warm.id, by=ana(project), rev=warm.rev, brief="Two.")


def test_a_code_moves_with_all_below_it_to_the_place_asked_for(project: Project) -> None:
    project.codebook.move(
        id_of(project, "handoff"), under=id_of(project, "partners"), place=0, by=ana(project)
    )
    assert tree(project) == ["partners", ".handoff", "..warm", "..cold"]
    project.codebook.move(id_of(project, "cold"), under=None, place=0, by=ana(project))
    assert tree(project) == ["cold", "partners", ".handoff", "..warm"]
    project.history.undo(ana(project))
    project.history.undo(ana(project))
    assert tree(project) == ["handoff", ".warm", ".cold", "partners"]


def test_siblings_are_put_in_order(project: Project) -> None:
    project.codebook.move(
        id_of(project, "cold"), under=id_of(project, "handoff"), place=0, by=ana(project)
    )
    assert tree(project) == ["handoff", ".cold", ".warm", "partners"]


def test_a_code_cannot_stand_below_itself(project: Project) -> None:
    with pytest.raises(Refused, match="cannot stand under itself"):
        project.codebook.move(
            id_of(project, "handoff"), under=id_of(project, "warm"), place=0, by=ana(project)
        )


def test_merged_codings_keep_their_code_and_count_as_the_other_s(project: Project) -> None:
    warm, cold = id_of(project, "warm"), id_of(project, "cold")
    apply(project, "warm", 4, 19)
    apply(project, "cold", 20, 32)
    project.codebook.merge(cold, warm, by=ana(project))
    assert tree(project) == ["handoff", ".warm", "partners"]
    assert project.codings.table().column("code") == ["warm", "warm"]
    assert [c.code_id for c in project.codings.list()] == [warm, warm]
    counted = frequency(project, own=True, include_unfinished=True)
    assert dict(zip(counted.column("code"), counted.column("codings"), strict=True)) == {
        "handoff": 0, "warm": 2, "partners": 0,
    }  # fmt: skip
    # Nobody's record was rewritten: with the merge gone, both codings are what they were.
    project.history.undo(ana(project))
    assert project.codings.table().column("code") == ["warm", "cold"]


def test_pressing_the_other_code_s_key_takes_a_merged_coding_off(project: Project) -> None:
    apply(project, "cold", 4, 19)
    project.codebook.merge(id_of(project, "cold"), id_of(project, "warm"), by=ana(project))
    document = project.documents.list()[0].id
    applied, removed = project.codings.toggle(
        document, Span(4, 19), id_of(project, "warm"), by=ana(project)
    )
    assert applied is None
    assert removed is not None
    assert project.codings.list() == []


def test_codes_below_a_merged_one_come_under_the_other(project: Project) -> None:
    project.codebook.merge(id_of(project, "handoff"), id_of(project, "partners"), by=ana(project))
    assert tree(project) == ["partners", ".warm", ".cold"]


def test_a_code_may_go_into_one_below_it(project: Project) -> None:
    project.codebook.merge(id_of(project, "handoff"), id_of(project, "warm"), by=ana(project))
    assert tree(project) == ["warm", ".cold", "partners"]
    project.history.undo(ana(project))
    assert tree(project) == ["handoff", ".warm", ".cold", "partners"]


def test_a_merge_is_not_undone_once_its_name_is_taken(project: Project) -> None:
    project.coders.add("ben", by=ana(project))
    project.codebook.merge(id_of(project, "cold"), id_of(project, "warm"), by=ana(project))
    project.codebook.add([Code("", "cold")], by=project.acting("ben"))
    with pytest.raises(UndoRefused):
        project.history.undo(ana(project))


def test_a_used_code_is_not_retired_but_can_be_merged(project: Project) -> None:
    apply(project, "cold", 4, 19)
    with pytest.raises(Refused, match="cold has 1 coding; merge it"):
        project.codebook.retire(id_of(project, "cold"), by=ana(project))


def test_retiring_a_heading_moves_what_is_below_it_up_in_its_place(project: Project) -> None:
    project.codebook.retire(id_of(project, "handoff"), by=ana(project))
    assert tree(project) == ["warm", "cold", "partners"]
    project.history.undo(ana(project))
    assert tree(project) == ["handoff", ".warm", ".cold", "partners"]


def test_splitting_puts_the_finer_codes_behind_the_old_one(project: Project) -> None:
    project.codebook.split(
        id_of(project, "warm"), [Code("", "met_in_person"), Code("", "phoned")], by=ana(project)
    )
    assert tree(project) == [
        "handoff", ".warm", ".met_in_person", ".phoned", ".cold", "partners",
    ]  # fmt: skip
    with pytest.raises(Refused, match="two or more"):
        project.codebook.split(id_of(project, "cold"), [Code("", "x")], by=ana(project))


def blind_round(project: Project) -> str:
    """An open blind round of ana and ben that pins version v1."""
    me = ana(project)
    ben = project.coders.add("ben", by=me)
    project.codebook.freeze("v1", by=me)
    round_ = project.rounds.open("r1", by=me, codebook_version="v1")
    document = project.documents.list()[0].id
    project.rounds.assign(round_.id, [document], [me.id, ben.id], by=me)
    return round_.id


def lead(project: Project) -> Coder:
    """Who has nothing to code in the blind round."""
    return project.coders.add("lead", by=ana(project))


def test_a_round_keeps_the_codes_of_its_pinned_version(project: Project) -> None:
    round_id = blind_round(project)
    cold = id_of(project, "cold")
    project.codebook.merge(cold, id_of(project, "warm"), by=lead(project))
    project.codings.apply(
        project.documents.list()[0].id, Span(4, 19), cold, by=ana(project), round_id=round_id
    )
    with qualcode.open(project.path, coder="ana") as seen:
        assert [c.code_id for c in seen.codings.list(round_id=round_id)] == [cold]


def test_a_heading_of_the_pinned_version_stays_one(project: Project) -> None:
    handoff = id_of(project, "handoff")
    project.codebook.edit(handoff, by=ana(project), codable=False)
    round_id = blind_round(project)
    project.codebook.edit(handoff, by=lead(project), codable=True)
    with pytest.raises(Refused, match="handoff is a heading"):
        apply(project, "handoff", 4, 19, round_id)


def test_a_merge_leaves_the_figures_of_a_pinned_round_as_they_were(project: Project) -> None:
    round_id = blind_round(project)
    document = project.documents.list()[0].id
    ben = project.coders.named("ben")
    apply(project, "warm", 4, 19, round_id)
    project.codings.apply(document, Span(4, 19), id_of(project, "cold"), by=ben, round_id=round_id)
    for who in (ana(project), ben):
        project.rounds.finish(round_id, document, who.id, by=who)
    project.rounds.close(round_id, by=ana(project))
    before = agreement(project).rows
    project.codebook.merge(id_of(project, "cold"), id_of(project, "warm"), by=ana(project))
    assert agreement(project).rows == before


def test_retiring_tells_nothing_of_an_open_blind_round(project: Project) -> None:
    blind_round(project)
    by = lead(project)
    messages = set()
    for name in ("warm", "cold"):
        with pytest.raises(Refused) as refused:
            project.codebook.retire(id_of(project, name), by=by)
        messages.add(str(refused.value).replace(name, "CODE"))
    assert messages == {
        'CODE can be applied in round "r1", which is blind and open; close it first, or merge the '
        "code into another one."
    }

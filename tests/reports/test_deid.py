"""The sample study, de-identified: nothing leaks, no word is taken for a name, no figure moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import qualcode
from qualcode import importers
from qualcode.importers.names_csv import read_names
from qualcode.project import Project
from qualcode.reports.agreement import agreement
from qualcode.reports.deid import Asked, left, suggested, summary, table
from qualcode.reports.left_over import look, of_project
from qualcode.reports.sample import STUDY, build, folder
from qualcode.reports.themes import frequency
from qualcode.text.roster import LabelDecision


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with build(tmp_path_factory.mktemp("sample") / "s.qualcode") as project:
        yield project


def shown(project: Project, name: str) -> str:
    document = project.documents.named(name)
    return project.layer.rendering(document.id, project.documents.text(document.id)).text


def test_names_become_labels_and_words_stay_words(sample: Project) -> None:
    text = shown(sample, "A-FG1")
    assert "So, this is May, the month, not me." in text
    assert "[A-O1]: Will do. Ha. [A-O1] will do." in text
    assert "[A-O2] says a lot of things." in text
    assert "[A-O5]'s always on mute." in text


def test_a_name_broken_over_two_lines_is_one_label(sample: Project) -> None:
    assert "[A-O1] came by the sheds" in shown(sample, "A-P1")


def test_suggesting_again_finds_the_same_and_labels_stay(sample: Project) -> None:
    listed = tuple(read_names(folder(STUDY) / "names.csv"))
    assert suggested(sample, Asked(listed, entities=False)).found == ()
    labels = {str(row["name"]): row["label"] for row in table(sample) if row["name"] == "May"}
    assert labels == {"May": "[A-O2]"}


def test_a_misspelt_label_is_a_name_of_who_speaks_under_it(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("Rosa Lindt: Yes.\n\nRosa Lind: No.\n\nRosa Lindt: I.\n\nRosa Lind: Oh.\n")
    with qualcode.create(tmp_path / "p.qualcode", title="P", coder="ana") as project:
        ana = project.acting("ana")
        document = project.documents.add(importers.read(source), "a", by=ana)
        misspelt = LabelDecision("Rosa Lindt", "Rosa Lind", participant="P01")
        project.speakers.decide(document.id, [misspelt], by=ana)
        text = project.documents.text(document.id)
        found = suggested(project, Asked(entities=False)).found
    names = {text[one.span.start : one.span.stop]: one.label for one in found}
    assert names == {"Rosa Lindt": "[P01]", "Rosa Lind": "[P01]"}


def test_the_summary_counts_by_document_and_status(sample: Project) -> None:
    counts = {str(row["document"]): row for row in summary(sample)}
    assert counts["A-FG1"]["rejected"] == 2
    assert sum(int(str(row["accepted"])) for row in counts.values()) == len(
        sample.redactions.list(status="accepted")
    )


def test_names_outside_the_texts_are_listed_with_their_places(sample: Project) -> None:
    places = {(row["place"], row["name"]) for row in left(sample)}
    assert ("speaker", "Dana Will") in places


def test_a_baked_study_has_the_figures_of_the_original_and_no_name(
    sample: Project, tmp_path: Path
) -> None:
    out = tmp_path / "shared.qualcode"
    sample.bake(out, by=sample.acting(None))
    looked = look(out, of_project(sample))
    assert (list(looked.left.rows), looked.excused > 0) == ([], True)
    with qualcode.open(out) as project:
        assert list(agreement(project).rows) == list(agreement(sample).rows)
        # words differ, for a label is one word where a name is two
        counts = ["code", "codings", "documents", "participants", "turns"]
        ours = frequency(project).select(counts)
        assert list(ours.rows) == list(frequency(sample).select(counts).rows)

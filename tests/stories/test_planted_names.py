"""Every name and number planted in the sample study: suggested, stopped on its way out, and shown as
its label once somebody has decided; what only a person can find, the program says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import pytest

import qualcode
from qualcode.importers.names_csv import read_names
from qualcode.model import Span
from qualcode.project import Project
from qualcode.reports.deid import Asked, suggested
from qualcode.reports.disclosure import disclosure
from qualcode.reports.sample import STUDY, folder
from qualcode.text.disclosure import masked
from qualcode.text.names import Name, Suggestion
from tests.cli.conftest import Shell
from tests.stories.planted import bring_in, finds, planted

SHOWN = {
    "names_that_are_words": [
        "So, this is May, the month, not me.",
        "[A-O2] says a lot of things.",
        "[A-O1] was there, ask [A-O1], she was working an overtime.",
        "Will do. Ha. [A-O1] will do.",
        "[A-O2], only I didn't know that was her name, I thought she was telling me the month.",
    ],
    "names_within_names": [
        "She called me [A-O3] once and I about fell over. It was a wrong number. She wanted [A-O4].",
        "[A-O5]'s always on mute.",
    ],
    "misspelt_name": [
        "What [A-O4] said, about leaving somebody be.",
        "The hospital's got me as [A-P1] with two E's",
    ],
    "telephone_numbers": [
        "[phone], I know it by heart.",
        "I've got it in my head. [phone].",
        "I've got her number, [phone],",
        "I've the number, [phone],",
        "may be reached at [phone],",
    ],
    "badge_numbers": [
        "I even leave my badge number, [badge], like I'm ordering a pizza.",
        "badge [badge], you can look them up.",
    ],
    "people_outside_the_study": [
        "Oh, that's [client] with the—",
        "I'll call her [client], that's not her name",
        "We had Captain [former captain B] then, and she rode along.",
        "I'd [client] and the [client],",
        "Mr. [client], he's let me use his name,",
        "The coordinator, Mrs. [coordinator],",
    ],
    "split_name": ["[A-O1] came by the sheds"],
    "spelt_out_name": ["[A-P1]. The hospital"],
    "case_numbers": [
        "Case [case], I'll use the number,",
        "the most recent entry is [case].",
        "Agreement [case],",
    ],
}
"""What is printed of the passages of an item, in their order."""

FORMS = {"telephone_numbers": "phone", "badge_numbers": "badge", "case_numbers": "case"}
"""Items that their form tells, without any list."""

FOR_A_PERSON = ("misspelt_name", "spelt_out_name", "people_outside_the_study")
"""Items that nothing but a list or a reader can tell."""


@dataclass(frozen=True)
class Raw:
    """The study as it came in: transcripts and participants, nothing redacted."""

    shell: Shell
    project: Project
    listed: tuple[Name, ...]
    texts: dict[str, str]

    def suggested(self, *listed: Name) -> dict[str, list[Suggestion]]:
        """By document."""
        ids = {one.id: one.name for one in self.project.documents.list()}
        found: dict[str, list[Suggestion]] = {name: [] for name in ids.values()}
        for one in suggested(self.project, Asked(listed, entities=False)).found:
            found[ids[one.document_id]].append(one)
        return found

    def places(self, name: str) -> Iterator[tuple[str, Span]]:
        """Where a name stands as a whole word, in which document; a line may break in it."""
        words = r"\s+".join(re.escape(word) for word in name.split())
        for document, text in self.texts.items():
            for hit in re.finditer(rf"(?<!\w){words}(?!\w)", text):
                yield document, Span(hit.start(), hit.end())

    def said_in(self, document: str, position: int) -> str | None:
        """The turn that a position lies in, or the line of a text without turns; None in labels."""
        turns = self.project.documents.transcript(self.project.documents.named(document).id).turns
        if not turns:
            return f"line {self.texts[document].count(chr(10), 0, position) + 1}"
        return next((f"turn {t.n}" for t in turns if t.start <= position < t.stop), None)


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Raw]:
    shell = Shell(tmp_path_factory.mktemp("raw"))
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("QUALCODE_CODER", raising=False)
        file, _ = bring_in(shell)
        with qualcode.open(file, coder="ana") as project:
            texts = {one.name: project.documents.text(one.id) for one in project.documents.list()}
            yield Raw(shell, project, tuple(read_names(folder(STUDY) / "names.csv")), texts)


@pytest.fixture(scope="module")
def by_list(raw: Raw) -> dict[str, list[Suggestion]]:
    return raw.suggested(*raw.listed)


@pytest.fixture(scope="module")
def by_form(raw: Raw) -> dict[str, list[Suggestion]]:
    return raw.suggested()


def covering(found: list[Suggestion], span: Span) -> Suggestion | None:
    """The suggestion that covers all of a stretch."""
    return next((one for one in found if one.span.overlap(span) == len(span)), None)


@finds(*SHOWN)
@pytest.mark.parametrize("id_", SHOWN)
def test_each_is_suggested_with_its_label_wherever_it_stands(
    raw: Raw, by_list: dict[str, list[Suggestion]], id_: str
) -> None:
    labels = {one.name: one.label for one in raw.listed}
    for name in planted()[id_]["names"]:
        places = list(raw.places(name))
        assert places, name
        for document, span in places:
            one = covering(by_list[document], span)
            assert one is not None, (name, document, span)
            if one.span == span:
                assert one.label == labels[name], (name, document, span)


@pytest.fixture(scope="module")
def stopped(raw: Raw) -> set[tuple[str, str]]:
    """Place and masked name of what fails."""
    return {
        (str(row["where"]), str(row["text"]))
        for row in disclosure(raw.project, listed=raw.listed, tables=False)
        if (row["rule"], row["severity"]) == ("name", "fail")
    }


@finds(*SHOWN)
@pytest.mark.parametrize("id_", SHOWN)
def test_each_stops_an_export_until_it_is_decided(
    raw: Raw, by_list: dict[str, list[Suggestion]], id_: str, stopped: set[tuple[str, str]]
) -> None:
    looked_at = set()
    for name in planted()[id_]["names"]:
        for document, span in raw.places(name):
            place = raw.said_in(document, span.start)
            one = covering(by_list[document], span)
            assert one is not None
            words = raw.texts[document][one.span.start : one.span.stop]
            assert place is None or (f"{document}, {place}", masked(words)) in stopped, name
            looked_at |= {name} if place else set()
    assert looked_at == set(planted()[id_]["names"])


@finds(*SHOWN)
@pytest.mark.parametrize("id_", SHOWN)
def test_each_is_its_label_once_it_is_decided_and_a_word_stays_a_word(
    sample: Project, id_: str
) -> None:
    shown = []
    for passage in planted()[id_]["passages"]:
        document = sample.documents.named(passage["document"])
        text = sample.documents.text(document.id)
        at = text.index(passage["text"])
        made = sample.layer.rendering(document.id, text)
        span = made.span(Span(at, at + len(passage["text"])))
        shown.append(made.text[span.start : span.stop])
    assert shown == SHOWN[id_]


@finds("split_name")
def test_a_name_over_a_line_end_is_one_suggestion(
    raw: Raw, by_form: dict[str, list[Suggestion]]
) -> None:
    (passage,) = planted()["split_name"]["passages"]
    at = raw.texts[passage["document"]].index(passage["text"])
    one = covering(by_form[passage["document"]], Span(at, at + len("Dana\nWill")))
    assert one is not None
    assert (one.span, one.label) == (Span(at, at + len("Dana\nWill")), "[A-O1]")


@finds(*FORMS)
@pytest.mark.parametrize("id_", FORMS)
def test_a_number_is_suggested_and_warned_of_by_its_form(
    raw: Raw, by_form: dict[str, list[Suggestion]], warned: dict[tuple[str, str], int], id_: str
) -> None:
    kind = FORMS[id_]
    documents = set()
    for name in planted()[id_]["names"]:
        for document, span in raw.places(name):
            one = covering(by_form[document], span)
            assert one is not None, (name, document)
            assert (one.span, one.kind) == (span, kind)
            documents.add(document)
    assert {document for rule, document in warned if rule == kind} == documents


@pytest.fixture(scope="module")
def warned(raw: Raw) -> dict[tuple[str, str], int]:
    """Rule and document → how often the check warns."""
    return {
        (str(row["rule"]), str(row["where"]).partition(",")[0]): int(str(row["n"]))
        for row in disclosure(raw.project, tables=False)
        if row["rule"] in FORMS.values() and row["severity"] == "warn"
    }


@finds(*FOR_A_PERSON)
def test_what_only_a_list_or_a_reader_can_find_is_said_to_be_so(
    raw: Raw, by_form: dict[str, list[Suggestion]]
) -> None:
    for id_ in FOR_A_PERSON:
        for name in planted()[id_]["names"]:
            assert not [p for p in raw.places(name) if covering(by_form[p[0]], p[1])], name
    file = raw.shell.folder / "raw.qualcode"
    told = {
        "suggest": raw.shell.run("deid", "suggest", file, "--no-entities").stderr,
        "check": raw.shell.run("disclosure", file).stderr,
    }
    said = ("misspelt names", "names spelt out", "nicknames", "people only spoken of")
    for (where, text), words in product(told.items(), said):
        assert words in " ".join(text.casefold().split()), (where, words)

"""``qualcode plot``: every picture of the sample, its data beside it, and what is refused."""

from __future__ import annotations

import csv
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

import qualcode
from qualcode.exporters.figures.records import Circle, Grid
from qualcode.model import Span
from qualcode.project import Project
from qualcode.reports.plots import PLOTS, picture, pictures
from qualcode.reports.sample import build
from qualcode.reports.suppressed import COUNTS
from tests.cli.conftest import Shell
from tests.reports.studies import Study

PAGE = (Path(__file__).parents[2] / "docs" / "plots.md").read_text(encoding="utf-8")
COMMANDS = dict(re.findall(r"^qualcode plot (\w+) (.*)$", PAGE, re.MULTILINE))
"""Picture → the words of the command that ``docs/plots.md`` shows for it."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The sample study as the demo lays it down."""
    path = tmp_path_factory.mktemp("sample") / "qualcode-demo" / "demo.qualcode"
    path.parent.mkdir()
    build(path).close()
    with qualcode.open(path, read_only=True) as project:
        yield project


@pytest.fixture
def small(shell: Shell) -> Shell:
    """``study.qualcode``: four people, two sites, codes with names that mean something elsewhere."""
    study = Study(shell.folder / "study.qualcode", ["$x$_y", ("hope", "$x$_y"), "fear"])
    study.document("one", "P1: I trusted her.\n\nP2: I hoped.\n\nP3: No.\n", site="north")
    study.document("two", "P4: I did not trust.\n\nP4: I hoped.\n", site="south")
    study.document("notes", "Nobody speaks here.\n\nA second paragraph.\n")
    study.code("ana", "one", "$x$_y", "trusted her")
    study.code("ana", "one", "hope", "hoped")
    study.code("ana", "two", "hope", "hoped")
    study.finish("ana", "one", "two", "notes")
    study.project.close()
    return shell


def said(path: Path) -> str:
    """Every text written in an SVG, without blanks and breaks of lines."""
    root = etree.fromstring(path.read_bytes())
    found = root.iter("{http://www.w3.org/2000/svg}text")
    return re.sub(r"\s", "", "".join("".join(map(str, one.itertext())) for one in found))


def test_the_page_shows_a_command_for_every_picture() -> None:
    assert set(COMMANDS) == set(PLOTS)
    assert re.findall(r"^## (\w+)$", PAGE, re.MULTILINE) == list(PLOTS)


@pytest.mark.parametrize("name", list(PLOTS))
def test_the_commands_of_the_page_draw_every_code_of_their_data(
    name: str, sample: Project, shell: Shell
) -> None:
    (shell.folder / "qualcode-demo").symlink_to(sample.path.parent)
    shell.ok("plot", name, *shlex.split(COMMANDS[name]))
    written = said(Path(f"{name}.svg"))
    with Path(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    titles = {code.code: code.title for code in sample.codebook.codes()}
    rows = [row for row in rows if row.get("n", "1") != "0"]  # pairs that never come up together
    drawn = {row[key] for row in rows for key in ("code", "code_a", "code_b") if row.get(key)}
    assert drawn or name == "saturation"
    for code in drawn - {"*"}:
        assert re.sub(r"\s", "", titles[code]) in written, code
    assert json.loads(Path(f"{name}.csv.meta.json").read_text(encoding="utf-8"))["notes"]


def test_the_notebook_part_of_the_page_prints_what_stands_below(
    sample: Project, shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    (shell.folder / "qualcode-demo").symlink_to(sample.path.parent)
    block, printed = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)[0]
    exec(compile(block, "plots.md", "exec"), {})
    assert capsys.readouterr().out == printed
    assert Path("frequency.png").read_bytes().startswith(b"\x89PNG")


def test_the_sample_says_n_of_n_and_names_who_carries_a_code(sample: Project, shell: Shell) -> None:
    shell.ok("plot", "frequency", sample.path, "--out", "f.svg")
    assert "N=26participants" in said(Path("f.svg"))
    assert "17of26" in said(Path("f.svg"))
    who = picture(sample, "speakers")
    top = next(row for row in who.table if row["code"] == "belief_in_effect")
    assert top["participant"] == "A-O4"
    assert float(str(top["share"])) > 0.5


def test_code_names_are_literal_and_groups_that_say_nothing_are_named(small: Shell) -> None:
    small.ok("plot", "frequency", "study.qualcode", "--by", "site", "--out", "f.svg")
    written = said(Path("f.svg"))
    for text in ("$x$y", "north", "2of3", "1of3", "south", "N=1participant", "0of1"):
        assert text in written
    assert "nobodyspeaksthere:(notset)" in written
    small.ok("plot", "frequency", "study.qualcode", "--by", "site", "--out", "g.svg")
    assert Path("f.svg").read_bytes() == Path("g.svg").read_bytes()


def test_where_nobody_speaks_documents_are_counted_and_shares_are_not_defined(shell: Shell) -> None:
    study = Study(shell.folder / "study.qualcode", ["trust", "fear"])
    study.document("notes", "Nobody speaks here.\n\nA second paragraph.\n")
    study.code("ana", "notes", "trust", "Nobody speaks")
    study.finish("ana", "notes")
    study.project.close()
    shell.ok("plot", "frequency", "study.qualcode", "--out", "f.svg")
    assert "N=1document" in said(Path("f.svg"))
    assert "1of1" in said(Path("f.svg"))
    shell.ok("plot", "speakers", "study.qualcode", "--out", "s.svg")
    assert said(Path("s.svg")).count("notdefined:nowords") == 2
    shell.ok("plot", "codeline", "study.qualcode", "--out", "c.svg")  # the only document
    assert "paragraph" in said(Path("c.svg"))
    shell.ok("plot", "saturation", "study.qualcode", "--out", "d.svg")
    assert "notdefined:toofewdocuments" in said(Path("d.svg"))


def test_a_document_that_is_not_read_is_a_hatched_column(small: Shell) -> None:
    with qualcode.open(small.folder / "study.qualcode") as project:
        ana = project.coders.named("ana")
        solo = project.rounds.named("solo")
        project.rounds.reopen_document(solo.id, project.documents.named("two").id, ana.id, by=ana)
        made = picture(project, "heatmap")
    cells = {(r["code"], r["case"]): r["codings"] for r in made.table}
    assert cells["hope", "one"] == 1
    assert cells["fear", "one"] == 0
    assert cells["hope", "two"] is None


def test_the_codeline_numbers_turns_as_the_transcript_does(small: Shell) -> None:
    answer = small.json("plot", "codeline", "study.qualcode", "--document", "two")
    assert [(row["code"], row["turn"]) for row in answer["rows"]] == [("$x$_y", 2), ("hope", 2)]
    assert answer["title"] == "Codes by Turn in two"
    assert "$x$ y (1 of 2 turns)" in answer["alt"]


def test_a_picture_shows_labels_where_names_are_redacted(small: Shell) -> None:
    with qualcode.open(small.folder / "study.qualcode") as project:
        ana, one = project.coders.named("ana"), project.documents.named("one")
        start = project.documents.text(one.id).index("P2")
        project.redactions.add(one.id, Span(start, start + 2), "[person]", "person", by=ana)
    small.ok("plot", "speakers", "study.qualcode", "--out", "f.svg")
    assert "[person]" in said(Path("f.svg"))
    for path in map(Path, ("f.svg", "f.csv")):
        assert "P2" not in path.read_text(encoding="utf-8")
    small.ok("plot", "speakers", "study.qualcode", "--out", "g.svg", "--identified", "our own use")
    assert "P2" in said(Path("g.svg"))


def test_an_open_blind_round_gives_no_agreement_away(shell: Shell) -> None:
    study = Study(shell.folder / "study.qualcode", ["trust"])
    study.document("one", "P1: I trusted her.\n")
    study.round("r", {"one": ["ana", "ben"]})
    for who in ("ana", "ben"):
        study.code(who, "one", "trust", "trusted", round="r")
        study.finish(who, "one", round="r")
    study.project.close()
    for name in ("forest", "confusion"):
        refused = shell.run("plot", name, "study.qualcode", "--round", "r", "--out", "f.svg")
        assert refused.exit_code == 1
        assert "blind" in refused.stderr
    assert shell.run("plot", "frequency", "study.qualcode", "--out", "f.svg").exit_code == 1
    assert not Path("f.svg").exists()


@pytest.mark.parametrize(
    ("words", "code", "problem"),
    [
        (["freqency", "--out", "f.svg"], 2, 'no picture "freqency". Known: frequency.'),
        (["nothing", "--out", "f.svg"], 2, "Known: frequency, heatmap"),
        (["frequency"], 2, "--out F.svg"),
        (["frequency", "--out", "f.gif"], 2, "must end in .svg, .png, .pdf"),
        (["frequency", "--out", "none/f.svg"], 1, "cannot be written"),
        (["frequency", "--out", "f.svg", "--width", "5"], 2, "--width is from 60"),
        (["frequency", "--out", "f.svg", "--by", "nothing"], 2, 'no attribute "nothing"'),
        (["frequency", "--out", "f.svg", "--sort", "size"], 2, 'no order "size"'),
        (["frequency", "--out", "f.svg", "--source", "coder:zoe"], 2, "zoe"),
        (["heatmap", "--out", "f.svg", "--by", "site"], 2, "--by does not go with heatmap"),
        (["heatmap", "--out", "f.svg", "--cases", "x"], 2, 'no case "x"'),
        (["codeline", "--out", "f.svg"], 2, "--document: one, two, notes"),
        (["codeline", "--out", "f.svg", "--document", "three"], 2, "three"),
        (["codeline", "--out", "f.svg", "--document", "notes"], 1, "No code stands"),
        (["frequency", "--out", "f.svg", "--json"], 2, "--json or --out"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_line(
    small: Shell, words: list[str], code: int, problem: str
) -> None:
    refused = small.run("plot", words[0], "study.qualcode", *words[1:])
    assert refused.exit_code == code
    assert problem in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert not list(small.folder.glob("f.*"))


@pytest.mark.parametrize("there", ["f.svg", "f.csv", "f.csv.meta.json"])
def test_neither_the_picture_nor_its_data_are_replaced_unasked(small: Shell, there: str) -> None:
    small.file(there, "mine")
    refused = small.run("plot", "frequency", "study.qualcode", "--out", "f.svg")
    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    assert [path.name for path in small.folder.glob("f.*")] == [there]
    assert Path(there).read_text(encoding="utf-8") == "mine"
    small.ok("plot", "frequency", "study.qualcode", "--out", "f.svg", "--force")
    assert Path(there).read_text(encoding="utf-8") != "mine"


def test_the_list_names_every_picture_and_its_options(shell: Shell) -> None:
    listed = shell.ok("plot", "--list")
    for name, kind in PLOTS.items():
        assert re.search(rf"^{name} +{re.escape(kind.line)}$", listed, re.MULTILINE)


def test_pictures_of_a_report_leave_out_what_is_not_defined_with_the_reason(small: Shell) -> None:
    with qualcode.open(small.folder / "study.qualcode") as project:
        made, missing = pictures(project, ["frequency", "confusion"])
    assert [one.name for one in made] == ["frequency"]
    assert len(missing) == 1
    assert missing[0].startswith("No picture of codes that coders used in place of one another: ")


def test_counts_of_few_participants_are_warned_of_and_can_be_withheld(small: Shell) -> None:
    warned = small.run("plot", "frequency", "study.qualcode", "--out", "f.svg")
    assert "fewer than 3 participants: --suppress hides them" in warned.stderr
    small.ok("plot", "frequency", "study.qualcode", "--suppress", "--out", "g.svg")
    assert "<3of4" in said(Path("g.svg"))
    for one in ("1of4", "2of4"):
        assert one not in said(Path("g.svg"))
        assert one[0] + " of 4" not in Path("g.svg").read_text(encoding="utf-8")


def code_fear_with_hope(project: Project) -> None:
    ana, two = project.coders.named("ana"), project.documents.named("two")
    start = project.documents.text(two.id).index("hoped")
    span, fear = Span(start, start + 5), project.codebook.named("fear")
    solo = project.rounds.named("solo")
    project.rounds.reopen_document(solo.id, two.id, ana.id, by=ana)
    project.codings.apply(two.id, span, fear.id, by=ana)
    project.rounds.finish(solo.id, two.id, ana.id, by=ana)


def test_the_data_of_pairs_hold_no_count_of_few_participants(small: Shell) -> None:
    with qualcode.open(small.folder / "study.qualcode") as project:
        code_fear_with_hope(project)
    for name in ("cooccurrence", "network"):
        words = ("plot", name, "study.qualcode", "--out", f"{name}.svg")
        assert "participants: --suppress hides them" in small.run(*words).stderr
        drawn = Path(f"{name}.svg").read_bytes()
        assert "--suppress hides" not in small.run(*words, "--suppress", "--force").stderr
        with Path(f"{name}.csv").open(encoding="utf-8", newline="") as file:
            together = [row["participants"] for row in csv.DictReader(file) if row["n"] == "1"]
        assert together == ["<3", "<3"]  # fear with hope, and with what lies above hope
        assert Path(f"{name}.svg").read_bytes() == drawn  # it counts turns


def test_pictures_that_count_no_participants_say_so(sample: Project, shell: Shell) -> None:
    for name, kind in PLOTS.items():
        if "suppress" not in kind.takes:
            refused = shell.run("plot", name, sample.path, "--suppress", "--out", "f.svg")
            assert refused.exit_code == 2
            assert f"--suppress does not go with {name}: {kind.not_suppressed}." in refused.stderr
            asked = {"document": "A-FG1"} if name == "codeline" else {}
            assert not {*picture(sample, name, **asked).table.columns} & {*COUNTS}


def test_pairs_are_counted_in_the_lower_triangle_and_families_are_not(small: Shell) -> None:
    with qualcode.open(small.folder / "study.qualcode") as project:
        code_fear_with_hope(project)
        made = picture(project, "cooccurrence")
        net = picture(project, "network", own=True)
    assert isinstance(made.drawing, Grid)
    assert [line.label for line in made.drawing.lines] == ["$x$ y", "hope", "fear"]
    below = [[square.value for square in row[:i]] for i, row in enumerate(made.drawing.squares)]
    assert below == [[], [None], [1.0, 1.0]]  # hope lies below $x$ y: never counted
    assert isinstance(net.drawing, Circle)
    assert net.drawing.names == ["hope", "fear"]
    assert net.drawing.joined == [(0, 1, 1)]
    assert "Left out: 1 code that comes" in net.drawing.key


def test_codes_that_never_come_up_together_are_no_picture(small: Shell) -> None:
    refused = small.run("plot", "network", "study.qualcode", "--out", "f.svg", "--own")
    assert refused.exit_code == 1
    assert "No two codes come up together" in refused.stderr
    assert (
        small.run(
            "plot", "network", "study.qualcode", "--out", "f.svg", "--relation", "x"
        ).exit_code
        == 2
    )

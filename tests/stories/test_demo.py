"""``qualcode demo`` and every example of the help: run as a newcomer would run them."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from qualcode.cli import COMMANDS, cli
from qualcode.reports.sample import CODEBOOKS, STUDY, folder
from qualcode.store.check import check

ROOT = Path(__file__).parents[2]


def run(line: str) -> Result:
    """Run a command line; ``*`` in it names files, as in a shell."""
    words: list[str] = []
    for word in shlex.split(line.replace("\\\n", " "))[1:]:
        words += sorted(map(str, Path().glob(word))) if "*" in word else [word]
    result = CliRunner().invoke(cli, words)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample_file: Path) -> Path:
    """A folder as the examples expect it: the sample files, a demo, and a study of one's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUALCODE_CODER", raising=False)
    shutil.copytree(folder(STUDY), STUDY)
    shutil.copytree(folder(CODEBOOKS), CODEBOOKS)
    Path("qualcode-demo").mkdir()
    shutil.copy(sample_file, "qualcode-demo/demo.qualcode")
    return tmp_path


def test_the_demo_tells_the_whole_story_and_is_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first = run("qualcode demo")
    assert first.exit_code == 0, first.output
    for words in ("12 documents", "1,001 codings by 3 coders", "Krippendorff's alpha, round 1",
                  "wrote         qualcode-demo/report.docx", "Next: qualcode code"):  # fmt: skip
        assert words in first.stdout
    made = sorted(path.name for path in Path("qualcode-demo").iterdir())
    assert made == ["agreement.csv", "demo.qualcode", "report.docx", "themes.csv"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in Path("qualcode-demo").iterdir())
    assert [r for r in check(Path("qualcode-demo/demo.qualcode")) if not r.ok] == []
    before = Path("qualcode-demo/demo.qualcode").read_bytes()
    again = run("qualcode demo --no-tui")
    assert again.exit_code == 0
    assert "Using the demo that is there" in again.stderr
    assert Path("qualcode-demo/demo.qualcode").read_bytes() == before


def test_the_demo_leaves_a_folder_of_something_else_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("qualcode-demo").mkdir()
    Path("qualcode-demo/thesis.txt").write_text("mine")
    refused = run("qualcode demo")
    assert refused.exit_code == 1
    assert "not a demo" in refused.stderr
    assert [path.name for path in Path("qualcode-demo").iterdir()] == ["thesis.txt"]


def test_the_demo_leaves_another_project_of_its_name_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("qualcode-demo").mkdir()
    assert run("qualcode init qualcode-demo/demo --coder ana").exit_code == 0
    before = Path("qualcode-demo/demo.qualcode").read_bytes()
    assert run("qualcode demo").exit_code == 1
    assert Path("qualcode-demo/demo.qualcode").read_bytes() == before


def examples() -> list[str]:
    """The example of every command's help."""
    context = click.Context(cli)
    found: list[str] = []

    def collect(command: click.Command | None) -> None:
        assert command is not None
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                collect(command.get_command(context, name))
        else:
            assert command.help is not None
            example = command.help.split("Example:")[1]
            found.append(re.sub(r"\s+", " ", example.replace("\\\n", " ")).strip())

    for name in COMMANDS:
        collect(cli.get_command(context, name))
    return found


BEGINNING = """
qualcode init harbour --codebook codebooks/lead-mechanisms-v1.yaml --coder ana
qualcode codebook freeze harbour.qualcode v1
qualcode import harbour.qualcode transcripts_sample/A-FG1.vtt --kind focus-group
"""
NEEDS = {
    "qualcode init": "rm harbour.qualcode",
    "qualcode import": "rm A-FG1",
    "qualcode round assign": 'qualcode round open harbour.qualcode "round 1" --codebook v1',
    "qualcode round finish": 'qualcode round open harbour.qualcode "round 1" --codebook v1\n'
    'qualcode round assign harbour.qualcode "round 1" --to ana',
    "qualcode round close": 'qualcode round open harbour.qualcode "round 1" --codebook v1',
    "qualcode round unblind": 'qualcode round open harbour.qualcode "round 1" --codebook v1',
    "qualcode redo": "qualcode undo harbour.qualcode",
    "qualcode deid apply": "qualcode deid suggest harbour.qualcode --no-entities"
    " --names transcripts_sample/names.csv",
    "qualcode deid check": "qualcode export word qualcode-demo/demo.qualcode"
    " qualcode-demo/report.docx",
    "qualcode deid bake": "qualcode deid suggest harbour.qualcode --no-entities"
    " --names transcripts_sample/names.csv\nqualcode deid apply harbour.qualcode --all",
    "qualcode purge": "qualcode participants import harbour.qualcode"
    " transcripts_sample/participants.csv",
    "qualcode codebook freeze": "",
    "qualcode memos remove": 'qualcode memos add harbour.qualcode "Read it again." --coder ana',
    "qualcode codings import": "qualcode codebook import harbour.qualcode"
    " codebooks/lead-mechanisms-v2.yaml\nqualcode codebook freeze harbour.qualcode v2\n"
    "qualcode import harbour.qualcode transcripts_sample/A-FG2.srt transcripts_sample/*.txt"
    " transcripts_sample/*.docx transcripts_sample/*.pdf transcripts_sample/A-P1.csv"
    " transcripts_sample/B-P1.vtt",
}
"""What must have happened before some examples; ``rm`` takes back what BEGINNING did."""


ELSEWHERE = ("qualcode code ", "qualcode adjudicate", "qualcode serve", "qualcode demo")
"""Opens the screens, or is the demo itself: other stories run these."""


@pytest.mark.parametrize("example", [e for e in examples() if not e.startswith(ELSEWHERE)])
def test_the_example_in_the_help_runs(here: Path, example: str) -> None:
    beginning = BEGINNING
    needed = next((n for start, n in NEEDS.items() if example.startswith(start + " ")), "")
    if needed == "rm harbour.qualcode":
        beginning = ""
    elif needed == "rm A-FG1":
        beginning = "\n".join(BEGINNING.strip().split("\n")[:2])
    for line in [*beginning.strip().split("\n"), *needed.split("\n")]:
        if line and not line.startswith("rm "):
            before = run(line)
            assert before.exit_code == 0, before.output
    if example.startswith("qualcode memos remove"):  # an id is another in every project
        memos = json.loads(run("qualcode memos list harbour.qualcode --json").stdout)
        example = re.sub(r"\S+$", memos["rows"][0]["memo_id"], example)
    result = run(example)
    assert result.exit_code == 0, result.output


def test_the_examples_of_the_readme_run(here: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.strip().split("\n")]
    commands = [line for line in lines if line.startswith("qualcode ")]
    assert len(commands) > 8
    for line in commands:
        if line.startswith("qualcode code "):  # what a coder does there last: declare it finished
            line = "qualcode round finish harbour.qualcode solo --document A-FG1"
        result = run(line)
        assert result.exit_code == 0, f"{line}\n{result.output}"

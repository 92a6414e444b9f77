"""De-identification: suggest, review, and give away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.output import (
    PROJECT,
    busy,
    coder_option,
    emit,
    emit_json,
    print_table,
    progress,
    report_options,
    say,
    say_notes,
    table_json,
)
from qualcode.errors import CheckFailed, QualcodeError, UsageProblem
from qualcode.model import RedactionStatus, Table
from qualcode.text.plurals import counted

if TYPE_CHECKING:
    from qualcode.project import Project

NAMES = click.option(
    "--names",
    "lists",
    type=PROJECT,
    multiple=True,
    help="Names: CSV or XLSX with name,kind,label,note, or a text file with one a line.",
)
SHOWN = ["document", "turn", "kind", "label", "status", "before", "name", "after"]
OPEN_KEY = "It holds the real names and is NOT encrypted: keep it apart, and give it to nobody."


@click.group("deid")
def deid_command() -> None:
    """Suggest, review and bake redactions; look for names that are left.

    Texts are never changed: accepted redactions are a layer through which every screen, report and
    export shows them. Not found are misspelt names, nicknames that no list holds and rare roles;
    names that are words ("Will", "May") are found where they are words too. Only a person can tell.
    """


@deid_command.command("suggest")
@click.argument("project", type=PROJECT)
@NAMES
@click.option("--ignore-case", is_flag=True, help="Find names in any case.")
@click.option("--no-entities", is_flag=True, help="Do without spaCy.")
@click.option("--model", help="The installed spaCy model to ask, such as en_core_web_sm.")
@coder_option
def suggest_redactions(
    project: Path,
    lists: tuple[Path, ...],
    ignore_case: bool,
    no_entities: bool,
    model: str | None,
    coder: str | None,
) -> None:
    """Look for names and identifiers in every document, for a person to decide.

    Names come from --names, from the roster and the participants (full, first and last names);
    e-mail addresses, numbers and dates by their form; further names from a spaCy model, if one is
    installed. What was decided before stays. Not found: misspelt names and people only spoken of,
    unless a list holds them; rare roles.

    \b
    Example:
        qualcode deid suggest harbour.qualcode --names transcripts_sample/names.csv
    """
    from qualcode.importers.names_csv import read_names
    from qualcode.project import open as open_project
    from qualcode.reports.deid import LIMITS, Asked, suggested

    if no_entities and model:
        raise UsageProblem("Choose --no-entities or --model.")
    listed = tuple(name for path in lists for name in read_names(path))
    with open_project(project) as opened:
        by = opened.acting(coder)
        with busy("Looking for names"):
            found = suggested(opened, Asked(listed, ignore_case, not no_entities, model))
        new = opened.redactions.suggest(found.found, by=by)
        kinds = Counter(one.kind for one in opened.redactions.list(status="suggested"))
        _print_summary(opened)
    say(f"{counted(new, 'new suggestion')}; what was stored or decided before stays.")
    if kinds:
        say("To decide: " + ", ".join(f"{n} {kind}" for kind, n in kinds.most_common()))
    say_notes(found.notes)
    say(LIMITS)
    if kinds:
        say(
            f"Next: qualcode deid list {project} --out review.csv, or review them on screen (code)."
        )


def _print_summary(project: Project) -> None:
    from qualcode.reports.deid import summary
    from qualcode.reports.disclosed import disclosed

    print_table(disclosed(project, summary(project)))


@deid_command.command("list")
@click.argument("project", type=PROJECT)
@click.option("--status", type=click.Choice(["suggested", "accepted", "rejected"]))
@click.option("--document", help="Only this document's.")
@report_options
def list_redactions(
    project: Path,
    status: RedactionStatus | None,
    document: str | None,
    as_json: bool,
    out: Path | None,
    force: bool,
) -> None:
    """List redactions with the names they cover: what a person reviews.

    Written with --out to a CSV file, its columns `status` and `label` can be edited and brought
    back with `deid apply --review`.

    \b
    Example:
        qualcode deid list qualcode-demo/demo.qualcode --status suggested
    """
    from qualcode.project import open as open_project
    from qualcode.reports.deid import left, table

    with open_project(project, read_only=True) as opened:
        document_id = opened.documents.named(document).id if document else None
        found, elsewhere = table(opened, status=status, document_id=document_id), left(opened)
    emit(found, "redactions", as_json=as_json, out=out, force=force, shown_columns=SHOWN)
    if elsewhere.rows and not as_json:
        places = Counter(str(row[0]) for row in elsewhere.rows)
        where = ", ".join(counted(n, place) for place, n in places.items())
        say(f"Known names also stand in {where}; exports show their labels.")


@deid_command.command("apply")
@click.argument("project", type=PROJECT)
@click.option("--accept", multiple=True, help="ID, KIND=…, LABEL=… or NAME=…; repeatable.")
@click.option("--reject", multiple=True, help="ID, KIND=…, LABEL=… or NAME=…; repeatable.")
@click.option("--all", "everything", is_flag=True, help="Accept all that is undecided.")
@NAMES
@click.option("--review", type=PROJECT, help="A table of `deid list --out`, status edited.")
@coder_option
def apply_redactions(project: Path, **options: Any) -> None:
    """Accept and reject suggested redactions: one action, one undo.

    With --names, all undecided ones of those names are accepted. An ID says one redaction, whatever
    was decided on it before; KIND, LABEL and NAME say all undecided ones. --reject wins.

    \b
    Example:
        qualcode deid apply harbour.qualcode --accept KIND=person
    """
    from qualcode.project import open as open_project

    ways = [bool(options[n]) for n in ("accept", "reject", "everything", "lists", "review")]
    if not any(ways):
        raise UsageProblem("Say what to decide: --accept, --reject, --all, --names or --review.")
    if options["review"] and sum(ways) > 1:
        raise UsageProblem("--review holds all decisions; it goes with no other.")
    with open_project(project) as opened:
        by = opened.acting(options["coder"])
        decisions = _reviewed(opened, options["review"]) if options["review"] else {}
        if not options["review"]:
            decisions = {id_: (status, None) for id_, status in _chosen(opened, options).items()}
        changed = opened.redactions.review(decisions, by=by)
        _print_summary(opened)
        undecided = len(opened.redactions.list(status="suggested"))
    say(f"{counted(changed, 'redaction')} changed; {undecided} undecided.")
    if changed:
        say("Exports now show labels; the project itself still holds the names (deid bake).")


def _chosen(project: Project, options: dict[str, Any]) -> dict[str, RedactionStatus]:
    from qualcode.importers.names_csv import read_names
    from qualcode.reports.deid import table

    rows = [{name: str(value) for name, value in row.items()} for row in table(project)]
    chosen: dict[str, RedactionStatus] = {}
    undecided = [row for row in rows if row["status"] == "suggested"]
    if options["everything"]:
        chosen |= {row["redaction_id"]: "accepted" for row in undecided}
    listed = {name.name for path in options["lists"] for name in read_names(path)}
    chosen |= {
        row["redaction_id"]: "accepted"
        for row in undecided
        if " ".join(row["name"].split()) in listed
    }
    asked: list[tuple[str, RedactionStatus]] = [(one, "accepted") for one in options["accept"]]
    asked += [(one, "rejected") for one in options["reject"]]
    for words, status in asked:
        field, sign, value = words.partition("=")
        column = field.casefold()
        if sign and column in ("kind", "label", "name"):
            ids = [
                row["redaction_id"]
                for row in undecided
                if row[column].casefold() == value.casefold()
            ]
        else:
            ids = [row["redaction_id"] for row in rows if row["redaction_id"] == words]
        if not ids:
            raise UsageProblem(f"There is no such redaction to decide: {words}")
        chosen |= dict.fromkeys(ids, status)
    return chosen


def _reviewed(project: Project, path: Path) -> dict[str, tuple[RedactionStatus, str | None]]:
    from qualcode.importers.names_csv import read_review

    known = {one.id for one in project.redactions.list()}
    return {row.id: (row.status, row.label) for row in read_review(path, known)}


@deid_command.command("bake")
@click.argument("project", type=PROJECT)
@click.argument("out", type=PROJECT)
@click.option("--key", type=PROJECT, help="Where the key goes; OUT.qckey if not given.")
@click.option("--force", is_flag=True, help="Replace existing files.")
@coder_option
def bake_project(
    project: Path, out: Path, key: Path | None, force: bool, coder: str | None
) -> None:
    """Write a new project to give away: the texts as they are shown, and no name behind them.

    Codings, memos, rounds and decisions sit where they sat, so agreement and themes are the same;
    counts of words may differ, for a label is as long as it is. Left behind: files as received, the
    log, redactions, replaced and removed documents, private memos, names of participants. The key
    (real name to label) goes into a file of its own.

    \b
    Example:
        qualcode deid bake harbour.qualcode harbour-shared.qualcode
    """
    from qualcode.exporters.files import new_file
    from qualcode.project import open as open_project
    from qualcode.reports.left_over import key_json, of_project

    if not out.suffix:
        out = out.with_suffix(".qualcode")
    key = key or out.with_name(out.name + ".qckey")
    if key.exists() and not force:
        raise UsageProblem(f"{key} is there already; use --force, or --key for another name.")
    with open_project(project) as opened, busy("Baking"):
        baked = opened.bake(out, by=opened.acting(coder), force=force)
        with new_file(key, force=True) as file:
            file.write(key_json(baked.key, of_project(opened).words))
    say(
        f"{out}: {counted(baked.documents, 'document')}, {counted(baked.codings, 'coding')}, "
        f"{counted(baked.redactions, 'redaction')} baked in."
    )
    if baked.coincided:
        say(f"{counted(baked.coincided, 'coding')} fell together with another of the same coder.")
    if baked.decisions:
        say(f"{counted(baked.decisions, 'decision')} fell together with another.")
    if baked.private:
        say(f"{counted(baked.private, 'private memo')} left behind.")
    if baked.undecided:
        say(f"NOT redacted, for nobody decided: {counted(baked.undecided, 'suggestion')}.")
    say(f"Key: {key}. {OPEN_KEY}")
    say(f"Next: qualcode deid check {out} --key {key}")


@deid_command.command("check")
@click.argument("files", type=PROJECT, nargs=-1, required=True)
@NAMES
@click.option("--key", type=PROJECT, help="A key that `deid bake` wrote.")
@click.option("--project", type=PROJECT, help="The project whose accepted redactions to look for.")
@click.option("--ignore-case", is_flag=True, help="Find names in any case.")
@click.option("--show", is_flag=True, help="Print the names themselves, not only their labels.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check_files(files: tuple[Path, ...], as_json: bool, **options: Any) -> None:
    """Look whether known names are left in files; exit 3 if one is.

    Looks into text, comments, headers, footnotes, properties and file names of docx, xlsx, odt,
    pdf, html, csv, json, plain text and projects. Pictures are not read, and only names that are
    known are found: not misspelt ones, not "the only sergeant in town".

    \b
    Example:
        qualcode deid check qualcode-demo/report.docx --project qualcode-demo/demo.qualcode
    """
    from qualcode.reports.deid import LIMITS
    from qualcode.reports.left_over import look

    wanted = _wanted(options)
    rows: list[tuple[Any, ...]] = []
    failed: list[str] = []
    unread: list[str] = []
    excused = 0
    for path in progress(files, "Looking"):
        try:
            looked = look(path, wanted)
        except QualcodeError as error:  # the others are looked into all the same
            failed.append(str(error))
            continue
        rows += looked.left.rows
        excused += looked.excused
        unread += looked.unread
    columns = ["file", "place", "label", "times", "name"]
    table = Table("names left", columns, rows, [LIMITS])
    if not options["show"]:
        table = table.select(columns[:-1])
    if as_json:
        extra = {"failed": failed, "unread": unread, "excused": excused}
        emit_json("deid-check", {**table_json(table), **extra})
    elif rows:
        print_table(table)
    _say_result(files, rows, failed, unread, excused, len(wanted.names))


def _wanted(options: dict[str, Any]) -> Any:
    from qualcode.importers.names_csv import read_names
    from qualcode.project import open as open_project
    from qualcode.reports.left_over import Wanted, of_project, read_key

    names: dict[str, str] = {}
    words: frozenset[tuple[str, str, str]] = frozenset()
    if options["project"]:
        with open_project(options["project"], read_only=True) as opened:
            known = of_project(opened)
        names, words = dict(known.names), known.words
    if options["key"]:
        opens = read_key(options["key"])
        names |= opens.names
        words |= opens.words
    for path in options["lists"]:
        names |= {one.name: one.label or f"[{one.kind}]" for one in read_names(path)}
    if not options["lists"] and not options["key"] and not options["project"]:
        raise UsageProblem("Say which names to look for: --names, --key or --project.")
    if not names:
        raise UsageProblem("There are no names to look for: no redaction is accepted.")
    return Wanted(names, words, options["ignore_case"])


def _say_result(
    files: Sequence[Path],
    rows: Sequence[tuple[Any, ...]],
    failed: Sequence[str],
    unread: Sequence[str],
    excused: int,
    names: int,
) -> None:
    from qualcode.reports.deid import LIMITS

    if unread:
        say(f"Not read, for they are pictures or the like: {', '.join(unread)}")
    if excused:
        say(f"{counted(excused, 'place')} where a person decided that the word is no name.")
    for message in failed:
        say(message)
    if rows:
        files_with = {row[0] for row in rows}
        raise CheckFailed(
            f"Known names are left in {len(files_with)} of {counted(len(files), 'file')}."
        )
    if failed:
        raise QualcodeError(f"{counted(len(failed), 'file')} could not be looked into.")
    say(
        f"None of {counted(names, 'known name')} is left in {counted(len(files), 'file')}. {LIMITS}"
    )

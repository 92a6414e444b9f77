"""P10: projects out as REFI-QDA and in again: ours, qualitative-coding's, and deflate with XML.

Both sides begin with the same `.qdpx`, written by us from the workload. The peer codes lines, so a
turn is one line in the file it reads, and each of its codings covers a line; how many codings and
documents both hold is printed. The floor of an export is building the same elements with lxml and
deflating them with the texts; that of an import is inflating and parsing. Neither reads a database.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import zipfile
from pathlib import Path

from lxml import etree

from benchmarks.harness import PEERS, circumstances, interleave, peer, ratio, report, run
from benchmarks.importing import rows, shell
from benchmarks.workload import CODERS, CODES, Size, documents


def write_project(path: Path, size: Size, share: float = 1) -> None:
    """Write the workload, or the first of its documents, as a REFI-QDA project."""
    from qualcode.contents import (
        ForeignCoder,
        ForeignCoding,
        ForeignDocument,
        ProjectContents,
    )
    from qualcode.exporters.refi_qda import derived, write_qdpx
    from qualcode.model import Code, NamedReading, Reading

    made = list(documents(size))
    made = made[: max(1, round(len(made) * share))]
    contents = ProjectContents(
        "qdpx",
        "qualcode",
        f"Invented study {size}",
        tuple(ForeignCoder(derived("coder", name), name) for name in CODERS),
        tuple(Code(derived("code", c), c, brief="Invented.", position=n)
              for n, c in enumerate(CODES)),
        tuple(
            ForeignDocument(
                derived("document", one.name),
                NamedReading(one.name, Reading(one.text, (), "txt", None, None, "0" * 64, b""), {}),
            )
            for one in made
        ),
        tuple(
            ForeignCoding(
                derived("coding", one.name, str(n)), derived("document", one.name),
                derived("code", code), derived("coder", coder), start, stop, "2026-01-01T00:00:00Z",
            )
            for one in made
            for n, (coder, code, start, stop) in enumerate(one.codings)
        ),
    )  # fmt: skip
    write_qdpx(contents, path, force=True)


def floor_out(project: Path, out: Path) -> None:
    """Build the elements of a project again with lxml, and deflate them with its texts."""
    with (
        zipfile.ZipFile(project) as archive,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        old = etree.fromstring(archive.read("project.qde"))
        new = etree.Element(old.tag)
        new.attrib.update(old.attrib)

        def copy(element: etree._Element, to: etree._Element) -> None:
            for child in element:
                copied = etree.SubElement(to, child.tag)
                copied.attrib.update(child.attrib)
                copied.text = child.text
                copy(child, copied)

        copy(old, new)
        written.writestr("project.qde", etree.tostring(new, encoding="utf-8"))
        for name in archive.namelist():
            if name != "project.qde":
                written.writestr(name, archive.read(name))


def floor_in(project: Path, out: Path) -> None:
    """Inflate and parse a project and insert its texts and codings, a row each."""
    out.unlink(missing_ok=True)
    connection = sqlite3.connect(out, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; CREATE TABLE document (guid TEXT, text TEXT);"
        " CREATE TABLE coding (guid TEXT, code TEXT, coder TEXT, start INTEGER, stop INTEGER)"
    )
    connection.execute("BEGIN")
    with zipfile.ZipFile(project) as archive:
        for source in etree.fromstring(archive.read("project.qde")).iter("{*}TextSource"):
            name = str(source.get("plainTextPath")).replace("internal://", "sources/")
            text = archive.read(name).decode()
            connection.execute("INSERT INTO document VALUES (?, ?)", (source.get("guid"), text))
            codings = [
                (coding.get("guid"), coding[0].get("targetGUID"), coding.get("creatingUser"),
                 int(selection.get("startPosition", "")), int(selection.get("endPosition", "")))
                for selection in source.iter("{*}PlainTextSelection")
                for coding in selection.iter("{*}Coding")
            ]  # fmt: skip
            connection.executemany("INSERT INTO coding VALUES (?, ?, ?, ?, ?)", codings)
    connection.execute("COMMIT")
    connection.close()


def for_peer(project: Path, out: Path) -> None:
    """Copy a project, each selection named by its line: the peer misreads offsets otherwise."""
    with (
        zipfile.ZipFile(project) as archive,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        root = etree.fromstring(archive.read("project.qde"))
        for source in root.iter("{*}TextSource"):
            name = str(source.get("plainTextPath")).replace("internal://", "sources/")
            text = archive.read(name).decode()
            for selection in source.iter("{*}PlainTextSelection"):
                line = text.count("\n", 0, int(selection.get("startPosition", "")))
                selection.set("name", f"line:{line}")
            written.writestr(name, text)
        written.writestr("project.qde", etree.tostring(root, encoding="utf-8"))


def ours_in(work: Path, project: Path) -> list[str]:
    """The command that imports a project into a new copy of an empty one."""
    stored, empty = work / f"{project.stem}.qualcode", work / "empty.qualcode"
    if not empty.exists():
        run([sys.executable, "-m", "qualcode", "init", str(empty), "--coder", "ana"])
    return shell(
        ["rm", "-f", stored],
        ["cp", empty, stored],
        [sys.executable, "-m", "qualcode", "import", stored, project],
    )


def ours_out(work: Path, name: str) -> list[str]:
    """The command that exports what ``ours_in`` brought in."""
    stored, out = work / f"{name}.qualcode", work / f"{name}-out.qdpx"
    return [sys.executable, "-m", "qualcode", "export", "qdpx", str(stored), str(out), "--force"]


def main(size: Size) -> None:
    """Print the costs of both ways, the ratios, and the growth from a tenth to the whole."""
    circumstances("qualcode", "lxml")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        whole, tenth = work / "whole.qdpx", work / "tenth.qdpx"
        write_project(whole, size)
        write_project(tenth, size, 0.1)
        print(f"{whole.stat().st_size // 1000:,} kB")
        bare = [sys.executable, "-m", "benchmarks.projects"]
        into = {
            "qualcode": ours_in(work, whole),
            "inflate, parse, insert": [*bare, "in", str(whole), str(work / "floor.db")],
        }
        out = {
            "qualcode": ours_out(work, "whole"),
            "build XML, deflate": [*bare, "out", str(whole), str(work / "floor.qdpx")],
        }
        qc = peer("qualitative-coding", "qc")
        if qc:
            theirs = work / "peer"
            for_peer(whole, work / "peer.qdpx")
            # its reader still holds a breakpoint(), which the variable passes over
            into["qualitative-coding"] = shell(
                ["rm", "-rf", theirs], ["mkdir", theirs], ["cd", theirs],
                ["env", "PYTHONBREAKPOINT=0", qc, "init", "-i", work / "peer.qdpx"],
            )  # fmt: skip
            out["qualitative-coding"] = shell(["cd", theirs], [qc, "export", "out.qdpx"])
            python = str(PEERS / "qualitative-coding" / "bin" / "python")
            ask = "from importlib.metadata import version as v; print(v('qualitative-coding'))"
            print("qualitative-coding", run([python, "-c", ask]).output.decode().strip())
        print("import")
        report(interleave(into))
        print("documents, codings:", *rows(work / "whole.qualcode", "document", "coding"))
        if qc:
            held = rows(work / "peer" / "qualitative_coding.sqlite3", "document", "coded_line")
            print("the peer's documents, coded lines:", *held)
        print("export")
        report(interleave(out))
        for way, commands in (
            ("import", {name.stem: ours_in(work, name) for name in (tenth, whole)}),
            ("export", {name: ours_out(work, name) for name in ("tenth", "whole")}),
        ):
            costs = interleave(commands, rounds=3)
            growth = ratio([c.cpu for c in costs["whole"]], [c.cpu for c in costs["tenth"]])
            print(f"{way}: the whole / a tenth of it {growth:.2f}")


if __name__ == "__main__":
    {"in": floor_in, "out": floor_out}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))

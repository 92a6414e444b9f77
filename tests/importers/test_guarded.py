"""The child process that reads what is packed or natively parsed."""

from __future__ import annotations

import gc
import os
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from qualcode.errors import HostileFile, InputProblems, ReadingError, UnknownName
from qualcode.importers import guarded, readers
from qualcode.importers.source import Source
from qualcode.model import Reading, ReadingWarning
from tests.importers import guarded_readers as child
from tests.importers.docx_files import archive, docx, p, root
from tests.importers.files import reading

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limits")
linux = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc here")
SOURCE = Source("a b\n.odd", b"Ina: Yes.", "odd")


def refused(reader: Callable[[Source], Reading]) -> str:
    with pytest.raises(ReadingError) as caught:
        guarded.run(reader, SOURCE)
    return caught.value.problem


def test_a_reading_comes_back_as_it_was_made() -> None:
    source = Source(
        "a.odd", b"Ina: Yes.", "odd", "utf-8", "label", 2.5, (ReadingWarning("w", "W."),)
    )
    assert repr_of(guarded.run(child.honest, source)) == repr_of(child.honest(source))


def repr_of(found: Reading) -> dict[str, object]:
    return {name: getattr(found, name) for name in Reading.__slots__}


def test_errors_come_back_with_the_path_of_the_file() -> None:
    with pytest.raises(HostileFile) as hostile:
        guarded.run(child.hostile, SOURCE)
    assert str(hostile.value) == "a b\n.odd: Too deep."
    assert refused(child.damaged) == "Damaged."
    with pytest.raises(UnknownName, match=r'no label pattern "x"\. Known: y, z'):
        guarded.run(child.unknown, SOURCE)
    with pytest.raises(InputProblems, match=r"odd:2: Bad row\."):
        guarded.run(child.problems, SOURCE)


def test_a_bug_keeps_its_trace_and_tells_nobody_what_was_said() -> None:
    with pytest.raises(RuntimeError) as caught:
        guarded.run(child.wrong, SOURCE)
    assert str(caught.value).startswith("KeyError in the process that reads")
    assert "guarded_readers.py" in str(caught.value)
    assert "somebody said" not in str(caught.value).partition("raise")[0]


@posix
@pytest.mark.parametrize("reader", [child.aborts, child.killed, child.greedy, child.recursive])
def test_a_child_that_dies_is_one_line(reader: Callable[[Source], Reading]) -> None:
    assert refused(reader) == "The file is too large or damaged."


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "SECONDS", 1)
    assert refused(child.busy) == "Not read within 1 seconds; the file is too large or damaged."


def test_an_answer_larger_than_any_transcript_is_refused() -> None:
    with pytest.raises(ReadingError, match="too large"):
        guarded.call(child.endless, b"", "a.odd")


def test_what_a_library_prints_is_not_the_answer() -> None:
    assert guarded.call(child.chatty, b"", "a.odd") == "answered"


@linux
def test_the_child_inherits_no_open_file(tmp_path: Path) -> None:
    with open(tmp_path / "study.qualcode", "w") as held:
        os.set_inheritable(held.fileno(), True)
        found = guarded.call(child.open_files, b"", "a.odd")
    assert [name for name in found if not name.startswith("pipe:")] == []


@posix
def test_the_child_writes_no_file(tmp_path: Path) -> None:
    target = tmp_path / "a"
    assert guarded.call(child.writes, str(target).encode(), "a.odd") == "OSError"
    assert not target.exists() or target.read_text() == ""


@posix
def test_the_child_has_its_limits() -> None:
    assert guarded.call(child.limits, b"", "a.odd") == [guarded.MEMORY, guarded.SECONDS]


def test_the_child_loads_only_what_the_format_needs() -> None:
    loaded = set(guarded.call(child.modules, b"", "a.odd"))
    assert not loaded & {"email", "pandas", "numpy", "spacy", "docx", "textual", "click", "sqlite3"}


def test_a_reader_that_the_child_could_not_import_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="not a function at the top of a module"):
        guarded.run(lambda source: child.honest(source), SOURCE)


def test_what_is_packed_or_natively_parsed_is_guarded() -> None:
    table = readers()
    wanted = {"docx", "odt", "pdf", "eaf", "rtf", "html", "otr"}
    assert {name for name in table if table[name].guarded} == wanted


@cache
def bomb() -> bytes:
    """A Word document of under 1 MB that unpacks to 300 MB, nearly all of it one comment."""
    body = f"<w:body>{p('Hello.')}</w:body>"
    filler = b"<!--" + b" " * 299_000_000 + b"-->"
    return archive({"word/document.xml": root("document", body).encode() + filler})


def test_a_bomb_is_refused_by_a_small_parent(tmp_path: Path) -> None:
    content = bomb()
    assert len(content) < 946_000
    gc.collect()
    tracemalloc.start()
    with pytest.raises(HostileFile) as caught:
        reading(tmp_path, "a.docx", content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "\n" not in str(caught.value)
    assert peak < 20_000_000


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    content = bytearray(bomb())
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(signature) + place
        content[at : at + 4] = (1_000_000).to_bytes(4, "little")
    with pytest.raises(ReadingError):
        reading(tmp_path, "a.docx", bytes(content))


def test_many_paragraphs_in_a_small_file_stay_in_the_child(tmp_path: Path) -> None:
    # 30,000 paragraphs with words that do not pack away entirely
    words = "".join(p(f"{zlib.crc32(str(n).encode()):x}") for n in range(30_000))
    tracemalloc.start()
    found = reading(tmp_path, "a.docx", docx(words))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.text.count("\n\n") == 29_999
    assert peak < 20_000_000

"""A process that stands ready and forks a child for every file that ``guarded`` reads.

Starting Python and importing a reader takes ten times as long as reading most files. So the
process imports readers once, and the first thing it does with a file is to fork. It never sees
the file: the pipes that bring the bytes and take the answer belong to the child alone. A child
reads one file and ends, so what one file does to it no other file meets, and every limit counts
from its beginning.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

_START = (
    "import json, sys;"
    "sys.path[:] = json.loads(sys.argv[2]);"
    "from qualcode.importers.forks import serve;"
    "serve(int(sys.argv[1]))"
)
_CHUNK = 1 << 20


class Forks:
    """The process that stands ready. It ends with ours."""

    def __init__(self, command: Sequence[str]) -> None:
        self.path = list(sys.path)
        """Where it imports from."""

        path = json.dumps([os.path.abspath(entry) for entry in self.path])
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [*command, "-c", _START, str(theirs.fileno()), path],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # so that it can be ended together with its child
            )
        atexit.register(self.close)

    @property
    def ready(self) -> bool:
        """Whether it is still there and imports from where this process does."""
        return self._process.poll() is None and self.path == sys.path

    def ask(self, module: str, request: Sequence[bytes], seconds: float, most: int) -> bytes | None:
        """Give what a child answers; None if it dies or answers at greater length than ``most``.

        Args:
            module: What the child will need, imported before it is forked.
            request: The bytes of its standard input.
            seconds: By the clock.

        Raises:
            TimeoutError: It takes longer. Nobody is ready any more then.
        """
        deadline = time.monotonic() + seconds
        data_out, data_in = os.pipe()
        answer_out, answer_in = os.pipe()
        try:
            with os.fdopen(data_in, "wb", 0) as into, os.fdopen(answer_out, "rb", 0) as answer:
                try:
                    socket.send_fds(self._socket, [module.encode()], [data_out, answer_in])
                finally:
                    os.close(data_out)
                    os.close(answer_in)
                with suppress(BrokenPipeError):  # it died; what it was tells its status
                    for part in request:
                        _write(into.fileno(), part, deadline)
                    into.close()
                told = bytearray()
                while len(told) <= most and (part := _read(answer.fileno(), deadline)):
                    told += part
            status = _read(self._socket.fileno(), deadline)
        except BaseException:
            self.close()
            raise
        return bytes(told) if status == b"0" and len(told) <= most else None

    def close(self) -> None:
        """End the process and the child it may have. Closing twice is harmless."""
        atexit.unregister(self.close)
        self._socket.close()
        if self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _write(number: int, part: bytes, deadline: float) -> None:
    os.set_blocking(number, False)
    view = memoryview(part)
    while view:
        _wait([], [number], deadline)
        view = view[os.write(number, view[:_CHUNK]) :]


def _read(number: int, deadline: float) -> bytes:
    _wait([number], [], deadline)
    return os.read(number, _CHUNK)


def _wait(reading: list[int], writing: list[int], deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0 or not any(select.select(reading, writing, [], left)):
        raise TimeoutError


# --- in the process that stands ready -----------------------------------------------------------


def serve(number: int) -> None:
    """Fork a child for every pair of pipes that comes in, until nobody is at the other end."""
    from importlib import import_module

    with socket.socket(fileno=number) as requests:
        while True:
            module, pipes, _, _ = socket.recv_fds(requests, 1000, 2)
            if not module:
                return
            name = module.decode()
            if name.startswith("qualcode."):  # the child imports what others have written
                import_module(name)
            child = os.fork()
            if child == 0:
                requests.close()
                _be_the_child(*pipes)
            for pipe in pipes:
                os.close(pipe)
            _, status = os.waitpid(child, 0)
            requests.sendall(b"1" if status else b"0")


def _be_the_child(data: int, answer: int) -> None:
    """Read one file and end; nothing gets back from here."""
    from qualcode.importers.guarded import SECONDS, be_asked

    try:
        signal.alarm(SECONDS)  # should nobody wait for the answer any more
        for pipe, stream in ((data, 0), (answer, 1)):
            os.dup2(pipe, stream)
            os.close(pipe)
        be_asked()
        os._exit(0)
    finally:
        os._exit(1)

"""Have the researcher's browser open an address that nobody else may learn.

A browser is started with the address as an argument, which every account of the machine can read.
So it is given the name of a page that only this account can read, and the page sends it on.
"""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0;url={address}">
<title>qualcode</title>
</html>
"""


def can_open() -> bool:
    """Whether there is a browser with windows of its own, not one that would take this terminal."""
    if "BROWSER" in os.environ:
        return True
    screens = {"DISPLAY", "WAYLAND_DISPLAY"}
    if sys.platform.startswith("linux") and not screens & set(os.environ):
        return False
    try:
        return type(webbrowser.get()) is not webbrowser.GenericBrowser
    except webbrowser.Error:
        return False


@contextmanager
def opened(address: str) -> Iterator[None]:
    """Have the browser open the address; afterwards the page that leads to it is gone."""
    with TemporaryDirectory(prefix="qualcode-") as folder:  # readable by this account alone
        page = Path(folder) / "open.html"
        page.write_text(_PAGE.format(address=escape(address)), encoding="utf-8")
        # Some browsers are waited for until they end; the server answers them meanwhile.
        Thread(target=webbrowser.open, args=[page.as_uri()], daemon=True).start()
        yield

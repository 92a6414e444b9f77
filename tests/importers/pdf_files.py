"""PDF files for tests, written line by line in a typewriter face."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SIZE = 10
WIDTH = 0.6 * SIZE
"""Of every character, in points."""

Placed = tuple[float, float, str]
"""Left and bottom in points, and a line of Latin-1 text."""


def paged(*pages: Iterable[str], top: float = 700.0, pitch: float = 14.0) -> bytes:
    """A PDF whose pages hold these lines from the top; an empty one leaves a gap."""
    return placed(
        *([(72.0, top - pitch * n, line) for n, line in enumerate(page) if line] for page in pages)
    )


def placed(*pages: Sequence[Placed], title: str = "") -> bytes:
    """A PDF whose pages hold lines at these places."""
    streams = ["\n".join(map(_shown, page)).encode("latin-1") for page in pages]
    first = 4
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(streams)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    for n, stream in enumerate(streams):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792]"
            " /Resources << /Font << /F 3 0 R >> >>"
            f" /Contents {first + 2 * n + 1} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    objects.append(f"<< /Title ({_escaped(title)}) >>".encode("latin-1"))
    return written(objects, f"/Root 1 0 R /Info {len(objects)} 0 R")


def written(objects: Sequence[bytes], trailer: str) -> bytes:
    """A PDF of these objects, numbered from 1."""
    data = b"%PDF-1.4\n"
    places = []
    for n, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (n, content)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
    end += f"<< /Size {len(objects) + 1} {trailer} >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + end.encode()


def _shown(line: Placed) -> str:
    left, bottom, text = line
    return f"BT /F {SIZE} Tf {left} {bottom} Td ({_escaped(text)}) Tj ET"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")

"""Bytes become characters: the encoding, the line ends, and what cannot stay.

Every offset counts the characters that come out here; so all of it happens before any offset
exists, and nothing else is changed: no normalisation, no replaced blanks.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from qualcode.errors import ReadingError, UnknownName
from qualcode.importers.source import Source
from qualcode.model import ReadingWarning

_LINE_END = re.compile("\r\n|[\r\x0b\x0c]")
_DROPPED = re.compile("[\x00-\x08\x0e-\x1f\ufeff\ufffe]")
_UNWANTED = "".join(filter(_DROPPED.match, map(chr, [*range(0x20), 0xFEFF, 0xFFFE])))
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Python's cp1252 refuses five bytes; everyone else's, and the Encoding Standard, keep them as C1
_CP1252 = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


@dataclass(frozen=True, slots=True, repr=False)
class Decoded:
    """The characters of a text file."""

    text: str
    """LF line ends; no BOM, no NUL, no C0 control but TAB and LF, no lone surrogate."""

    encoding: str
    dropped: dict[str, int]
    """``U+001B`` … → how many were dropped; ``lone surrogate`` → replaced by U+FFFD."""

    warnings: tuple[ReadingWarning, ...]


def decode(source: Source, *, keep: str = "") -> Decoded:
    """Decode a text file: as asked, else by BOM, UTF-8, UTF-16 by its zero bytes, cp1252.

    Args:
        source: The file.
        keep: Control characters that mean something in its format; the reader takes them out.

    Raises:
        ReadingError: The encoding asked for does not fit; the text names the byte.
        UnknownName: There is no such encoding.
    """
    raw, encoding, warnings = as_written(source)
    text, dropped = clean(raw, keep=keep)
    return Decoded(text, encoding, dropped, warnings)


def as_written(source: Source) -> tuple[str, str, tuple[ReadingWarning, ...]]:
    """Give the characters as the file has them, but its byte order mark, and the codec.

    Raises:
        ReadingError, UnknownName: As ``decode``.
    """
    if source.encoding is not None:
        return *_as_asked(source, source.encoding), ()
    raw, encoding, odd = _found(source.data)
    if odd is None:
        return raw, encoding, ()
    warning = ReadingWarning(
        "encoding_guessed",
        "Not UTF-8; read as cp1252 (Western Windows). Check accents, or give --encoding.",
        clean(raw[:odd])[0].count("\n") + 1,
    )
    return raw, encoding, (warning,)


def clean(raw: str, *, keep: str = "") -> tuple[str, dict[str, int]]:
    """Give the text with LF line ends and without what no document may hold, and the counts."""
    # looking for single characters is many times faster than a pattern, and most texts hold none
    text = _LINE_END.sub("\n", raw) if any(char in raw for char in "\r\x0b\x0c") else raw
    counts: Counter[str] = Counter()
    if any(char in text for char in _UNWANTED):
        found = [char for char in _DROPPED.findall(text) if char not in keep]
        counts.update(f"U+{ord(char):04X}" for char in found)
        text = _DROPPED.sub(lambda char: char[0] if char[0] in keep else "", text)
    if _has_surrogates(text):
        # two halves that stand side by side are one character, as some converters write it
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace_lone_surrogate")
        counts["lone surrogate"] = text.count(_MARK)
        text = text.replace(_MARK, "\ufffd")
    return text, {kind: count for kind, count in sorted(counts.items()) if count}


def _has_surrogates(text: str) -> bool:
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


_MARK = "\ufffe"  # was dropped above, so it can stand for a lone surrogate for a moment


def _replace_lone_surrogate(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return _MARK, error.end


codecs.register_error("replace_lone_surrogate", _replace_lone_surrogate)


def _as_asked(source: Source, encoding: str) -> tuple[str, str]:
    try:
        name = codecs.lookup(encoding).name
        if name == "utf-8" and source.data.startswith(codecs.BOM_UTF8):
            name = "utf-8-sig"
        return source.data.decode(name), name
    except LookupError:
        raise UnknownName("encoding", encoding) from None
    except UnicodeDecodeError as error:
        # "from None": the error carries the whole file
        raise ReadingError(
            source.path, f"Not {encoding}: byte {error.start} does not fit. Try another --encoding."
        ) from None
    except UnicodeError:  # codecs for domain names and the like do not say where
        raise ReadingError(source.path, f"Not {encoding}. Try another --encoding.") from None


def _found(data: bytes) -> tuple[str, str, int | None]:
    """Give the text, the codec, and where the first byte is for which it is a guess."""
    for bom, codec in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(codec), codec, None
            except UnicodeDecodeError:
                break
    candidates = ["utf-8"]
    by_zeros = _utf16_by_zeros(data)
    if by_zeros:
        candidates.insert(0, by_zeros)  # UTF-16 of plain letters is also valid UTF-8, full of NULs
    odd = 0
    for codec in candidates:
        try:
            return data.decode(codec), codec, None
        except UnicodeDecodeError as error:
            odd = error.start
    return data.decode("latin-1").translate(_CP1252), "cp1252", odd


def _utf16_by_zeros(data: bytes) -> str | None:
    """Name UTF-16 if zero bytes are frequent and nearly all stand at even, or at odd, places."""
    if b"\0" not in data:
        return None
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if len(data) % 2 or (even + odd) * 50 < len(data):
        return None
    if even > 9 * odd:
        return "utf-16-be"
    return "utf-16-le" if odd > 9 * even else None

"""Delimited text in other encodings: written anew as UTF-8 before anything reads it, block by block."""

from __future__ import annotations

import codecs
from itertools import chain
from pathlib import Path
from typing import IO

from focus_validate.engine.readers.content import disguise
from focus_validate.engine.readers.files import File
from focus_validate.errors import InputError

_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_HEAD = 64


def write_as_utf8(text: File, encoding: str, target: Path) -> None:
    """Write ``text``, whose bytes are in ``encoding``, to ``target`` as UTF-8.

    No byte is replaced or left out: raises InputError at the first one that the encoding does not have.
    """
    exact = _byte_order(text) if encoding == "utf-16" else encoding
    if not exact.startswith("utf-16") and (found := disguise(text.head(_HEAD))) is not None:
        raise InputError(f"{text.name} holds {found[0]}, no {encoding} text; {found[1]}")
    try:
        with target.open("wb") as stream:
            _write(text, exact, stream)
    except OSError as error:
        raise InputError(
            f"{text.name} cannot be written as UTF-8 to {target.parent}: {error.strerror};"
            " set --temp-directory"
        ) from None


def _byte_order(text: File) -> str:
    """UTF-16 with the byte order that its first two bytes tell."""
    order = _UTF_16.get(text.head(2)[:2])
    if order is None:
        raise InputError(
            f"{text.name} has no byte order mark; say --encoding utf-16-le or utf-16-be, whichever it is"
        )
    return order


def _write(text: File, encoding: str, stream: IO[bytes]) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 1
    for block in chain(text.blocks(), [b""]):
        try:
            decoded = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            lines += error.object[: error.start].decode(encoding).count("\n")
            raise InputError(
                f"{text.name}, line {lines}: the text is not {encoding}; name its encoding with --encoding"
            ) from None
        stream.write(decoded.encode())
        lines += decoded.count("\n")

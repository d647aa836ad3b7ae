"""Files on disk: what may be opened, unpacked blocks of it, checksum and size on the way."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Protocol

from focus_validate.errors import InputError
from focus_validate.result import InputFile

BLOCK = 4 * 1024 * 1024
_PACKED_BLOCK = {"gzip": 256 * 1024, "zstd": 1024}
UNPACKED_FREE = 256 * 1024 * 1024
UNPACKED_RATIO = 250
"""A packed file may unpack to UNPACKED_FREE bytes, or to UNPACKED_RATIO times its size if that is more."""


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes) -> bytes: ...


def regular_file(path: str | os.PathLike[str], name: str) -> Path:
    """``path`` if it is a file that can be read and has content; else one clear error about ``name``."""
    file = Path(path)
    try:
        mode = file.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{name} is a folder; name the files in it")
        if not stat.S_ISREG(mode):
            raise InputError(f"{name} is no regular file; write the data to a file first")
        if file.stat().st_size == 0:
            raise InputError(f"{name} is empty (0 bytes); write a header and data rows")
        with file.open("rb"):
            return file
    except FileNotFoundError:
        raise InputError(f"{name} does not exist; check the path") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"{name} cannot be read: {reason}") from None


class File:
    """One file read once from start to end: its unpacked blocks, and afterwards its size and SHA-256.

    ``bytes`` are those on disk, ``unpacked`` those of the content, ``tail`` the last few of the content.
    """

    def __init__(self, path: Path, name: str, compression: str = "none") -> None:
        self.path = path
        self.name = name
        self.compression = compression
        self.bytes = 0
        self.unpacked = 0
        self.tail = b""
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The checksum of what was read so far, as stored on disk."""
        return self._digest.hexdigest()

    def blocks(self, size: int = BLOCK) -> Iterator[bytes]:
        """The content in blocks, unpacked; raises InputError where it cannot be unpacked."""
        with self.path.open("rb") as stream:
            packed = self.compression != "none"
            for block in self._unpacked(stream) if packed else self._stored(stream, size):
                self.unpacked += len(block)
                self.tail = (self.tail + block)[-2:] if len(block) < 2 else block[-2:]
                yield block

    def head(self, size: int) -> bytes:
        """At least the first ``size`` bytes of the unpacked content, or all of it; counts for no checksum."""
        found = bytearray()
        for block in File(self.path, self.name, self.compression).blocks(min(size, BLOCK)):
            found += block
            if len(found) >= size:
                break
        return bytes(found)

    def _stored(self, stream: IO[bytes], size: int) -> Iterator[bytes]:
        while block := stream.read(size):
            self.bytes += len(block)
            self._digest.update(block)
            yield block

    def _unpacked(self, stream: IO[bytes]) -> Iterator[bytes]:
        limit = max(UNPACKED_FREE, UNPACKED_RATIO * os.fstat(stream.fileno()).st_size)
        unpacked = 0
        open_unpacker, errors = _unpackers(self.compression)
        unpacker: _Unpacker = open_unpacker()
        for packed in self._stored(stream, _PACKED_BLOCK[self.compression]):
            rest = packed
            while rest:
                if unpacker.eof:
                    unpacker = open_unpacker()
                try:
                    block = unpacker.decompress(rest)
                except errors:
                    raise InputError(
                        f"{self.name} is no valid {self.compression} file; pack it again or fetch it again"
                    ) from None
                rest = unpacker.unused_data if unpacker.eof else b""
                unpacked += len(block)
                if unpacked > limit:
                    raise InputError(
                        f"{self.name} unpacks to more than {UNPACKED_RATIO} times its size, as a"
                        " decompression bomb does; unpack it yourself if you trust it"
                    )
                if block:
                    yield block
        if not unpacker.eof:
            raise InputError(
                f"{self.name} is truncated: the {self.compression} data has no end; fetch it again"
            )


class Checksum:
    """Reads a file in a thread while queries run: size, checksum, and whether it unpacks as it should.

    ``interrupt`` is called when it does not, to stop queries that read the same file.
    """

    def __init__(self, file: File, interrupt: Callable[[], None]) -> None:
        self._file = file
        self._interrupt = interrupt
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="checksum", daemon=True)
        self._thread.start()

    def finish(self, rows: int) -> InputFile:
        """The file as the report names it, or the InputError that reading it met."""
        self._thread.join()
        if isinstance(self._error, OSError):
            raise InputError(f"{self._file.name} cannot be read: {self._error.strerror}")
        if self._error is not None:
            raise self._error
        return InputFile(self._file.name, self._file.bytes, self._file.sha256, rows)

    def _run(self) -> None:
        try:
            for _ in self._file.blocks():
                pass
        except Exception as error:
            self._error = error
            self._interrupt()


def _unpackers(compression: str) -> tuple[Callable[[], Any], tuple[type[Exception], ...]]:
    if compression == "gzip":
        return lambda: zlib.decompressobj(wbits=31), (zlib.error,)
    import zstandard

    decompressor: Any = zstandard.ZstdDecompressor()
    return decompressor.decompressobj, (zstandard.ZstdError,)

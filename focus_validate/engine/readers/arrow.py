"""Arrow files (also called Feather): mapped into memory, read like a table in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from focus_validate.engine.readers.files import Checksum, File, regular_file
from focus_validate.engine.readers.memory import arrow_library, open_table
from focus_validate.engine.readers.table import Table
from focus_validate.errors import InputError
from focus_validate.text import escape, first_line

if TYPE_CHECKING:
    from focus_validate.engine.session import Session

ARROW_MAGIC = b"ARROW1"


def open_arrow(path: Path, name: str, number: int, session: Session) -> Table:
    """The table of one Arrow file; ``number`` tells it from others of the same run."""
    file = regular_file(path, name)
    content = _read(file, name, _sound)
    checksum = Checksum(File(file, name), session.interrupt)
    return open_table(content, name, f"arrow_{number}", session, lambda: (checksum.finish(content.num_rows),))


def _sound(reader: Any) -> Any:
    """The table of a file: lengths, offsets and texts are checked, for queries read what they point to."""
    table = reader.read_all()
    table.validate(full=True)
    return table


def arrow_header(path: Path, name: str) -> tuple[str, ...]:
    """The column names of one Arrow file."""
    return tuple(_read(regular_file(path, name), name, lambda reader: reader.schema.names))


def _read(file: Path, name: str, what: Callable[[Any], Any]) -> Any:
    """What is read of a file; it is mapped into memory, not copied."""
    pa = arrow_library()
    try:
        return what(pa.ipc.open_file(pa.memory_map(str(file))))
    except (pa.ArrowInvalid, OSError) as error:
        reason = escape(first_line(error))
        raise InputError(f"{name} cannot be read as Arrow, it may be damaged: {reason}") from None

"""Lines of styled text on a terminal or in a pipe: wrapped, escaped, never read as markup."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from focus_validate.text import escape

Part = str | tuple[str, str]
"""Text, or text and its style."""

FAIL, WARN, PASS, HEAD, DIM = "bold red", "yellow", "green", "bold", "dim"
MAX_WIDTH = 120


class Page:
    """Collects lines of at most ``width`` cells; ``text()`` gives them, with colours only if asked for."""

    def __init__(self, width: int = 80, *, colour: bool = False) -> None:
        self.width = min(width, MAX_WIDTH)
        self._console = Console(
            file=io.StringIO(),
            width=self.width,
            color_system="standard" if colour else None,
            force_terminal=colour,
            legacy_windows=False,
            markup=False,
            highlight=False,
            emoji=False,
        )

    def text(self) -> str:
        """Everything written so far."""
        buffer = self._console.file
        assert isinstance(buffer, io.StringIO)
        return buffer.getvalue()

    def line(self, *parts: Part, indent: int = 0, hang: int | None = None) -> None:
        """One paragraph; its first line starts at ``indent``, further ones at ``hang``."""
        hang = indent if hang is None else hang
        self._paragraph(Text(" " * indent), _styled(*parts), max(indent, hang), hang)

    def labelled(self, label: str, text: str, *, indent: int = 2, width: int = 0, style: str = DIM) -> None:
        """A label and beside it its text, which starts ``width`` cells after the label does."""
        width = max(width, cell_len(label) + 2)
        first = _styled(" " * indent, (label, style), " " * (width - cell_len(label)))
        self._paragraph(first, _styled(text), indent + width, indent + width)

    def command(self, text: str, *, indent: int = 2) -> None:
        """A command to copy: never wrapped."""
        self._print(_styled(" " * indent, (text, HEAD)))

    def blank(self) -> None:
        """An empty line."""
        self._print(Text())

    def head(self, text: str, style: str = HEAD) -> None:
        """A section's title after an empty line."""
        self.blank()
        self.line((text, style))

    def table(
        self, rows: Sequence[Sequence[Part]], *, right: frozenset[int] = frozenset(), indent: int = 2
    ) -> None:
        """Cells in columns, two blanks apart; the columns in ``right`` are aligned to the right."""
        cells = [[_styled(cell) for cell in row] for row in rows]
        widths = [max(cell.cell_len for cell in column) for column in zip(*cells, strict=True)]
        for row in cells:
            line = Text(" " * indent)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
                gap = Text(" " * (width - cell.cell_len))
                line.append_text(gap + cell if number in right else cell + gap).append("  ")
            line.rstrip()
            self._print(line)

    def _paragraph(self, first: Text, text: Text, taken: int, hang: int) -> None:
        lines = text.wrap(self._console, max(20, self.width - taken), overflow="fold")
        for number, line in enumerate(lines):
            line.rstrip()
            self._print((Text(" " * hang) if number else first) + line)

    def _print(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)


def _styled(*parts: Part) -> Text:
    """Every text that gets onto a page goes through here and is escaped here."""
    pairs = ((part, "") if isinstance(part, str) else part for part in parts)
    return Text.assemble(*((escape(text), style) for text, style in pairs))

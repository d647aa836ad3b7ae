"""Lines of styled text on a terminal or in a pipe: wrapped, never padded, never interpreted as markup."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

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
        self._paragraph(Text(" " * indent), Text.assemble(*parts), max(indent, hang), hang)

    def labelled(self, label: str, text: str, *, indent: int = 2, width: int = 0, style: str = DIM) -> None:
        """A label and beside it its text, which starts ``width`` cells after the label does."""
        width = max(width, cell_len(label) + 2)
        first = Text.assemble(" " * indent, (label, style), " " * (width - cell_len(label)))
        self._paragraph(first, Text(text), indent + width, indent + width)

    def command(self, text: str, *, indent: int = 2) -> None:
        """A command to copy: never wrapped."""
        self._print(Text.assemble(" " * indent, (text, HEAD)))

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
        texts = [[cell if isinstance(cell, str) else cell[0] for cell in row] for row in rows]
        widths = [max(map(cell_len, column)) for column in zip(*texts, strict=True)]
        for row, plain in zip(rows, texts, strict=True):
            line = Text(" " * indent)
            for number, (cell, text, width) in enumerate(zip(row, plain, widths, strict=True)):
                gap = " " * (width - cell_len(text))
                styled = Text.assemble(cell)
                line.append_text(Text(gap) + styled if number in right else styled + Text(gap))
                line.append("  ")
            line.rstrip()
            self._print(line)

    def _paragraph(self, first: Text, text: Text, taken: int, hang: int) -> None:
        lines = text.wrap(self._console, max(20, self.width - taken), overflow="fold")
        for number, line in enumerate(lines):
            line.rstrip()
            self._print((Text(" " * hang) if number else first) + line)

    def _print(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)

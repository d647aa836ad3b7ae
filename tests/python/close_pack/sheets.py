"""Reading a workbook: what stands in its cells, and what its formulas come to elsewhere."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell

Address = tuple[str, str]


def formulas(path: Path) -> dict[Address, str]:
    """Every formula by sheet and cell."""
    return {address: cell.value for address, cell in _cells(path) if cell.data_type == "f"}


def values(path: Path) -> dict[Address, object]:
    """What every cell shows: of a formula the value that was stored with it."""
    return {address: cell.value for address, cell in _cells(path, data_only=True) if cell.value is not None}


def texts(path: Path) -> list[str]:
    """Every text."""
    return [value for value in values(path).values() if isinstance(value, str)]


def calculated(path: Path) -> dict[Address, object]:
    """What the formulas come to in Python: none of the stored values is looked at."""
    import formulas as engine

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = engine.ExcelModel().loads(str(path)).finish().calculate()
    return {
        (sheet, cell): found[f"'[{path.name}]{sheet.upper()}'!{cell}"].value[0, 0]
        for sheet, cell in formulas(path)
    }


def calculated_by_libreoffice(path: Path, folder: Path) -> dict[Address, object]:
    """What the formulas come to in LibreOffice, from a copy that holds no values of formulas."""
    bare = folder / "bare.xlsx"
    openpyxl.load_workbook(path).save(bare)
    subprocess.run(
        [
            *(str(libreoffice()), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(bare)),
        ],
        capture_output=True,
        timeout=180,
        check=True,
    )
    shown = values(folder / "out" / "bare.xlsx")
    return {address: shown.get(address, "") for address in formulas(path)}


def libreoffice() -> str | None:
    """The program, if it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def differences(
    stored: dict[Address, object], found: dict[Address, object]
) -> list[tuple[Address, object, object]]:
    """Formulas whose stored value is not what they come to."""
    return [
        (address, stored.get(address, ""), value)
        for address, value in found.items()
        if not _same(stored.get(address, ""), value)
    ]


def _same(stored: object, found: object) -> bool:
    if isinstance(stored, int | float) and isinstance(found, int | float):
        return abs(stored - found) < 1e-6
    return str(stored) == str(found)


def _cells(path: Path, *, data_only: bool = False) -> Iterator[tuple[Address, Cell]]:
    for sheet in openpyxl.load_workbook(path, data_only=data_only):
        for row in sheet.iter_rows():
            for cell in row:
                yield (sheet.title, cell.coordinate), cell

"""UnitFormat: which facets a unit text breaks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

BLANK = "[\t\n\f\r ]"
SIZES = tuple(
    f"{p}{u}" for u in "bB" for p in ("", "K", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
)
SIZE_NAMES = tuple(
    f"{prefix}{unit}{plural}"
    for prefix in (
        *("", "kilo", "mega", "giga", "tera", "peta", "exa"),
        *("kibi", "mebi", "gibi", "tebi", "pebi", "exbi"),
    )
    for unit in ("bit", "byte")
    for plural in ("", "s")
)
BEYOND_EXA = tuple(f"{p}b" for p in ("z", "y", "zi", "yi")) + tuple(
    f"{prefix}{unit}{plural}"
    for prefix in ("zetta", "yotta", "zebi", "yobi")
    for unit in ("bit", "byte")
    for plural in ("", "s")
)
TIMES = ("Year", "Month", "Day", "Hour", "Minute", "Second", "Millisecond", "Microsecond")
TIME_SHORT = ("hr", "hrs", "min", "mins", "sec", "secs", "yr", "yrs")
COUNTS = ("Count", "Unit", "Request", "Token", "Connection", "Certificate", "Domain", "Core")
SINGULARS = frozenset(TIMES + COUNTS)
PLURALS = frozenset(f"{word}s" for word in TIMES + COUNTS)

SIZES_FOLDED = frozenset(size.lower() for size in SIZES)
SIZES_PLURAL = frozenset(f"{size}s" for size in SIZES_FOLDED)
TIMES_FOLDED = frozenset(f"{word.lower()}{s}" for word in TIMES for s in ("", "s")) | frozenset(TIME_SHORT)
TIMES_LISTED = frozenset(f"{word}{s}" for word in TIMES for s in ("", "s"))
COUNTS_LISTED = frozenset(f"{word}{s}" for word in COUNTS for s in ("", "s"))

MUST_FACETS = frozenset({"006", "007", "008", "009", "011", "016", "018"})


def ascii_lower(text: str) -> str:
    """ASCII letters in lower case, all else as it stands."""
    return "".join(char.lower() if char.isascii() else char for char in text)


@dataclass(frozen=True)
class Side:
    """One side of the slash: its quantity, if any, and the base units between hyphens."""

    quantity: bool
    bases: tuple[str, ...]


def side_of(text: str) -> Side:
    match = re.match(r"[1-9][0-9]* ", text)
    rest = text[match.end() :] if match else text
    return Side(match is not None, tuple(rest.split("-")))


@cache
def broken_facets(text: str) -> frozenset[str]:
    """Numbers of the ATT-UnitFormat rules that the text breaks."""
    sides = [side_of(part) for part in text.split("/")]
    bases = [base for side in sides for base in side.bases]
    broken: set[str] = set()
    if not re.search("[A-Za-z]|[^\x00-\x7f]", text):
        broken.add("006")
    if any(base == "" and len(side.bases) > 1 for side in sides for base in side.bases):
        broken.add("016")
    if any(re.search(BLANK, base) for base in bases):
        broken.add("016")
    if breaks_slash(text):
        broken.add("018")
    for base in bases:
        broken |= broken_by_base(base)
    return frozenset(broken | broken_plurals(sides))


def breaks_slash(text: str) -> bool:
    parts = text.split("/")
    if len(parts) > 2 or re.search("(?i)(^|[ -])per([ -]|$)", text):
        return True
    if len(parts) == 1:
        return False
    return "" in parts or bool(re.search(f"{BLANK}/|/{BLANK}", text))


def broken_by_base(base: str) -> set[str]:
    folded = ascii_lower(base)
    if base in SIZES or base in TIMES_LISTED or base in COUNTS_LISTED or base == "":
        return set()
    if folded in SIZES_FOLDED:
        return {"007"}
    if folded in SIZES_PLURAL or folded in SIZE_NAMES:
        return {"007", "008"}
    if folded in BEYOND_EXA:
        return {"009"}
    if folded in TIMES_FOLDED:
        return {"011"}
    return {"012"} if unicodedata.category(base[0]) == "Lu" else {"012", "013"}


def broken_plurals(sides: list[Side]) -> set[str]:
    broken: set[str] = set()
    for side in sides:
        if len(side.bases) > 1 and (PLURALS & set(side.bases[:-1]) or side.bases[-1] in SINGULARS):
            broken.add("017")
    numerator, last = sides[0], sides[0].bases[-1]
    if numerator.quantity and last in SINGULARS:
        broken.add("024")
    if len(sides) == 1:
        if not numerator.quantity and len(numerator.bases) == 1 and last in SINGULARS:
            broken.add("023")
        return broken
    denominator = sides[1]
    below = denominator.bases[-1]
    if denominator.quantity:
        if last in SINGULARS or below in SINGULARS:
            broken.add("020")
    elif len(numerator.bases) > 1:
        if below in PLURALS:
            broken.add("021")
    elif last in SINGULARS or below in PLURALS:
        broken.add("022")
    return broken


def breaks_format(text: str) -> bool:
    """A MUST rule of UnitFormat is broken (the column rules that call it are SHOULD)."""
    return bool(broken_facets(text) & MUST_FACETS)

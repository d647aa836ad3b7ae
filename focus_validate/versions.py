"""Which FOCUS version a file was made for, and what stands between it and 1.4.

Facts: column history of the FOCUS change log, (c) FinOps Foundation, CC-BY-4.0.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from focus_validate.spec.model import Column

REPLACED = {
    "ProviderName": "ServiceProviderName",
    "PublisherName": "ServiceProviderName (who provides the service) and HostProviderName (where it runs)",
    "AmortizedCost": "EffectiveCost",
    "ChargeType": "ChargeCategory",
    "ChargeSubcategory": "ChargeCategory and ChargeClass",
    "Region": "RegionId and RegionName",
    "UsageQuantity": "ConsumedQuantity",
    "UsageUnit": "ConsumedUnit",
}
"""Columns that FOCUS 1.4 no longer has, and what took their place."""

_BEFORE_1_0 = frozenset(REPLACED) - {"ProviderName", "PublisherName"}


class Gap(msgspec.Struct, frozen=True):
    """What the header of an older file lacks and has too much for FOCUS 1.4.

    ``replaced`` pairs each column that is gone with what took its place; ``added`` pairs a version with the
    columns that it introduced and the file lacks, oldest version first.
    """

    made_for: str
    replaced: tuple[tuple[str, str], ...]
    added: tuple[tuple[str, tuple[str, ...]], ...]


def made_for(header: Iterable[str], columns: Iterable[Column]) -> str | None:
    """The version that a header points to, that of its newest column; None without any known column."""
    names = set(header)
    introduced = [column.introduced for column in columns if column.name in names]
    if not introduced:
        return None
    newest = max(introduced, key=_order)
    return "1.0-preview" if _order(newest) <= _order("1.0") and names & _BEFORE_1_0 else newest


def gap_to_current(header: Iterable[str], columns: Iterable[Column], current: str) -> Gap | None:
    """What stands between an older file and the current version; None when nothing shows that it is older.

    That optional new columns are missing shows nothing. A column that is gone does, and so does a file that
    has every mandatory column up to some version and none of a later one.
    """
    names, columns = list(header), list(columns)
    version = made_for(names, columns)
    if version is None or _order(version) >= _order(current):
        return None
    if not set(names) & set(REPLACED) and not _stops_at(version, names, columns):
        return None
    missing: dict[str, list[str]] = {}
    for column in columns:
        if column.name not in names:
            missing.setdefault(column.introduced, []).append(column.name)
    return Gap(
        made_for=version,
        replaced=tuple((name, REPLACED[name]) for name in names if name in REPLACED),
        added=tuple((version, tuple(missing[version])) for version in sorted(missing, key=_order)),
    )


def _stops_at(version: str, names: list[str], columns: list[Column]) -> bool:
    mandatory = [column for column in columns if column.feature_level == "Mandatory"]
    later = [column for column in mandatory if _order(column.introduced) > _order(version)]
    return bool(later) and all(column.name in names for column in mandatory if column not in later)


def _order(version: str) -> tuple[int, int, bool]:
    number, _, preview = version.partition("-")
    major, _, minor = number.partition(".")
    return int(major), int(minor), not preview

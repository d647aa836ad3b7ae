"""Currencies, flags and units."""

from __future__ import annotations

import pytest
from oracle import reference

from focus_validate.spec.loader import load_catalogue

CATALOGUE = load_catalogue()
CURRENCIES = {currency.code: currency for currency in CATALOGUE.currencies}


@pytest.mark.skipif(not reference.available(), reason="no reference folder (FOCUS_REFERENCE)")
def test_currencies_are_the_references() -> None:
    assert list(CURRENCIES) == sorted((reference.folder() / "iso4217.txt").read_text("utf-8").split())


@pytest.mark.parametrize(("code", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("XOF", 0)])
def test_minor_units(code: str, digits: int) -> None:
    assert CURRENCIES[code].minor_units == digits


def test_metals_funds_and_tests_are_no_national_currencies() -> None:
    others = {code for code, currency in CURRENCIES.items() if not currency.national}
    names = "XAU XAG XPT XPD XBA XBB XBC XBD XDR XSU XUA XTS XXX XAD"
    assert others == set(names.split())
    assert all(CURRENCIES[code].national for code in ("XAF", "XOF", "XPF", "XCD", "XCG"))


def test_flags_are_21_official_and_five_stated() -> None:
    official = [flag.name for flag in CATALOGUE.flags if flag.official]
    stated = [flag.name for flag in CATALOGUE.flags if not flag.official]
    assert len(official) == 21
    assert all(name.endswith("_SUPPORTED") for name in official)
    assert stated == [
        "COMMITMENT_PROGRAM",
        "PARTIAL_UPFRONT",
        "PAYMENT_CURRENCY_AGGREGATION",
        "PAYMENT_CURRENCY_DIFFERENCES",
        "PURCHASE_ORDER_NUMBER",
    ]


def test_every_official_flag_decides_a_rule() -> None:
    used = {
        name
        for dataset in CATALOGUE.datasets
        for rule in dataset.rules
        for flag in (*rule.flags, *rule.warn_flags, str((rule.check or {}).get("special", {}).get("stated")))
        for name in flag.split("|")
    }
    assert {flag.name for flag in CATALOGUE.flags} <= used


def test_data_sizes_have_base_and_exponent() -> None:
    sizes = CATALOGUE.units.data_size
    assert len(sizes) == 26
    assert sizes["GB"] == (10, 9, "byte")
    assert sizes["GiB"] == (2, 30, "byte")
    assert sizes["Gb"] == (10, 9, "bit")


def test_sizes_beyond_the_list_are_known_as_words() -> None:
    assert {"zb", "zbs", "yottabyte", "zebibits"} <= set(CATALOGUE.units.larger)
    assert not set(CATALOGUE.units.larger) & set(CATALOGUE.units.spellings)


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("hours", "Hour"),
        ("hrs", "Hour"),
        ("gigabyte", "GB"),
        ("tbs", "TB"),
        ("tokens", "Token"),
        ("gib", "GiB"),
    ],
)
def test_spellings_lead_to_the_listed_unit(word: str, unit: str) -> None:
    assert CATALOGUE.units.spellings[word] == unit

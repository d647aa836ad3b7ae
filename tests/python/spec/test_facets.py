"""Which facet of an attribute a malformed value breaks; patterns are tried in RE2, as the engine does."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from focus_validate.spec.loader import load_catalogue
from focus_validate.spec.model import Check

RULES = {rule.id: rule for rule in load_catalogue().datasets[2].rules}
NUMBER = r"-?[0-9]+(\.[0-9]+)?(E-?[0-9]+)?"


def full_match(text: str, pattern: str) -> bool:
    [row] = duckdb.execute("select regexp_full_match(?, ?)", [text, pattern]).fetchall()
    return bool(row[0])


def holds(check: Check, text: str) -> bool:
    ((key, argument),) = check.items()
    if key == "matches":
        return full_match(text, argument["pattern"])
    if key == "not":
        return not holds(argument, text)
    if key == "any":
        return any(holds(part, text) for part in argument)
    assert key in ("format", "type")
    assert argument.get("as", "numeric") == "numeric"
    return full_match(text, NUMBER)


def broken(attribute: str, text: str) -> set[str]:
    found = set()
    for rule_id, rule in RULES.items():
        special: dict[str, Any] = (rule.check or {}).get("special", {})
        if rule_id.startswith(f"ATT-{attribute}-") and "check" in special and rule.level != "none":
            if attribute == "DateTimeFormat" and "format" in special["check"]:
                continue
            if not holds(special["check"], text):
                found.add(rule_id.split("-A-")[1])
    return found


@pytest.mark.parametrize("text", ["-100.2", "-3", "4", "35.2E-7", "1.234", "0", "007", "-0", "1E5", "12E-3"])
def test_numbers_of_the_grammar_break_no_facet(text: str) -> None:
    assert broken("NumericFormat", text) == set()


WHOLE = {"003-M", "012-M"}  # the grammar as a whole


@pytest.mark.parametrize(
    ("text", "facets"),
    [
        ("+333", {"010-M"}),
        ("3,432,342", {"009-M"}),
        ("1.2.3", {"009-M"}),
        (".5", {"009-M"}),
        ("5.", {"009-M"}),
        ("$32", {"008-M"}),
        ("32 GiB", {"008-M"}),
        ("NaN", {"008-M"}),
        (" 1", {"008-M"}),
        ("1e5", {"005-M"}),
        ("35.2E+7", {"005-M", "017-M"}),
        ("[3;5]", {"002-M", "009-M"}),
        ("2.3^3", {"007-M"}),
        ("(100)", {"007-M", "011-M"}),
        ("100-", {"007-M", "011-M"}),
        ("", set()),
    ],
)
def test_a_malformed_number_breaks_its_facets(text: str, facets: set[str]) -> None:
    assert broken("NumericFormat", text) == facets | WHOLE


@pytest.mark.parametrize(
    ("text", "facets"),
    [
        ("2026-01-31T00:00:00Z", set()),
        ("2026-01-31 00:00:00Z", {"004-M"}),
        ("2026-01-31t00:00:00Z", {"004-M"}),
        ("2026-01-31T00:00:00+00:00", {"001-M", "006-M"}),
        ("2026-01-31T00:00:00", {"001-M", "006-M"}),
        ("2026-01-31T00:00Z", {"005-M"}),
        ("2026-01-31T0:00:00Z", {"005-M"}),
        ("2026-01-31T00:00:00.000Z", {"005-M"}),
        ("2026-01-31", {"001-M", "004-M", "005-M", "006-M"}),
    ],
)
def test_a_malformed_moment_breaks_its_facets(text: str, facets: set[str]) -> None:
    assert broken("DateTimeFormat", text) == facets


@pytest.mark.parametrize(("text", "facets"), [("\t \n", {"015-O"}), ("", {"007-O"}), (" a ", set())])
def test_blank_texts(text: str, facets: set[str]) -> None:
    checks = {n: RULES[f"ATT-StringHandling-A-{n}"].check["special"]["check"] for n in ("007-O", "015-O")}
    found = {"007-O"} if text == checks["007-O"]["not_equals"]["value"] else set()
    if not holds(checks["015-O"], text):
        found.add("015-O")
    assert found == facets


@pytest.mark.parametrize(
    ("rule", "text", "passes"),
    [
        ("004-O", "1 Year", True),
        ("004-O", "36 Months", True),
        ("004-O", "0 Days", False),
        ("004-O", "1Year", False),
        ("004-O", "1 year", False),
        ("005-O", "1Year", True),
        ("005-O", "Year", True),
        ("005-O", "1.5 Years", True),
        ("005-O", "-1 Years", True),
        ("005-O", "1.5. Years", False),
        ("005-O", "1 BusinessDays", False),
        ("005-O", "1 year", False),
    ],
)
def test_duration_types(rule: str, text: str, passes: bool) -> None:
    rules = {r.id: r for r in load_catalogue().datasets[1].rules}
    check = rules[f"CCT-ContractCommitmentDurationType-C-{rule}"].check
    assert check is not None
    assert holds(check, text) is passes

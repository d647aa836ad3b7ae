"""The catalogue for a person: one rule, one column, one flag, and lists of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from focus_validate.errors import UsageError
from focus_validate.outputs.page import DIM, FAIL, HEAD, WARN, Page, Part
from focus_validate.spec.checks import is_presence, present_column
from focus_validate.spec.model import Catalogue, Check, Column, Dataset, Flag, Rule
from focus_validate.spec.words import condition
from focus_validate.text import count, did_you_mean, escape

_DECISIONS = {
    "data": "from the data",
    "bundle": "from the data together with another FOCUS dataset",
    "metadata": "from the schema metadata or the conformance profile, not from the data",
    "attest": "not from data or metadata: the vendor must attest it",
}
_KEYWORD_STYLE = {"MUST": FAIL, "MUST NOT": FAIL, "SHOULD": WARN, "SHOULD NOT": WARN}
_LABEL = 11


def render_explain(
    catalogue: Catalogue, name: str, dataset: str | None = None, *, width: int = 80, colour: bool = False
) -> str:
    """What FOCUS demands under ``name``, a rule id, a column or a flag, in one ``dataset`` or in all."""
    datasets = [entry for entry in catalogue.datasets if dataset in (None, entry.id)]
    page = Page(width, colour=colour)
    rules = [(entry, rule) for entry in datasets for rule in entry.rules if rule.id == name]
    columns = [(entry, column) for entry in datasets for column in entry.columns if column.name == name]
    if rules:
        for number, (entry, rule) in enumerate(rules):
            _separate(page, number)
            _rule(page, entry, rule)
    elif columns:
        for number, (entry, column) in enumerate(columns):
            _separate(page, number)
            _column(page, entry, column)
    elif flag := next((flag for flag in catalogue.flags if flag.name == name), None):
        _flag(page, datasets, flag)
    else:
        raise UsageError(_unknown(name, datasets, catalogue))
    return page.text()


def render_rules(datasets: Sequence[Dataset], *, width: int = 80, colour: bool = False) -> str:
    """A line per rule: id, keyword, how it is decided, demand."""
    page = Page(width, colour=colour)
    for number, dataset in enumerate(datasets):
        _separate(page, number)
        page.line((dataset.name, HEAD), f"  {count(len(dataset.rules), 'rule')}")
        for rule in dataset.rules:
            page.line(
                (rule.id, HEAD),
                "  ",
                _keyword(rule),
                (f"  {_kind(rule)}", DIM),
                f"  {rule.summary}",
                indent=2,
                hang=6,
            )
    return page.text()


def render_columns(datasets: Sequence[Dataset], *, width: int = 80, colour: bool = False) -> str:
    """A line per column: name, type, feature level, whether null is allowed, since when."""
    page = Page(width, colour=colour)
    for number, dataset in enumerate(datasets):
        _separate(page, number)
        page.line((dataset.name, HEAD), f"  {count(len(dataset.columns), 'column')}")
        header: list[Part] = [(title, DIM) for title in ("column", "type", "level", "null", "since")]
        page.table([header, *([*_column_cells(column)] for column in dataset.columns)])
    return page.text()


def render_flags(catalogue: Catalogue, *, width: int = 80, colour: bool = False) -> str:
    """The flags that --supports takes, with the columns whose presence each one decides."""
    page = Page(width, colour=colour)
    page.line("Declare with `--supports` what holds for the data generator. ALL declares the official flags.")
    for flag in catalogue.flags:
        columns = dict.fromkeys(
            present_column(rule.check)
            for dataset in catalogue.datasets
            for rule in dataset.rules
            if _asks_for(rule, flag) and rule.check and is_presence(rule.check)
        )
        page.blank()
        page.line((flag.name, HEAD), ("" if flag.official else "  not official, not in ALL", DIM), indent=2)
        page.line(flag.summary, indent=6)
        if columns:
            page.line(("columns: ", DIM), ", ".join(columns), indent=6, hang=8)
    return page.text()


def rules_as_json(datasets: Sequence[Dataset]) -> str:
    """The rules of the catalogue, as they are stored."""
    return _json([rule for dataset in datasets for rule in dataset.rules])


def columns_as_json(datasets: Sequence[Dataset]) -> str:
    """The columns of the catalogue, as they are stored."""
    return _json([column for dataset in datasets for column in dataset.columns])


def _rule(page: Page, dataset: Dataset, rule: Rule) -> None:
    page.line((rule.id, HEAD), "  ", _keyword(rule), f"  {dataset.name}, {rule.column}")
    if rule.id_guess:
        page.line("The released text has this rule without an id; the id here is ours.", indent=2)
    page.blank()
    _entry(page, "demand", rule.summary)
    _entry(page, "applies", _applies(rule))
    _entry(page, "decided", _decided(rule))
    _entry(page, "when broken", rule.message)
    _entry(page, "strength", _meaning(rule))
    _entry(page, "ruling", rule.ruling or "")
    _entry(page, "consists of", ", ".join(rule.children))
    _entry(page, "part of", ", ".join(rule.parents))


def _applies(rule: Rule) -> str:
    conditions = " and ".join(_clause(check) for check in (rule.when, *rule.conditions) if check)
    declared = " and ".join(flag.replace("|", " or ") for flag in rule.flags)
    parts = [
        f"where {conditions}" if conditions else "",
        f"save where {_clause(rule.unless)}" if rule.unless else "",
        f"only if {declared} is declared with --supports" if declared else "",
    ]
    return ", ".join(part for part in parts if part) or "always"


def _meaning(rule: Rule) -> str:
    """What a violation does, where the keyword does not say it."""
    if rule.level == "none":
        return "nothing fails and nothing warns"
    if rule.level == "warn" and not rule.keyword.startswith("SHOULD"):
        return "a violation warns"
    if rule.warn_flags:
        where = f" in {', '.join(rule.warn_columns)}" if rule.warn_columns else ""
        return f"a violation{where} only warns if {' and '.join(rule.warn_flags)} is declared"
    return ""


def _decided(rule: Rule) -> str:
    if rule.is_composite:
        return f"by {count(len(rule.children), 'rule')}: all of them must hold"
    how = _DECISIONS[rule.decision]
    return f"{how}: {_flow(rule.check)}" if rule.check else how


def _clause(check: Check) -> str:
    """A condition in words, or as the catalogue writes it where there are no words for it."""
    try:
        return condition(check)
    except ValueError:
        return _flow(check)


def _flow(value: Any) -> str:
    """A check as the catalogue writes it, on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(entry)}' for key, entry in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flow, value))}]"
    return "null" if value is None else str(value)


def _column(page: Page, dataset: Dataset, column: Column) -> None:
    page.line((column.name, HEAD), f"  column of {dataset.name}, since FOCUS {column.introduced}")
    page.blank()
    _entry(page, "meaning", column.summary)
    _entry(page, "type", column.data_type + (f", {column.value_format}" if column.value_format else ""))
    _entry(page, "level", column.feature_level + (f": {column.condition}" if column.condition else ""))
    _entry(page, "null", "allowed" if column.allows_nulls else "not allowed")
    _entry(page, "values", ", ".join(column.allowed_values or ()))
    _entry(page, "keys", ", ".join(column.defined_properties or ()))
    own = [rule for rule in dataset.rules if rule.column == column.name]
    page.head(f"{count(len(own), 'rule')}")
    for rule in own:
        page.line((rule.id, HEAD), "  ", _keyword(rule), (f"  {_kind(rule)}", DIM), indent=2)
        page.line(rule.summary, indent=6)


def _flag(page: Page, datasets: Iterable[Dataset], flag: Flag) -> None:
    page.line(
        (flag.name, HEAD), "  official flag" if flag.official else "  condition without an official flag"
    )
    page.blank()
    _entry(page, "declare if", flag.summary)
    page.head("Rules that ask for it")
    for dataset in datasets:
        for rule in dataset.rules:
            if _asks_for(rule, flag):
                page.line((rule.id, HEAD), "  ", _keyword(rule), f"  {rule.summary}", indent=2, hang=6)


def _asks_for(rule: Rule, flag: Flag) -> bool:
    return any(flag.name in entry.split("|") for entry in rule.flags)


def _entry(page: Page, label: str, text: str) -> None:
    if text:
        page.labelled(label, text, width=_LABEL + 2)


def _keyword(rule: Rule) -> Part:
    return (rule.keyword, _KEYWORD_STYLE.get(rule.keyword, DIM))


def _kind(rule: Rule) -> str:
    return "group" if rule.is_composite else rule.decision


def _column_cells(column: Column) -> tuple[Part, ...]:
    null = "null" if column.allows_nulls else "no null"
    return (column.name, column.data_type, column.feature_level, null, column.introduced)


def _unknown(name: str, datasets: Sequence[Dataset], catalogue: Catalogue) -> str:
    known = dict.fromkeys(
        [column.name for dataset in datasets for column in dataset.columns]
        + [rule.id for dataset in datasets for rule in dataset.rules]
        + [flag.name for flag in catalogue.flags]
    )
    hint = did_you_mean(name, known)
    return f"no rule, column or flag '{escape(name)}'{hint}: `focus-validate rules` lists the rules"


def _separate(page: Page, number: int) -> None:
    if number:
        page.blank()


def _json(entries: Sequence[Rule | Column]) -> str:
    return msgspec.json.format(msgspec.json.encode(entries), indent=2).decode() + "\n"

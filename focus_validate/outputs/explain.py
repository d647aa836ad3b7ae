"""The catalogue for a person: one rule, one column, one flag, and lists of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from focus_validate.errors import UsageError
from focus_validate.outputs.page import DIM, FAIL, HEAD, WARN, Page, Part
from focus_validate.outputs.rule_words import cell, facets, shown_examples
from focus_validate.spec.checks import is_presence, present_column
from focus_validate.spec.examples import Example
from focus_validate.spec.model import Catalogue, Column, Dataset, Flag, Rule
from focus_validate.text import count, did_you_mean, escape, join_words

_KEYWORD_STYLE = {"MUST": FAIL, "MUST NOT": FAIL, "SHOULD": WARN, "SHOULD NOT": WARN}
_LABEL = 11


def render_explain(
    catalogue: Catalogue, name: str, dataset: str | None = None, *, width: int = 80, colour: bool = False
) -> str:
    """What FOCUS demands under ``name``, a rule id, a column or a flag, in one ``dataset`` or in all."""
    datasets = [entry for entry in catalogue.datasets if dataset in (None, entry.id)]
    page = Page(width, colour=colour)
    rules = [(entry, rule) for entry in datasets for rule in entry.rules if rule.id == name]
    subjects = [entry for entry in datasets if any(rule.column == name for rule in entry.rules)]
    if rules:
        _rule(page, rules)
    elif subjects:
        for number, alike in enumerate(_alike(subjects, name)):
            _separate(page, number)
            _subject(page, alike, name)
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
        page.table([header, *(_column_cells(column) for column in dataset.columns)], indent=0)
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
            if rule.check and is_presence(rule.check) and _asks_for(rule, flag)
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


def _rule(page: Page, found: Sequence[tuple[Dataset, Rule]]) -> None:
    """One rule; what differs between the datasets that have it is said for each."""
    first = found[0][1]
    where = ", ".join(dataset.name for dataset, _ in found)
    page.line((first.id, HEAD), "  ", _keyword(first), f"  {where}: {first.column}", hang=2)
    if first.id_guess:
        page.line("The released text has this rule without an id; the id here is ours.", indent=2)
    page.blank()
    for label, text in facets(found):
        _entry(page, label, text)
    examples = shown_examples(found)
    if examples:
        _entry(page, "declared", ", ".join(examples.supports))
        _example(page, "conforms", examples.conforming)
        _example(page, "violates", examples.violating)
        _entry(page, "no example", examples.none)


def _example(page: Page, label: str, example: Example | None) -> None:
    """The rows of an example, a line each: columns with their cells."""
    for row in example.rows if example else ():
        _entry(page, label, ", ".join(f"{name} = {cell(value)}" for name, value in row.items()))
        label = ""
    for name in example.absent if example else ():
        _entry(page, label, f"no column {name}")
        label = ""


def _alike(datasets: Iterable[Dataset], name: str) -> Iterable[list[Dataset]]:
    """The datasets with the same rules on ``name`` together: those of an attribute are one list for all."""
    found: dict[tuple[tuple[str, str], ...], list[Dataset]] = {}
    for dataset in datasets:
        rules = tuple((rule.id, rule.summary) for rule in dataset.rules if rule.column == name)
        found.setdefault(rules, []).append(dataset)
    return found.values()


def _subject(page: Page, datasets: Sequence[Dataset], name: str) -> None:
    """A column with its facts, or an attribute, and the rules on it, which the datasets have in common."""
    dataset = datasets[0]
    column = next((column for column in dataset.columns if column.name == name), None)
    if column:
        page.line((name, HEAD), f"  column of {dataset.name}, since FOCUS {column.introduced}")
        page.blank()
        _facts(page, column)
    else:
        page.line((name, HEAD), f"  in {join_words([each.name for each in datasets])}", hang=2)
    own = [rule for rule in dataset.rules if rule.column == name]
    page.head(count(len(own), "rule"))
    for rule in own:
        page.line((rule.id, HEAD), "  ", _keyword(rule), (f"  {_kind(rule)}", DIM), indent=2)
        page.line(rule.summary, indent=6)


def _facts(page: Page, column: Column) -> None:
    _entry(page, "meaning", column.summary)
    _entry(page, "type", column.data_type + (f", {column.value_format}" if column.value_format else ""))
    _entry(page, "level", column.feature_level + (f": {column.condition}" if column.condition else ""))
    _entry(page, "null", "allowed" if column.allows_nulls else "not allowed")
    _entry(page, "values", ", ".join(column.allowed_values or ()))
    _entry(page, "keys", ", ".join(column.defined_properties or ()))


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
    """Whether the flag decides if the rule applies, or how strong it is."""
    stated = (rule.check or {}).get("special", {}).get("stated")
    named = {name for entry in rule.flags for name in entry.split("|")} | set(rule.warn_flags) | {stated}
    return flag.name in named


def _entry(page: Page, label: str, text: str) -> None:
    if text:
        page.labelled(label, text, width=_LABEL + 2)


def _keyword(rule: Rule) -> Part:
    return (rule.keyword, _KEYWORD_STYLE.get(rule.keyword, DIM))


def _kind(rule: Rule) -> str:
    return "group" if rule.is_composite else rule.decision


def _column_cells(column: Column) -> tuple[Part, ...]:
    null = "yes" if column.allows_nulls else "no"
    return (column.name, column.data_type, column.feature_level, null, column.introduced)


def _unknown(name: str, datasets: Sequence[Dataset], catalogue: Catalogue) -> str:
    known = dict.fromkeys(
        [rule.column for dataset in datasets for rule in dataset.rules]
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

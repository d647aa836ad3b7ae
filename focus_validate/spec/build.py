"""Compile the catalogue: ``python -m focus_validate.spec.build`` turns the YAML into one JSON file.

YAML is the source and reads well; the JSON loads in milliseconds. The build checks the shape of every
file, resolves what YAML says once (allowed values, the columns that an attribute binds), links children
to parents, hands conditions and flags down, and writes the sentences that the YAML leaves to it. Its output
depends on the YAML alone, byte for byte.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any, cast

import msgspec
import yaml

from focus_validate.spec import words
from focus_validate.spec.checks import columns_read, is_presence, present_column, problems, single
from focus_validate.spec.link import Entry, link
from focus_validate.spec.loader import CATALOGUE_FILE
from focus_validate.spec.model import (
    Catalogue,
    Check,
    Column,
    Currency,
    Dataset,
    Flag,
    Property,
    Rule,
    Units,
)

FOCUS_VERSION = "1.4"
SOURCE = Path(__file__).parent / FOCUS_VERSION
CHECKSUM_FILE = Path(__file__).parent / "checksum.py"
DATASETS = ("billing_period", "contract_commitment", "cost_and_usage", "invoice_detail")
_COLUMN_KEYS = {
    "column", "summary", "data_type", "value_format", "feature_level", "condition", "allows_nulls",
    "numeric_range", "introduced", "schema", "allowed_values", "defined_properties", "rules",
}  # fmt: skip
_DATASET_KEYS = {"dataset", "name", "summary", "rules"}
_ATTRIBUTE_KEYS = {"attribute", "summary", "columns", "rules"}
_SELECT_KEYS = {"data_type", "value_format", "allows_nulls", "suffix", "names", "custom"}
_RULE_KEYS = {
    "id", "id_guess", "keyword", "function", "level", "flags", "decision", "summary", "message", "under",
    "when", "unless", "children", "columns", "each", "check", "warn_flags", "warn_columns", "ruling",
}  # fmt: skip
_LEVELS = {"MUST": "fail", "MUST NOT": "fail", "SHOULD": "warn", "SHOULD NOT": "warn", "MAY": "none"}


class CatalogueError(Exception):
    """The YAML is malformed: one line with file or rule and what is wrong."""


def _read(path: Path, keys: set[str]) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    _known(document, keys, f"{path.parent.name}/{path.name}")
    return cast("dict[str, Any]", document)


def _known(mapping: dict[str, Any], keys: set[str], where: str) -> None:
    unknown = sorted(set(mapping) - keys)
    if unknown:
        raise CatalogueError(f"{where}: unknown key {', '.join(unknown)}")


# ---- columns ----------------------------------------------------------------------------------------


def _column(document: dict[str, Any], dataset: str) -> Column:
    allowed = document.get("allowed_values")
    if isinstance(allowed, dict):
        allowed = [value for group in allowed.values() for value in group]
    properties = document.get("defined_properties")
    facts = {
        **{key: value for key, value in document.items() if key in Column.__struct_fields__},
        "name": document["column"],
        "dataset": dataset,
        "allowed_values": allowed,
        "defined_properties": msgspec.convert(properties, dict[str, Property]) if properties else None,
    }
    return msgspec.convert(facts, Column)


def _expand(check: Check, document: dict[str, Any]) -> Check:
    """Resolve what the column's file says once: its allowed values."""
    key, argument = single(check)
    if key == "one_of" and argument.get("values") == "allowed":
        allowed = document["allowed_values"]
        values = [v for group in allowed.values() for v in group] if isinstance(allowed, dict) else allowed
        return {"one_of": {**argument, "values": values}}
    if key == "allowed_pair":
        return _allowed_pair(argument, document["allowed_values"])
    if key in ("all", "any"):
        return {key: [_expand(part, document) for part in argument]}
    return check


def _allowed_pair(columns: list[str], groups: dict[str, list[str]]) -> Check:
    value, group = columns
    pairs = [
        {
            "all": [
                {"equals": {"column": group, "value": name}},
                {"one_of": {"column": value, "values": values}},
            ]
        }
        for name, values in groups.items()
    ]
    return {"any": pairs}


# ---- rules ------------------------------------------------------------------------------------------


def _entry(source: dict[str, Any], dataset: str, column: str, document: dict[str, Any]) -> Entry:
    """One rule of a YAML file, with its checks expanded and shape-checked."""
    where = str(source.get("id"))
    _known(source, _RULE_KEYS, where)
    check = source.get("check")
    if check is not None:
        check = _expand(check, document)
        if is_presence(check):
            column = present_column(check)
    entry = Entry(
        id=source["id"],
        dataset=dataset,
        column=column,
        keyword=source["keyword"],
        function=source.get("function", "Composite"),
        level=source.get("level", _LEVELS[source["keyword"]]),
        check=check,
        when=source.get("when"),
        unless=source.get("unless"),
        flags=source.get("flags", []),
        children=list(source.get("children", [])),
        under=source.get("under"),
        source=source,
    )
    for part in (entry.check, entry.when, entry.unless):
        for problem in problems(part) if part is not None else []:
            raise CatalogueError(f"{where}: {problem}")
    if bool(entry.children) == (check is not None or "decision" in source):
        raise CatalogueError(
            f"{where}: a rule has either children, or a check, or a decision that needs none"
        )
    return entry


def _select(select: dict[str, Any], columns: tuple[Column, ...]) -> list[str]:
    """The names of the columns that a selection of an attribute file means in one dataset."""
    _known(select, _SELECT_KEYS, "columns")
    suffix = select.get("suffix", "")
    facts = {
        key: value for key, value in select.items() if key in ("data_type", "value_format", "allows_nulls")
    }
    return [
        column.name
        for column in columns
        if column.name.endswith(suffix)
        and column.name in select.get("names", [column.name])
        and all(getattr(column, key) == value for key, value in facts.items())
    ]


def _attribute_entries(document: dict[str, Any], dataset: str, columns: tuple[Column, ...]) -> list[Entry]:
    """The rules of one attribute in one dataset, for the columns that it binds there (maybe none)."""
    entries = []
    for source in document["rules"]:
        rule = dict(source)
        if "each" in rule:
            select: dict[str, Any] = rule.get("columns") or document["columns"]
            resolved: dict[str, Any] = {"columns": _select(select, columns)}
            if "custom" in select:
                resolved = {"custom": True}
            rule["check"] = {"special": {"name": "each_column", "select": resolved, "check": rule["each"]}}
        entries.append(_entry(rule, dataset, document["attribute"], {}))
    return entries


def _check_columns(entry: Entry, names: set[str]) -> None:
    checks = [part for part in (entry.check, entry.when, entry.unless) if part is not None]
    for part in checks:
        stray = sorted(columns_read(part) - names)
        if stray:
            raise CatalogueError(f"{entry.id}: unknown column {', '.join(stray)}")
    if entry.check is not None and is_presence(entry.check) and entry.column not in names:
        raise CatalogueError(f"{entry.id}: unknown column {entry.column}")


# ---- sentences --------------------------------------------------------------------------------------


def _conjunction(entry: Entry) -> Check | None:
    """The effective condition, for the sentence."""
    parts = [part for part in (*entry.conditions, entry.when) if part is not None]
    unique = [part for position, part in enumerate(parts) if part not in parts[:position]]
    own = {"not_null": entry.column}
    unique = [part for part in unique if part != own]
    if not unique:
        return None
    return unique[0] if len(unique) == 1 else {"all": unique}


def _sentences(entry: Entry, by_id: dict[str, Entry], meanings: dict[str, str]) -> tuple[str, str]:
    """Summary and message of a rule: those of the YAML, or generated ones."""
    summary, message = entry.source.get("summary"), entry.source.get("message")
    if not (summary and message):
        try:
            generated = _generated(entry, by_id, meanings, bool(summary))
        except (KeyError, ValueError) as error:
            raise CatalogueError(f"{entry.id}: needs a summary and a message of its own ({error})") from error
        summary, message = summary or generated[0], message or generated[1]
    if not summary:
        raise CatalogueError(f"{entry.id}: needs a summary")
    return summary, message


def _generated(
    entry: Entry, by_id: dict[str, Entry], meanings: dict[str, str], has_summary: bool
) -> tuple[str, str]:
    """Summary and message from the shape of the rule; a summary without words for it is empty."""
    if entry.children:
        functions = {by_id[child].function for child in entry.children}
        return words.group_summary(entry.column, functions, entry.when), words.GROUP_MESSAGE
    if entry.check is None:
        return "", words.UNDECIDED[entry.decision]
    when = _conjunction(entry)
    if entry.keyword == "MAY":
        return "" if has_summary else words.permission(entry.check, when), words.PERMISSION_MESSAGE
    if is_presence(entry.check) and entry.source.get("flags"):
        return words.presence(entry.column, entry.source["flags"], meanings)
    return words.summary(entry.check, when), words.message(entry.check, when)


def _rule(entry: Entry, by_id: dict[str, Entry], meanings: dict[str, str]) -> Rule:
    summary, message = _sentences(entry, by_id, meanings)
    return Rule(
        id=entry.id,
        dataset=entry.dataset,
        column=entry.column,
        keyword=cast("Any", entry.keyword),
        function=entry.function,
        decision=cast("Any", entry.decision),
        level=cast("Any", entry.level),
        summary=summary,
        message=message,
        check=entry.check,
        when=entry.when,
        unless=entry.unless,
        conditions=tuple(entry.conditions),
        flags=tuple(entry.flags),
        warn_flags=tuple(entry.source.get("warn_flags", ())),
        warn_columns=tuple(entry.source.get("warn_columns", ())),
        children=tuple(entry.children),
        parents=tuple(entry.parents),
        ruling=entry.source.get("ruling"),
        id_guess=entry.source.get("id_guess", False),
    )


# ---- the whole --------------------------------------------------------------------------------------


def _dataset(folder: Path, attributes: list[dict[str, Any]], flags: tuple[Flag, ...]) -> Dataset:
    head = _read(folder / "_dataset.yaml", _DATASET_KEYS)
    name = head["dataset"]
    documents = [_read(path, _COLUMN_KEYS) for path in sorted(folder.glob("[A-Z]*.yaml"))]
    columns = tuple(_column(document, name) for document in documents)
    entries = [_entry(source, name, name, {}) for source in head["rules"]]
    for document in documents:
        entries += [_entry(source, name, document["column"], document) for source in document["rules"]]
    for document in attributes:
        entries += _attribute_entries(document, name, columns)
    names = {column.name for column in columns}
    meanings = {flag.name: flag.summary for flag in flags}
    for entry in entries:
        _check_columns(entry, names)
        unknown = {flag for group in entry.flags for flag in group.split("|")} - set(meanings)
        if unknown:
            raise CatalogueError(f"{entry.id}: unknown flag {', '.join(sorted(unknown))}")
    try:
        by_id = link(entries)
    except ValueError as error:
        raise CatalogueError(str(error)) from error
    rules = tuple(_rule(entry, by_id, meanings) for entry in entries)
    return Dataset(id=name, name=head["name"], summary=head["summary"], columns=columns, rules=rules)


def _flags(path: Path) -> tuple[Flag, ...]:
    groups = _read(path, {"official", "stated"})
    return tuple(
        Flag(name=name, official=kind == "official", summary=summary)
        for kind in ("official", "stated")
        for name, summary in groups[kind].items()
    )


def _currencies(path: Path) -> tuple[Currency, ...]:
    lines = [
        line.split() for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    return tuple(Currency(code=line[0], minor_units=int(line[1]), national=len(line) == 2) for line in lines)


def _units(path: Path) -> Units:
    source = _read(path, {"data_size", "time", "count", "names", "larger"})
    sizes = {
        unit: (base, exponent, kind)
        for kind, bases in source["data_size"].items()
        for base, units in bases.items()
        for unit, exponent in units.items()
    }
    spellings: dict[str, str] = {}
    for unit in [*source["time"], *source["count"], *sizes]:
        forms = [unit, source["time"].get(unit) or source["count"].get(unit) or f"{unit}s"]
        if unit in source["names"]:
            forms += [source["names"][unit], source["names"][unit] + "s"]
        spellings.update({form.lower(): unit for form in forms})
    larger = [word.lower() for pair in source["larger"].items() for word in pair]
    return Units(
        data_size=sizes,
        time=source["time"],
        count=source["count"],
        spellings=spellings,
        larger=tuple(sorted({*larger, *(f"{word}s" for word in larger)})),
    )


def build(source: Path = SOURCE) -> Catalogue:
    """Read the YAML below ``source`` and link it; raises CatalogueError at the first thing that is wrong."""
    flags = _flags(source / "flags.yaml")
    attributes = [_read(path, _ATTRIBUTE_KEYS) for path in sorted((source / "attributes").glob("*.yaml"))]
    return Catalogue(
        focus_version=FOCUS_VERSION,
        flags=flags,
        datasets=tuple(_dataset(source / folder, attributes, flags) for folder in DATASETS),
        currencies=_currencies(source / "iso4217.txt"),
        units=_units(source / "units.yaml"),
        schemas={
            path.stem: msgspec.json.decode(path.read_bytes())
            for path in sorted(source.glob("schemas/*.json"))
        },
    )


def encode(catalogue: Catalogue) -> bytes:
    """The catalogue as JSON, one rule or column a line, so that a change shows where it is."""
    data = msgspec.to_builtins(catalogue)
    datasets = data.pop("datasets")
    head = msgspec.json.encode(data)[:-1]
    parts = []
    for dataset in datasets:
        columns = b",\n".join(msgspec.json.encode(column) for column in dataset.pop("columns"))
        rules = b",\n".join(msgspec.json.encode(rule) for rule in dataset.pop("rules"))
        parts.append(
            msgspec.json.encode(dataset)[:-1]
            + b',"columns":[\n'
            + columns
            + b'\n],"rules":[\n'
            + rules
            + b"\n]}"
        )
    return head + b',\n"datasets":[\n' + b",\n".join(parts) + b"\n]}\n"


def checksum(text: bytes) -> str:
    """The module that says what the compiled catalogue must hash to."""
    digest = hashlib.sha256(text).hexdigest()
    return (
        '"""The SHA-256 of catalogue-1.4.json. `python -m focus_validate.spec.build` writes this file."""\n\n'
        f'CATALOGUE_SHA256 = "{digest}"\n'
    )


def main() -> int:
    """Write the JSON beside the YAML, and its checksum; returns the exit code."""
    try:
        catalogue = build()
    except CatalogueError as error:
        print(f"catalogue: {error}", file=sys.stderr)
        return 1
    text = encode(catalogue)
    CATALOGUE_FILE.write_bytes(text)
    CHECKSUM_FILE.write_text(checksum(text), encoding="utf-8")
    for dataset in catalogue.datasets:
        print(f"{dataset.id}: {len(dataset.columns)} columns, {len(dataset.rules)} rules")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Writes the parts of the documentation that come from the code: ``python docs/generate.py`` (``make docs``).

* ``reference/``: a page per rule, column, dataset and attribute of the catalogue, and lists of all rules.
* ``differences.md``: where the official validator or its machine checks part from this one.
* ``report.schema.json``, ``bundle.schema.json``: the JSON Schemas of the JSON reports.
* In ``cli.md`` the text between the markers ``<!-- options: COMMAND -->`` and ``<!-- end -->``: the table of
  that command's options.

With ``--check`` nothing is written; the exit code says whether all of it is up to date.
"""

from __future__ import annotations

import posixpath
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click
import jinja2
import yaml

from focus_validate.cli import cli
from focus_validate.outputs import rule_words
from focus_validate.outputs.schema import bundle_schema, render_schema, report_schema
from focus_validate.spec.examples import Cell, examples_of
from focus_validate.spec.loader import load_catalogue
from focus_validate.spec.model import Catalogue, Dataset, Rule
from focus_validate.text import count

DOCS = Path(__file__).parent
REFERENCE = DOCS / "reference"
CASES = DOCS.parent / "tests" / "python" / "differences"
_BLOCK = re.compile(r"(<!-- options: (?P<command>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_DECISIONS = ("data", "bundle", "metadata", "attest", "group")


def pages() -> dict[Path, str]:
    """Every generated file with its text."""
    command_line = DOCS / "cli.md"
    return {
        DOCS / "report.schema.json": render_schema(report_schema()),
        DOCS / "bundle.schema.json": render_schema(bundle_schema()),
        command_line: with_options(command_line.read_text(encoding="utf-8")),
        **Reference(load_catalogue()).pages(),
    }


def with_options(page: str) -> str:
    """``page`` with the tables of options as the code has them."""
    return _BLOCK.sub(lambda match: match[1] + options_of(cli.commands[match["command"]]) + match[3], page)


def options_of(command: click.Command) -> str:
    """A table of the options of one command, or of the commands below it."""
    commands = command.commands.values() if isinstance(command, click.Group) else [command]
    options = [each for one in commands for each in one.params if isinstance(each, click.Option)]
    rows = [_row(option) for option in options]
    return "| option | meaning |\n| --- | --- |\n" + "".join(rows)


def _row(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in sorted(option.opts, key=len, reverse=True))
    value = "" if option.is_flag else f" `{option.metavar or _choices(option)}`"
    default = f" Default: `{option.default}`." if option.show_default else ""
    return f"| {names}{value} | {option.help}{default} |\n".replace("`|`", "`\\|`")


def _choices(option: click.Option) -> str:
    kind = option.type
    return "\\|".join(kind.choices) if isinstance(kind, click.Choice) else kind.name.upper()


class Reference:
    """The pages that are written from the catalogue. A page is named by its path below ``docs``."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(DOCS / "templates"),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,  # Markdown: texts go through the filters below
        )
        self.templates.filters.update(prose=prose, code=code, plain=plain_cell)
        self.templates.globals.update(words=rule_words, count=count, kind=kind)
        self.rules: dict[str, list[tuple[Dataset, Rule]]] = {}
        for dataset in catalogue.datasets:
            for rule in dataset.rules:
                self.rules.setdefault(rule.id, []).append((dataset, rule))
        self.listed: dict[str, list[Rule]] = {}
        for (dataset, rule), *_ in self.rules.values():
            self.listed.setdefault(page_of(dataset, rule), []).append(rule)

    def pages(self) -> dict[Path, str]:
        """Every page of the reference, and the page of differences."""
        written: dict[str, str] = {}
        for dataset in self.catalogue.datasets:
            for column in dataset.columns:
                page = f"reference/{dataset.id}/{column.name}.md"
                written[page] = self._page(page, "column.md", dataset=dataset, column=column)
            page = f"reference/{dataset.id}/index.md"
            written[page] = self._page(page, "dataset.md", dataset=dataset)
        for attribute in self.attributes():
            page = f"reference/attributes/{attribute}.md"
            written[page] = self._page(
                page, "attribute.md", attribute=attribute, columns=self._columns_under(attribute)
            )
        for rule_id, found in self.rules.items():
            page = f"reference/rules/{rule_id}.md"
            written[page] = self._page(page, "rule.md", **self._rule(page, found))
        written["reference/index.md"] = self._page(
            "reference/index.md", "index.md", catalogue=self.catalogue, attributes=self.attributes()
        )
        written["reference/coverage.md"] = self._page(
            "reference/coverage.md", "coverage.md", **coverage(self.catalogue)
        )
        cases = yaml.safe_load((CASES / "cases.yaml").read_text(encoding="utf-8"))
        written["differences.md"] = self._page(
            "differences.md", "differences.md", cases=cases, rulings=self._rulings(), verdict=verdict
        )
        return {DOCS / page: text for page, text in written.items()}

    def attributes(self) -> list[str]:
        """The names of the attributes."""
        rules = self.catalogue.datasets[0].rules
        return list(dict.fromkeys(rule.column for rule in rules if rule.id.startswith("ATT-")))

    def _page(self, page: str, template: str, **values: Any) -> str:
        def link(rule_id: str) -> str:
            return f"[{rule_id}]({relative(page, f'reference/rules/{rule_id}.md')})"

        text = self.templates.get_template(template).render(
            rules_here=self.listed.get(page, []),
            link=link,
            links=lambda ids: ", ".join(map(link, ids.split(", "))),
            home=relative(page, "reference/index.md"),
            **values,
        )
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"

    def _rule(self, page: str, found: list[tuple[Dataset, Rule]]) -> dict[str, Any]:
        """What the page of one rule says: what `explain` says."""
        rule = found[0][1]
        return {
            "rule": rule,
            "where": ", ".join(dataset.name for dataset, _ in found),
            "subject": relative(page, page_of(*found[0])),
            "facets": rule_words.facets(found),
            "examples": rule_words.shown_examples(found),
        }

    def _columns_under(self, attribute: str) -> dict[str, list[str]]:
        """The columns that the rules of an attribute judge, by name of the dataset."""
        found = {}
        for dataset in self.catalogue.datasets:
            names = {name for rule in dataset.rules if rule.column == attribute for name in selected(rule)}
            if names:
                found[dataset.name] = sorted(names)
        return found

    def _rulings(self) -> list[Rule]:
        """Every rule with a ruling, an attribute rule once."""
        rules = {
            rule.id: rule for dataset in self.catalogue.datasets for rule in dataset.rules if rule.ruling
        }
        return list(rules.values())


def page_of(dataset: Dataset, rule: Rule) -> str:
    """The page that lists a rule: of a column, of a dataset as such, of an attribute."""
    if rule.id.startswith("ATT-"):
        return f"reference/attributes/{rule.column}.md"
    is_column = any(column.name == rule.column for column in dataset.columns)
    return f"reference/{dataset.id}/{rule.column if is_column else 'index'}.md"


def selected(rule: Rule) -> list[str]:
    """The columns that an attribute rule judges in its dataset; none for other rules."""
    columns: list[str] = (rule.check or {}).get("special", {}).get("select", {}).get("columns", [])
    return columns


def coverage(catalogue: Catalogue) -> dict[str, Any]:
    """How many rules of each dataset are decided how, and the decided ones that nothing breaks."""
    tallies = {each.name: Counter(kind(rule) for rule in each.rules) for each in catalogue.datasets}
    unbreakable: dict[str, dict[str, None]] = {}
    broken: set[str] = set()
    for dataset in catalogue.datasets:
        for rule in dataset.rules:
            examples = examples_of(dataset, rule)
            if examples.violating:
                broken.add(rule.id)
            elif kind(rule) == "data" and examples.conforming:
                unbreakable.setdefault(examples.none, {})[rule.id] = None
    return {"tallies": tallies, "decisions": _DECISIONS, "unbreakable": unbreakable, "broken": broken}


def kind(rule: Rule) -> str:
    """How a rule is decided, in one word."""
    return "group" if rule.is_composite else rule.decision


def verdict(ours: dict[str, Any]) -> str:
    """Our verdict on a case of the differences, in words."""
    if "error" in ours:
        return f"exit code 2, the message names {ours['error']}"
    if "conformant" in ours:
        return "conforms"
    violations = f", {count(ours['violations'], 'violation')}" if ours["violations"] else ""
    alone = ", the only failure" if ours.get("only_failure") else ""
    return f"{ours['status']}{violations}{alone}"


def relative(page: str, target: str) -> str:
    """The path from one page to another."""
    return posixpath.relpath(target, posixpath.dirname(page))


def prose(text: str) -> str:
    """A sentence in Markdown: nothing in it is markup."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", text)


def code(text: str) -> str:
    """A text in Markdown as code, also inside a table."""
    return f"`{text}`".replace("|", "\\|")


def plain_cell(cell: Cell) -> str:
    """A cell of an example in a Markdown table: text as code, null as a word."""
    if cell is None:
        return "*null*"
    return f"{code(str(cell))} (stored as a number)" if isinstance(cell, int) else code(rule_words.cell(cell))


def is_stale(path: Path, text: str) -> bool:
    """Whether the file differs from what the code says."""
    return not path.is_file() or path.read_text(encoding="utf-8") != text


def leftovers(written: dict[Path, str]) -> list[Path]:
    """Pages of the reference that nothing generates any more."""
    return [path for path in sorted(REFERENCE.rglob("*.md")) if path not in written]


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if something is out of date.")
def main(check: bool) -> None:
    """Write everything anew."""
    written = pages()
    stale = [path for path, text in written.items() if is_stale(path, text)]
    surplus = leftovers(written)
    if check:
        for path in [*stale, *surplus]:
            click.echo(f"out of date: {path.relative_to(DOCS.parent)} (run make docs)", err=True)
        sys.exit(bool(stale or surplus))
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written[path], encoding="utf-8")
    for path in surplus:
        path.unlink()


if __name__ == "__main__":
    main()

"""What the package's files switch on for a choice of sources, read without dbt.

dbt needs seconds to parse the package once; all 256 choices of eight sources are read here in seconds. Only
what decides a switch or a `ref` is run: the Jinja of the models, tests and yml files and the package's own
macros. Everything that writes SQL stands in as `Anything`. test_source_combinations.py pins this reading to
what dbt itself finds.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
import pytz
import yaml

REFERENCE = re.compile(r"ref\(\s*'(\w+)'\s*\)")


class Anything:
    """Stands for what only a warehouse or dbt's own macros could tell; any use of it gives it again."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: object, **__: object) -> Anything:
        return self

    def __getitem__(self, _: object) -> Anything:
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __str__(self) -> str:
        return "anything"

    def __add__(self, other: object) -> Any:
        return other if isinstance(other, (list, str)) else self

    def __radd__(self, other: object) -> Any:
        return other if isinstance(other, (list, str)) else self


class Returned(Exception):  # noqa: N818 (dbt's `return` leaves a macro with a value)
    """Leaves a macro with its value."""


class Refused(Exception):  # noqa: N818 (a choice that the package itself refuses)
    """`exceptions.raise_compiler_error` was called."""


@dataclass(frozen=True)
class Node:
    """A model, seed, data test or unit test: is it on, and which models and seeds does it name."""

    name: str
    kind: str
    enabled: bool
    references: frozenset[str] = field(default_factory=frozenset)
    owner: str | None = None  # the model that a data test stands at


class Package:
    """The files of the package under `root`, ready to be read for many choices of sources."""

    def __init__(self, root: Path) -> None:
        self._sources: list[str] = []
        self._references: set[str] = set()
        self._config: dict[str, Any] = {}
        self._macros: dict[str, Any] = {}
        self._switches: dict[str, jinja2.Template] = {}
        self._environment = self._jinja()
        for path in sorted((root / "macros").rglob("*.sql")):
            self._load_macros(path)
        self._models = self._templates(root / "models")
        self._singular = self._templates(root / "tests" / "dbt", without="generic")
        self._seeds = {path.stem for path in (root / "seeds").glob("*.csv")}
        self._yml = [
            (path.stem, yaml.safe_load(path.read_text(encoding="utf-8")))
            for folder in ("models", "seeds")
            for path in sorted((root / folder).rglob("*.yml"))
        ]

    def nodes(self, sources: Iterable[str]) -> list[Node]:
        """Every node of the package for the var focus_ai_sources."""
        self._sources = list(sources)
        found = [self._rendered(name, "model", template) for name, template in self._models.items()]
        found += [self._rendered(name, "test", template) for name, template in self._singular.items()]
        switches: dict[str, bool] = {}
        for stem, content in self._yml:
            found += self._of_yml(stem, content, switches)
        found += [Node(name, "seed", switches.get(name, True)) for name in sorted(self._seeds)]
        return [
            Node(node.name, node.kind, node.enabled and switches.get(node.name, True), node.references)
            if node.kind == "model"
            else node
            for node in found
        ]

    def _jinja(self) -> jinja2.Environment:
        environment = jinja2.Environment(extensions=["jinja2.ext.do"], undefined=jinja2.ChainableUndefined)
        environment.globals |= dict.fromkeys(
            ("dbt", "target", "this", "graph", "flags", "api", "builtins", "model"), Anything()
        )
        environment.globals |= {
            "adapter": _Adapter(self._macros),
            "config": self._configure,
            "exceptions": _Exceptions(),
            "execute": False,
            "focus_ai": _Namespace(self._macros),
            "log": Anything(),
            "modules": {"datetime": datetime, "pytz": pytz, "re": re},
            "ref": self._refer,
            "return": _leave,
            "source": lambda *_: Anything(),
            "var": lambda name, default=None: self._sources if name == "focus_ai_sources" else default,
        }
        return environment

    def _configure(self, **settings: Any) -> str:
        self._config.update(settings)
        return ""

    def _refer(self, name: str) -> str:
        self._references.add(name)
        return name

    def _load_macros(self, path: Path) -> None:
        template = self._environment.from_string(path.read_text(encoding="utf-8"))
        context = template.new_context()
        list(template.root_render_func(context))
        for name, macro in context.vars.items():
            if isinstance(macro, jinja2.runtime.Macro):
                self._macros[name] = _returning(macro)

    def _templates(self, folder: Path, without: str = "-") -> dict[str, jinja2.Template]:
        return {
            path.stem: self._environment.from_string(path.read_text(encoding="utf-8"))
            for path in sorted(folder.rglob("*.sql"))
            if without not in path.parts
        }

    def _rendered(self, name: str, kind: str, template: jinja2.Template) -> Node:
        self._references, self._config = set(), {}
        template.render()
        return Node(name, kind, bool(self._config.get("enabled", True)), frozenset(self._references))

    def _is_on(self, entry: Any) -> bool:
        switch = str(((entry or {}).get("config") or {}).get("enabled", True))
        if switch not in self._switches:
            self._switches[switch] = self._environment.from_string(switch)
        return self._switches[switch].render().strip() == "True"

    def _of_yml(self, stem: str, content: Any, switches: dict[str, bool]) -> Iterator[Node]:
        for kind in ("models", "seeds"):
            for entry in content.get(kind) or []:
                switches[entry["name"]] = self._is_on(entry)
                yield from self._data_tests(entry)
        for entry in content.get("unit_tests") or []:
            given = {name for row in entry["given"] for name in REFERENCE.findall(str(row["input"]))}
            named = frozenset(given | {entry["model"]})
            yield Node(f"{stem}.{entry['name']}", "unit_test", self._is_on(entry), named)

    def _data_tests(self, entry: Any) -> Iterator[Node]:
        holders = [entry, *(entry.get("columns") or [])]
        for test in [test for holder in holders for test in holder.get("data_tests") or []]:
            settings = next(iter(test.values())) if isinstance(test, dict) else {}
            named = frozenset(REFERENCE.findall(str(settings.get("arguments")))) | {entry["name"]}
            yield Node(f"{entry['name']}: {test}", "test", self._is_on(settings), named, entry["name"])


class _Namespace:
    def __init__(self, macros: dict[str, Any]) -> None:
        self._macros = macros

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._macros[name]

    __getitem__ = __getattr__


class _Adapter(Anything):
    def __init__(self, macros: dict[str, Any]) -> None:
        self._macros = macros

    def dispatch(self, name: str, _: str) -> Any:
        return self._macros.get(f"duckdb__{name}") or self._macros[f"default__{name}"]


class _Exceptions(Anything):
    def raise_compiler_error(self, message: str) -> None:
        raise Refused(message)


def _leave(value: Any) -> None:
    raise Returned(value)


def _returning(macro: Any) -> Any:
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return macro(*arguments, **named)
        except Returned as returned:
            return returned.args[0]

    return call

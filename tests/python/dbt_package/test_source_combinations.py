"""Every one of the 256 choices of sources: what is on refers only to what is on."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from .project import REPOSITORY, SOURCES, Project
from .switches import Node, Package

CHOICES = [
    tuple(name for name, on in zip(SOURCES, states, strict=True) if on)
    for states in itertools.product((True, False), repeat=len(SOURCES))
]


@pytest.fixture(scope="module")
def package() -> Package:
    return Package(REPOSITORY)


def dangling(nodes: list[Node]) -> Iterator[str]:
    """What is on and names something that is off; dbt itself leaves out the tests of a model that is off."""
    on = {node.name for node in nodes if node.enabled and node.kind in ("model", "seed")}
    for node in nodes:
        left_out = node.kind == "test" and node.owner not in (on | {None})
        if node.enabled and not left_out and (off := node.references - on):
            yield f"{node.kind} {node.name} is on, but {', '.join(sorted(off))} is off"


def named_in(ids: Iterable[str]) -> set[str]:
    """Names of the models and seeds among dbt's unique ids."""
    return {name for kind, _, name, *_ in (id_.split(".") for id_ in ids) if kind in ("model", "seed")}


def test_a_reference_to_what_is_off_is_found() -> None:
    nodes = [
        Node("mart", "model", True, frozenset({"step"})),
        Node("step", "model", False),
        Node("not_null", "test", True, frozenset({"step"}), owner="step"),
    ]
    assert list(dangling(nodes)) == ["model mart is on, but step is off"]


@pytest.mark.slow
def test_in_no_choice_does_anything_refer_to_what_is_off(package: Package) -> None:
    found = {sources: list(dangling(package.nodes(sources))) for sources in CHOICES}
    assert {sources: errors for sources, errors in found.items() if errors} == {}


def test_without_a_bill_nothing_but_inputs_is_on(package: Package) -> None:
    others = [name for name in SOURCES if name not in ("openai", "anthropic")]
    chains = {"focus_ai__cost_and_usage", "int_focus_ai__posted", "focus_ai__customer_gross_margin_monthly"}
    assert not chains & {node.name for node in package.nodes(others) if node.enabled}
    assert not [node for node in package.nodes([]) if node.enabled and node.kind != "test"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "sources", [SOURCES, ("openai", "stripe", "finance"), ("anthropic", "litellm")], ids=len
)
def test_the_reading_agrees_with_dbt(tmp_path: Path, package: Package, sources: Iterable[str]) -> None:
    """Models, seeds, unit tests and every reference, as dbt parses them."""
    project = Project(tmp_path / "project")
    project.dbt("parse", sources=sources).succeeded()
    manifest = json.loads((project.folder / "target" / "manifest.json").read_text())
    parsed = {
        node["name"]: named_in(node["depends_on"].get("nodes", []))
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed") and node["package_name"] == "focus_ai"
    }
    read = [node for node in package.nodes(sources) if node.enabled]
    assert parsed == {node.name: set(node.references) for node in read if node.kind in ("model", "seed")}
    assert len(manifest["unit_tests"]) == sum(node.kind == "unit_test" for node in read)
    tests = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node["config"]["enabled"]
    ]
    attached = [node for node in read if node.kind == "test" and node.owner in {None, *parsed}]
    assert len(tests) == len(attached)


def pairwise() -> list[tuple[str, ...]]:
    """Five choices that hold, with that of no source, any two of the sources on and off in every way.

    A source is on in three of the five, each in a triple of its own; two triples of five overlap and differ.
    """
    triples = list(itertools.combinations(range(5), 3))[: len(SOURCES)]
    return [
        tuple(name for name, triple in zip(SOURCES, triples, strict=True) if row in triple)
        for row in range(5)
    ]


def test_pairwise_choices_hold_every_pair() -> None:
    choices = [set(), *map(set, pairwise())]
    for pair in itertools.combinations(SOURCES, 2):
        assert len({tuple(name in chosen for name in pair) for chosen in choices}) == 4, pair


@pytest.mark.slow
@pytest.mark.parametrize("part", range(2))
def test_any_two_sources_on_or_off_build(
    tmp_path: Path, raw_headers: dict[str, list[str]], part: int
) -> None:
    """On raw tables without rows; those of the sources that are off exist too, and do no harm."""
    project = Project(tmp_path / "project")
    project.empty_raw_tables(raw_headers)
    choices = [*pairwise(), ("openai",), ("anthropic",)][part::2]
    models = ["build", "--exclude-resource-type", "test", "unit_test"]
    for sources, run in zip(choices, project.dbt_each([(models, list(c)) for c in choices]), strict=True):
        assert run.code == 0, (sources, run.output)

"""The page in headless Chromium: without scripts and network, at four widths, on paper, read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import warehouse
from .browser import Browser, chromium
from .conftest import close_pack

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
]

WIDTHS = (1280, 768, 390, 320)
OUTSIDE = """
[...document.querySelectorAll('svg')].filter(svg => svg.getBoundingClientRect().width).flatMap(svg => {
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1;
  }).map(text => text.textContent);
})
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(scope="module")
def long_names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack with names that fit nowhere."""
    folder = tmp_path_factory.mktemp("long")
    names = {"cust_1": "Donaudampfschifffahrtsgesellschaftskapitän " * 3, "cust_2": "W" * 300}
    done = close_pack(warehouse.build(folder / "marts.duckdb", change=warehouse.renamed(names)), folder)
    assert done.returncode == 0, done.stderr
    return folder / "close-pack-2026-09.html"


@pytest.fixture(params=["short", "long"])
def any_page(request: pytest.FixtureRequest) -> Path:
    return request.getfixturevalue("page" if request.param == "short" else "long_names")


def test_nothing_is_asked_for_and_nothing_is_refused(browser: Browser, page: Path) -> None:
    browser.open(page, width=1280)
    browser.evaluate("document.title")
    asked = [
        event["params"]["request"]["url"]
        for event in browser.events
        if event.get("method") == "Network.requestWillBeSent"
    ]
    assert asked == [page.as_uri()]
    complaints = [
        event
        for event in browser.events
        if event.get("method") in ("Log.entryAdded", "Runtime.consoleAPICalled", "Audits.issueAdded")
    ]
    assert complaints == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_its_width(browser: Browser, any_page: Path, width: int, tmp_path: Path) -> None:
    browser.open(any_page, width=width)
    browser.picture(tmp_path / f"{width}.png")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert browser.evaluate(OUTSIDE) == []


@pytest.mark.parametrize(("width", "shown"), [(1280, "wide"), (390, "narrow")])
def test_each_width_has_its_charts(browser: Browser, page: Path, width: int, shown: str) -> None:
    browser.open(page, width=width)
    visible = browser.evaluate(
        "[...document.querySelectorAll('figure > div')].filter(box => box.offsetWidth).map(x => x.className)"
    )
    assert set(visible) == {shown}
    assert len(visible) == 6


def test_the_style_is_in_force(browser: Browser, page: Path) -> None:
    """The security policy allows it: a status is coloured, numbers stand to the right."""
    browser.open(page, width=1280)
    style = "getComputedStyle(document.querySelector('{}')).{}"
    assert browser.evaluate(style.format("td.bad", "color")) == "rgb(179, 38, 30)"
    assert browser.evaluate(style.format("td.number", "textAlign")) == "right"


def test_a_screen_reader_finds_names_and_figures(browser: Browser, page: Path) -> None:
    browser.open(page, width=1280)
    nodes = [node for node in browser.call("Accessibility.getFullAXTree")["nodes"] if not node.get("ignored")]
    by_role: dict[str, list[str]] = {}
    for node in nodes:
        by_role.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))
    assert len(by_role["image"]) == 6
    assert all(re.search(r"Kestrel|before|Sep|rule|revenue", name) for name in by_role["image"])
    assert {"main", "navigation"} <= set(by_role)
    assert len(by_role["table"]) >= 8
    assert all(by_role["table"])
    assert "Margin by customer" in by_role["heading"]


def test_it_prints(browser: Browser, page: Path) -> None:
    browser.open(page, width=1280)
    paper = browser.paper()
    assert paper.startswith(b"%PDF")
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 15
    browser.call("Emulation.setEmulatedMedia", media="print")
    try:
        assert browser.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    finally:
        browser.call("Emulation.setEmulatedMedia", media="")

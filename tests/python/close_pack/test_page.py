"""The page: nothing of the data is markup, nothing is fetched, everything has a text."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from . import warehouse
from .conftest import write_pack

VOID = {"meta", "br", "link", "img", "hr", "input"}


class Page(HTMLParser):
    """Elements with attributes in order; refuses tags that do not nest."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.text = path.read_text(encoding="utf-8")
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(self.text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> on line {self.getpos()[0]}"

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_nothing_is_fetched_and_nothing_runs(page: Path) -> None:
    parsed = Page(page)
    tags = {tag for tag, _ in parsed.elements}
    assert tags.isdisjoint(
        {"script", "link", "img", "iframe", "object", "embed", "form", "base", "use", "image"}
    )
    for tag, attributes in parsed.elements:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "style", "action")
        ], tag
        for name in ("href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")
    style = re.search(r"<style>(.*?)</style>", parsed.text, re.DOTALL)
    assert style is not None
    assert not re.search(r"url\(|@import", style[1])


def test_the_security_policy_allows_this_style_and_nothing_else(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'" in text


def test_headings_links_tables_and_charts_are_there_for_everybody(page: Path) -> None:
    parsed = Page(page)
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = {attributes.get("id") for _, attributes in parsed.elements}
    assert {str(link["href"])[1:] for link in parsed.all("a")} <= ids
    charts = [attributes for attributes in parsed.all("div") if attributes.get("role") == "img"]
    assert len(charts) == len(parsed.all("svg")) == 12
    assert all(re.search(r"\d", str(chart["aria-label"])) for chart in charts)
    assert len(parsed.all("table")) == len(parsed.all("caption"))
    assert all(cell.get("scope") for cell in parsed.all("th"))
    assert parsed.all("html")[0]["lang"] == "en"


def _luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` by WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", ["ink", "calm", "good", "bad", "warn", "accent"])
def test_every_colour_of_text_can_be_read(name: str, page: Path) -> None:
    """Contrast of at least 4.5 on the page and on the pale fields (WCAG 2 AA)."""
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", page.read_text(encoding="utf-8")))
    for ground in ("#ffffff", colours["pale"]):
        assert (_luminance(ground) + 0.05) / (_luminance(colours[name]) + 0.05) >= 4.5


def test_the_sentences_are_those_of_the_figures(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    sentences = re.findall(r"<li>([^<]+)</li>", text)
    assert sentences[:4] == [
        "Gross margin is USD 277.20, 19.8 % of revenue, USD 499.76 less than in August 2026.",
        "What moved it most: model mix (−USD 899.77), new customers (+USD 380.25) and request volume "
        "(+USD 19.00).",
        "2 customers cost more than they bring: Kestrel Logistics (−USD 79.37) and Wren Studio (−USD 18.67).",
        "98.0 % of usage cost was attributed to somebody.",
    ]
    assert (
        "3 checks failed: charges on no invoice line, or on several (2); closed months whose raw rows are "
        "gone (1); invoice lines that differ" in text
    )


HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "</text></svg><script>alert(1)</script>",
    '"><b onmouseover="alert(1)">',
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp;",
    "\x1b]0;x\x07\u202eabc\x00",
    "]]><!--",
    "x" * 5000,
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_name_is_never_markup(name: str, page: Path, tmp_path: Path) -> None:
    change = warehouse.renamed({"cust_1": name})
    write_pack(warehouse.build(tmp_path / "marts.duckdb", change=change), tmp_path / "packs")
    hostile = Page(tmp_path / "packs" / "close-pack-2026-09.html")
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in Page(page).elements]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", hostile.text)
    assert "alert(1)>" not in hostile.text

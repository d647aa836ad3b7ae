"""The result of checking several datasets together; field names are those of its JSON form."""

from __future__ import annotations

from typing import Literal

import msgspec

from focus_validate.result import FailOn, InputFile, Report, Sample, Tool, WaiverResult


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A relation between datasets that no rule demands: it warns, and never fails.

    ``dataset`` is the one whose rows are counted and shown.
    """

    name: str
    dataset: str
    status: Literal["pass", "warn", "skip"]
    violations: int
    checked: int
    message: str
    reason: str | None = None
    samples: tuple[Sample, ...] = ()


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A report per dataset, in which the rules across datasets are decided, and the links between them.

    ``previous`` are the files of an earlier delivery that the datasets were compared with.
    """

    schema_version: int
    tool: Tool
    focus_version: str
    conformant: bool
    reports: tuple[Report, ...]
    links: tuple[Link, ...]
    previous: tuple[InputFile, ...] = ()

    def report(self, dataset: str) -> Report:
        """The report on one dataset, by its id; KeyError if the bundle lacks it."""
        for report in self.reports:
            if report.dataset == dataset:
                return report
        raise KeyError(dataset)

    def link(self, name: str) -> Link:
        """One link by its name; KeyError if there is none."""
        for link in self.links:
            if link.name == name:
                return link
        raise KeyError(name)

    def exit_code(self, fail_on: FailOn = "must") -> int:
        """0 when nothing failed (``warn``: nor warned) and every waiver is in force, else 1."""
        warned = any(report.summary.warn for report in self.reports) or any(
            link.status == "warn" for link in self.links
        )
        broken = not self.conformant or (fail_on == "warn" and warned)
        return 1 if broken or self.idle_waivers() else 0

    def idle_waivers(self) -> tuple[WaiverResult, ...]:
        """The waivers that expired or that cover nothing in any of the datasets."""
        found = [waiver for report in self.reports for waiver in report.waivers]
        active = {waiver.rule for waiver in found if waiver.state == "active"}
        idle = {waiver.rule: waiver for waiver in found if waiver.rule not in active}
        return tuple(idle.values())

    def to_json(self) -> str:
        """The bundle as JSON; the same bundle gives the same text, byte by byte."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2).decode() + "\n"

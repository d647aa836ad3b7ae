"""The result of a validation: one object that every output is written from.

Field names and meaning are those of the JSON report; keys may be added, none renamed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["pass", "fail", "warn", "waived", "skip", "not_applicable", "attest"]
Value = str | int | float | bool | None
FailOn = Literal["must", "warn"]
WaiverState = Literal["active", "expired", "stale"]
Frame = Literal["rules", "columns", "samples"]

LONGEST_VALUE = 10_000
"""The value of a sample is cut after so many characters, and an ellipsis stands for the rest."""
LEFT_OUT = "left out by --select or --ignore"
DESELECTED = "absent, as deselected columns may be"


class Tool(msgspec.Struct, frozen=True):
    """The program that wrote the report."""

    name: str
    version: str


class InputFile(msgspec.Struct, frozen=True):
    """One input, as named on the command line; ``sha256`` and ``bytes`` are null for in-memory tables."""

    path: str
    bytes: int | None
    sha256: str | None
    rows: int


class Sample(msgspec.Struct, frozen=True, omit_defaults=True):
    """One offending row: ``row`` is 1-based over data rows, inside ``file`` when there are several.

    ``value`` is the raw text or number as it stands in the input (a list or object as JSON text, a number
    that JSON cannot hold as text); presence findings have no rows and so no samples. ``identity`` is what
    names the row in the business: the ids and the period that it has, by column.
    """

    row: int
    value: Value
    file: str | None = None
    column: str | None = None
    identity: dict[str, str] = {}


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """What the rows of one invoice issuer in one currency cost, null where they name none.

    ``billed_cost`` is the exact sum of BilledCost as text (12.5; E notation from 10^30 on) over the ``rows``
    less the ``rows_without_cost``, whose cost is null or no number (or one of more than a hundred digits).
    """

    invoice_issuer_name: str | None
    billing_currency: str | None
    billed_cost: str
    rows: int
    rows_without_cost: int


class RuleAtStake(msgspec.Struct, frozen=True, kw_only=True):
    """The cost of the rows that break one rule."""

    rule: str
    amounts: tuple[Amount, ...]


class MoneyAtStake(msgspec.Struct, frozen=True, kw_only=True):
    """The cost of the rows that break a MUST rule, by issuer and currency in the order of their names.

    In ``total`` a row counts once, however many rules it breaks. ``rules`` has the failed rules that rows
    break, in catalogue order. ``left_out`` counts the pairs of issuer and currency after the first
    hundred, which stand nowhere here.
    """

    total: tuple[Amount, ...]
    rules: tuple[RuleAtStake, ...]
    left_out: int = 0


class RuleResult(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one rule. Composites carry no counts (``violations`` and ``checked`` are null)."""

    id: str
    column: str
    keyword: str
    kind: Literal["leaf", "composite"]
    status: Status
    violations: int | None
    checked: int | None
    message: str
    reason: str | None = None
    ruling: str | None = None
    samples: tuple[Sample, ...] = ()


class ColumnResult(msgspec.Struct, frozen=True, kw_only=True):
    """One column of the dataset: its worst status and how many nulls it holds (null when absent)."""

    name: str
    status: Status
    present: bool
    nulls: int | None


class NotFinite(msgspec.Struct, frozen=True, kw_only=True):
    """Cells of a floating column that are NaN or infinite, and the first of their rows.

    No rule fails for them (on typed carriers NumericFormat judges the type alone), and no amount is in them.
    """

    column: str
    cells: int
    samples: tuple[Sample, ...] = ()


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Leaf rules per status; ``conformant`` means that no rule failed."""

    rules: int
    passed: int = msgspec.field(name="pass")
    fail: int
    warn: int
    waived: int
    skip: int
    not_applicable: int
    attest: int
    conformant: bool


class WaiverResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a waiver: it covers a finding, it expired, or (``stale``) there is nothing to cover."""

    rule: str
    reason: str
    owner: str
    expires: str
    state: WaiverState


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result of checking one dataset.

    ``header`` is the column names of the input in the order of the first file, unknown ones included.
    ``made_for`` is the older FOCUS version whose columns the input has, null when nothing shows an older one.
    ``money_at_stake`` is null when no rule fails on rows, when the data has no BilledCost, and when no
    samples are wanted (then the report holds nothing of the data). ``not_asked_for`` names the mandatory
    columns that are absent and about which the verdict says nothing, as the flags under which they are due
    are not declared. ``not_finite`` has the Decimal columns in which NaN or infinity stands.
    """

    schema_version: int
    tool: Tool
    focus_version: str
    dataset: str
    inputs: tuple[InputFile, ...]
    supports: tuple[str, ...]
    options: dict[str, Value]
    summary: Summary
    columns: tuple[ColumnResult, ...]
    rules: tuple[RuleResult, ...]
    header: tuple[str, ...] = ()
    waivers: tuple[WaiverResult, ...] = ()
    money_at_stake: MoneyAtStake | None = None
    not_asked_for: tuple[str, ...] = ()
    made_for: str | None = None
    not_finite: tuple[NotFinite, ...] = ()

    @property
    def conformant(self) -> bool:
        """Whether no MUST rule failed."""
        return self.summary.conformant

    @property
    def rows(self) -> int:
        """Data rows over all inputs."""
        return sum(source.rows for source in self.inputs)

    def with_status(self, status: Status) -> tuple[RuleResult, ...]:
        """The leaf rules of one status, in catalogue order."""
        return tuple(rule for rule in self.rules if rule.kind == "leaf" and rule.status == status)

    def failures(self) -> tuple[RuleResult, ...]:
        """The MUST and MUST NOT rules that are broken."""
        return self.with_status("fail")

    def warnings(self) -> tuple[RuleResult, ...]:
        """The SHOULD and SHOULD NOT rules that are broken."""
        return self.with_status("warn")

    def rule(self, rule_id: str) -> RuleResult:
        """The result of one rule; KeyError if the dataset has no such rule."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def column(self, name: str) -> ColumnResult:
        """The result of one column; KeyError if the dataset has no such column."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def exit_code(self, fail_on: FailOn = "must") -> int:
        """0 when nothing failed (``warn``: nor warned) and every waiver is in force, else 1."""
        broken = self.summary.fail + (self.summary.warn if fail_on == "warn" else 0)
        return 1 if broken or self.idle_waivers() else 0

    def left_out(self) -> tuple[RuleResult, ...]:
        """The leaf rules that were not judged because the user left them out with select or ignore."""
        return tuple(rule for rule in self.with_status("skip") if rule.reason == LEFT_OUT)

    def deselected(self) -> tuple[str, ...]:
        """The absent columns that would be missed if the user had not said that some were left out."""
        passed = self.with_status("pass")
        return tuple(
            dict.fromkeys(rule.column for rule in passed if (rule.reason or "").endswith(DESELECTED))
        )

    def idle_waivers(self) -> tuple[WaiverResult, ...]:
        """The waivers that expired or that cover nothing; they fail the run."""
        return tuple(waiver for waiver in self.waivers if waiver.state != "active")

    def to_json(self) -> str:
        """The JSON report; the same report gives the same text, byte by byte."""
        from focus_validate.outputs import render_json

        return render_json(self)

    def to_df(self, what: Frame = "rules") -> pd.DataFrame:
        """A pandas frame with one line per rule, per column, or per offending row (``samples``)."""
        from focus_validate.outputs.frames import to_frame

        return to_frame(self, what)

    def to_dict(self) -> dict[str, Any]:
        """The JSON report as plain Python objects."""
        return dict(msgspec.to_builtins(self))

    def _repr_html_(self) -> str:
        from focus_validate.outputs.notebook import render_notebook

        return render_notebook(self)

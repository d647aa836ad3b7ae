"""What a user decides about findings after the check: which rules count, what is known, what is waived.

Nothing here looks at data. A finding that a policy covers stays in the report, with the reason why it does
not count; groups, columns and the summary follow from the leaves as they do without a policy.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import msgspec

from focus_validate.errors import InputError, UsageError
from focus_validate.result import LEFT_OUT, Report, RuleResult, Value, WaiverResult, WaiverState
from focus_validate.rollup import roll_up
from focus_validate.spec.model import Catalogue, Dataset
from focus_validate.text import count, did_you_mean, escape
from focus_validate.waivers import Waiver, load_waivers


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The decisions of one run; ``today`` is the day on which waivers are judged.

    ``baseline_file`` and ``waivers_file`` are the files as the user named them; the report tells them.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    baseline: Report | None = None
    baseline_file: str | None = None
    waivers: tuple[Waiver, ...] = ()
    waivers_file: str | None = None
    today: date

    def apply(self, report: Report, dataset: Dataset) -> Report:
        """``report`` with the status of every rule as the policy has it."""
        if self.baseline is not None and self.baseline.dataset != report.dataset:
            raise InputError(f"the baseline is about {self.baseline.dataset}, the data is {report.dataset}")
        left_out = self._left_out(dataset)
        leaves = {
            rule.id: self._settle(rule, rule.id in left_out) for rule in report.rules if rule.kind == "leaf"
        }
        states = tuple(
            filter(None, (self._state(waiver, leaves.get(waiver.rule)) for waiver in self.waivers))
        )
        for entry in states:
            if entry.state == "active":
                leaves[entry.rule] = _waived(leaves[entry.rule], entry)
        rules, columns, summary = roll_up(
            dataset, leaves, ((column.name, column.present, column.nulls) for column in report.columns)
        )
        return msgspec.structs.replace(
            report,
            options=report.options | self._told(),
            summary=summary,
            columns=columns,
            rules=rules,
            waivers=states,
        )

    def _told(self) -> dict[str, Value]:
        """What the report tells of the policy: enough to see that, and how, findings were decided on."""
        told: dict[str, Value] = {
            "select": ",".join(self.select),
            "ignore": ",".join(self.ignore),
            "baseline": self.baseline_file,
            "waivers": self.waivers_file,
            "as_of": self.today.isoformat() if self.waivers else None,
        }
        return {name: value for name, value in told.items() if value}

    def _left_out(self, dataset: Dataset) -> set[str]:
        everything = {rule.id for rule in dataset.rules}
        selected = _covered(dataset, self.select) if self.select else everything
        return (everything - selected) | _covered(dataset, self.ignore)

    def _settle(self, rule: RuleResult, left_out: bool) -> RuleResult:
        if left_out:
            return msgspec.structs.replace(rule, status="skip", reason=LEFT_OUT, samples=())
        known = self._known(rule)
        if known is None:
            return rule
        if (rule.violations or 0) > known:
            reason = f"{count(known, 'violation')} in the baseline, {rule.violations:,} now"
            return msgspec.structs.replace(rule, reason=reason)
        reason = f"known from the baseline ({count(known, 'violation')})"
        return msgspec.structs.replace(rule, status="waived", reason=reason)

    def _known(self, rule: RuleResult) -> int | None:
        """How many violations of a broken rule the baseline has; None if it has none."""
        if self.baseline is None or rule.status not in ("fail", "warn"):
            return None
        before = next((entry for entry in self.baseline.rules if entry.id == rule.id), None)
        return before.violations or None if before else None

    def _state(self, waiver: Waiver, rule: RuleResult | None) -> WaiverResult | None:
        """What became of a waiver; None where its rule is of another dataset or could not be judged here."""
        if rule is None:
            return None
        state: WaiverState = "active"
        if waiver.expires < self.today:
            state = "expired"
        elif rule.status == "pass":
            state = "stale"
        elif rule.status not in ("fail", "warn", "waived"):
            return None
        return WaiverResult(
            rule=waiver.rule,
            reason=waiver.reason,
            owner=waiver.owner,
            expires=waiver.expires.isoformat(),
            state=state,
        )


def load_policy(
    catalogue: Catalogue,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    baseline: str | None = None,
    waivers: str | None = None,
    today: date | None = None,
) -> Policy | None:
    """The policy of a run, files read and names checked; None when there is nothing to decide."""
    select, ignore = _names(select), _names(ignore)
    if not (select or ignore or baseline or waivers):
        return None
    rules = {rule.id for dataset in catalogue.datasets for rule in dataset.rules}
    groups = {rule.id for dataset in catalogue.datasets for rule in dataset.rules if rule.is_composite}
    columns = {rule.column for dataset in catalogue.datasets for rule in dataset.rules}
    for name in (*select, *ignore):
        if name not in rules | columns:
            raise UsageError(f"no rule or column '{escape(name)}'{did_you_mean(name, rules | columns)}")
    return Policy(
        select=select,
        ignore=ignore,
        baseline=_load_baseline(baseline) if baseline else None,
        baseline_file=baseline,
        waivers=load_waivers(waivers, rules, groups) if waivers else (),
        waivers_file=waivers,
        today=today or date.today(),
    )


def _names(given: Iterable[str]) -> tuple[str, ...]:
    """One name or several, each of them a name or a comma list."""
    entries = (given,) if isinstance(given, str) else given
    return tuple(name.strip() for entry in entries for name in entry.split(","))


def _load_baseline(path: str) -> Report:
    try:
        return msgspec.json.decode(Path(path).read_bytes(), type=Report)
    except OSError as error:
        raise InputError(f"baseline {escape(path)}: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise InputError(f"baseline {escape(path)} is no JSON report of focus-validate: {error}") from error


def _covered(dataset: Dataset, names: Iterable[str]) -> set[str]:
    """The rules that names stand for: a rule, everything below a group, every rule on a column."""
    wanted = set(names)
    children = {rule.id: rule.children for rule in dataset.rules}
    found = {rule.id for rule in dataset.rules if rule.column in wanted and not rule.children}
    pending = [rule.id for rule in dataset.rules if rule.id in wanted]
    while pending:
        rule = pending.pop()
        if rule not in found:
            found.add(rule)
            pending.extend(children.get(rule, ()))
    return found


def _waived(rule: RuleResult, waiver: WaiverResult) -> RuleResult:
    reason = f"waived until {waiver.expires} by {waiver.owner}: {waiver.reason}"
    return msgspec.structs.replace(rule, status="waived", reason=reason)

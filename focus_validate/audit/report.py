"""The verdict on an audit log as text for a person and as JSON."""

from __future__ import annotations

import msgspec

from focus_validate.audit.verify import Finding, Verdict
from focus_validate.text import count, escape

_SHOWN = 20
_WORDS = {"cut_off": "cut off"}


def render_json(verdict: Verdict, path: str) -> str:
    """One object: input, entries, intact, head, expected_at, findings."""
    report = {"input": path, "intact": verdict.intact, **msgspec.structs.asdict(verdict)}
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"


def render_text(verdict: Verdict, path: str) -> str:
    """A line per break, at most 20, the head to keep, and the verdict last."""
    lines = [_line(finding) for finding in verdict.findings[:_SHOWN]]
    if len(verdict.findings) > _SHOWN:
        lines.append(f"... and {count(len(verdict.findings) - _SHOWN, 'more break')} (--format json has all)")
    if verdict.head is not None:
        recorded_at = escape(verdict.head.recorded_at or "no time")
        lines.append(
            f"head: {escape(verdict.head.entry_hash)} (entry {verdict.head.sequence_number}, {recorded_at})"
        )
    if verdict.expected_at is not None:
        since = verdict.entries - verdict.expected_at
        lines.append(
            f"expected head: found at entry {verdict.expected_at}, {count(since, 'entry', 'entries')} since"
        )
    return "\n".join([*lines, _summary(verdict, path)]) + "\n"


def _line(finding: Finding) -> str:
    kind = _WORDS.get(finding.kind, finding.kind)
    if finding.kind == "cut_off":
        return f"{kind} after entry {finding.first}: {finding.message}"
    if finding.first != finding.last:
        return f"{kind}: entries {finding.first} to {finding.last}: {finding.message}"
    name = "without a number" if finding.first is None else finding.first
    return f"{kind}: entry {name}: {finding.message}"


def _summary(verdict: Verdict, path: str) -> str:
    word = "INTACT" if verdict.intact else "BROKEN"
    entries = count(verdict.entries, "entry", "entries")
    breaks = "" if verdict.intact else f", {count(len(verdict.findings), 'break')}"
    return f"{word}: {escape(path)}: {entries}{breaks}"

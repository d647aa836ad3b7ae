"""The promises that focus-validate makes, a test for each: its name says the promise."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli.conftest import Run, run  # noqa: F401  (a fixture)

from focus_validate import __version__, validate
from focus_validate.errors import InputError
from focus_validate.outputs import FORMATS
from focus_validate.spec.loader import load_catalogue

from .tables import CHARGE, COMMAND, PERIOD, failed, most_megabytes, write

BROKEN = {**PERIOD, "BillingPeriodStatus": "closed", "BillingPeriodEnd": "2026-02-30T00:00:00Z"}
HOSTILE = "</script><img src=x onerror=alert(1)>\x1b[31m\u202e=1+1|`*"


def outputs(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_promise_1_same_bytes_in_same_report_out(tmp_path: Path) -> None:
    write(tmp_path / "data.csv", [PERIOD, BROKEN] * 500)
    settings: list[tuple[list[str], dict[str, str]]] = [
        (["--threads", "1"], {}),
        (["--threads", "8"], {"TZ": "Asia/Kolkata", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"}),
        (
            ["--memory-limit", "200MB"],
            {"HOME": str(tmp_path / "nowhere"), "LANG": "C", "TZ": "America/St_Johns"},
        ),
    ]
    found = []
    for number, (options, environment) in enumerate(settings):
        folder = tmp_path / f"run-{number}"
        folder.mkdir()
        shutil.copy(tmp_path / "data.csv", folder)
        done = subprocess.run(
            [*COMMAND, "check", "data.csv", "--output-dir", "out", *options],
            cwd=folder,
            env={**os.environ, "COLUMNS": "80", **environment},
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1, done.stderr
        found.append((outputs(folder / "out"), done.stdout))
    assert set(found[0][0]) == {f"report{ending}" for ending in FORMATS.values()}
    assert found[0] == found[1] == found[2]
    report = json.loads(found[0][0]["report.json"])
    assert "run" not in report
    assert not {"time", "host", "duration", "started"} & set(report)


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
@pytest.mark.parametrize("text", [" 1.5 ", "1_000", "1e5", "+1", "NaN", "1,234.50", "０"])
def test_promise_2_repaired_data_is_never_judged(text: str, kind: str, tmp_path: Path) -> None:
    path = write(tmp_path / f"data.{kind}", [{**CHARGE, "BilledCost": text}])
    rule = validate(path, dataset="CostAndUsage").rule("CAU-BilledCost-C-002-M")
    assert (rule.status, [sample.value for sample in rule.samples]) == ("fail", [text])


def test_promise_3_a_row_is_judged_by_itself(tmp_path: Path) -> None:
    """A further row that conforms clears nothing, the order of rows means nothing."""
    wrong = {**PERIOD, "InvoiceIssuerName": "Other", "BillingPeriodStatus": "closed"}
    alone = failed(validate(write(tmp_path / "1.csv", [wrong])))
    assert alone
    more = [wrong, *({**PERIOD, "InvoiceIssuerName": f"Issuer {number}"} for number in range(20))]
    for seed in range(3):
        random.Random(seed).shuffle(more)
        report = validate(write(tmp_path / "2.csv", more))
        assert failed(report) == alone
        assert {rule.violations for rule in report.failures()} == {1}


def test_promise_4_one_cause_is_one_finding(tmp_path: Path) -> None:
    whole = failed(validate(write(tmp_path / "whole.csv", [CHARGE])))
    without = {name: cell for name, cell in CHARGE.items() if name != "ChargeCategory"}
    report = validate(write(tmp_path / "less.csv", [without]))
    [finding] = set(failed(report)) - set(whole)
    assert report.rule(finding).column == "ChargeCategory"
    blocked = [
        rule for rule in report.rules if rule.status == "skip" and "ChargeCategory" in (rule.reason or "")
    ]
    assert len(blocked) > 10
    assert all(finding in (rule.reason or "") for rule in blocked if rule.kind == "leaf")


@pytest.mark.parametrize("dataset", load_catalogue().datasets, ids=lambda dataset: dataset.id)
def test_promise_5_nothing_is_skipped_silently(dataset: object, tmp_path: Path) -> None:
    rules = [rule.id for rule in dataset.rules]  # type: ignore[attr-defined]
    path = write(tmp_path / "x.csv", [{**PERIOD, "x_Other": "1"}])
    report = validate(path, dataset=dataset.id)  # type: ignore[attr-defined]
    assert [rule.id for rule in report.rules] == rules
    left_open = [rule for rule in report.rules if rule.status in ("skip", "not_applicable", "attest")]
    assert [rule.id for rule in left_open if rule.kind == "leaf" and not rule.reason] == []
    summary = report.summary
    assert summary.rules == sum(
        (summary.passed, summary.fail, summary.warn, summary.waived, summary.skip, summary.attest)
    ) + (summary.not_applicable)


def test_promise_6_exit_codes(run: Run, tmp_path: Path) -> None:  # noqa: F811
    write(tmp_path / "good.csv", [PERIOD])
    write(tmp_path / "bad.csv", [BROKEN])
    assert run("check", "good.csv").returncode == 0
    assert run("check", "bad.csv").returncode == 1
    assert run("check", "bad.csv", "--select", "InvoiceIssuerName").returncode == 0
    assert run("check", "bad.csv", "--select", "InvoiceIssuerName", "--fail-on", "warn").returncode == 0
    assert run("check", "gone.csv").returncode == 2
    assert run("check", "good.csv", "--memory-limit", "1 parsec").returncode == 2
    crash = (
        "import focus_validate.api as api; api.validate = lambda *_, **__: 1 / 0;"
        "from focus_validate.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", crash, "check", "good.csv"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, "a fault of the program is never 0 or 1"
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_promise_7_memory_and_time_are_bounded(run: Run, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "wide.csv"
    names = [f"x_C{number}" for number in range(50)]
    with path.open("w") as stream:
        stream.write(",".join([*PERIOD, *names]) + "\n")
        line = ",".join([*(f'"{cell}"' for cell in PERIOD.values()), *(["value of some length"] * 50)]) + "\n"
        stream.writelines([line] * 40_000)
    megabytes = most_megabytes(
        "check", str(path), "--output", str(tmp_path / "r.json"), "--memory-limit", "300MB"
    )
    assert megabytes < 600
    started = time.monotonic()
    late = run("check", path, "--time-limit", "0.3")
    assert (late.returncode, late.stdout) == (2, "")
    assert time.monotonic() - started < 20


def test_promise_8_read_only_and_offline(tmp_path: Path) -> None:
    work, home = tmp_path / "work", tmp_path / "home"
    work.mkdir()
    home.mkdir()
    path = write(work / "data.csv", [PERIOD, BROKEN])
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    command = [*COMMAND, "check", "data.csv", "--temp-directory", str(home)]
    alone = ["unshare", "-r", "-n"]
    possible = (
        shutil.which("unshare") and not subprocess.run([*alone, "true"], capture_output=True).returncode
    )
    done = subprocess.run(
        [*(alone if possible else []), *command],
        cwd=work,
        env={**os.environ, "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert os.listdir(work) == ["data.csv"]
    assert os.listdir(home) == []


def test_promise_9_a_report_is_safe_to_open(tmp_path: Path) -> None:
    path = write(tmp_path / "data.csv", [dict.fromkeys(PERIOD, HOSTILE)])
    done = subprocess.run(
        [*COMMAND, "check", str(path), "--output-dir", "out"],
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    files = outputs(tmp_path / "out")
    for name, content in files.items():
        text = content.decode()
        assert "\x1b" not in text, name
        if name not in ("report.json", "report.sarif"):
            assert "\u202e" not in text, name
        if name in ("report.md", "report.xml"):
            assert "<img" not in text, name
    assert all(not line.startswith(("=", "+", "@")) for line in files["report.csv"].decode().splitlines())


PUBLISHED = {
    "report": "schema_version tool focus_version dataset inputs supports options summary columns rules header"
    " waivers money_at_stake",
    "rules": "id column keyword kind status violations checked message reason ruling samples",
    "columns": "name status present nulls",
    "inputs": "path bytes sha256 rows",
    "summary": "rules pass fail warn waived skip not_applicable attest conformant",
    "samples": "row value",
}
RULE_IDS = (1301, "0031a9dcc7b68ecd3a757cf36acb5c1e89b5a36484b7bd8d1bd3590ab5d085a0")
"""How many rule ids there are, and the SHA-256 over them in sorted order, a line each."""


def test_promise_10_ids_and_fields_change_only_with_a_major_version(tmp_path: Path) -> None:
    assert __version__.startswith(("0.", "1.")), "a new major version may change what follows"
    report = json.loads(validate(write(tmp_path / "x.csv", [BROKEN])).to_json())
    parts = {
        "report": report,
        "rules": report["rules"][0],
        "columns": report["columns"][0],
        "inputs": report["inputs"][0],
        "summary": report["summary"],
        "samples": next(rule["samples"][0] for rule in report["rules"] if rule["samples"]),
    }
    for name, fields in PUBLISHED.items():
        assert set(fields.split()) <= set(parts[name]), name
    ids = sorted({rule.id for dataset in load_catalogue().datasets for rule in dataset.rules})
    assert (len(ids), hashlib.sha256("\n".join(ids).encode()).hexdigest()) == RULE_IDS


def test_promise_11_a_run_that_fails_leaves_no_partial_report(tmp_path: Path) -> None:
    path = write(tmp_path / "data.csv", [PERIOD] * 400_000)
    (tmp_path / "r.json").write_text("of last month")
    process = subprocess.Popen(
        [*COMMAND, "check", str(path), "--output", "r.json", "--output", "junit=r.xml"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
    )
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode in (0, 130), "0 if it was done by then"
    if process.returncode == 130:
        assert (tmp_path / "r.json").read_text() == "of last month"
        assert sorted(os.listdir(tmp_path)) == ["data.csv", "r.json"]
    path.write_bytes(path.read_bytes()[:-40] + b'"')
    with pytest.raises(InputError):
        validate(path)

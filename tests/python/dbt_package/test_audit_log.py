"""The audit log as a user's project keeps it: appended by dbt, judged by dbt and by the verifier."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest

from focus_validate.audit.log import COLUMNS, Entry
from focus_validate.audit.reader import read_log
from focus_validate.audit.verify import verify

from .conftest import Query, Render
from .dbt_server import Run
from .project import Project

pytestmark = pytest.mark.slow

LOG = "main_focus_ai_ledger.focus_ai__audit_log"
ENTRIES = [
    {
        "action": "close",
        "subject": "2026-08",
        "actor": "o'neil",
        "approved_by": "bo",
        "after": {"b": 1, "a": "x"},
    },
    {"action": "reopen", "subject": "2026-08 😀", "actor": "Zoë\\", "before": {"q": 'say "no" \\ \' é\n'}},
    {
        "action": "correction",
        "subject": "{{ x }}",
        "actor": "␀",
        "before": [],
        "after": {"n": None, "m": {"k": True}},
    },
]
OPERATION = """
{% macro append(batches) %}
    {% for entries in batches %}
        {% set sql = focus_ai.append_audit_entries(entries) %}
        {% if sql %}{% do run_query(sql) %}{% endif %}
    {% endfor %}
{% endmacro %}
"""
BUILD = ["build", "--select", "focus_ai__audit_log"]
UNUSABLE = [
    ({"action": "close", "subject": "2026-08"}, "an entry needs actor"),
    ({"action": "closed", "subject": "2026-08", "actor": "a"}, "unknown action 'closed'; allowed: override"),
]


def appending(*batches: list[dict[str, Any]]) -> list[str]:
    """Arguments of dbt that append batches of entries one after the other."""
    return ["run-operation", "append", "--args", json.dumps({"batches": batches}, ensure_ascii=False)]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, list[Run]]:
    project = Project(tmp_path_factory.mktemp("audit") / "project")
    macros = project.folder / "macros"
    macros.mkdir()
    (macros / "append.sql").write_text(OPERATION)
    commands = [
        BUILD,
        appending(ENTRIES, [], ENTRIES[:1]),
        [*BUILD, "--full-refresh"],
        *(appending([ENTRIES[0], entry]) for entry, _ in UNUSABLE),
    ]
    return project, project.dbt_each([(command, ["openai"]) for command in commands])


@pytest.fixture
def project(runs: tuple[Project, list[Run]]) -> Project:
    return runs[0]


def log(project: Project) -> list[Entry]:
    entries = read_log(str(project.folder / "raw.duckdb"))
    return sorted(entries, key=lambda entry: entry.number or 0)


def test_python_recomputes_what_the_warehouse_hashed(project: Project) -> None:
    assert verify(log(project)).intact
    assert [entry.number for entry in log(project)] == [1, 2, 3, 4]


def test_entries_hold_what_was_given(project: Project) -> None:
    expected = [
        (
            entry["action"],
            entry["actor"],
            entry.get("approved_by"),
            entry["subject"],
            *(
                json.dumps(entry[side], sort_keys=True) if side in entry else None
                for side in ("before", "after")
            ),
        )
        for entry in [*ENTRIES, ENTRIES[0]]
    ]
    assert [entry[2:-2] for entry in log(project)] == expected


def test_builds_and_a_full_refresh_succeed_and_leave_the_log_alone(runs: tuple[Project, list[Run]]) -> None:
    """The tests before show what the log holds after all of them."""
    assert [run.code for run in runs[1]] == [0, 0, 0, 1, 1], [run.output for run in runs[1]]


@pytest.mark.parametrize("number", range(len(UNUSABLE)))
def test_an_incomplete_entry_stops_the_run(runs: tuple[Project, list[Run]], number: int) -> None:
    assert UNUSABLE[number][1] in " ".join(runs[1][3 + number].output.split())


CHANGES = {
    "edited": f"update {LOG} set actor = 'mallory' where sequence_number = 2",
    "null": f"update {LOG} set entry_hash = null where sequence_number = 4",
    "deleted": f"delete from {LOG} where sequence_number = 2",
    "first": f"delete from {LOG} where sequence_number = 1",
    "copied": f"insert into {LOG} from {LOG} where sequence_number = 2",
    "swapped": f"update {LOG} set sequence_number = 5 - sequence_number where sequence_number in (2, 3)",
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_dbt_test_fails_on_every_change(project: Project, change: str) -> None:
    (test,) = (project.folder / "target" / "compiled").rglob("focus_ai_audit_chain_*.sql")
    with duckdb.connect(str(project.folder / "raw.duckdb")) as connection:
        assert connection.execute(test.read_text()).fetchall() == []
        connection.begin()
        connection.execute(CHANGES[change])
        assert connection.execute(test.read_text()).fetchall()
        connection.rollback()


def test_the_hash_of_the_macro_is_the_documented_one(render: Render, query: Query) -> None:
    """The same entry and hash as in the tests of the verifier."""
    sql = render("{{ focus_ai.audit_entry_hash('entry') }}")
    values = dict(
        zip(
            COLUMNS,
            ["1", "2026-10-05T08:00:00Z", "close", "ada", "bo", "2026-09", None, '{"é": "😀"}', "0" * 64],
            strict=False,
        )
    )
    columns = ", ".join(f"{'null' if v is None else repr(v)} as {name}" for name, v in values.items())
    ((found,),) = query(f"select {sql} from (select {columns}) as entry")
    assert found == "059a31452375be27639f417eba2ce387f16ac0df7b999617beb25a0252140308"


RECORDED = """
    (1, 'approval', 'r1', null, '{"by":"bo"}'),
    (2, 'price_change', 'p1', null, '1'),
    (3, 'price_change', 'p1', '1', '2'),
    (4, 'override', 'gone', null, 'x'),
    (5, 'override', 'gone before', null, 'y'),
    (6, 'override', 'gone before', 'y', null),
    (7, 'override', 'back', 'z', null),
    (8, 'close', '2026-08', null, '{}'),
    (9, 'approval', '2026-08 BillsComplete', null, '{"exception":"BillsComplete"}'),
    (10, 'approval', 'gone', null, '{"by":"cy"}')
"""
CHANGES_NOW = """
    ('approval', 'r1', 'bo', 'bo', timestamp '2026-08-01', null, '{"by":"bo"}'),
    ('price_change', 'p1', null, null, timestamp '2026-08-03', null, '3'),
    ('price_change', 'p2', 'dee', null, timestamp '2026-08-02', '3', '4'),
    ('override', 'back', 'ann', null, timestamp '2026-08-02', null, 'z'),
    ('correction', 'k', null, null, null, null, 'c')
"""


def test_what_the_log_lacks(render: Render, query: Query) -> None:
    """New, changed, withdrawn and come back; neither what it has nor what it no longer had."""
    sql = render("{{ focus_ai.unrecorded_changes('changes', 'audit_log', \"o'neil\") }}")
    rows = query(
        f"""with audit_log(sequence_number, action, subject, before, after) as (values {RECORDED}),
        changes(action, subject, actor, approved_by, occurred_at, state_before, state_after) as (
            values {CHANGES_NOW}
        )
        select * from ({sql}) order by entry_number"""
    )
    assert rows == [
        (1, "price_change", "dee", None, "p2", "3", "4"),
        (2, "override", "ann", None, "back", None, "z"),
        (3, "price_change", "o'neil", None, "p1", "2", "3"),
        (4, "override", "o'neil", None, "gone", "x", None),
        (5, "correction", "o'neil", None, "k", None, "c"),
        (6, "approval", "o'neil", None, "gone", '{"by":"cy"}', None),
    ]

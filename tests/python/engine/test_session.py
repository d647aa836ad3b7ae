"""Queries side by side: what they give, how they end, and the database that is opened ahead."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import msgspec
import pyarrow as pa
import pytest

from focus_validate import ahead
from focus_validate.engine import evaluate
from focus_validate.engine.readers.parquet import open_parquet
from focus_validate.engine.run import Run
from focus_validate.engine.session import MOST_WAYS, Session
from focus_validate.errors import InputError, MemoryLimitError
from focus_validate.options import Options

from .support import report, rule

FOREVER = "select count(*) from range(1000000000000) as a(x) where hash(x) = 1"


def opened_session(path: Path, threads: int) -> Session:
    duckdb.sql(f"copy (select 1 as a) to '{path}'")
    session = Session(Options(threads=threads))
    session.lock([path])
    session.table = open_parquet(path, path.name, session)
    return session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with opened_session(tmp_path / "a.parquet", 4) as session:
        yield session


def test_results_stand_in_the_order_of_the_works(session: Session) -> None:
    works = [lambda number=number: session.row(f"select {number}")[0] for number in range(3 * MOST_WAYS)]  # type: ignore[misc]
    assert session.together(*works) == list(range(3 * MOST_WAYS))


def test_works_may_work_together_themselves(session: Session) -> None:
    def inner() -> list[int]:
        return session.together(lambda: session.row("select 1")[0], lambda: session.row("select 2")[0])

    assert session.together(inner, inner) == [[1, 2], [1, 2]]


@pytest.mark.parametrize(("threads", "found"), [(1, 1), (2, 2), (8, MOST_WAYS)])
def test_works_are_side_by_side_on_so_many_threads(threads: int, found: int, tmp_path: Path) -> None:
    with opened_session(tmp_path / "a.parquet", threads) as session:
        waiting = threading.Barrier(found)

        def work() -> int:
            waiting.wait(timeout=20)
            return threading.get_ident()

        assert len(set(session.together(*[work] * found))) == found
        assert session.ways == found


def test_the_first_error_stops_the_other_queries(session: Session) -> None:
    def fail() -> None:
        time.sleep(0.2)
        raise InputError("what went wrong")

    begun = time.monotonic()
    with pytest.raises(InputError, match="what went wrong"):
        session.together(lambda: session.row(FOREVER), lambda: session.row(FOREVER), fail)
    assert time.monotonic() - begun < 20
    with pytest.raises(KeyboardInterrupt):
        session.row("select 1")


def test_an_error_of_another_thread_stops_this_one(session: Session) -> None:
    with pytest.raises(duckdb.ParserException):
        session.together(lambda: session.row(FOREVER), lambda: session.row("no SQL"))


def test_what_went_wrong_inside_is_told_though_all_others_were_stopped_before(session: Session) -> None:
    def fail() -> None:
        time.sleep(0.2)
        raise InputError("what went wrong")

    def stopped_late() -> None:
        with pytest.raises(KeyboardInterrupt):
            session.row(FOREVER)
        time.sleep(0.5)

    with pytest.raises(BaseException, match="what went wrong") as caught:
        session.together(
            lambda: session.row(FOREVER), lambda: session.together(fail, stopped_late, stopped_late)
        )
    assert isinstance(caught.value, InputError)


def test_every_thread_has_the_settings(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = ("timezone", "python_enable_replacements", "enable_external_access", "lock_configuration")
    query = "select " + ", ".join(f"current_setting('{name}')" for name in settings)
    found = session.together(*[lambda: session.row(query)] * MOST_WAYS)
    assert set(found) == {("UTC", False, False, True)}


def test_how_many_threads_work_changes_no_report(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = (
        "select 'AWS' as InvoiceIssuerName, if(i % 7 = 0, 'Us D', 'USD') as BillingCurrency,"
        " (i / 4)::decimal(12, 2) as BilledCost, if(i % 5 = 0, 'Nothing', 'Usage') as ChargeCategory,"
        " if(i % 11 = 0, '{\"a\":1,\"a\":2}', '{\"a\":' || i || '}') as Tags,"
        " if(i % 13 = 0, 'a per b', 'Hours') as PricingUnit, 'S' || (i % 17) as ServiceName,"
        " if(i = 24990, 'Web', 'Compute') as ServiceCategory,"
        " from range(25000) as r(i)"
    )
    duckdb.sql(f"copy ({rows}) to '{path}' (row_group_size 5000)")
    one, several = (
        msgspec.json.encode(evaluate(path, Options(dataset="CostAndUsage", threads=threads)))
        for threads in (1, 4)
    )
    assert b"money_at_stake" in one
    assert one == several


def test_a_database_opened_ahead_is_used_once() -> None:
    ahead.open_ahead()
    first, second = ahead.opened(), ahead.opened()
    first.execute("create table a as select 1")
    with pytest.raises(duckdb.CatalogException):
        second.execute("from a")


def test_a_failure_ahead_is_met_again_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(ahead, "_connected", fail)
        ahead.open_ahead()
        with pytest.raises(MemoryError):
            ahead.opened()
    assert ahead.opened().execute("select 1").fetchall() == [(1,)]


def test_what_every_row_breaks_is_shown_from_several_threads(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    duckdb.sql(f"copy (select 'x' as Name from range(3000)) to '{path}'")
    of_no_column = rule({"type": {"column": "Name", "is": "decimal"}}, "Nothing")
    found = report(path, of_no_column, threads=4).rule("R")
    assert (found.violations, [sample.row for sample in found.samples]) == (3000, [1, 2, 3, 4, 5])


def test_what_is_too_little_memory_for_several_threads_is_tried_again_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a table of thousands of columns each thread needs hundreds of megabytes."""
    path = tmp_path / "bill.csv"
    path.write_text("InvoiceIssuerName\nAcme\n")
    expected = report(path)
    execute, threads = Session.execute, []

    def fails(self: Session, sql: str, parameters: object = None) -> object:
        threads.append(self.threads)
        if self.threads > most:
            self._explain(duckdb.OutOfMemoryException("Out of Memory Error: 610.3 MiB/610.3 MiB used"))
        return execute(self, sql, parameters)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "execute", fails)
    most = 1
    assert report(path, threads=4) == expected
    assert sorted(set(threads)) == [1, 4]
    most = 0
    with pytest.raises(MemoryLimitError, match=r"640MB .* this input; raise --memory-limit$"):
        report(path, threads=4)
    table = pa.table({"InvoiceIssuerName": ["Acme"]})
    with pytest.raises(MemoryLimitError, match=r"raise --memory-limit or lower --threads$"):
        report(table, threads=4)


def test_a_breakdown_of_the_engine_is_tried_again_by_one_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bill.csv"
    path.write_text("InvoiceIssuerName\nAcme\n")
    expected = report(path)
    findings = Run.findings
    threads = []

    def breaks_down(self: Run, *arguments: object) -> object:
        threads.append(self._session.threads)
        if self._session.threads > 1:
            raise duckdb.InternalException("INTERNAL Error: a buffer is gone")
        return findings(self, *arguments)

    monkeypatch.setattr(Run, "findings", breaks_down)
    assert report(path, threads=4) == expected
    assert threads == [4, 1]
    monkeypatch.setattr(Run, "findings", lambda *_: (_ for _ in ()).throw(duckdb.InternalException("again")))
    with pytest.raises(duckdb.InternalException):
        report(path, threads=4)

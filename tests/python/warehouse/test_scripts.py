"""The scripts of all dialects parse, read the table once, and hold nothing that was not quoted."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from focus_validate.errors import UsageError
from focus_validate.warehouse.dialects import DIALECTS, portable

from .tables import DATASETS, script

HOSTILE = "x_\"`\\'; drop table focus; --"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("dataset", DATASETS)
def test_every_script_parses(dialect: str, dataset: str) -> None:
    for columns in (None, [*sorted(c.name for c in DATASETS[dataset].columns), "x_Team"]):
        parsed = sqlglot.parse(script(dialect, DATASETS[dataset], columns=columns), read=dialect)
        assert parsed
        assert all(isinstance(statement, exp.Select) for statement in parsed)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_rules_of_rows_share_one_scan(dialect: str) -> None:
    first = sqlglot.parse(script(dialect, DATASETS["CostAndUsage"]), read=dialect)[0]
    assert first is not None
    assert len(list(first.find_all(exp.Table))) == 1


@pytest.mark.parametrize("dialect", DIALECTS)
def test_hostile_names_stay_names(dialect: str) -> None:
    table = '"' + HOSTILE.replace('"', '""') + '"'
    columns = [*sorted(c.name for c in DATASETS["BillingPeriod"].columns), HOSTILE]
    parsed = sqlglot.parse(
        script(dialect, DATASETS["BillingPeriod"], table=f"db.{table}", columns=columns), read=dialect
    )
    assert all(isinstance(statement, exp.Select) for statement in parsed)
    tables = {found.name for statement in parsed if statement for found in statement.find_all(exp.Table)}
    names = {found.name for statement in parsed if statement for found in statement.find_all(exp.Column)}
    assert tables == {HOSTILE}
    assert HOSTILE in names


@pytest.mark.parametrize(
    ("dialect", "name", "written"),
    [
        ("snowflake", "db.schema.costs", '"DB"."SCHEMA"."COSTS"'),
        ("snowflake", 'db."my.Schema".costs', '"DB"."my.Schema"."COSTS"'),
        ("postgres", "Public.Costs", '"public"."costs"'),
        ("bigquery", "my-project.set.Costs", "`my-project`.`set`.`Costs`"),
        ("bigquery", "a`b", "`a\\`b`"),
        ("spark", "a`b.c", "`a``b`.`c`"),
        ("duckdb", '"say ""hi"""', '"say ""hi"""'),
    ],
)
def test_table_names_are_quoted(dialect: str, name: str, written: str) -> None:
    assert DIALECTS[dialect]().table(name) == written


@pytest.mark.parametrize("name", ["", ".", "a.", ".a", "a..b", 'a"b', '"a"b', '"a', "a\nb", '""', "a. .b"])
def test_what_is_no_table_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is no table name"):
        DIALECTS["duckdb"]().table(name)


@pytest.mark.parametrize(
    ("dialect", "written"),
    [
        ("duckdb", "'it''s \\d\f'"),
        ("postgres", "'it''s \\d\f'"),
        ("snowflake", "'it\\'s \\\\d\\f'"),
        ("bigquery", "'it\\'s \\\\d\\f'"),
        ("spark", "'it\\'s \\\\d\\u000c'"),
    ],
)
def test_literals_are_escaped(dialect: str, written: str) -> None:
    assert DIALECTS[dialect]().literal("it's \\d\f") == written


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        (r"\s+", "[ \t\n\f\r]+"),
        (r"(?:a|b)\.", "(a|b)[.]"),
        (r"a.b", "a[^\n]b"),
        (r"[^\s,]*", "[^ \t\n\f\r,]*"),
        (r"Other \(.*\)", "Other [(][^\n]*[)]"),
        (r"[A-Z]{3}", "[A-Z]{3}"),
        (r"\p{Lu}", None),
        (r"(?i)a", None),
        (r"^a$", None),
        (r"[a[b]", None),
        (r"a\\b", None),
    ],
)
def test_patterns_are_made_portable(pattern: str, written: str | None) -> None:
    assert portable(pattern) == written


def test_products_need_the_scale() -> None:
    text = " ".join(script("postgres", DATASETS["CostAndUsage"], scale=None).replace("\n--", "").split())
    assert "give it with --scale (" in text
    assert "'CAU-ListCost-C-011-C' as rule_id" not in text


@pytest.mark.parametrize(
    ("dialect", "written"),
    [
        ("duckdb", "regexp_full_match(c, 'a|b')"),
        ("snowflake", "regexp_like(c, '(a|b)')"),
        ("bigquery", "regexp_contains(c, '^(a|b)$')"),
        ("postgres", "c ~ '^(a|b)$'"),
        ("spark", "c rlike '^(a|b)\\\\z'"),
    ],
)
def test_patterns_speak_of_the_whole_text(dialect: str, written: str) -> None:
    assert DIALECTS[dialect]().matches("c", "a|b") == written

"""The distinct texts that Python must judge and the groups that rules count, found in one pass.

Each set of keys is one grouping set of one query. What SQL can see to be right (a flat JSON object without
repeated keys) is left out, so that usually few texts reach Python: row by row where most rows have a text of
their own, which spares the memory, and afterwards where few texts repeat, which spares the time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from decimal import Decimal, localcontext
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from focus_validate.engine.expressions import (
    TRUE,
    Exists,
    Expression,
    Judged,
    Leaf,
    Null,
    OneOf,
    conjunction,
    disjunction,
    negate,
)
from focus_validate.engine.grammars import FLAT_OBJECT
from focus_validate.engine.judges.document import elements, native_text, parse
from focus_validate.engine.judges.registry import FLAT_OBJECT_PASSES, Judge, Judges, refusals
from focus_validate.engine.layers import Answers, Layers, Lookup
from focus_validate.engine.plan import GroupMeasure
from focus_validate.engine.readers.table import Field
from focus_validate.engine.render import Leaves

if TYPE_CHECKING:
    from focus_validate.engine.session import Session

_SEEN = "seen"
_BATCH = 10_000
_SUM_MARGIN = Decimal("0.000001")
_SUM_DIGITS = 100
_HEAD = 20_000
_FEW_IN_HEAD = 2_000
_FEW_BROKEN = 32
_LISTED_LENGTH = 2_000


class KeySet(msgspec.Struct, frozen=True):
    """Columns whose distinct texts are wanted, among the rows where ``condition`` holds.

    ``unclear`` leaves out texts of the first column that are flat JSON objects. ``nulls`` says which keys
    may be null: none of them, all but the first, or any.
    """

    columns: tuple[str, ...]
    condition: Expression = TRUE
    unclear: bool = False
    nulls: Literal["none", "later", "any"] = "none"


class Distinct:
    """The result of the pass: one table with the distinct keys of every set."""

    def __init__(
        self, session: Session, writer: Leaves, relation: str, rows: int, sets: Iterable[KeySet]
    ) -> None:
        self._session = session
        self._writer = writer
        self._sets = list(dict.fromkeys(sets))
        self._varied = self._varied_sets(relation) if rows > _HEAD else frozenset()
        if self._sets:
            session.execute(f"create table {_SEEN} as {_query(writer, relation, self._sets, self._varied)}")

    def _varied_sets(self, relation: str) -> frozenset[KeySet]:
        """The sets of unclear texts in whose column few rows share a text, judged by the first rows."""
        asked = [keys for keys in self._sets if keys.unclear]
        if not asked:
            return frozenset()
        texts = [self._writer.text(keys.columns[0]) for keys in asked]
        counts = self._session.row(
            f"select {', '.join(f'approx_count_distinct({text})' for text in texts)}"
            f" from (select * from {relation} limit {_HEAD})"
        )
        return frozenset(keys for keys, found in zip(asked, counts, strict=True) if found > _FEW_IN_HEAD)

    def rows(self, keys: KeySet) -> str:
        """A FROM item with the distinct keys k0, k1, ... of one set and the number of rows ``n`` of each."""
        number = self._sets.index(keys)
        names = [f"k{position}" for position in range(len(keys.columns))]
        required = {"none": names, "later": names[:1], "any": []}[keys.nulls]
        wanted = "".join(f" and {name} is not null" for name in required)
        if keys.unclear and keys not in self._varied:
            wanted += f" and {_unclear(self._writer, names[0])}"
        return f"(select {', '.join(names)}, n from {_SEEN} where g = {number}{wanted})"

    def stream(self, keys: KeySet) -> Iterator[tuple[Any, ...]]:
        """The keys and row counts of one set, a batch at a time."""
        reader = self._session.cursor()
        result = reader.execute(f"select * from {self.rows(keys)}")
        while batch := result.fetchmany(_BATCH):
            yield from batch
        reader.close()


def _query(writer: Leaves, relation: str, sets: Sequence[KeySet], varied: Container[KeySet]) -> str:
    layers = Layers(writer, Answers())
    select, groups, firsts = [], [], []
    for number, keys in enumerate(sets):
        names = [f"s{number}_{position}" for position in range(len(keys.columns))]
        mask = _mask(writer, layers, keys, keys in varied)
        for name, column in zip(names, keys.columns, strict=True):
            text = writer.text(column)
            select.append(f"case when {mask} then {text} end as {name}" if mask else f"{text} as {name}")
        groups.append(f"({', '.join(names)})")
        firsts.append(names[0])
    width = max(len(keys.columns) for keys in sets)
    unified = [
        f"coalesce({', '.join(names)}) as k{position}" if len(names) > 1 else f"{names[0]} as k{position}"
        for position in range(width)
        for names in [
            [f"s{number}_{position}" for number, keys in enumerate(sets) if position < len(keys.columns)]
        ]
    ]
    numbers = " ".join(f"when grouping({first}) = 0 then {index}" for index, first in enumerate(firsts))
    return (
        f"select case {numbers} end as g, {', '.join(unified)}, count(*) as n"
        f" from (select {', '.join(select)} from {layers.source(relation)})"
        f" group by grouping sets ({', '.join(groups)})"
    )


def _mask(writer: Leaves, layers: Layers, keys: KeySet, varied: bool) -> str:
    """SQL for the rows that a set is about; empty if that is all of them."""
    tests = [keys.condition]
    if keys.nulls == "none" and len(keys.columns) > 1:
        tests += [negate(Null(column)) for column in keys.columns]
    condition = conjunction(tests)
    written = [] if condition == TRUE else [layers.sql(condition)]
    if varied:
        written.append(_unclear(writer, writer.text(keys.columns[0])))
    return " and ".join(written)


def _unclear(writer: Leaves, text: str) -> str:
    """SQL that is false for null and for flat JSON objects without repeated keys."""
    flat = writer.dialect.full_match(text, FLAT_OBJECT)
    names = f"try(json_keys({text}))"
    return (
        f"not coalesce(case when {flat} then len(list_distinct({names})) = len({names}) end, {text} is null)"
    )


class Judging:
    """The leaves that Python decides: which keys they need, and the answers."""

    def __init__(self, wanted: Iterable[Leaf], judges: Judges) -> None:
        self._judged: dict[tuple[str, ...], dict[Judged, None]] = {}
        self._exists: dict[Exists, None] = {}
        self._judges = judges
        for leaf in wanted:
            if isinstance(leaf, Judged):
                self._judged.setdefault(leaf.columns, {})[leaf] = None
            elif isinstance(leaf, Exists):
                self._exists[leaf] = None

    def key_sets(self) -> list[KeySet]:
        """The key sets to find."""
        sets = [self._key_set(columns) for columns in self._judged]
        for leaf in self._exists:
            sets += [KeySet((leaf.column,)), KeySet((leaf.where,))]
        return sets

    def _key_set(self, columns: tuple[str, ...]) -> KeySet:
        tests = {leaf.test for leaf in self._judged[columns]}
        return KeySet(
            columns, unclear=tests <= FLAT_OBJECT_PASSES, nulls="any" if "choices" in tests else "none"
        )

    def answer(self, answers: Answers, session: Session, writer: Leaves, distinct: Distinct) -> None:
        """Judge every distinct key, store those that break something and tell ``answers``."""
        for number, (columns, wanted) in enumerate(self._judged.items()):
            lookup = Lookup(f"judged_{number}", tuple(writer.text(column) for column in columns))
            judges = [self._judges.judge(leaf) for leaf in wanted]
            readers = [judged_text(writer.fields[column]) for column in columns]
            rows = _broken(judges, distinct.stream(self._key_set(columns)), readers)
            first = list(islice(rows, _FEW_BROKEN + 1))
            if _can_be_listed(first):
                answers.listed.update(_listed(columns, wanted, first))
                continue
            broken, answers.stored[lookup] = store(session, lookup, len(columns), chain(first, rows))
            for bit, leaf in enumerate(wanted):
                if broken & 1 << bit:
                    answers.broken[leaf] = lookup, bit
        for number, exists in enumerate(self._exists):
            lookup = Lookup(f"unknown_{number}", (writer.text(exists.column),))
            values, known = (distinct.rows(KeySet((column,))) for column in (exists.column, exists.where))
            session.execute(
                f"create table {lookup.table} as select k0, 1::bigint as bits from {values} as v"
                f" anti join {known} as w using (k0)"
            )
            answers.broken[exists] = lookup, 0


def judged_text(field: Field) -> Callable[[str | None], str | None]:
    """From the text of a cell as SQL writes it to the text that is judged."""
    if field.kind != "object":
        return _as_written
    is_struct = field.type.startswith("struct")
    return lambda text: text if text is None else native_text(text, is_struct)


def _as_written(text: str | None) -> str | None:
    return text


def _broken(
    judges: Sequence[Judge],
    rows: Iterable[tuple[Any, ...]],
    readers: Sequence[Callable[[str | None], str | None]],
) -> Iterator[tuple[Any, ...]]:
    """The keys that some judge refuses, with one bit for each that does."""
    refused = refusals(judges)
    as_written = all(read is _as_written for read in readers)
    for *keys, _ in rows:
        texts = keys if as_written else [read(key) for read, key in zip(readers, keys, strict=True)]
        bits = refused(tuple(texts))
        if bits:
            yield (*keys, bits)


def _can_be_listed(rows: Sequence[tuple[Any, ...]]) -> bool:
    """Whether broken texts are so few and short that a query may name them."""
    texts = [key for *keys, _ in rows for key in keys if key is not None]
    short = sum(map(len, texts)) <= _LISTED_LENGTH and not any("\0" in text for text in texts)
    return len(rows) <= _FEW_BROKEN and short


def _listed(
    columns: tuple[str, ...], wanted: Iterable[Judged], rows: Sequence[tuple[Any, ...]]
) -> Iterator[tuple[Judged, Expression]]:
    """Each leaf that some of the broken keys break, and the expression "the row has none of them"."""
    for bit, leaf in enumerate(wanted):
        broken = [keys for *keys, bits in rows if bits & 1 << bit]
        if len(columns) == 1 and broken:
            texts = tuple(key for (key,) in broken if key is not None)
            found = [OneOf(columns[0], texts)] if texts else []
            nulls = [Null(columns[0])] if len(texts) < len(broken) else []
            yield leaf, negate(disjunction([*found, *nulls]))
        elif broken:
            yield leaf, negate(disjunction(_has_keys(columns, keys) for keys in broken))


def _has_keys(columns: tuple[str, ...], keys: Sequence[str | None]) -> Expression:
    return conjunction(
        Null(column) if key is None else OneOf(column, (key,))
        for column, key in zip(columns, keys, strict=True)
    )


def store(session: Session, lookup: Lookup, width: int, rows: Iterable[tuple[Any, ...]]) -> tuple[int, int]:
    """Write judged keys and their bits into the lookup's table; the bits that occur, and the rows written."""
    names = [f"k{position}" for position in range(width)]
    session.execute(
        f"create table {lookup.table} ({', '.join(f'{name} varchar' for name in names)}, bits bigint)"
    )
    values = ", ".join(["unnest($1::varchar[])"] + [f"unnest(${n}::varchar[])" for n in range(2, width + 1)])
    insert = f"insert into {lookup.table} select {values}, unnest(${width + 1}::bigint[])"
    seen = stored = 0
    batch: list[tuple[Any, ...]] = []
    for row in rows:
        seen |= row[-1]
        stored += 1
        batch.append(row)
        if len(batch) == _BATCH:
            session.execute(insert, [list(column) for column in zip(*batch, strict=True)])
            batch.clear()
    if batch:
        session.execute(insert, [list(column) for column in zip(*batch, strict=True)])
    return seen, stored


def group_keys(measure: GroupMeasure) -> KeySet:
    """The key set that a group measure is counted on."""
    if measure.kind == "distinct_count":
        return KeySet((*measure.keys, measure.of), measure.condition, nulls="later")
    if measure.kind == "no_duplicates":
        return KeySet(measure.keys, measure.condition)
    return KeySet((measure.of, *measure.keys), measure.condition, nulls="later")


class Groups(msgspec.Struct, frozen=True):
    """How many groups violate a measure and how many there are; ``source`` is a FROM item with their keys."""

    wrong: int
    checked: int
    source: str


def group_counts(
    session: Session, distinct: Distinct, measures: Sequence[GroupMeasure]
) -> dict[GroupMeasure, Groups]:
    """The groups of the measures that SQL counts, all in one query."""
    if not measures:
        return {}
    queries = [_counted(distinct, measure) for measure in measures]
    found = session.row(f"select * from {', '.join(f'({query}) as g{n}' for n, query in enumerate(queries))}")
    return {
        measure: Groups(int(wrong), int(checked), _wrong_groups(distinct, measure))
        for measure, wrong, checked in zip(measures, found[::2], found[1::2], strict=True)
    }


def _counted(distinct: Distinct, measure: GroupMeasure) -> str:
    """SQL for the violating groups and all groups."""
    rows = distinct.rows(group_keys(measure))
    if measure.kind == "no_duplicates":
        return f"select count(*) filter (where n > 1), count(*) from {rows}"
    partners = f"select count(k1) as partners from {rows} group by k0"
    wrong = f"partners not in (0, {int(measure.count)})"
    return f"select count(*) filter (where {wrong}), count(*) from ({partners})"


def ratio_groups(
    distinct: Distinct, measure: GroupMeasure, is_valid: Judge, field: Field
) -> tuple[list[tuple[str | None, ...]], int]:
    """The groups whose ratios do not add up to 1, and the number of all groups.

    Rows whose JSON is not valid stay out; nulls in the keys of a group are equal.
    """
    array, key = measure.path
    read = judged_text(field)
    sums: dict[tuple[str | None, ...], Decimal] = {}
    with localcontext() as context:
        context.prec = _SUM_DIGITS
        for cell, *group, count in distinct.stream(group_keys(measure)):
            text = read(cell) or ""
            document = parse(text)
            if document is not None and is_valid((text,)):
                ratio = sum((each[key] for each in elements(document, array)), Decimal(0))
                sums[tuple(group)] = sums.get(tuple(group), Decimal(0)) + count * ratio
        wrong = [group for group, total in sums.items() if abs(total - 1) > _SUM_MARGIN]
    return wrong, len(sums)


def _wrong_groups(distinct: Distinct, measure: GroupMeasure) -> str:
    """A FROM item with the keys of the groups that violate a measure counted in SQL."""
    rows = distinct.rows(group_keys(measure))
    if measure.kind == "no_duplicates":
        return f"(select * exclude (n) from {rows} where n > 1)"
    return f"(select k0 from {rows} group by k0 having count(k1) not in (0, {int(measure.count)}))"


def store_groups(session: Session, groups: Sequence[tuple[str | None, ...]]) -> str:
    """A table with the keys of groups."""
    lookup = Lookup("wrong_groups", ())
    store(session, lookup, len(groups[0]), ((*group, 1) for group in groups))
    return lookup.table


def group_text(keys: Sequence[str | None]) -> str | None:
    """A group as a sample shows it: its text, or a JSON array of texts."""
    return keys[0] if len(keys) == 1 else json.dumps(list(keys), ensure_ascii=False)

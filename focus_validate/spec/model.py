"""The shape of the rule catalogue: datasets, columns, rules and checks.

A ``Check`` is a mapping with exactly one key, so that a rule reads as a sentence in YAML:

=====================  ==========================================  ==================================
key                    argument                                    holds when
=====================  ==========================================  ==================================
``column_present``     column                                      the table has the column
``is_null``            column                                      the cell is null
``not_null``           column                                      the cell is not null
``equals``             {column, value}                             the cell is this text or number
``not_equals``         {column, value}                             it is not (true on null)
``one_of``             {column, values}                            the cell is one of the values
``minimum``            {column, value, exclusive?}                 number >= value (> if exclusive)
``maximum``            {column, value, exclusive?}                 number <= value (< if exclusive)
``type``               {column, is}                                the carrier's type fits
``format``             {column, as}                                the text follows the grammar
``matches``            {column, pattern}                           the whole text matches (RE2)
``same``, ``differs``  [column, column]                            the two are (not) equal by value
``compare``            {left, operator, right}                     left <operator> right
``product``            {factors: [a, b], equals: c}                a * b = c within the tolerance
``distinct_count``     {for_each, of, count}                       each value has so many partners
``no_duplicates``      column or [columns]                         no value occurs twice
``json_schema``        {column, schema}                            the JSON fits schemas/<schema>.json
``all``, ``any``       [checks]                                    every / at least one holds
``not``                check                                       the check does not hold
``special``            {name, ...}                                 a named check of the engine
=====================  ==========================================  ==================================

``type.is``: string, decimal, datetime, json, json_or_string.
``format.as``: string, numeric, datetime, currency, national_currency, unit, key_value, json_object.

The ``special`` checks and their parameters are listed in ``SPECIALS`` of ``focus_validate.spec.checks``.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Check = dict[str, Any]
Decision = Literal["data", "bundle", "metadata", "attest"]
Keyword = Literal["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY"]
Level = Literal["fail", "warn", "none"]


class Rule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One official rule, as this package decides it.

    ``when`` is the rule's own condition; ``conditions`` are those of the composites above it, so that
    the effective condition is all of them together. Rows for which ``unless`` holds pass; an ``unless``
    that mentions an absent column is not in force.

    ``level`` is what a violation means: it fails, it warns, or (``none``) nothing does. ``warn_flags``:
    where all of them are declared a violation only warns; with ``warn_columns`` only one in those columns.

    ``flags`` are the applicability flags that decide whether this rule applies: its own, and for a
    presence rule also those of the composites above it. All must be declared; an entry ``A|B`` asks for
    one of the two.

    ``children`` are the rules that a composite ANDs; ``parents`` the composites that the rule belongs to.
    ``ruling`` says, where this package departs from the official machine check, what that check says and
    what is done instead.
    """

    id: str
    dataset: str
    column: str
    keyword: Keyword
    function: str
    decision: Decision
    level: Level
    summary: str
    message: str
    check: Check | None = None
    when: Check | None = None
    unless: Check | None = None
    conditions: tuple[Check, ...] = ()
    flags: tuple[str, ...] = ()
    warn_flags: tuple[str, ...] = ()
    warn_columns: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    ruling: str | None = None
    id_guess: bool = False

    @property
    def is_composite(self) -> bool:
        """Whether the verdict comes from other rules."""
        return bool(self.children)


class Property(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A key that FOCUS defines inside a key-value column; ``type`` is Numeric or String."""

    type: Literal["Numeric", "String"]
    unit: str | None = None
    summary: str | None = None
    examples: tuple[str, ...] = ()


class Column(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One FOCUS column: the facts of the data model.

    ``condition`` says when a Conditional or Recommended column is due. ``numeric_range`` is inclusive.
    ``schema`` names the JSON schema of an object column, ``defined_properties`` the FOCUS-defined keys of
    a key-value column.
    """

    name: str
    dataset: str
    data_type: str
    value_format: str
    feature_level: str
    allows_nulls: bool
    introduced: str
    summary: str
    condition: str | None = None
    allowed_values: tuple[str, ...] | None = None
    numeric_range: tuple[float, float] | None = None
    schema: str | None = None
    defined_properties: dict[str, Property] | None = None


class Dataset(msgspec.Struct, frozen=True, kw_only=True):
    """One FOCUS dataset: its columns in alphabetical order and its rules in catalogue order.

    Catalogue order: dataset rules, column rules by column, attribute rules by attribute. The attribute
    rules (``ATT-...``) that apply stand in every dataset, with the columns that they judge there.
    """

    id: str
    name: str
    summary: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """A capability that a user can declare with ``--supports``; ``official`` ones are in ``ALL``."""

    name: str
    official: bool
    summary: str


class Currency(msgspec.Struct, frozen=True, kw_only=True):
    """An ISO 4217 code: how many decimals its smallest unit has, and whether it is a national currency."""

    code: str
    minor_units: int
    national: bool


class Units(msgspec.Struct, frozen=True, kw_only=True):
    """The vocabulary of UnitFormat.

    ``data_size`` maps an abbreviation to bits or bytes per unit as [base, exponent, kind]; ``time`` and
    ``count`` map the singular to the plural; ``spellings`` maps a lower-case word that means a listed
    unit to that unit (the listed spelling included); ``larger`` are lower-case words for data sizes beyond
    the list.
    """

    data_size: dict[str, tuple[int, int, Literal["bit", "byte"]]]
    time: dict[str, str]
    count: dict[str, str]
    spellings: dict[str, str]
    larger: tuple[str, ...]


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """Everything this package knows of one FOCUS version."""

    focus_version: str
    flags: tuple[Flag, ...]
    datasets: tuple[Dataset, ...]
    currencies: tuple[Currency, ...]
    units: Units
    schemas: dict[str, Any]

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
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Check = dict[str, Any]
Decision = Literal["data", "bundle", "metadata", "attest"]
Keyword = Literal["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY"]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One official rule, as this package decides it.

    ``when`` is the rule's own condition; ``conditions`` are those of the composites above it, so that
    the effective condition is all of them together. ``flags`` are the applicability flags of the rule
    itself. ``children`` are the rules that a composite ANDs; ``parents`` the composites that call it.
    ``ruling`` says, where this package departs from the official machine check, what it does and why.
    """

    id: str
    dataset: str
    column: str
    keyword: Keyword
    function: str
    decision: Decision
    summary: str
    message: str
    check: Check | None = None
    when: Check | None = None
    conditions: tuple[Check, ...] = ()
    flags: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    ruling: str | None = None
    id_guess: bool = False

    @property
    def is_composite(self) -> bool:
        """Whether the verdict comes from other rules."""
        return self.function == "Composite"


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One FOCUS column: the facts of the data model, and the property names of a key-value column."""

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
    defined_properties: dict[str, str] | None = None


class Dataset(msgspec.Struct, frozen=True, kw_only=True):
    """One FOCUS dataset: its columns in alphabetical order and its rules in catalogue order."""

    id: str
    name: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """Everything this package knows of one FOCUS version."""

    focus_version: str
    flags: tuple[str, ...]
    datasets: tuple[Dataset, ...]
    currencies: tuple[str, ...]
    schemas: dict[str, Any]

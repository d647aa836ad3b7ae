"""Grammars of cell texts as regular expressions that RE2 and Python read alike.

Sources: NumericFormat and DateTimeFormat of FOCUS 1.4; ECMA 404 for JSON. Each one describes the whole text.
"""

from __future__ import annotations

NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:E-?[0-9]+)?"
"""NumericFormat: one integer, decimal or number in E notation, with no plus sign anywhere."""

SHORT_NUMBER = r"-?[0-9]{1,19}(?:\.[0-9]{1,18})?"
"""Numbers that DECIMAL(38, 18) holds without loss."""

SUMMABLE = r"-?[0-9]{1,12}(?:\.[0-9]{1,18})?"
"""Numbers that DECIMAL(38, 18) holds, and whose sum over 10^8 rows it holds too."""

_YEAR = r"(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"
_LEAP_YEAR = (
    r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"  # 0000 is no year
)
_DAY = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
MOMENT = rf"(?:{_YEAR}-{_DAY}|{_LEAP_YEAR}-02-29)T{_TIME}Z"
"""DateTimeFormat: YYYY-MM-DDTHH:mm:ssZ with a date of the Gregorian calendar from year 1 on."""

_BLANK = r"[ \t\n\r]*"
_PLAIN_KEY = r'"[^"\\\x00-\x1f]*"'
_STRING = r'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u(?:[0-9a-cA-CeEfF][0-9a-fA-F]|[dD][0-7])[0-9a-fA-F]{2})*"'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_PAIR = rf"{_BLANK}{_PLAIN_KEY}{_BLANK}:{_BLANK}(?:{_STRING}|{_NUMBER}|true|false|null){_BLANK}"
FLAT_OBJECT = rf"{_BLANK}\{{(?:{_BLANK}|{_PAIR}(?:,{_PAIR})*)\}}{_BLANK}"
"""A JSON object without nested values and without escapes in its keys."""

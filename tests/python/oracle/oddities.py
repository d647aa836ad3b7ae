"""Further bad and odd values, as lines: what separates them from good ones is a character or its place."""

from __future__ import annotations


def _lines(text: str) -> tuple[str, ...]:
    """One value a line; escapes of Python, so that no odd character stands in this file unseen."""
    return tuple(line.strip().encode().decode("unicode_escape") for line in text.strip().splitlines())


NUMBERS = (
    *_lines(
        r"""
        +0
        -0.0
        0E0
        -0E5
        1E05
        1E-05
        1E-0
        00.50
        1E+0
        1e
        1.E5
        E
        +
        .
        -.5
        INF
        Infinity
        +inf
        -nan
        NaN(1)
        \u221e
        0b1
        0o7
        1__0
        1'000
        1 000
        1\u00a0000
        1,5
        \u0661\u0662\u0663
        \u00bd
        1%
        10\u2030
        1.5 \u20ac
        USD1
        1L
        1.5f
        1d
        TRUE
        1E1E1
        1.5.
        1..5
        \ufeff1
        1E2147483648
        1E-2147483649
        0E999999999999999999
        1E9223372036854775808
        9007199254740993
        18446744073709551616
        0.1E1
        1.0E0
        100E-2
        1\u200b
        1\r
        1\x7f
        """
    ),
    "1" * 400,
    "0." + "0" * 400 + "1",
)
DATES = (
    *_lines(
        r"""
        2026-03-29T02:30:00Z
        2026-10-25T02:30:00+02:00
        2026-01-01T00:00:00-00:00
        2026-01-01T00:00:00+0000
        2026-01-01T00:00:00 UTC
        2026-01-01T00:00:00ZZ
        2026-01-01T00:00:00Z+00:00
        2100-02-29T00:00:00Z
        2400-02-29T00:00:00Z
        1582-10-10T00:00:00Z
        2026-00-01T00:00:00Z
        2026-01-00T00:00:00Z
        2026-01-32T00:00:00Z
        2026-06-31T00:00:00Z
        2026-01-01T23:59:61Z
        +2026-01-01T00:00:00Z
        +002026-01-01T00:00:00Z
        2026/01/01T00:00:00Z
        01/02/2026
        T00:00:00Z
        2026-01-01T00:00:00,000Z
        2026-01-01T00.00.00Z
        2026-01-01T000000Z
        20260101T00:00:00Z
        epoch
        -infinity
        today
        NaT
        1767225600000000
        46023
        294247-01-10T04:00:54Z
        2026-01-01\uff3400:00:00Z
        2026\u201101\u201101T00:00:00Z
        2026-01-01\u00a000:00:00Z
        2026-01-01T00:00:00\u005a\u200b
        \u0662026-01-01T00:00:00Z
        """
    ),
    *(f"2026-01-01T00:00:00.{'123456789'[:digits]}Z" for digits in range(1, 10)),
)
TEXTS = (
    "\r",
    "\r\n",
    "\v",
    "\f",
    "\u2003 \u2009",
    " n/a",
    "N/A ",
    "Usage\n",
    *_lines(
        r"""
        \u2028
        \u3000
        a\rb
        \uff2e\uff0f\uff21
        NONE
        n\u0131l
        \u212aelvin
        \x85
        \x1f
        \x7f
        \u200f
        \u2066x\u2069
        Usage\u200b
        \uff35sage
        usage\u00a0
        USAGE
        \ufb01
        =cmd|' /C calc'!A0
        +1
        -1
        @x
        %s
        {}
        []
        null\n
        \\N
        \\
        "
        ''
        `
        $1
        \\1
        ?
        %
        \xdf
        \u1e9e
        \u017f
        \U0010ffff
        \ue000
        \ufffe
        \U000e0041
        Refund
        One Time
        one-time
        On-Demand
        Dynamic
        Open
        closed
        """
    ),
    "e\u0301" * 40,
    "\u0130" * 20,
    "x" * 20_000,
)
JSON = (
    *_lines(
        r"""
        {"a": -0}
        {"a": 1E5}
        {"a": 1.}
        {"a": -}
        {"a": 0x1}
        {"a": Infinity}
        {"a": -NaN}
        {"a": tru}
        {"a": "\\u0000"}
        {"\\u0000": 1}
        {"a":1}\n
        \t{"a":1}\r\n
        \x0b{"a":1}
        {"a" 1}
        {"a":1 "b":2}
        {,}
        {"a":1,,"b":2}
        {"a":[1,]}
        {"a":"b\nc"}
        {"a":"\\u12"}
        {"a":"\\/"}
        {"a":"\x7f"}
        {"\\ud83d": 1}
        {"a": "\\udc00\\ud800"}
        {"\xe9": 1, "e\u0301": 1}
        {"\xe9": 1, "\\u00e9": 1}
        {"a": 1} {"b": 2}
        {"a": 12345678901234567890123}
        {"a": 1.0000000000000000000001}
        {"a": 1e-999999999999}
        {{{}}}
        {"l": [1, "1", true, null]}
        {"l": [{"a": 1}, [1]]}
        {"l": [{"a": [1, 2]}, {"a": [2, 1]}]}
        {"l": [{"a": 1}, {"a": 1e0}]}
        {"l": [{"a": 0}, {"a": -0}]}
        {"l": [{"a": "1"}, {"a": 1}]}
        {"l": [{"a": true}, {"a": 1}]}
        {"l": [{}, {}]}
        {"l": [null, null]}
        """
    ),
    "{" + ",".join(f'"k{n}": {n}' for n in range(300)) + "}",
)

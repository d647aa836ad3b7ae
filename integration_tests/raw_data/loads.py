"""When a bucket was pulled, and what the pull saw: late, restated, and one that came back empty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .clock import DAY, HOUR, PULLED_AFTER, at
from .company import ANTHROPIC, OPENAI, Company
from .prices import GPT5, GPT5_MINI
from .rng import Rng
from .traffic import Buckets, Cell, Counts


class Load(NamedTuple):
    """One pull of one bucket of an account."""

    provider: str
    account: str
    start: int
    width: int
    loaded_at: int
    cells: dict[Cell, Counts]
    number: int  # 1 for the first pull of the bucket


# Pulled again, because the provider had restated the day: (provider, day) -> when.
RESTATED = {
    (OPENAI, at(2026, 8, 14)): at(2026, 8, 18, 6, 15),
    (OPENAI, at(2026, 9, 22)): at(2026, 10, 8, 6, 15),  # after the close of September
    (ANTHROPIC, at(2026, 8, 12)): at(2026, 9, 9, 6, 15),  # after the close of August
    (ANTHROPIC, at(2026, 9, 11)): at(2026, 9, 13, 6, 15),
}
# Came late, but before the close.
LATE = {
    (OPENAI, at(2026, 9, 30)): at(2026, 10, 3, 6, 15),
    (ANTHROPIC, at(2026, 8, 31)): at(2026, 9, 2, 6, 15),
}
# A Sunday on which the EUR organisation seemed to work, until the bucket was pulled again and was empty.
GHOST_DAY = at(2026, 9, 13)
GHOST_GONE_AT = at(2026, 9, 16, 6, 15)


def loads(company: Company, buckets: Buckets) -> Iterator[Load]:
    """Every pull of every bucket, by bucket and then by time. A bucket's last pull holds what is true."""
    everything = dict(buckets)
    ghosts = {(OPENAI, company.emea, GHOST_DAY + h * HOUR, HOUR): h for h in (10, 11)}
    for key in ghosts:
        everything[key] = {}
    for (provider, account, start, width), cells in sorted(everything.items()):
        day = start // DAY * DAY
        restated_at = RESTATED.get((provider, day))
        loaded_at = LATE.get((provider, day), day + PULLED_AFTER)
        bucket = (provider, account, start, width)
        if bucket in ghosts:
            yield Load(*bucket, loaded_at, _ghost(company, ghosts[bucket]), 1)
            yield Load(*bucket, GHOST_GONE_AT, {}, 2)
        elif restated_at and account != company.emea:
            yield Load(*bucket, loaded_at, _first_version(company, start, cells), 1)
            yield Load(*bucket, restated_at, cells, 2)
        else:
            yield Load(*bucket, loaded_at, cells, 1)


def _ghost(company: Company, hour: int) -> dict[Cell, Counts]:
    project, key = company.id("proj_emea_c20"), company.id("key_c20_prod")
    return {
        Cell(project, key, None, GPT5, "standard"): Counts(2_400_000 + hour, 5_100_000, 0, 0, 410_000, 480)
    }


def _first_version(company: Company, day: int, cells: dict[Cell, Counts]) -> dict[Cell, Counts]:
    """What the first pull saw: some cells too small, one not there yet, and one that vanished later."""
    rng = Rng("restated", company.replica, day)
    ordered = sorted(cells.items(), key=lambda item: [str(part) for part in item[0]])
    missing = rng.pick(ordered)[0]._replace(principal=None)
    seen = {}
    for cell, counts in ordered:
        if cell._replace(principal=None) == missing:
            continue
        lag = rng.pick((1000, 1000, 970, 940))
        seen[cell] = Counts(*(count * lag // 1000 for count in counts))
    claude = any(cell.model.startswith("claude") for cell in cells)
    if claude:
        orphan = Cell(
            company.id("wrkspc_eval"), company.id("apikey_eval"), "svac_eval_z", ordered[0][0].model, "batch"
        )
    else:
        orphan = Cell(company.id("proj_sandbox"), company.id("key_sandbox"), None, GPT5_MINI, "batch")
    seen[orphan] = Counts(310_000, 0, 0, 0, 52_000, 90)
    return seen

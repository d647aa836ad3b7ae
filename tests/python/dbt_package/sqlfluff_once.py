"""The sqlfluff command, but a file's depth map is made once instead of once for each of four layout rules.

That map is half of the work. It depends on the parsed file alone, which linting leaves as it is.
"""

from __future__ import annotations

from sqlfluff.cli.commands import cli
from sqlfluff.utils.reflow.depthmap import DepthMap

_make = DepthMap.from_parent.__func__
_latest: tuple[object, DepthMap] | None = None


def _from_parent(cls: type[DepthMap], parent: object) -> DepthMap:
    global _latest
    if _latest is None or _latest[0] is not parent:
        _latest = parent, _make(cls, parent)
    return _latest[1]


DepthMap.from_parent = classmethod(_from_parent)

if __name__ == "__main__":
    cli()

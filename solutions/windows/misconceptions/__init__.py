"""Wrong answers that students of lesson 09 give, each with the hint that leads out; and right ones that look wrong.

Every variant must fail and be named as itself; every accepted one must pass.
"""

from __future__ import annotations

from solutions.windows.misconceptions import (
    axial,
    block,
    block_parts,
    cutting,
    figure,
    indexes,
    joining,
    local,
    merging,
    pairs,
    seams,
)

MISCONCEPTIONS = [
    *local.KNOWN,
    *axial.KNOWN,
    *cutting.KNOWN,
    *joining.KNOWN,
    *pairs.KNOWN,
    *seams.KNOWN,
    *indexes.KNOWN,
    *block.KNOWN,
    *block_parts.KNOWN,
    *merging.KNOWN,
    *figure.KNOWN,
]

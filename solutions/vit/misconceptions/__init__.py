"""Wrong answers that students of lesson 04 give, each with the hint that leads out; and right ones that look wrong.

Every variant must fail and be named as itself; every accepted one must pass.
"""

from __future__ import annotations

from solutions.vit.misconceptions import block, block_parts, figure, mlp, model, model_parts, norm, numbers

MISCONCEPTIONS = [
    *norm.KNOWN,
    *mlp.KNOWN,
    *block.KNOWN,
    *block_parts.KNOWN,
    *model.KNOWN,
    *model_parts.KNOWN,
    *numbers.COUNT,
    *numbers.RATE,
    *figure.KNOWN,
]

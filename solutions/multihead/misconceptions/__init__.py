"""Wrong answers that students of lesson 02 give, each with the hint that leads out; and right ones that look wrong.

Every variant must fail and be named as itself; every accepted one must pass.
"""

from __future__ import annotations

from solutions.multihead.misconceptions import cost, figure, gap, heads, layer, layer_flow, layer_weights

MISCONCEPTIONS = [
    *heads.SPLIT,
    *heads.MERGE,
    *layer.KNOWN,
    *layer_flow.KNOWN,
    *layer_weights.KNOWN,
    *gap.KNOWN,
    *cost.KNOWN,
    *figure.KNOWN,
]

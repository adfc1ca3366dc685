"""Wrong answers that students of lesson 05 give, each with the hint that leads out; and right ones that look wrong.

Every variant must fail and be named as itself; every accepted one must pass.
"""

from __future__ import annotations

from solutions.captioning.misconceptions import (
    block,
    block_parts,
    captions,
    figure,
    greedy,
    loss,
    masks,
    model,
    model_parts,
)

MISCONCEPTIONS = [
    *masks.CAUSAL,
    *masks.PADDING,
    *block.KNOWN,
    *block_parts.KNOWN,
    *captions.KNOWN,
    *loss.KNOWN,
    *model.KNOWN,
    *model_parts.KNOWN,
    *greedy.KNOWN,
    *figure.KNOWN,
]

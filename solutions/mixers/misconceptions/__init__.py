"""Wrong answers that students of lesson 10 give, each with the hint that leads out; and right ones that look wrong.

Every variant must fail and be named as itself; every accepted one must pass.
"""

from __future__ import annotations

from solutions.mixers.misconceptions import attention, attention_parts, figure, gain, mixer, scale, standard, widths

MISCONCEPTIONS = [
    *mixer.KNOWN,
    *scale.KNOWN,
    *attention.KNOWN,
    *attention_parts.KNOWN,
    *standard.KNOWN,
    *widths.KNOWN,
    *gain.KNOWN,
    *figure.KNOWN,
]

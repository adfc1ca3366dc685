"""Wrong answers that students of lesson 07 give, each with the hint that leads out; and right ones that look wrong.

Every variant must fail and be named as itself; every accepted one must pass.
"""

from __future__ import annotations

from solutions.distillation.misconceptions import distiller, figure, hard, loss, model, soft

MISCONCEPTIONS = [*soft.KNOWN, *loss.KNOWN, *distiller.KNOWN, *model.KNOWN, *hard.KNOWN, *figure.KNOWN]

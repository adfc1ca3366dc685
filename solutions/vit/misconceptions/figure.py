"""Mistakes about blocks and norms, asked for in figure."""

from __future__ import annotations

from solutions.registry import Registry

KNOWN = Registry("figure")

KNOWN.question(
    "biases_and_norms_do_not_count",
    "Each matrix has a bias, and each norm a gamma and a beta. They are few, and the question asks for all.",
)
KNOWN.question(
    "norms_mix_the_tokens",
    "The norm looks at one vector at a time. What would have to change in token 0 if token 3 changes?",
)
KNOWN.question(
    "norm_first_ends_in_a_norm",
    "With norm_first=True, what is the last thing that happens in a block: a norm, or a plus?",
)
KNOWN.question(
    "a_silent_block_passes_everything_on",
    "Let both branches return 0, and write down what is left of the two formulas. Is it x in both?",
)

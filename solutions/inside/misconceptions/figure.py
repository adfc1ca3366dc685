"""Mistakes about measures and laws, asked for in figure."""

from __future__ import annotations

from solutions.registry import Registry

KNOWN = Registry("figure")

KNOWN.question(
    "floor_forgotten",
    "Below 0.05 this network never comes. How much of the 0.10 is left for the part that falls with n?",
)
KNOWN.question(
    "exponent_upside_down",
    "You know n^(-b) and look for n. To which power do you raise both sides?",
)
KNOWN.question(
    "cls_shortens_the_distance",
    "A weighted mean divides by the sum of the weights that count. What is that sum in each of the two heads, and what "
    "is left after the division?",
)
KNOWN.question(
    "residual_forgotten",
    "One layer first: what is on the diagonal of A', and what beside it, if all entries of A are equal?",
)
KNOWN.question(
    "no_path_over_a_third",
    "Try three tokens. What can token 0 hold after two layers, if it looks at token 1, and token 1 has looked at token "
    "2 before?",
)
KNOWN.question(
    "doubled_features",
    "Write the products between examples once with y, and once with y twice side by side. What becomes of each of the "
    "three norms?",
)
KNOWN.question(
    "bias_of_the_undecided",
    "Which pictures stand below the line of the shape bias? Try a network that decides in ten conflicts of a hundred.",
)

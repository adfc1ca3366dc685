"""Mistakes about teachers and students, asked for in figure."""

from __future__ import annotations

from solutions.registry import Registry

KNOWN = Registry("figure")

KNOWN.question(
    "cross_entropy_for_divergence",
    "The smoothed loss holds a cross-entropy with the uniform distribution, yours a KL. What is the cross-entropy of a "
    "distribution with itself?",
)
KNOWN.question(
    "hard_distillation_softens",
    "Which number of the teacher does hard distillation look at? Does a temperature change which one it is?",
)
KNOWN.question(
    "gradient_shrinks_once",
    "T stands in the derivative twice: once in the formula, and once hidden in how far p and q still differ.",
)
KNOWN.question(
    "mean_of_probabilities_at_test_time",
    "Read what DistilledViT returns after training once more: is it a mean of logits or of probabilities?",
)

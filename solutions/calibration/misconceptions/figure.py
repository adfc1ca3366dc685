"""Mistakes about confidence, asked for in figure."""

from __future__ import annotations

from solutions.registry import Registry

KNOWN = Registry("figure")

KNOWN.question(
    "epsilon_is_what_is_missing_to_1",
    "At the best place the model says what its target says. How much of epsilon does the true class get back?",
)
KNOWN.question(
    "temperature_changes_the_choice",
    "Divide the logits 3, 1 and 0 by 2, and by 10. Which one is the largest?",
)
KNOWN.question(
    "calibrated_means_right",
    "Think of a model that says 10 % of everything, and is right in one of ten cases. Is it calibrated? Is it good?",
)
KNOWN.question(
    "calibration_follows_from_accuracy",
    "Two models choose the same classes. One says 60 % each time, the other 99 %. What have they in common?",
)
KNOWN.question(
    "the_loss_reaches_0",
    "What does the smoothed loss cost a model that says exactly what the targets say?",
)

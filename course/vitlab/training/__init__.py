"""Train a small vision transformer within minutes: recipes, one call that trains, and what makes it fast and safe.

The recipe and the schedule are Keras's own. Your model is any keras.Model from images to logits.
"""

from vitlab.training.budgets import Budget, budget
from vitlab.training.devices import strategy
from vitlab.training.fitting import compile_for, fit

__all__ = ["Budget", "budget", "compile_for", "fit", "strategy"]

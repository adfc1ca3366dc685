"""Verdicts into nbgrader's gradebook: our converter and preprocessors, in the places that nbgrader has for them."""

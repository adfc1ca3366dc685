"""Scores and feedback in the shapes that learning systems take."""

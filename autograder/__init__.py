"""Builds lessons into graded notebooks, and grades notebooks by values. Knows nothing of vision transformers."""

__version__ = "0.1.0"

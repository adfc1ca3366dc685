"""Lesson 04: the encoder block and the vision transformer."""

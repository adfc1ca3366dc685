"""Lesson 10: mixers, class attention, and what convolutional networks answered."""

"""Lesson 05: the decoder block and a model that writes captions."""

"""Lesson 11: looking inside."""

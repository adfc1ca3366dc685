"""Lesson 02: many heads, one set."""

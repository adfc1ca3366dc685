"""Lesson 01: attention by hand."""

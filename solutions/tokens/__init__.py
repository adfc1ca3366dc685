"""Lesson 03: images become words."""

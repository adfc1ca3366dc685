"""Lesson 09: cheaper attention, local, axial and in windows."""

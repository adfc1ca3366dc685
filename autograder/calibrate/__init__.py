"""Measure a trained item's bar: the reference's training and a baseline over several seeds."""

"""Lesson 06: confidence, label smoothing, calibration and temperature."""

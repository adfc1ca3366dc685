"""Lesson 07: knowledge distillation and DeiT."""

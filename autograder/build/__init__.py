"""Build lessons: lesson.py and the reference become notebooks and fixtures. One way, repeatable."""

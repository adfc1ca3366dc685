"""The public course: a folder with the lessons released so far, and nothing else."""

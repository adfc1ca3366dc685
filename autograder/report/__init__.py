"""The class report: what a class knows, as one page for its teacher. Reads verdict files and nothing else."""

"""Plain nbgrader notebooks of a teacher's own: run in the sandbox cell by cell; the run itself reports its scores."""

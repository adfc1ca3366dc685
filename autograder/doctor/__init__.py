"""Try to break out of the sandbox, and say what holds."""

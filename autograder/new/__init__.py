"""Make a new lesson that builds, verifies and grades as made."""

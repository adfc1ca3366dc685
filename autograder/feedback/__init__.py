"""The page that a student gets back: what was right, what to look at next, and the whole notebook. Runs no script."""

"""Bulk downloads of learning systems into submitted/: nothing in an archive is trusted."""

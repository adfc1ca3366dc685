"""Read a submission as data: which cells there are and which statements an exercise needs. Runs nothing."""

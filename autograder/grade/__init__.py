"""Grade submissions: read, run, judge, and write the verdict."""

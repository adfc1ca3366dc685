"""Judge answers against the reference's, and name the mistake. Plain code over plain arrays."""

"""Run student code: inputs go in, arrays come back. Nothing here knows an expected answer."""

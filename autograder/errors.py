"""The base of all errors that a person can mend: the command line prints their words, without a traceback."""


class CourseError(Exception):
    """What was expected, what came, and what to do next."""

    exit_code = 2

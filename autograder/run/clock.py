"""The wall clock of one job, which a busy machine may not turn against a student."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Seconds that run from now on; at their end the time lost to other programs is given back, once."""

    def __init__(self, seconds: float, lost: Callable[[], float] = lambda: 0.0) -> None:
        """Start the clock.

        Args:
            seconds: until the end.
            lost: asked at the end for seconds that the job waited for a processor; at most `seconds` are given back.
        """
        self.end, self.seconds, self.lost = time.monotonic() + seconds, seconds, lost
        self.extended = False

    def left(self) -> float:
        """Seconds until the end; zero or less when it is over."""
        left = self.end - time.monotonic()
        if left <= 0 and not self.extended:
            self.extended = True
            self.end = time.monotonic() + min(self.lost(), self.seconds)
            left = self.end - time.monotonic()
        return left

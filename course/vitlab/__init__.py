"""What a lesson's notebook needs: instant feedback that names the mistake, and small plots."""

from vitlab.check import check
from vitlab.demo import demo
from vitlab.result import CaseResult, CheckResult

__version__ = "0.1.0"
__all__ = ["CaseResult", "CheckResult", "check", "demo"]

"""The grader's benchmark: stock nbgrader against ours, one more submission, isolation, and growth with the class.

Run with the environment's Python: .venv/bin/python benchmarks/grading.py --help
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from figures import against_stock, growth, one_more_submission
from isolation_cost import BARE, job_milliseconds
from rich.console import Console
from rich.table import Table
from runs import Bench

PARTS = ("isolation", "stock", "marginal", "scaling")
DEFAULT = PARTS[:3]
WIDTH = 120
UNITS = {"speedup": "times", "seconds": "s", "_ms": "ms", "_mb": "MB", "jobs": "jobs"}


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures, and the seconds behind them, to this file")
    parser.add_argument("--submissions", type=int, default=24, help="a multiple of 6: half a class is the same mix")
    parser.add_argument("--rounds", type=int, default=1, help="medians are over so many rounds")
    parser.add_argument("--only", action="extend", nargs="+", choices=PARTS, help="all but scaling by default")
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 1000], help="of the classes in scaling")
    parser.add_argument("--workers", type=int, default=2, help="in scaling")
    given = parser.parse_args()
    given.only = given.only or DEFAULT
    if given.submissions < 6 or given.submissions % 6 or given.rounds < 1 or min(given.sizes) < 2 or given.workers < 1:
        parser.error("expected --submissions 6, 12, ..., --rounds 1 or more, --sizes 2 or more, --workers 1 or more")
    return given


def main() -> None:
    """Measure what was asked for, print a table, and write the file."""
    given, console = arguments(), Console(width=WIDTH)
    bench = Bench(console, given.submissions)
    found: dict[str, Any] = {}
    if "isolation" in given.only:
        with console.status("isolation"):
            found |= isolation_figures(job_milliseconds())
    if "stock" in given.only:
        found |= against_stock(bench, given.submissions, given.rounds)
    if "marginal" in given.only:
        found |= one_more_submission(bench, given.submissions, given.rounds, found.get("isolation_ms"))
    if "scaling" in given.only:
        found |= growth(bench, given.sizes, given.workers)
    bench.close()
    tell(console, found)
    if given.json:
        content = {**found, "submissions": given.submissions, "rounds": given.rounds, "runs": bench.runs, **machine()}
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def isolation_figures(modes: dict[str, float]) -> dict[str, Any]:
    """What each mode costs beyond a bare fork; isolation_ms is that of namespaces, where the machine has them."""
    costs = {mode: taken - modes[BARE] for mode, taken in modes.items() if mode != BARE}
    found: dict[str, Any] = {"bare_fork_ms": modes[BARE]}
    if "fallback" in costs:
        found["isolation_fallback_ms"] = costs["fallback"]
    if "namespaces" in costs:
        found["isolation_ms"] = costs["namespaces"]
    return found


def tell(console: Console, found: dict[str, Any]) -> None:
    """The figures as tables."""
    table = Table("figure", "value", "unit", title="Grading")
    for name, value in found.items():
        if isinstance(value, float):
            unit = next((unit for part, unit in UNITS.items() if part in name), "")
            table.add_row(name, f"{value:.3f}" if unit == "s" else f"{value:.1f}", unit)
    console.print(table)
    if "scaling" in found:
        console.print(scaling_table(found["scaling"]))
        linear = "yes" if found["scaling_linear"] else "NO"
        console.print(f"Linear within 10 %, start-up aside: {linear}. Memory: {found['scaling_memory_counted']}.")


def scaling_table(rows: list[dict[str, Any]]) -> Table:
    """One row for each size of class."""
    table = Table("submissions", "s", "s each", "s each, start-up aside", "peak MB", "processes", "full scores")
    for row in rows:
        seconds, each, net = (
            row[f"seconds{name}"] for name in ("", "_per_submission", "_per_submission_without_start")
        )
        counts = f"{row['full_scores']} of {row['full_scores_expected']}"
        cells = (f"{seconds:.1f}", f"{each:.3f}", f"{net:.3f}", f"{row['peak_mb']:.0f}", str(row["processes"]))
        table.add_row(str(row["submissions"]), *cells, counts)
    return table


def machine() -> dict[str, Any]:
    """When, where and with which versions."""
    names = ("tensorflow", "keras", "numpy", "nbgrader")
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())
    return {
        "versions": {"python": platform.python_version(), **{name: version(name) for name in names}},
        "cores": len(os.sched_getaffinity(0)),
        "machine": {"platform": platform.platform(), "cpu": model, "memory_gb": psutil.virtual_memory().total / 2**30},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    main()

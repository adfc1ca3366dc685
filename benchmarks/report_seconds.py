"""How long `autograder report` takes for a large simulated class, from the start of the process to its end.

Run with the environment's Python: .venv/bin/python benchmarks/report_seconds.py --students 300
The class is the seeded one of the tests (tests/verdicts.py): verdicts by a Rasch model, with a trained item.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

from timing import timed

from autograder.lessons import CHECKOUT
from autograder.root import CourseRoot

sys.path.append(str(CHECKOUT / "tests"))


def main() -> None:
    """Print the seconds of each run, their median and the sizes of the two files."""
    from verdicts import ASSIGNMENT, simulated_class, write_all

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="report-") as name:
        folder = Path(name)
        root = CourseRoot(folder)
        write_all(root, simulated_class(given.students))
        runs = [timed(["autograder", "report", ASSIGNMENT], folder) for _ in range(given.rounds)]
        page = root.report(ASSIGNMENT)
        figures = {
            "students": given.students,
            "report_seconds": statistics.median(run.seconds for run in runs),
            "report_cpu_seconds": statistics.median(run.cpu_seconds for run in runs),
            "seconds": [run.seconds for run in runs],
            "page_kb": page.stat().st_size / 1024,
            "table_kb": page.with_suffix(".csv").stat().st_size / 1024,
            "load": runs[0].load,
            "cores": os.cpu_count(),
        }
    print(json.dumps(figures, indent=1))
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""The class as a table for a spreadsheet: one row a student, one column an exercise."""

from __future__ import annotations

import csv
import io
import unicodedata

from autograder.report.records import ClassReport

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet runs a cell that begins with one of these (OWASP, CSV injection)."""


def csv_of(report: ClassReport) -> str:
    """Points of every student in every part, with the recognised mistakes in the last column."""
    names = list(dict.fromkeys(name for row in report.rows for name in row.parts))
    file = io.StringIO()
    table = csv.writer(file)
    mark = ["self-reported"] if report.self_reported else []
    table.writerow(["student", "points", "max_points", *map(harmless, names), "accuracy", "mistakes", *mark])
    for row in report.rows:
        points = [row.parts[name][1] if name in row.parts else "" for name in names]
        accuracy = "" if row.accuracy is None else row.accuracy
        mistakes = harmless("; ".join(row.mistakes))
        table.writerow(
            [harmless(row.student), row.points, report.max_points, *points, accuracy, mistakes, *("yes" for _ in mark)]
        )
    return file.getvalue()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    plain = unicodedata.normalize("NFKC", text).lstrip(" ")  # there are wide signs that count as the plain ones
    return f"'{text}" if plain.startswith(FORMULA) else text

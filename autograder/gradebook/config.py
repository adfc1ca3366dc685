"""What a course's nbgrader_config.py calls: our steps take the place of nbgrader's in its own commands."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any

# nbgrader's own, in its order
RELEASE_STEPS = (
    "IncludeHeaderFooter",
    "InstantiateTests",
    "LockCells",
    "ClearSolutions",
    "ClearOutput",
    "CheckCellMetadata",
    "ComputeChecksums",
    "SaveCells",
    "ClearHiddenTests",
    "ClearMarkScheme",
    "ComputeChecksums",
    "CheckCellMetadata",
)


def configure(c: Any) -> None:
    """Set nbgrader's traits for a course made by `autograder init`, and put our converter in its place.

    Args:
        c: the config object of nbgrader_config.py.
    """
    here = "autograder.gradebook.preprocessors"
    c.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.DeduplicateIds",
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.OverwriteCells",
        f"{here}.CheckMarks",
    ]
    c.Autograde.autograde_preprocessors = [
        f"{here}.InsertVerdict",
        "nbgrader.preprocessors.LimitOutput",
        f"{here}.SaveVerdict",
        "nbgrader.preprocessors.AssignLatePenalties",
        f"{here}.CheckMarks",
    ]
    c.GenerateAssignment.preprocessors = [
        *(f"nbgrader.preprocessors.{name}" for name in RELEASE_STEPS),
        f"{here}.RefuseLeaks",
    ]
    c.Autograde.exporter_class = "autograder.gradebook.exporter.SubmissionExporter"
    c.SubmissionExporter.optimistic_validation = True  # once, after the last step
    c.GenerateFeedback.exporter_class = "autograder.feedback.exporter.FeedbackExporter"
    c.ZipCollectApp.extractor_plugin = "autograder.collect.plugin.SafeExtractor"
    c.ZipCollectApp.collector_plugin = "autograder.collect.plugin.CourseCollector"
    c.HTMLExporter.exclude_anchor_links = True  # a heading's id could be that of a score's box in the formgrader
    find_alembic()
    quiet_sqlalchemy()
    install_converters()


def find_alembic() -> None:
    """nbgrader starts alembic by its bare name when it makes a gradebook; it lies beside this Python."""
    folder = os.path.dirname(sys.executable)
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = folder + os.pathsep + os.environ.get("PATH", "")


def quiet_sqlalchemy() -> None:
    """nbgrader adds a submission to its session more often than needed; the grades are right."""
    from sqlalchemy.exc import SAWarning

    warnings.filterwarnings("ignore", category=SAWarning, message="Object of type")


def install_converters() -> None:
    """Let nbgrader's commands, its API and the formgrader use our Autograde, which reads submissions with care, and our
    GenerateFeedback.

    nbgrader has no traits for the class that reads a submission's folder, and none for the steps of feedback.
    """
    import nbgrader.apps.api
    import nbgrader.apps.autogradeapp
    import nbgrader.apps.generatefeedbackapp
    import nbgrader.converters

    from autograder.feedback.converter import CourseFeedback
    from autograder.gradebook.converter import CourseAutograde
    from autograder.gradebook.database import install_gradebook

    install_gradebook()
    for module in (nbgrader.converters, nbgrader.apps.api):
        module.Autograde, module.GenerateFeedback = CourseAutograde, CourseFeedback
    nbgrader.apps.autogradeapp.Autograde = CourseAutograde
    nbgrader.apps.generatefeedbackapp.GenerateFeedback = CourseFeedback

"""python -m vitlab: is everything here that the course needs? Exit code 1 when something must be fixed."""

import os
import sys

from vitlab.installation import examine, report

if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's notes on hardware are not about the course
    sys.exit(report(examine()))

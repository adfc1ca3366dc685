"""How the processes that judge use TensorFlow."""

from __future__ import annotations

import os

JUDGE = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}
"""One thread, so that workers side by side do not fight over cores, and no device."""


def judge_with_one_thread() -> None:
    """Set TensorFlow up for a judge; before it is imported."""
    os.environ.update(JUDGE)

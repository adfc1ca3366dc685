# Tries to crash the JSON text with an integer of fifty thousand digits (int to text is limited to 4300).
import sys

import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    sys.set_int_max_str_digits(0)
    return [10**50_000, -(10**5000), 2**63, 2**64, float(10**308) * 10]

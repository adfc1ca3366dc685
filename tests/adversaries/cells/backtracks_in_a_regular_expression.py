# Tries to hang in C code without a system call: a regular expression that backtracks for centuries.
# Ends by: the clock
import re

import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    re.fullmatch(r"(a|aa|a+)+b", "a" * 200)
    return np.zeros(np.shape(scores), "float32")

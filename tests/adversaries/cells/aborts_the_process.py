# Tries to bring the warm process down along with its child by os.abort and a core dump.
import os

import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    os.abort()

# Tries to make 'failed' read as something else with right-to-left marks, zero-width and combining characters.
import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    raise ValueError("\u202edessap :swor_xamtfos\u202c\u2066\u200b\ufeff\u200f" + "o" + "\u0334\u035c" * 200 + "\u202e")

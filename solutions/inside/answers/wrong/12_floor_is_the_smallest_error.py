# exercise: fit_power_law
# mistake: takes the smallest measured error for the floor c, and a straight line on logarithmic axes for the rest
# %%
import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots


# %%
def fit_power_law(n, error):
    n = ops.convert_to_numpy(n).astype("float64")
    error = ops.convert_to_numpy(error).astype("float64")
    c = error.min()
    above = error > c
    slope, height = np.polyfit(np.log(n[above]), np.log(error[above] - c), 1)
    return float(np.exp(height)), float(-slope), float(c)

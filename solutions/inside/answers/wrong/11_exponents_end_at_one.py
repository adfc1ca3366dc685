# exercise: fit_power_law
# mistake: tries exponents up to 1 only, so steeper laws get b = 1
# %%
import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots


# %%
def fit_power_law(n, error):
    n = ops.convert_to_numpy(n).astype("float64")
    error = ops.convert_to_numpy(error).astype("float64")
    best = (np.inf, 0.0, 0.0, 0.0)
    for b in np.arange(0.001, 1.0005, 0.001):
        columns = np.stack([n**-b, np.ones_like(n)], axis=1)
        a, c = np.linalg.lstsq(columns, error, rcond=None)[0]
        rest = np.sum((a * n**-b + c - error) ** 2)
        if rest < best[0]:
            best = (rest, a, b, c)
    return float(best[1]), float(best[2]), float(best[3])

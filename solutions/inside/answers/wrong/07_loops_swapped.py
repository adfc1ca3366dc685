# exercise: cka_matrix
# mistake: the two loops are swapped, so entry [i, j] is of features_b[i] and features_a[j]
# %%
import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots


# %%
def cka_matrix(features_a, features_b):
    def flat(layer):
        layer = ops.convert_to_numpy(layer)
        return layer.reshape(layer.shape[0], -1)

    return np.array([[float(linear_cka(flat(a), flat(b))) for a in features_a] for b in features_b])

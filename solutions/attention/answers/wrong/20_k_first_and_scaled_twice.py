# exercise: attention_scores
# mistake: two at once: the product is k q^T (axes exchanged, as e_ij on one slide), and a given scale comes on top of 1/sqrt(d).
# %%
import keras
from keras import ops
import numpy as np

# %%
# e_ij = q_j . k_i / sqrt(D)
def attention_scores(q, k, scale=None):
    e = ops.matmul(k, ops.swapaxes(q, -1, -2)) / float(np.sqrt(q.shape[-1]))
    if scale is not None:
        e = e * scale
    return e

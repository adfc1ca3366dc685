# exercise: scaled_dot_product_attention
# mistake: Follows the slide's y_j = sum_i a_ij v_i literally although the rows of a are the queries, so it computes a^T v (crash for Tq != Tk).
# %%
import keras
from keras import ops
import numpy as np

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    e = attention_scores(q, k)        # e[i, j] = q_i . k_j / sqrt(D)
    if mask is not None:
        e = masked_scores(e, mask)
    a = softmax_rows(e)
    # y_j = sum_i a_ij v_i
    y = ops.einsum("...ij,...id->...jd", a, ops.convert_to_tensor(v))
    return y, a

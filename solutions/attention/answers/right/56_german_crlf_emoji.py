# %%
import keras
import numpy as np
from keras import ops

# %%
# 🚀 Aufgabe 1: Punktzahlen. Größe der Schlüssel: Tk × d
def attention_scores(q, k, scale=None):
    """Jede Anfrage gegen jeden Schlüssel.

    Achtung ⚠️: `scale=0` ist erlaubt, also nicht `scale or ...` schreiben!
    """
    größe = q.shape[-1]
    maßstab = 1 / größe**0.5 if scale is None else scale
    schlüssel_gedreht = ops.swapaxes(k, -1, -2)
    return ops.matmul(q, schlüssel_gedreht) * maßstab

# %%
# 🧮 Aufgabe 2
def softmax_rows(scores, axis=-1):
    höchste = ops.max(scores, axis=axis, keepdims=True)  # 🏔️
    potenzen = ops.exp(scores - höchste)
    return potenzen / ops.sum(potenzen, axis=axis, keepdims=True)

# %%
# 🔒 Aufgabe 3
def masked_scores(scores, mask):
    """Verbotenes bekommt eine sehr kleine Zahl. Erlaubtes bleibt.\
 Diese Zeile geht weiter."""
    darf = ops.cast(mask, "bool")
    return ops.where(darf, scores, -1e9)

# %%
# 🎯 Aufgabe 4
def scaled_dot_product_attention(q, k, v, mask=None):
    punkte = attention_scores(q, k)
    if mask is not None:
        punkte = masked_scores(punkte, mask)
    gewichte = softmax_rows(punkte)
    return ops.matmul(gewichte, v), \
        gewichte

# %%
# 🏁 Aufgabe 5
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        ausgabe, gewichte = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return (ausgabe, gewichte) if return_weights else ausgabe

# %%
import keras
import numpy as np
from keras import ops

# %%
# Глобальные константы и счётчик вызовов. Так делать не стоит, но работает.
МИНУС_БЕСКОНЕЧНОСТЬ = float("-inf")
ПОСЛЕДНЯЯ_ОСЬ = -1
СЧЁТЧИК = 0
ЖУРНАЛ = []


def отметить(имя):
    global СЧЁТЧИК
    СЧЁТЧИК += 1
    ЖУРНАЛ.append((СЧЁТЧИК, имя))
    if len(ЖУРНАЛ) > 100:
        del ЖУРНАЛ[:50]


# %%
def attention_scores(q, k, scale=None):
    """Скалярные произведения запросов и ключей."""
    отметить("оценки")
    ширина = q.shape[ПОСЛЕДНЯЯ_ОСЬ]
    множитель = ширина**-0.5 if scale is None else scale
    return ops.matmul(q, ops.swapaxes(k, -1, -2)) * множитель


# %%
def softmax_rows(scores, axis=ПОСЛЕДНЯЯ_ОСЬ):
    """Вычитаем максимум, чтобы экспонента не переполнилась."""
    отметить("софтмакс")
    экспоненты = ops.exp(scores - ops.max(scores, axis=axis, keepdims=True))
    return экспоненты / ops.sum(экспоненты, axis=axis, keepdims=True)


# %%
def masked_scores(scores, mask):
    отметить("маска")
    можно = ops.cast(mask, "bool")
    return ops.where(можно, scores, МИНУС_БЕСКОНЕЧНОСТЬ)


# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    global последние_веса
    оценки = attention_scores(q, k)
    if mask is not None:
        оценки = masked_scores(оценки, mask)
    последние_веса = softmax_rows(оценки)
    return ops.matmul(последние_веса, v), последние_веса


# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        # запрос, ключ, значение
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        отметить("слой")
        выход, веса = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        if return_weights:
            return выход, веса
        return выход

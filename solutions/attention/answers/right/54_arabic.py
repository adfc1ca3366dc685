# %%
# الدرس الأول: الانتباه
import keras
import numpy as np
from keras import ops

# %%
def attention_scores(q, k, scale=None):
    """حاصل الضرب النقطي لكل استعلام مع كل مفتاح."""
    # إذا لم يُعطَ المقياس نستعمل واحدا على جذر العرض
    if scale is None:
        العرض = int(q.shape[-1])
        scale = 1 / العرض ** 0.5
    المفاتيح = ops.swapaxes(k, -2, -1)
    return ops.matmul(q, المفاتيح) * scale

# %%
def softmax_rows(scores, axis=-1):
    # نطرح القيمة العظمى حتى لا تفيض الأسس
    العظمى = ops.amax(scores, axis=axis, keepdims=True)
    القوى = ops.exp(scores - العظمى)
    المجموع = ops.sum(القوى, axis=axis, keepdims=True)
    return القوى / المجموع

# %%
سالب_كبير = -1e9

def masked_scores(scores, mask):
    # ١ مسموح، ٠ ممنوع
    مسموح = ops.cast(mask, "bool")
    return ops.where(مسموح, scores, سالب_كبير)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    الدرجات = attention_scores(q, k)
    if mask is not None:
        الدرجات = masked_scores(الدرجات, mask)
    الأوزان = softmax_rows(الدرجات)
    الناتج = ops.matmul(الأوزان, v)
    return الناتج, الأوزان

# %%
class SelfAttention(keras.layers.Layer):
    """طبقة الانتباه الذاتي."""

    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        الناتج, الأوزان = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return (الناتج, الأوزان) if return_weights else الناتج

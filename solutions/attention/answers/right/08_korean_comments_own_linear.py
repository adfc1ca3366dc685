# %%
import keras
from keras import ops
import numpy as np

# %%
# 도우미: 마지막 두 축을 바꾼다 (전치)
def 전치(t):
    return ops.swapaxes(t, -1, -2)

# %%
def attention_scores(q, k, scale=None):
    # 질의(query)와 키(key)의 내적
    점수 = ops.matmul(q, 전치(k))
    # scale 이 0.0 일 수도 있으니 반드시 None 과 비교한다
    if scale is None:
        return 점수 / np.sqrt(q.shape[-1]).astype("float32")
    return scale * 점수

# %%
def softmax_rows(scores, axis=-1):
    # 오버플로를 막기 위해 최댓값을 뺀다
    최댓값 = ops.expand_dims(ops.max(scores, axis), axis)
    지수 = ops.exp(scores - 최댓값)
    합 = ops.expand_dims(ops.sum(지수, axis), axis)
    return 지수 / 합

# %%
def masked_scores(scores, mask):
    # 1 = 볼 수 있음, 0 = 볼 수 없음
    m = ops.cast(mask, "float32")
    return scores * m + (1.0 - m) * (-1e9)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    s = attention_scores(q, k)
    s = s if mask is None else masked_scores(s, mask)
    가중치 = softmax_rows(s)
    출력 = ops.matmul(가중치, v)
    return (출력, 가중치)

# %%
# 작은 선형층: kernel 과 bias 만 있다
class 선형(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.use_bias = use_bias

    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=(int(shape[-1]), self.dim),
                                      initializer="random_normal", trainable=True)
        if self.use_bias:
            self.bias = self.add_weight(name="bias", shape=(self.dim,), initializer="zeros", trainable=True)

    def call(self, x):
        y = x @ self.kernel
        if self.use_bias:
            y = y + self.bias
        return y

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = 선형(dim, use_bias)   # 질의
        self.wk = 선형(dim, use_bias)   # 키
        self.wv = 선형(dim, use_bias)   # 값

    def call(self, x, mask=None, return_weights=False):
        q, k, v = self.wq(x), self.wk(x), self.wv(x)
        출력, 가중치 = scaled_dot_product_attention(q, k, v, mask)
        if return_weights:
            return 출력, 가중치
        return 출력

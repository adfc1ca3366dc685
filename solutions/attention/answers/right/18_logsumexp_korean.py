# %%
import keras
from keras import ops
import numpy as np

# %%
# 1번: 점수 행렬 구하기 (쿼리 x 키의 전치)
def attention_scores(q, k, scale=None):
    if scale is None:
        scale = 1 / ops.sqrt(ops.cast(q.shape[-1], "float32"))   # 루트 d로 나누기
    kT = ops.swapaxes(k, -2, -1)
    점수 = ops.matmul(q, kT)
    return ops.multiply(점수, scale)

# %%
# 2번: 소프트맥스. 로그 공간에서 계산하면 오버플로가 안 난다
#   log p = z - log(sum(exp(z))),  z = x - max(x)
def softmax_rows(scores, axis=-1):
    최댓값 = ops.max(scores, axis=axis, keepdims=True)
    z = scores - 최댓값
    log_p = z - ops.logsumexp(z, axis=axis, keepdims=True)
    return ops.exp(log_p)

# %%
# 3번: 마스크가 1이면 그대로, 0이면 -무한대
def masked_scores(scores, mask):
    mask = ops.cast(mask, "bool")
    return ops.where(mask, scores, -np.inf)

# %%
# 4번: 어텐션 = 소프트맥스(점수) x 값
def scaled_dot_product_attention(q, k, v, mask=None):
    s = attention_scores(q, k)
    if mask is not None:   # 마스크가 없을 수도 있음!!
        s = masked_scores(s, mask)
    가중치 = softmax_rows(s, axis=-1)
    출력 = ops.matmul(가중치, v)
    return 출력, 가중치

# %%
# 5번: 셀프 어텐션 — q, k, v 모두 같은 x에서 나온다
class 선형층(keras.layers.Dense):
    pass

class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.use_bias = use_bias

    def build(self, input_shape):
        self.wq = 선형층(self.dim, use_bias=self.use_bias)
        self.wk = 선형층(self.dim, use_bias=self.use_bias)
        self.wv = 선형층(self.dim, use_bias=self.use_bias)
        self.wq.build(input_shape)
        self.wk.build(input_shape)
        self.wv.build(input_shape)
        super().build(input_shape)

    def call(self, x, mask=None, return_weights=False):
        q, k, v = self.wq(x), self.wk(x), self.wv(x)
        출력, 가중치 = scaled_dot_product_attention(q, k, v, mask)
        return (출력, 가중치) if return_weights else 출력

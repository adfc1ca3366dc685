# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from vitlab import check, demo, plots

연산 = ops  # 짧게 쓰려고
아주작은수 = -1e9

# %%
def 전치(표):
    """마지막 두 축을 서로 바꾼다."""
    return 연산.swapaxes(표, -1, -2)


def attention_scores(q, k, scale=None):
    """질의와 열쇠의 내적에 scale을 곱한다. 🔑"""
    # scale이 None일 때만 1/sqrt(d). 0도 올바른 값이다!
    비율 = scale
    if 비율 is None:
        너비 = q.shape[-1]
        비율 = 1.0 / 너비**0.5
    return 연산.matmul(q, 전치(k)) * 비율

# %%
check(attention_scores)

# %%
def softmax_rows(scores, axis=-1):
    # 가장 큰 점수를 빼면 지수가 넘치지 않는다
    최댓값 = 연산.max(scores, axis=axis, keepdims=True)
    지수 = 연산.exp(scores - 최댓값)
    합계 = 연산.sum(지수, axis=axis, keepdims=True)
    return 지수 / 합계

# %%
check(softmax_rows)

# %%
def masked_scores(scores, mask):
    허용 = 연산.cast(mask, "bool")   # 1은 허용, 0은 금지
    return 연산.where(허용, scores, 아주작은수)

# %%
check(masked_scores)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    점수 = attention_scores(q, k)
    if mask is not None:
        점수 = masked_scores(점수, mask)
    가중치 = softmax_rows(점수, axis=-1)
    결과 = 연산.matmul(가중치, v)
    return 결과, 가중치

# %%
check(scaled_dot_product_attention)

# %%
class 사영층(keras.layers.Dense):
    """행렬 하나. Dense와 똑같지만 이름만 한글이다."""


class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        # 질의, 열쇠, 값
        self.wq = 사영층(dim, use_bias=use_bias, name="wq")
        self.wk = 사영층(dim, use_bias=use_bias, name="wk")
        self.wv = 사영층(dim, use_bias=use_bias, name="wv")

    def call(self, x, mask=None, return_weights=False):
        질의, 열쇠, 값 = self.wq(x), self.wk(x), self.wv(x)
        결과, 가중치 = scaled_dot_product_attention(질의, 열쇠, 값, mask)
        if return_weights:
            return 결과, 가중치
        return 결과

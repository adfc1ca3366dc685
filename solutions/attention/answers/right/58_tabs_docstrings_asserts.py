# %%
"""Lesson 1, my solution.

Every function checks its shapes before and after, because shapes are where I go wrong.
"""
import keras
import numpy as np
from keras import ops

# %%
def attention_scores(q, k, scale=None):
	"""Scores of every query against every key.

	Parameters
	----------
	q : tensor (..., Tq, d)
		One query in each row.
	k : tensor (..., Tk, d)
		One key in each row.
	scale : number or None
		>>> # None means 1/sqrt(d)

	Returns
	-------
	tensor (..., Tq, Tk)
	"""
	assert len(q.shape) >= 2, "q needs at least two axes"
	assert q.shape[-1] == k.shape[-1], f"widths differ: {q.shape} and {k.shape}"
	if scale is None:
		scale = q.shape[-1] ** -0.5
	scores = ops.matmul(q, ops.swapaxes(k, -1, -2)) * scale
	assert tuple(scores.shape[-2:]) == (q.shape[-2], k.shape[-2])
	return scores

# %%
def softmax_rows(scores, axis=-1):
	"""Softmax.

	The trick: softmax(s) = softmax(s - c) for any c. With c = max(s) the largest power is e^0 = 1.
	"""
	assert isinstance(axis, (int, np.integer)), axis
	assert -len(scores.shape) <= axis < len(scores.shape)
	largest = ops.max(scores, axis=axis, keepdims=True)
	powers = ops.exp(scores - largest)
	weights = powers / ops.sum(powers, axis=axis, keepdims=True)
	assert weights.shape == scores.shape
	return weights

# %%
def masked_scores(scores, mask):
	"""Close what is forbidden.

	Note
	----
	``raise NotImplementedError()`` used to stand here.
	"""
	result = ops.where(ops.cast(mask, "bool"), scores, -1e9)
	assert result.shape == scores.shape, (result.shape, scores.shape)
	return result

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
	"""Compare, close, normalise, average."""
	assert k.shape[-2] == v.shape[-2], "as many values as keys"
	# compare
	scores = attention_scores(q, k)
	# close
	if mask is not None:
		scores = masked_scores(scores, mask)
	# normalise
	weights = softmax_rows(scores, axis=-1)
	# average
	output = ops.matmul(weights, v)
	assert output.shape[-1] == v.shape[-1]
	return output, weights

# %%
class SelfAttention(keras.layers.Layer):
	"""One head of self-attention."""

	def __init__(self, dim, use_bias=False, **kwargs):
		"""Make the three projections."""
		super().__init__(**kwargs)
		# YOUR CODE HERE
		self.wq = keras.layers.Dense(dim, use_bias=use_bias)
		self.wk = keras.layers.Dense(dim, use_bias=use_bias)
		self.wv = keras.layers.Dense(dim, use_bias=use_bias)

	def call(self, x, mask=None, return_weights=False):
		"""Attend."""
		# YOUR CODE HERE
		assert len(x.shape) == 3, "tokens are (B, N, D)"
		output, weights = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
		if return_weights:
			return output, weights
		return output

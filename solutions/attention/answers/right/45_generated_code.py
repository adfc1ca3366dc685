# %%
import string
import textwrap

import keras
import numpy as np
from keras import ops

# %%
# Macro fan here: the functions are written by templates.
TEMPLATE = string.Template(
    textwrap.dedent(
        '''
        def $name($arguments):
            """$doc"""
            $body
            return $result
        '''
    )
)


def define(name, arguments, result, body="pass", doc=""):
    body = "\n    ".join(textwrap.dedent(body).strip().splitlines())
    source = TEMPLATE.substitute(name=name, arguments=arguments, result=result, body=body, doc=doc)
    exec(compile(source, f"<{name}>", "exec"), globals())


# %%
define(
    "attention_scores",
    "q, k, scale=None",
    "ops.matmul(q, ops.swapaxes(k, -1, -2)) * scale",
    "scale = q.shape[-1] ** -0.5 if scale is None else scale",
    "Scores of every query against every key.",
)

# %%
exec(
    """
def softmax_rows(scores, axis=-1):
    e = ops.exp(scores - ops.max(scores, axis=axis, keepdims=True))
    return e / ops.sum(e, axis=axis, keepdims=True)
"""
)

# %%
masked_scores = eval("lambda scores, mask: ops.where(ops.cast(mask, 'bool'), scores, %r)" % -1e9)

# %%
define(
    "scaled_dot_product_attention",
    "q, k, v, mask=None",
    "ops.matmul(w, v), w",
    """
    s = attention_scores(q, k)
    if mask is not None:
        s = masked_scores(s, mask)
    w = softmax_rows(s)
    """,
)


# %%
def _init(self, dim, use_bias=False, **kwargs):
    keras.layers.Layer.__init__(self, **kwargs)
    for letter in "qkv":
        exec(f"self.w{letter} = keras.layers.Dense(dim, use_bias=use_bias)")


def _call(self, x, mask=None, return_weights=False):
    pair = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
    return pair if return_weights else pair[0]


SelfAttention = type("SelfAttention", (keras.layers.Layer,), {"__init__": _init, "call": _call, "__module__": __name__})

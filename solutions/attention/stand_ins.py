"""Right answers over Keras's public API, used in place of a failed exercise when a later one calls it.

They travel into the sandbox as text, so they hold nothing that Keras's documentation does not.
"""

STAND_INS = {
    "attention_scores": """
def attention_scores(q, k, scale=None):
    from keras import ops
    scale = 1.0 / ops.shape(q)[-1] ** 0.5 if scale is None else scale
    return ops.einsum("...qd,...kd->...qk", q, k) * scale
""",
    "softmax_rows": """
def softmax_rows(scores, axis=-1):
    from keras import ops
    return ops.softmax(scores, axis=axis)
""",
    "masked_scores": """
def masked_scores(scores, mask):
    from keras import ops
    return ops.where(ops.cast(mask, "bool"), scores, ops.full_like(scores, -1e9))
""",
    "scaled_dot_product_attention": """
def scaled_dot_product_attention(q, k, v, mask=None):
    from keras import ops
    q, k, v = (ops.convert_to_tensor(x) for x in (q, k, v))
    def attend(values):
        flat = [ops.reshape(x, (-1, *x.shape[-2:]))[:, :, None] for x in (q, k, values)]
        allowed = ops.ones((*q.shape[:-1], k.shape[-2]), "bool")
        if mask is not None:
            allowed = ops.logical_and(allowed, ops.cast(mask, "bool"))
        allowed = ops.reshape(allowed, (-1, 1, *allowed.shape[-2:]))
        output = ops.dot_product_attention(*flat, mask=allowed)[:, :, 0]
        return ops.reshape(output, (*q.shape[:-1], values.shape[-1]))
    one_hot = ops.broadcast_to(ops.eye(k.shape[-2]), (*k.shape[:-1], k.shape[-2]))
    return attend(v), attend(one_hot)
""",
}

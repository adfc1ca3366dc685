"""Right answers over Keras's public API, used in place of a failed exercise when a later one calls it.

They travel into the sandbox as text, so they hold nothing that Keras's documentation does not.
"""

STAND_INS = {
    "split_heads": """
def split_heads(x, num_heads):
    from keras import ops
    return ops.stack(ops.split(ops.convert_to_tensor(x), num_heads, axis=-1), axis=1)
""",
    "merge_heads": """
def merge_heads(x):
    from keras import ops
    return ops.concatenate(ops.unstack(ops.convert_to_tensor(x), axis=1), axis=-1)
""",
    "attention_cost": """
def attention_cost(num_tokens, dim, num_heads):
    import keras
    layer = keras.layers.MultiHeadAttention(num_heads, dim // num_heads)
    layer.build((1, num_tokens, dim), (1, num_tokens, dim))
    projections, products = num_tokens * dim * dim, num_tokens * num_tokens * dim
    return {
        "params": layer.count_params(),
        "score_entries": num_tokens * num_tokens * num_heads,
        "flops": 4 * projections + 2 * products,
    }
""",
}

# exercise: split_heads
# mistake: one reshape straight to (B, h, T, E); the shape is right, the numbers of several tokens are mixed
# %%
def split_heads(x, num_heads):
    B, T, D = x.shape
    return ops.reshape(x, (B, num_heads, T, D // num_heads))

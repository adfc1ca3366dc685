# exercise: permutation_gap
# mistake: wants to send the shuffled outputs home, but shuffles them with perm again (only right if perm is its own inverse)
# %%
def permutation_gap(layer, x, perm):
    shuffled_out = layer(ops.take(x, perm, axis=1))
    home = ops.take(shuffled_out, perm, axis=1)
    return ops.max(ops.abs(home - layer(x)))

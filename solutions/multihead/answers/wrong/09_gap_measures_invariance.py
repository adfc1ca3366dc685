# exercise: permutation_gap
# mistake: compares layer(P x) with layer(x) itself: that is invariance, the outputs are not shuffled along
# %%
def permutation_gap(layer, x, perm):
    shuffled = ops.take(x, perm, axis=1)
    return ops.max(ops.abs(layer(shuffled) - layer(x)))

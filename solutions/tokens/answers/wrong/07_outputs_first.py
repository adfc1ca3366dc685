# exercise: dense_to_conv_kernel
# mistake: reshaped to (D, P, P, C) without transposing the matrix first
# %%
from keras import ops


def dense_to_conv_kernel(kernel, patch_size, channels):
    dim = kernel.shape[-1]
    filters = ops.reshape(kernel, (dim, patch_size, patch_size, channels))
    return ops.transpose(filters, (1, 2, 3, 0))

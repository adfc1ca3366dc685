# %%
import numpy as np


def as_array(tensor):
    return tensor if isinstance(tensor, np.ndarray) else np.array(tensor)


# %%
def patchify(images, patch_size):
    pixels = as_array(images)
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (patch_size, patch_size), axis=(1, 2))
    windows = windows[:, ::patch_size, ::patch_size]  # (B, H/P, W/P, C, P, P)
    windows = np.moveaxis(windows, 3, -1)
    return windows.reshape(len(pixels), -1, patch_size * patch_size * pixels.shape[-1])


# %%
def unpatchify(patches, patch_size, height, width):
    values = as_array(patches)
    channels = values.shape[-1] // patch_size**2
    canvas = np.empty((len(values), height, width, channels), values.dtype)
    for n in range(values.shape[1]):
        row, column = divmod(n, width // patch_size)
        top, left = row * patch_size, column * patch_size
        canvas[:, top : top + patch_size, left : left + patch_size] = values[:, n].reshape(
            -1, patch_size, patch_size, channels
        )
    return canvas


# %%
def dense_to_conv_kernel(kernel, patch_size, channels):
    values = as_array(kernel)
    out = np.zeros((patch_size, patch_size, channels, values.shape[1]), "float32")
    for r, row in enumerate(values):
        pixel, channel = divmod(r, channels)
        y, x = divmod(pixel, patch_size)
        out[y, x, channel] = row
    return out


# %%
def sinusoidal_position_encoding(num_positions, dim, base=10000.0):
    table = np.empty((num_positions, dim), dtype=np.float32)
    speed = np.power(float(base), -np.arange(0, dim, 2) / dim)
    angles = np.outer(np.arange(num_positions), speed)
    table[:, 0::2], table[:, 1::2] = np.sin(angles), np.cos(angles)
    return table

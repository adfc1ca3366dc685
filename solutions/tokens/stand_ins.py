"""Right answers over public APIs, used in place of a failed exercise when a later one calls it.

They travel into the sandbox as text, so they hold nothing that Keras's documentation or the lecture does not.
"""

STAND_INS = {
    "patchify": """
def patchify(images, patch_size):
    from keras import ops
    maps = ops.image.extract_patches(images, patch_size)
    return ops.reshape(maps, (maps.shape[0] or -1, maps.shape[1] * maps.shape[2], maps.shape[3]))
""",
    "unpatchify": """
def unpatchify(patches, patch_size, height, width):
    from keras import ops
    size = patches.shape[-1]
    maps = ops.reshape(patches, (-1, height // patch_size, width // patch_size, size))
    one_hot = ops.reshape(ops.eye(size), (patch_size, patch_size, size // patch_size**2, size))
    return ops.conv_transpose(maps, one_hot, patch_size)
""",
    "sinusoidal_position_encoding": """
def sinusoidal_position_encoding(num_positions, dim, base=10000.0):
    import numpy as np
    table = [
        [np.sin(p / base ** (c / dim)) if c % 2 == 0 else np.cos(p / base ** ((c - 1) / dim)) for c in range(dim)]
        for p in range(num_positions)
    ]
    return np.array(table, "float32")
""",
}

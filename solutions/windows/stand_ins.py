"""Right answers over public APIs, used in place of a failed exercise when a later one calls it.

They travel into the sandbox as text, so they hold nothing that Keras's documentation or the lecture does not.
"""

STAND_INS = {
    "local_attention_mask": """
def local_attention_mask(height, width, radius):
    import numpy as np
    places = np.stack(np.unravel_index(np.arange(height * width), (height, width)))
    return np.abs(places[:, :, None] - places[:, None]).max(axis=0) <= radius
""",
    "axial_attention": """
def axial_attention(x, axis, attn):
    from keras import ops
    lines = ops.unstack(ops.convert_to_tensor(x), axis=3 - axis)
    return ops.stack([ops.convert_to_tensor(attn(line)) for line in lines], axis=3 - axis)
""",
    "window_partition": """
def window_partition(x, window):
    from keras import ops
    x = ops.convert_to_tensor(x)
    bands = ops.split(x, x.shape[1] // window, axis=1)
    squares = [square for band in bands for square in ops.split(band, x.shape[2] // window, axis=2)]
    return ops.reshape(ops.stack(squares, axis=1), (x.shape[0] * len(squares), window * window, x.shape[3]))
""",
    "window_reverse": """
def window_reverse(windows, window, height, width):
    from keras import ops
    tall, wide = height // window, width // window
    squares = ops.reshape(windows, (windows.shape[0] // (tall * wide), tall * wide, window, window, windows.shape[-1]))
    squares = ops.unstack(squares, axis=1)
    bands = [ops.concatenate(squares[wide * i : wide * i + wide], axis=2) for i in range(tall)]
    return ops.concatenate(bands, axis=1)
""",
    "attention_pairs": """
def attention_pairs(kind, height, width, window=None, radius=None):
    if kind == "global":
        return (height * width) ** 2
    if kind == "axial":
        return height * width * (height + width)
    if kind == "window":
        return (height // window) * (width // window) * window**4
    near = [sum(abs(a - b) <= radius for a in range(n) for b in range(n)) for n in (height, width)]
    return near[0] * near[1]
""",
    "shifted_window_mask": """
def shifted_window_mask(height, width, window, shift):
    import numpy as np
    def sides(length):
        return (np.arange(length) >= length - shift).reshape(-1, window)
    tall, wide = sides(height), sides(width)
    below, right = (side[:, :, None] == side[:, None] for side in (tall, wide))
    table = below[:, None, :, None, :, None] & right[None, :, None, :, None, :]
    return table.reshape(len(tall) * len(wide), window**2, window**2)
""",
    "relative_position_index": """
def relative_position_index(window):
    import numpy as np
    steps = 2 * window - 1
    numbers = np.arange(steps * steps).reshape(steps, steps)[::-1, ::-1]
    rows = [numbers[window - 1 - y : steps - y, window - 1 - x : steps - x].ravel()
            for y in range(window) for x in range(window)]
    return np.stack(rows)
""",
}

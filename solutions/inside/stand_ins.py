"""Right answers over NumPy's public functions, used in place of a failed exercise when a later one calls it.

They travel into the sandbox as text, so they hold nothing that the text of the exercise does not.
"""

STAND_INS = {
    "mean_attention_distance": """
def mean_attention_distance(weights, grid, patch_size, num_extra_tokens=1):
    import numpy as np
    from keras import ops
    w = ops.convert_to_numpy(weights)
    places = [(row, column) for row in range(grid[0]) for column in range(grid[1])]
    total = np.zeros(w.shape[1])
    for i, (row, column) in enumerate(places):
        own = w[:, :, num_extra_tokens + i, num_extra_tokens:].astype("float64")
        away = np.array([np.hypot(row - other, column - there) for other, there in places])
        total += np.mean((own @ away) / own.sum(axis=-1), axis=0)
    return patch_size * total / len(places)
""",
    "linear_cka": """
def linear_cka(x, y):
    import numpy as np
    from keras import ops
    grams = []
    for features in (x, y):
        z = ops.convert_to_numpy(features).astype("float64")
        z = z - np.mean(z, axis=0, keepdims=True)
        grams.append(z @ z.T)
    return float(np.vdot(grams[0], grams[1]) / np.sqrt(np.vdot(grams[0], grams[0]) * np.vdot(grams[1], grams[1])))
""",
    "cka_matrix": """
def cka_matrix(features_a, features_b):
    import numpy as np
    from keras import ops
    sides = []
    for features in (features_a, features_b):
        grams = []
        for layer in features:
            z = ops.convert_to_numpy(layer).astype("float64")
            z = z.reshape(z.shape[0], -1)
            gram = (z - z.mean(0)) @ (z - z.mean(0)).T
            grams.append(gram / np.sqrt(np.vdot(gram, gram)))
        sides.append(grams)
    return np.array([[np.vdot(one, other) for other in sides[1]] for one in sides[0]])
""",
}

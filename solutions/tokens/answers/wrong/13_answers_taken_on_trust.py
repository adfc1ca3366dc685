# exercise: figure
# mistake: answer_1 is what the authors write (256 hands counted from 1), answer_2 counts down first and blue for green
# %%
import numpy as np
from keras import ops


def figure():
    pe = ops.convert_to_tensor(sinusoidal_position_encoding(49, 64))
    words = patchify(postcard()[np.newaxis], 8)
    return {
        "tokens": np.array([(224 // side) * (224 // side) for side in (1, 2, 4, 8, 16, 32)]),
        "strip": ops.reshape(words[0], (24, 8, 8, 3)),
        "similarity": ops.matmul(pe, ops.transpose(pe)),
        "answer_1": 2 * np.pi * 10000,
        "answer_2": [60 // 16 * 14 + 150 // 16, (60 % 16 * 16 + 150 % 16) * 3 + 2],
    }

# exercise: figure
# mistake: "similarity" is the attention of lesson 1, with scale and softmax, where the bare dot products are asked
# %%
import math

from keras import ops


def attention_scores(queries, keys):
    return ops.softmax(ops.matmul(queries, ops.transpose(keys)) / math.sqrt(keys.shape[-1]), axis=-1)


# %%
def figure():
    pe = ops.convert_to_tensor(sinusoidal_position_encoding(49, 64))
    return {
        "tokens": [50176, 12544, 3136, 784, 196, 49],
        "strip": ops.reshape(patchify(postcard()[None], 8), (-1, 8, 8, 3)),
        "similarity": attention_scores(pe, pe),
        "answer_1": 2 * math.pi * 10000 ** (510 / 512),
        "answer_2": [129, 325],
    }

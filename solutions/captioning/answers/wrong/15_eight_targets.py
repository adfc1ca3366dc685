# exercise: figure
# mistake: whole: the power of 8, the words, where the end is a ninth target
# %%
import keras
import numpy as np
from keras import ops
from vitlab import scenes


# %%
def figure():
    random = np.random.RandomState(0)
    x, memory = (random.normal(size=(1, n, 12)).astype("float32") for n in (6, 5))
    x2, memory2 = x.copy(), memory.copy()
    x2[0, 2] += random.normal(size=12)
    memory2[0, 2] += random.normal(size=12)
    block, mask = DecoderBlock(12, 3, 24), ops.cast(causal_mask(6), "bool")
    reach = []
    for new_x, new_memory, m in ((x2, memory, mask), (x2, memory, None), (x, memory2, mask)):
        change = block(new_x, new_memory, self_mask=m) - block(x, memory, self_mask=m)
        reach.append(int((np.abs(ops.convert_to_numpy(change))[0].max(axis=-1) > 1e-6).sum()))
    true, told = (np.array([scenes.numbers_of(pair[i]) for pair in scenes.EXAMPLES]) for i in (0, 1))
    wrong = (true != told).sum(axis=1)
    return {
        "reach": reach,
        "whole": np.array([0.9, 0.95, 0.99]) ** 8,
        "wrong_words": wrong,
        "grades": np.minimum(wrong, 2),
        "answer_1": 25_224_192,
        "answer_2": [1, 0, 0, 1, 1],
    }

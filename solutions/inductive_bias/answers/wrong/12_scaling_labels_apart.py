# exercise: data_scaling_curve
# mistake: pictures and labels are shuffled by two different permutations, so that the labels no longer belong to the pictures
# %%
import keras
import numpy as np
from keras import ops



# %%
def data_scaling_curve(build_fn, data, sizes, seeds, steps=400, batch_size=50):
    (x_train, y_train), (x_test, y_test) = data
    result = {}
    for size in sizes:
        result[size] = []
        for seed in seeds:
            model = build_fn(seed)
            rng = np.random.default_rng(seed)
            for _ in range(steps * batch_size // size):
                x, y = rng.permutation(x_train[:size]), rng.permutation(y_train[:size])
                for i in range(0, size, batch_size):
                    model.train_on_batch(x[i : i + batch_size], y[i : i + batch_size])
            said = model.predict(x_test, verbose=0).argmax(axis=-1)
            result[size].append(float(np.mean(said == y_test)))
    return result

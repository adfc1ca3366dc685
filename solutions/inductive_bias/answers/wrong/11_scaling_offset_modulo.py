# exercise: data_scaling_curve
# mistake: the start of a batch is step * batch_size % (size - batch_size), as in old tutorials: the last batch_size rows are never shown
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
            for step in range(steps):
                offset = (step * batch_size) % max(size - batch_size, 1)
                model.train_on_batch(
                    x_train[offset : offset + batch_size], y_train[offset : offset + batch_size]
                )
            said = model.predict(x_test, verbose=0).argmax(axis=-1)
            result[size].append(float(np.mean(said == y_test)))
    return result

# Tries to get softmax out of a layer that is rebuilt from a JSON description, as a loaded model would be.
import json

import keras
import numpy as np

description = '{"module": "keras.layers", "class_name": "Soft%s", "config": {"axis": %d, "dtype": "float32"}}'


def softmax_rows(scores, axis=-1):
    layer = keras.saving.deserialize_keras_object(json.loads(description % ("max", axis)))
    return layer(np.asarray(scores))

# exercise: shape_bias
# mistake: asks for a conflict only where texture is counted; pictures with two equal labels count as shape
# %%
import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots


# %%
def shape_bias(predictions, shape_labels, texture_labels):
    predictions = ops.convert_to_numpy(predictions)
    shape_labels = ops.convert_to_numpy(shape_labels)
    texture_labels = ops.convert_to_numpy(texture_labels)
    differ = shape_labels != texture_labels
    shape = predictions == shape_labels
    texture = (predictions == texture_labels) & differ
    return shape.sum() / (shape.sum() + texture.sum())

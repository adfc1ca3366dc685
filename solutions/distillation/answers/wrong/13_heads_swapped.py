# exercise: hard_distillation_loss
# mistake: CLS learns from the teacher and the distillation token from the label
# %%
import keras
import numpy as np
from keras import ops


# %%
def hard_distillation_loss(cls_logits, dist_logits, teacher_logits, labels):
    chosen = ops.argmax(teacher_logits, axis=-1)
    first = keras.losses.sparse_categorical_crossentropy(chosen, cls_logits, from_logits=True)
    second = keras.losses.sparse_categorical_crossentropy(labels, dist_logits, from_logits=True)
    return ops.mean(0.5 * first + 0.5 * second)

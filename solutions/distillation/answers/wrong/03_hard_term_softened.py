# exercise: distillation_loss
# mistake: the cross-entropy with the labels is also taken at the temperature T, not at 1
# %%
import keras
import numpy as np
from keras import ops


# %%
def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    z_s = ops.convert_to_tensor(student_logits) / temperature
    z_t = ops.stop_gradient(ops.convert_to_tensor(teacher_logits)) / temperature
    ce = keras.losses.sparse_categorical_crossentropy(labels, z_s, from_logits=True)
    log_p, log_q = ops.log_softmax(z_t, axis=-1), ops.log_softmax(z_s, axis=-1)
    kl = ops.sum(ops.exp(log_p) * (log_p - log_q), axis=-1)
    return ops.mean((1 - alpha) * ce + alpha * temperature**2 * kl)

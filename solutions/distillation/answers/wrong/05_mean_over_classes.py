# exercise: distillation_loss
# mistake: one mean over images and classes, where the KL is a sum over the classes
# %%
import keras
import numpy as np
from keras import ops


# %%
def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    student_logits = ops.convert_to_tensor(student_logits)
    teacher_logits = ops.stop_gradient(ops.convert_to_tensor(teacher_logits))
    ce = ops.mean(keras.losses.sparse_categorical_crossentropy(labels, student_logits, from_logits=True))
    log_p = ops.log_softmax(teacher_logits / temperature, axis=-1)
    log_q = ops.log_softmax(student_logits / temperature, axis=-1)
    kl = ops.mean(ops.exp(log_p) * (log_p - log_q))
    return (1 - alpha) * ce + alpha * temperature**2 * kl

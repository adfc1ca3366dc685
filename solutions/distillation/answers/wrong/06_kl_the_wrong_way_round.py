# exercise: distillation_loss
# mistake: KL(q || p): the student's opinion weighs, as the arguments of Keras's KL are swapped by hand
# %%
import keras
import numpy as np
from keras import ops


# %%
def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    student_logits = ops.convert_to_tensor(student_logits)
    teacher_logits = ops.stop_gradient(ops.convert_to_tensor(teacher_logits))
    ce = keras.losses.sparse_categorical_crossentropy(labels, student_logits, from_logits=True)
    log_p = ops.log_softmax(teacher_logits / temperature, axis=-1)
    log_q = ops.log_softmax(student_logits / temperature, axis=-1)
    kl = ops.sum(ops.exp(log_q) * (log_q - log_p), axis=-1)
    return ops.mean((1 - alpha) * ce + alpha * temperature**2 * kl)

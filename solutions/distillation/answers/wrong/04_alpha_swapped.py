# exercise: distillation_loss
# mistake: alpha weighs the labels and 1 - alpha the teacher, as in Keras's example
# %%
import keras
import numpy as np
from keras import ops


# %%
def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    student_logits = ops.convert_to_tensor(student_logits)
    teacher_logits = ops.stop_gradient(ops.convert_to_tensor(teacher_logits))
    student_loss = keras.losses.sparse_categorical_crossentropy(labels, student_logits, from_logits=True)
    log_p = ops.log_softmax(teacher_logits / temperature, axis=-1)
    log_q = ops.log_softmax(student_logits / temperature, axis=-1)
    distill_loss = temperature**2 * ops.sum(ops.exp(log_p) * (log_p - log_q), axis=-1)
    return ops.mean(alpha * student_loss + (1 - alpha) * distill_loss)

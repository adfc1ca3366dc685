"""Right answers over Keras's public API, used in place of a failed exercise when a later one calls it.

They travel into the sandbox as text, so they hold nothing that Keras's documentation does not.
"""

STAND_INS = {
    "soft_targets": """
def soft_targets(logits, temperature):
    import keras
    return keras.activations.softmax(keras.ops.divide(logits, temperature))
""",
    "distillation_loss": """
def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    import keras
    asked = keras.ops.stop_gradient(teacher_logits)
    hard = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, student_logits)
    soft = [keras.ops.softmax(keras.ops.divide(z, temperature)) for z in (asked, student_logits)]
    return (1.0 - alpha) * hard + alpha * temperature * temperature * keras.losses.KLDivergence()(*soft)
""",
}

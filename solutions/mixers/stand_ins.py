"""Right answers over Keras's public API, used in place of a failed exercise when a later one calls it.

They travel into the sandbox as text, so they hold nothing that Keras's documentation does not.
"""

STAND_INS = {
    "LayerScale": """
import keras


class LayerScale(keras.layers.Layer):
    def __init__(self, init_value=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.start = keras.initializers.Constant(init_value)

    def build(self, shape):
        self.gamma = self.add_weight(shape=shape[-1:], initializer=self.start, name="gamma")

    def call(self, x):
        return keras.ops.multiply(self.gamma, x)
""",
    "recipe_gain": """
def recipe_gain(table):
    found = {}
    for row in table:
        new, old = row[1], row[-1]
        if old is not None:
            found[row[0]] = new - old
    return found
""",
}

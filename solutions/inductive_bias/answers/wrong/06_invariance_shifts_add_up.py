# exercise: invariance_rate
# mistake: the variable images is overwritten in the loop, so that each shift starts from the picture of the shift before
# %%
import keras
import numpy as np
from keras import ops



# %%
def invariance_rate(f, images, shifts):
    standard = np.argmax(ops.convert_to_numpy(f(images)), axis=-1)
    kept = []
    for dy, dx in shifts:
        images = shift_image(images, int(dy), int(dx))
        kept.append(np.argmax(ops.convert_to_numpy(f(images)), axis=-1) == standard)
    return float(np.mean(kept))

# exercise: equivariance_error
# mistake: the largest difference of each image, then the mean over the images in place of the maximum
# %%
import keras
import numpy as np
from keras import ops



# %%
def equivariance_error(f, images, dy, dx, out_stride=1):
    a = ops.convert_to_numpy(f(shift_image(images, dy, dx)))
    b = ops.convert_to_numpy(shift_image(f(images), dy // out_stride, dx // out_stride))
    worst_of_each = np.abs(a - b).max(axis=(1, 2, 3))
    return float(np.mean(worst_of_each))

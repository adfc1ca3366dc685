# exercise: equivariance_error
# mistake: dy and dx taken as steps of the output: the picture is moved by dy * out_stride, the output by dy
# %%
import keras
import numpy as np
from keras import ops



# %%
def equivariance_error(f, images, dy, dx, out_stride=1):
    before = f(shift_image(images, dy * out_stride, dx * out_stride))
    after = shift_image(f(images), dy, dx)
    return float(ops.max(ops.abs(ops.subtract(before, after))))

# Tries to hang in the kernel where no catchable signal reaches it: a vfork child that never execs.
# Ends by: the clock
import ctypes
import time


# %%
def softmax_rows(scores, axis=-1):
    libc = ctypes.CDLL(None, use_errno=True)
    stack = ctypes.create_string_buffer(1 << 16)
    top = ctypes.c_void_p((ctypes.addressof(stack) + (1 << 16)) & ~0xFF)
    function = ctypes.cast(libc.sleep, ctypes.c_void_p)
    for flags in (0x4000 | 0x100 | 17, 0x4000 | 17):
        libc.clone(function, top, flags, ctypes.c_void_p(115))
    time.sleep(300)
    return scores * 0.0

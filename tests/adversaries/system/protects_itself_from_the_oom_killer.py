# Tries to lower its own oom_score_adj, so that the kernel kills others first, and to lock its memory.
import ctypes


def write(value):
    try:
        with open("/proc/self/oom_score_adj", "w") as f:
            f.write(str(value))
    except OSError:
        return False
    return True


# %%
def softmax_rows(scores, axis=-1):
    try:
        with open("/proc/self/oom_score_adj") as f:
            before = int(f.read())
    except (OSError, ValueError):
        before = 0
    for value in (-1000, 0, before - 1):
        if value < before and write(value):
            write(before)
            raise RuntimeError(f"BREACH: oom_score_adj was lowered from {before} to {value}")
    if ctypes.CDLL(None).mlockall(2) == 0:
        try:
            buffer = ctypes.create_string_buffer(64 << 20)
        except MemoryError:
            return scores * 0.0
        ctypes.memset(buffer, 1, 64 << 20)
        ctypes.CDLL(None).munlockall()
        raise RuntimeError("BREACH: 64 MB of memory were locked")
    return scores * 0.0

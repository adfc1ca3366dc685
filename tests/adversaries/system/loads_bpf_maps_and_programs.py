# Tries to make BPF maps and load BPF programs.
import ctypes
import os
import platform
import struct

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()


# %%
def softmax_rows(scores, axis=-1):
    array_map = ctypes.create_string_buffer(struct.pack("IIII", 2, 4, 4, 1), 128)
    code = ctypes.create_string_buffer(bytes([0xB7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0]))
    licence = ctypes.create_string_buffer(b"GPL")
    fields = struct.pack("IIQQ", 1, 2, ctypes.addressof(code), ctypes.addressof(licence))
    program = ctypes.create_string_buffer(fields, 128)
    for command, attributes in ((0, array_map), (5, program)):
        fd, _ = kernel(321, 280, command, attributes, 128)
        if fd >= 0:
            os.close(fd)
            raise RuntimeError(f"BREACH: bpf command {command} succeeded")
    return scores * 0.0

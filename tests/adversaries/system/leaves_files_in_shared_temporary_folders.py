# Tries to leave files and folders in /tmp, /var/tmp, /dev/shm and /dev/mqueue, some of them hidden or locked.
import os
import tempfile

FOLDERS = ["/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue"]


# %%
def softmax_rows(scores, axis=-1):
    for folder in [*FOLDERS, tempfile.gettempdir()]:
        for name in ("left_by_student", ".left_by_student", "left_by_student\n\udcff"):
            try:
                fd = os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT, 0o000)
                os.write(fd, b"I was here\n")
                os.close(fd)
            except OSError:
                pass
        try:
            os.mkdir(os.path.join(folder, "left_by_student_d"))
            os.mkdir(os.path.join(folder, "left_by_student_d", "x"))
            os.chmod(os.path.join(folder, "left_by_student_d"), 0o000)
        except OSError:
            pass
    return scores * 0.0

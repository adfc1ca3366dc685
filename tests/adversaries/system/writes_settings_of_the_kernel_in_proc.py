# Tries to open settings of the kernel in /proc for writing, the core dump handler and sysrq among them.
import os

NAMES = ["sys/kernel/core_pattern", "sys/kernel/modprobe", "sys/kernel/randomize_va_space", "sys/vm/drop_caches",
         "sys/vm/overcommit_memory", "sys/kernel/pid_max", "sys/kernel/hostname", "sys/fs/file-max",
         "sys/net/ipv4/ip_forward", "sys/user/max_user_namespaces",
         "sys/fs/binfmt_misc/register", "sysrq-trigger", "irq/default_smp_affinity", "mtrr", "self/uid_map"]


# %%
def softmax_rows(scores, axis=-1):
    opened = []
    for name in NAMES[:-1]:
        try:
            os.close(os.open(f"/proc/{name}", os.O_WRONLY))
        except OSError:
            continue
        opened.append(name)
    if opened:
        raise RuntimeError(f"BREACH: open for writing: {opened}")
    return scores * 0.0

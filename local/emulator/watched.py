"""Become a program that ends with whoever started it, however that ends: `watched.py PROGRAM ARGUMENT...`.

For systems whose kernel does not end a child with its parent, as Linux does. Standard input is a pipe whose other end
only the starter holds, so it is at its end when the starter is gone. A process of the program's own process group waits
for that and kills the group, itself included: as long as it is a member, no other group can have that number. The
program knows nothing of it, keeps the process id, and finds standard input empty.
"""

import os
import signal
import sys


def main() -> None:
    """Start what watches, then run the program in place of this one."""
    if os.fork() == 0:
        # What watches is out of the program's reach: not its child, as this one ends at once, and deaf to its signals.
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        if os.fork() == 0:
            _watch()
        os._exit(0)
    if os.wait()[1]:
        sys.exit("watched.py: no process can be started")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - this very Python, without a shell


def _watch() -> None:
    """Wait for the end of the pipe, then kill the group."""
    null = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):  # held, they would not end with the program
        os.dup2(null, stream)
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()

"""A program in a terminal that a test holds: `hold.py COLUMNS COMMAND...`.

Deno has no pseudo terminals; Python has. Each line of standard input is an order, as JSON: {"type": "..."} presses keys,
{"columns": N} makes the terminal another size. Standard output is what the program wrote, byte for byte. When the input
ends, the terminal is gone, as when its window is closed; when the program ends, so does this one, with the same status.
"""
import fcntl, json, os, pty, select, struct, subprocess, sys, termios


def resize(fd, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def own_terminal():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


master, slave = pty.openpty()
resize(master, int(sys.argv[1]))
child = subprocess.Popen(sys.argv[2:], stdin=slave, stdout=slave, stderr=slave, preexec_fn=own_terminal)
os.close(slave)
orders = b""
while True:
    for fd in select.select([0, master], [], [])[0]:
        try:
            data = os.read(fd, 65536)
        except OSError:  # Linux: the program has closed its end
            data = b""
        if fd == master:
            if not data:
                sys.exit(child.wait())
            sys.stdout.buffer.write(data)
            sys.stdout.flush()
            continue
        if not data:
            os.close(master)
            try:
                sys.exit(child.wait(10))
            finally:
                child.kill()
        *lines, orders = (orders + data).split(b"\n")
        for order in map(json.loads, lines):
            if "columns" in order:
                resize(master, order["columns"])
            else:
                os.write(master, order["type"].encode())

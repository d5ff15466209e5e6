"""A program in a terminal that a test holds: `hold.py COLUMNS COMMAND...`.

Deno has no pseudo terminals; Python has. Each line of standard input is an order, as JSON: {"type": "..."} presses keys,
{"columns": N} makes the terminal another size, {"signal": "SIGSTOP"} signals the program, and {"shell": true} makes the
terminal what it was at first, as a shell does when the program is stopped. Standard output is what the program wrote,
byte for byte. When the input ends, the terminal is gone, as when its window is closed; when the program ends, so does
this one, with the same status, and says on standard error whether the terminal is as it was at first.
"""
import fcntl, json, os, pty, select, signal, struct, subprocess, sys, termios


def resize(fd, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def own_terminal():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


master, slave = pty.openpty()
resize(master, int(sys.argv[1]))
first = termios.tcgetattr(master)
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
                status = child.wait()
                sys.stderr.write("as it was" if termios.tcgetattr(master) == first else "changed")
                sys.exit(status if status >= 0 else 128 - status)
            sys.stdout.buffer.write(data)
            sys.stdout.flush()
            continue
        if not data:
            os.close(master)
            try:
                sys.exit(child.wait(60))
            finally:
                child.kill()
        *lines, orders = (orders + data).split(b"\n")
        for order in map(json.loads, lines):
            if "columns" in order:
                resize(master, order["columns"])
            elif "signal" in order:
                child.send_signal(signal.Signals[order["signal"]])
            elif "shell" in order:
                termios.tcsetattr(master, termios.TCSANOW, first)
            else:
                os.write(master, order["type"].encode())

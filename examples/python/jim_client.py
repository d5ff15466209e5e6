"""A client of JIM in one file, for Python 3.9 or newer. It reconnects by itself, and loses and doubles nothing.

    from jim_client import Chat

    with Chat("localhost", 7777, name="clock", rooms=["#lesson7"]) as chat:
        for message in chat:
            if message["message"] == "!time":
                chat.say(time.strftime("%H:%M"), to=message["conversation"])

It has one thread: `say` and the loop read from the server while they wait. A message is a dictionary, as the server sends
it, with `conversation`: the room, or the person to answer. `after=` the `id` of the last message that a program has
handled makes it go on there when it starts again.
"""
import collections
import json
import random
import socket
import ssl
import time

COMMON_ROOM = "#all"
PAGE = 500  # rows that a server gives at once
CONNECT, ANSWER, SILENCE = 10, 10, 75  # seconds


class Refused(Exception):
    """The server refuses something: `code` is JIM's, and the text says what would be right."""

    def __init__(self, answer):
        super().__init__(answer.get("error", ""))
        self.code = answer.get("response")
        self.is_final = answer.get("kicked") is True


class Uncertain(Exception):
    """The connection ended before the answer, and nothing tells whether the message has arrived."""


class Lost(Exception):
    """The connection has ended."""


class Chat:
    """A chat: it is logged in when it is made. OSError: there is no server; Refused: the login or a room is refused."""

    def __init__(self, host, port, name=None, password=None, token=None, rooms=(), after=None, tls=None, pauses=(1, 30)):
        self.name, self.is_account = name, False
        self._where, self._tls, self._pauses = (host, port), tls, pauses  # tls: an ssl.SSLContext, or True
        self._login = {"token": token} if token else {"user": {"account_name": name, "password": password}}
        self._is_guest = not token and password is None
        self._rooms = list(rooms)
        self._joined = set(rooms) if after is not None else set()
        self._starts = {}  # rooms that were joined since, and the last id before that
        self._last = after  # every message up to this id has been read
        self._messages, self._held = collections.deque(), None  # what is not yet iterated; what arrives while catching up
        self._time = 0
        self._socket = None
        try:
            self._enter()
        except Lost as lost:
            raise ConnectionError(str(lost)) from lost

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __iter__(self):
        return self

    def __next__(self):
        while not self._messages:
            self._with_connection(lambda: self._messages or self._read())  # a new connection may have brought some
        return self._messages.popleft()

    def say(self, text, to=COMMON_ROOM, reply_to=None):
        """Says something, and returns its id when the server has kept it."""
        self._time = max(round(time.time(), 6), round(self._time + 1e-6, 6))
        mine = {"action": "msg", "time": self._time, "to": to, "message": text}
        if reply_to is not None:
            mine["reply_to"] = reply_to
        is_sent, before = False, self._last

        def send():
            nonlocal is_sent
            if is_sent:  # on a connection before this one
                if not to.startswith("#") and not self.is_account:
                    raise Uncertain(text)
                for row in self._past(to, before):
                    if self._is_mine(row) and row["time"] == mine["time"]:
                        return row["id"]
            is_sent = True
            return self._ask(mine)[0].get("id")

        number = self._with_connection(send)
        self._last = max(self._last or 0, number or 0)
        return number

    def join(self, room):
        """Joins a room, and again after each reconnection."""
        self._with_connection(lambda: self._join(room))
        self._rooms.append(room)

    def request(self, action, **fields):
        """Asks for anything else, and returns the answer and its rows."""
        return self._with_connection(lambda: self._ask({"action": action, "time": time.time(), **fields}))

    def close(self):
        """Says goodbye. What was said is answered already."""
        if self._socket is None:
            return
        try:
            self._ask({"action": "quit", "time": time.time()})
        except (Lost, OSError, Refused):
            pass
        self._hang_up()

    def _with_connection(self, work):
        """Does something, and again on another connection if this one ends."""
        attempt = 0
        while True:
            try:
                if self._socket is None:
                    self._enter()
                return work()
            except (Lost, OSError):
                self._hang_up()
            except Refused as refused:
                if refused.is_final:
                    self._hang_up()
                if refused.is_final or self._socket is not None:
                    raise
            first, longest = self._pauses
            time.sleep(min(longest, first * 2**attempt) * (0.5 + random.random() / 2))
            attempt += 1

    def _hang_up(self):
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def _enter(self):
        """Connects, logs in, joins the rooms, and reads what was said meanwhile."""
        plain = socket.create_connection(self._where, timeout=CONNECT)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        context = ssl.create_default_context() if self._tls is True else self._tls
        self._socket = context.wrap_socket(plain, server_hostname=self._where[0]) if context else plain
        self._input, self._asked, self._held = b"", 0, []
        try:
            action = "presence" if self._is_guest else "authenticate"
            features = ["id", "replies", "edits"]
            answer, _ = self._ask({"action": action, "time": time.time(), **self._login, "features": features})
            self.name = answer.get("account_name", self.name)
            self.is_account = answer.get("role") in ("account", "operator")
            for room in self._rooms:
                self._join(room)
            self._catch_up()
        except Refused as refused:
            self._hang_up()
            if refused.code is None or refused.code < 404 or self._last is None:
                refused.is_final = True
            raise

    def _join(self, room):
        self._ask({"action": "join", "time": time.time(), "room": room})
        if room not in self._joined and self._last is not None:
            self._starts[room] = self._newest(room)
        self._joined.add(room)

    def _newest(self, room):
        _, rows = self._ask({"action": "history", "time": time.time(), "room": room, "limit": 1})
        return max([row.get("id", 0) for row in rows], default=0)

    def _catch_up(self):
        places = {COMMON_ROOM, *self._rooms}
        if self.is_account:
            _, rows = self._ask({"action": "unread", "time": time.time()})
            places |= {row.get("room") or row.get("user_id") for row in rows}
        missed, begins = [], self._last is None
        if begins:
            self._last = max(self._newest(place) for place in places if place.startswith("#"))
        else:
            missed = [row for place in places for row in self._past(place, self._start_of(place))]
        held, self._held = self._held, None
        rows = held if begins else [row for row in missed + held if row.get("id", 0) > self._start_of(row["to"])]
        known = {row["id"]: row for row in rows if "id" in row}
        for _, row in sorted(known.items()):
            if not (self._is_mine(row) and row["time"] <= self._time) and not row.get("deleted"):
                self._show(row)
        self._starts.clear()

    def _past(self, place, after):
        """What was said in a conversation behind an id."""
        conversation = {"room": place} if place.startswith("#") else {"with": place}
        while True:
            try:
                fields = {"action": "history", "time": time.time(), **conversation, "after": after, "limit": PAGE}
                _, rows = self._ask(fields)
            except Refused as refused:
                if refused.code >= 500:  # it cannot be read now: nothing tells what is missing until it can
                    raise Lost(str(refused)) from refused
                return
            yield from (row for row in rows if row.get("action") == "msg")
            if len(rows) < PAGE:
                return
            after = max(row.get("id", 0) for row in rows)

    def _start_of(self, place):
        return max(self._starts.get(place, 0), self._last)

    def _is_mine(self, row):
        return row.get("from") == self.name

    def _ask(self, request):
        """The answer to a request, and the rows that follow it."""
        self._send(request)
        waits, rows = self._asked, []
        while True:
            answer = self._object(ANSWER)
            if "response" in answer and answer["response"] >= 200:
                waits -= 1
                self._asked -= 1
                if waits == 0:
                    break
            else:
                self._receive(answer)
        for _ in range(answer.get("quantity", 0)):
            rows.append(self._object(ANSWER))
        if answer["response"] >= 400:
            raise Refused(answer)
        return answer, rows

    def _read(self):
        """Reads one object that nobody has asked for."""
        try:
            received = self._object(SILENCE)
        except socket.timeout:
            self._ask({"action": "probe", "time": time.time()})
            return
        if received.get("response", 0) >= 200:
            self._asked = max(0, self._asked - 1)  # the answer to a presence, which has answered a probe
            if received.get("kicked"):
                raise Refused(received)
        else:
            self._receive(received)

    def _receive(self, received):
        if received.get("action") == "probe":
            self._send({"action": "presence", "time": time.time()})
        elif received.get("action") == "msg":
            if self._held is None:
                self._show(received)
            else:
                self._held.append(received)

    def _show(self, row):
        is_room = row["to"].startswith("#")
        conversation = row["to"] if is_room or self._is_mine(row) else row["from"]
        self._messages.append({**row, "conversation": conversation})
        self._last = max(self._last or 0, row.get("id", 0))

    def _send(self, request):
        self._asked += 1
        self._socket.settimeout(ANSWER)
        self._socket.sendall(json.dumps(request).encode() + b"\n")

    def _object(self, patience):
        self._socket.settimeout(patience)
        while b"\n" not in self._input:
            received = self._socket.recv(65_536)
            if received == b"":
                raise Lost("the server closed the connection")
            self._input += received
        line, self._input = self._input.split(b"\n", 1)
        return json.loads(line)

"""A bot for Hanita in Python: in the rooms that it is in, it answers "!time" and "!roll".

    BOT_TOKEN=... python3 examples/bot.py 127.0.0.1 7777 '#lesson7'
"""
import json, os, random, socket, sys, time

host, port, *rooms = sys.argv[1:]
chat = socket.create_connection((host, int(port)))
lines = chat.makefile("r", encoding="utf-8")


def say(action, **fields):
    chat.sendall((json.dumps({"action": action, "time": time.time(), **fields}) + "\n").encode())


say("authenticate", token=os.environ["BOT_TOKEN"], features=["id"])
for room in rooms:
    say("join", room=room)
for line in lines:
    said = json.loads(line)
    if said.get("response", 0) >= 400:
        print(said["error"], file=sys.stderr)
    if said.get("action") == "probe":
        say("presence")
    # What was said while the bot was away is marked: it is not answered again.
    if said.get("action") == "msg" and not said.get("replayed"):
        answer = {"!time": time.strftime("%H:%M"), "!roll": str(random.randint(1, 6))}.get(said["message"])
        if answer:
            say("msg", to=said["to"] if said["to"].startswith("#") else said["from"], message=answer)

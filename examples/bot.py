"""A bot for Hanita in Python: in the rooms that it is in, it answers "!time" and "!roll".

    BOT_TOKEN=... python3 examples/bot.py 127.0.0.1 7777 '#lesson7'
"""
import os, random, sys, time

from python.jim_client import Chat

host, port, *rooms = sys.argv[1:]
answers = {"!time": lambda: time.strftime("%H:%M"), "!roll": lambda: str(random.randint(1, 6))}
with Chat(host, int(port), token=os.environ["BOT_TOKEN"], rooms=rooms) as chat:
    for message in chat:
        # What was said before the bot had begun is marked: it is not answered again.
        if message["message"] in answers and not message.get("replayed"):
            chat.say(answers[message["message"]](), to=message["conversation"])

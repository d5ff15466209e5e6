"""Talks to a server that is killed meanwhile, by examples/python/jim_client.py: `python3 dialogue.py FOLDER PORT`."""
import sys

sys.path.insert(0, sys.argv[1])
from jim_client import Chat, Refused

with Chat("127.0.0.1", int(sys.argv[2]), name="ann", rooms=["#cats"], pauses=(0.02, 0.2)) as chat:
    chat.say("kill the server")
    texts = [f"ann {n}" for n in range(20)]
    ids = [chat.say(text) for text in texts]
    assert ids == sorted(set(ids)), ids
    read = []
    for message in chat:
        if message["message"] == "the end":
            break
        if message["from"] == "bob":
            read.append(message["message"])
    assert read == [f"bob {n}" for n in range(20)], read
    _, rows = chat.request("history", limit=500)
    assert [row["message"] for row in rows if row["message"] in texts] == texts, rows
    try:
        chat.say("hello", to="nobody")
        raise AssertionError("it is not refused")
    except Refused as refused:
        assert refused.code == 404, refused
    assert chat.say("meow", to="#cats") > ids[-1]

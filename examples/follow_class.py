#!/usr/bin/env python3
"""Follow a class over its channel, as a classroom component does: sign in, read what happens, make calls, come back after
the connection broke. The protocol is described in docs/protocols/classroom.md.

Usage: SDKAPPID=... python3 follow_class.py CLASS_ID USER_ID USER_TOKEN
       SDKAPPID=... TIC_KEY=... python3 follow_class.py        (makes a class and a teacher of its own first)
"""

import base64
import json
import os
import socket
import ssl
import struct
import sys
import time
import uuid
from urllib.parse import urlsplit

from create_class import BASE, call


class WebSocket:
    """As much of RFC 6455 as a client of the channel needs. A real client takes the library of its language."""

    def __init__(self, url):
        parts = urlsplit(url)
        tls = parts.scheme == "https"
        self.socket = socket.create_connection((parts.hostname, parts.port or (443 if tls else 80)), timeout=5)
        if tls:
            self.socket = ssl.create_default_context().wrap_socket(self.socket, server_hostname=parts.hostname)
        self.buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self.buffer:
            self.read_more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ConnectionError("no WebSocket")

    def send(self, message, opcode=1):
        data, mask = json.dumps(message).encode(), os.urandom(4)
        length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
        self.socket.sendall(bytes([0x80 | opcode]) + length + mask + masked)

    def read_more(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the connection broke")
        self.buffer += data

    def receive(self):
        """The next message; None when there is none for some seconds."""
        while True:
            length = self.buffer[1] & 0x7F if len(self.buffer) > 1 else 0
            start, form = {126: (4, ">H"), 127: (10, ">Q")}.get(length, (2, None))
            if len(self.buffer) >= start:
                if form:
                    length = struct.unpack(form, self.buffer[2:start])[0]
                if len(self.buffer) >= start + length:
                    break
            try:
                self.read_more()
            except TimeoutError:
                return None
        opcode, data = self.buffer[0] & 0x0F, self.buffer[start : start + length]
        self.buffer = self.buffer[start + length :]
        if opcode == 8:
            raise ConnectionAbortedError(struct.unpack(">H", data[:2])[0] if data else 1005, data[2:].decode())
        return json.loads(data) if opcode == 1 else {"type": "other"}


def follow(class_id, user_id, token, say):
    """Follows the class until it is over. `last` is what makes the connection go on where it was."""
    last = 0
    while True:
        try:
            channel = WebSocket(f"{BASE}/saas/v1/channel")
            channel.send({
                "type": "sign_in", "id": 1, "sdkappid": int(os.environ["SDKAPPID"]),
                "user_id": user_id, "token": token, "class_id": class_id, "last": last,
            })
            pinged = time.monotonic()
            while True:
                message = channel.receive()
                if time.monotonic() - pinged > 9:
                    channel.send({"type": "ping"})
                    pinged = time.monotonic()
                if message is None:
                    continue
                print(json.dumps(message, ensure_ascii=False)[:200])
                last = max(last, message.get("sequence", 0))
                if message["type"] == "welcome":
                    for number, (name, body) in enumerate(say, 2):
                        channel.send({"type": "call", "id": number, "call": name, "body": {"class_id": class_id, **body}})
                    say = []
        except ConnectionAbortedError as end:
            print("the server ended the connection:", *end.args)
            if end.args[0] not in (1001, 4004):
                return
        except (ConnectionError, OSError) as problem:
            print("again in two seconds:", problem)
        time.sleep(2)


def main():
    if len(sys.argv) == 4:
        return follow(int(sys.argv[1]), sys.argv[2], sys.argv[3], [])
    teacher = f"teacher_{uuid.uuid4().hex[:8]}"
    users = call("/paas/v1/user/register", {"list": [{"user_id": teacher, "role": "teacher"}]})
    created = call("/paas/v1/class/create", {"teacher_id": teacher, "class_topic": "A class to follow"})
    lesson = [("class/start", {}), ("imstorage/send", {"content": "Hello"}), ("class/stop", {})]
    follow(created["class_id"], teacher, users["user_list"][0]["user_token"], lesson)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Receive Lectern's webhooks, verify both signatures, and store each event once.

Usage: TIC_KEY=... WEBHOOK_SECRET=whsec_... python3 webhook_receiver.py [PORT [FILE]]

It listens on 127.0.0.1, port 9000 unless PORT says otherwise, and appends each event as one line of JSON to FILE, which is
events.jsonl unless you name another one. During the rotation of a webhook secret nothing has to be done here: a delivery
then carries a signature of the old secret and one of the new.
The contract with a receiver is described in docs/callbacks.md.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

# Seconds by which webhook-timestamp may differ from the time here. It bounds how long a recorded request can be replayed.
TOLERANCE = 300
BODY_LIMIT = 1 << 20


def equal(given, expected):
    """Compares in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


def sign_is_valid(query, tic_key, now):
    """The protocol's own signature in the query: MD5 of tic_key and expire_time. It does not cover the body."""
    expire_time = query.get("expire_time", "")
    expected = hashlib.md5((tic_key + expire_time).encode()).hexdigest()
    return equal(query.get("sign", ""), expected) and expire_time.isdecimal() and int(expire_time) >= now


def webhook_is_valid(headers, body, secret, now):
    """Standard Webhooks: HMAC-SHA256 over id, time and body. Any of several signatures may match."""
    event_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(now - int(timestamp)) > TOLERANCE:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{event_id}.{timestamp}.".encode() + body, hashlib.sha256)
    expected = "v1," + base64.b64encode(mac.digest()).decode()
    return any(equal(given, expected) for given in headers.get("webhook-signature", "").split(" "))


class Events:
    """The stored events. Deliveries are at least once, so that an event may arrive again under its webhook-id."""

    def __init__(self, path):
        self.lock = threading.Lock()
        self.file = open(path, "a+", encoding="utf-8")
        self.file.seek(0)
        self.seen = {json.loads(line)["id"] for line in self.file}

    def store(self, event_id, body):
        """Stores an event that is not stored yet, and returns whether it was new."""
        with self.lock:
            if event_id in self.seen:
                return False
            self.file.write(json.dumps({"id": event_id, **body}) + "\n")
            # Acknowledge only what survives a crash: Lectern does not send it again.
            self.file.flush()
            os.fsync(self.file.fileno())
            self.seen.add(event_id)
            return True


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps the connection open
    events = None

    def do_POST(self):
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > BODY_LIMIT:
            self.close_connection = True
            return self.answer(413, 1)
        body = self.rfile.read(int(length))
        query, now = dict(parse_qsl(urlsplit(self.path).query)), time.time()
        # Verify the bytes as they came, before they are parsed.
        if not sign_is_valid(query, os.environ["TIC_KEY"], now):
            return self.answer(401, 1)
        if not webhook_is_valid(self.headers, body, os.environ["WEBHOOK_SECRET"], now):
            return self.answer(401, 1)
        event = json.loads(body)
        event_id = self.headers["webhook-id"]
        new = self.events.store(event_id, {"event": event["event"], "data": event["data"]})
        print(event_id, event["event"], "stored" if new else "already stored", flush=True)
        return self.answer(200, 0)

    def answer(self, status, error_code):
        body = json.dumps({"error_code": error_code}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """The query contains a signature: do not log it."""


def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
    Receiver.events = Events(sys.argv[2] if len(sys.argv) > 2 else "events.jsonl")
    missing = [name for name in ("TIC_KEY", "WEBHOOK_SECRET") if not os.environ.get(name)]
    if missing:
        raise SystemExit(f"set {' and '.join(missing)}")
    server = ThreadingHTTPServer(("127.0.0.1", port), Receiver)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass

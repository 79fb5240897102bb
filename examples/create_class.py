#!/usr/bin/env python3
"""Create a class with a signed call of the iClass enterprise API and print its addresses.

Usage: SDKAPPID=... TIC_KEY=... python3 create_class.py [TOPIC]

BASE_URL names the server; the default is http://127.0.0.1:8080.
The protocol is described in docs/protocols/iclass.md.
"""

import hashlib
import json
import os
import random
import sys
import time
import urllib.request
import uuid
from urllib.parse import urlencode

BASE = os.environ.get("BASE_URL", "http://127.0.0.1:8080")
# Seconds. Whoever sees a signed URL can use it until it expires, so keep this short.
VALID_FOR = 120


def signed_url(path):
    """The URL of a call, signed as the chapter "Signing" describes: MD5 of tic_key and expire_time."""
    expire_time = int(time.time()) + VALID_FOR
    query = {
        "sdkappid": os.environ["SDKAPPID"],
        "random": random.randrange(1_000_000),
        "expire_time": expire_time,
        "sign": hashlib.md5(f"{os.environ['TIC_KEY']}{expire_time}".encode()).hexdigest(),
    }
    return f"{BASE}{path}?{urlencode(query)}"


def call(path, body, headers=None):
    """Make a call. The protocol answers errors with HTTP 200 and an `error_code` that is not 0."""
    request = urllib.request.Request(
        signed_url(path),
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json", **(headers or {})},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        answer = json.load(response)
    if answer["error_code"] != 0:
        raise SystemExit(f"{path}: error {answer['error_code']}: {answer['error_msg']}")
    return answer


def main():
    topic = sys.argv[1] if len(sys.argv) > 1 else "An example class"
    # If the answer is lost, send the call again with the same key: it creates no second class.
    key = {"Idempotency-Key": str(uuid.uuid4())}
    created = call("/paas/v1/class/create", {"teacher_id": "teacher_1", "class_topic": topic}, key)
    info = call("/paas/v1/class/info", {"class_id": created["class_id"]})
    print(f"class_id     {created['class_id']}")
    print(f"class_topic  {info['class_topic']}")
    print(f"class_status {info['class_status']}")
    print(f"teacher_url  {created['teacher_url']}")
    print(f"student_url  {created['student_url']}")


if __name__ == "__main__":
    main()

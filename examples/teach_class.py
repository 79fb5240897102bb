#!/usr/bin/env python3
"""Register a teacher, create a class, and begin and end it as a classroom component does. Each step that an endpoint is
subscribed to is sent as a webhook: run webhook_receiver.py beside it.

Usage: SDKAPPID=... TIC_KEY=... python3 teach_class.py

The first half is the enterprise's back end (/paas/v1, signed with tic_key), the second half the page of the teacher
(/saas/v1, with the token of the user). A page must never have the tic_key.
"""

import hashlib
import json
import os
import urllib.request
import uuid
from urllib.parse import urlencode

from create_class import BASE, call


def component_call(name, body, user_id, token):
    """Make a call of a classroom component. Its `sign` is a checksum of the body as it is sent."""
    data = json.dumps(body).encode()
    query = {
        "sdkappid": os.environ["SDKAPPID"],
        "user_id": user_id,
        "token": token,
        "sign": hashlib.md5(data).hexdigest(),
    }
    request = urllib.request.Request(f"{BASE}/saas/v1/{name}?{urlencode(query)}", data=data)
    with urllib.request.urlopen(request, timeout=30) as response:
        answer = json.load(response)
    if answer["error_code"] != 0:
        raise SystemExit(f"{name}: error {answer['error_code']}: {answer['error_msg']}")
    return answer


def main():
    # In the back end.
    teacher = f"teacher_{uuid.uuid4().hex[:8]}"
    registered = call("/paas/v1/user/register", {"list": [{"user_id": teacher, "role": "teacher"}]})
    token = registered["user_list"][0]["user_token"]
    created = call("/paas/v1/class/create", {"teacher_id": teacher, "class_topic": "An example class"})
    class_id = created["class_id"]
    print(f"class {class_id} is created for {teacher}")

    # In the classroom.
    component_call("member/join", {"class_id": class_id}, teacher, token)
    component_call("class/start", {"class_id": class_id}, teacher, token)
    print("begun: webhook class_begin")
    component_call("class/stop", {"class_id": class_id}, teacher, token)
    print("ended: webhook class_over")


if __name__ == "__main__":
    main()

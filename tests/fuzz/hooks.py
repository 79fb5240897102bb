"""Makes most of the generated requests those of somebody who may call, about things that exist. schemathesis imports this."""

import hashlib
import json
import os
import random
import time

import schemathesis

SCHOOL = json.loads(os.environ["FUZZ_SCHOOL"])
IDS = SCHOOL["ids"]
# How many requests of a hundred are not changed.
UNTOUCHED = 10


def sign(query):
    until = int(time.time()) + 3600
    signature = hashlib.md5(f"{SCHOOL['tic_key']}{until}".encode()).hexdigest()
    query |= {"sdkappid": SCHOOL["sdkappid"], "expire_time": until, "random": "1", "sign": signature}


def enter(query):
    user = random.choice(list(SCHOOL["tokens"]))
    query |= {"sdkappid": SCHOOL["sdkappid"], "user_id": user, "token": SCHOOL["tokens"][user]}
    query.pop("sign", None)


def name_things(value):
    """Replaces half of the ids by those of things that exist."""
    if isinstance(value, list):
        return [name_things(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = {name: name_things(inner) for name, inner in value.items()}
    for name in named:
        if name in IDS and random.random() < 0.5:
            named[name] = IDS[name]
        elif name in ("user_id", "teacher_id") and random.random() < 0.5:
            named[name] = random.choice(list(SCHOOL["tokens"]))
    return named


@schemathesis.hook
def before_call(context, case, kwargs):
    if random.randrange(100) < UNTOUCHED:
        return
    path = case.operation.path
    query = case.query = dict(case.query or {})
    if isinstance(case.body, (dict, list)):
        case.body = name_things(case.body)
    parameters = case.path_parameters
    if parameters and random.random() < 0.7:
        for name in list(parameters):
            if name == "id":
                parameters[name] = IDS["course"] if "/course/" in path else IDS["organization_id"]
            elif name in IDS:
                parameters[name] = IDS[name]
    if path.startswith(("/paas/", "/transcode/", "/ppt2h5/")):
        sign(query)
    elif path.startswith(("/saas/", "/v4/")):
        enter(query)
    elif path.startswith("/api/"):
        case.headers["Authorization"] = f"Bearer {SCHOOL['niuclass']}"
    elif path.startswith("/sxb_new/"):
        query["svc"], query["cmd"] = path.split("/")[-2:]
        if isinstance(case.body, dict):
            case.body |= {"appid": SCHOOL["sdkappid"], "timeStamp": 1}
            if "/logout" not in path and "token" in case.body:
                case.body["token"] = account_token()
    elif path.startswith(("/im/", "/v1/im/", "/signature/")):
        case.headers["Authorization"] = f"Bearer {SCHOOL['im']}"


TOKEN = {"value": "", "until": 0.0}


def account_token():
    """The token of the account; a new one every ten seconds, because some requests end it."""
    if time.monotonic() > TOKEN["until"]:
        import urllib.request

        url = f"{SCHOOL['url']}/sxb_new/?svc=account&cmd=login"
        with urllib.request.urlopen(url, json.dumps(SCHOOL["account"]).encode()) as answer:
            answer = json.load(answer)
        TOKEN.update(value=answer.get("data", {}).get("token", ""), until=time.monotonic() + 10)
    return TOKEN["value"]

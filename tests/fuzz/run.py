"""Starts a server with a school in it, and runs schemathesis against it."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("FUZZ_PROGRAM", ROOT / "target/debug/lectern"))
REPORTS = ROOT / "target/fuzz"
# The size of a document is not what is tested; everything else is.
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance"
)


def lectern(environment, *arguments):
    """Runs a command and returns what it prints, as JSON if it is."""
    done = subprocess.run([PROGRAM, *arguments], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"lectern {' '.join(arguments)}: {done.stderr}")
    try:
        return json.loads(done.stdout)
    except ValueError:
        return done.stdout.strip()


def call(url, body=None, method="POST", token=None):
    """Sends JSON and returns the JSON of the answer."""
    request = urllib.request.Request(url, json.dumps(body or {}).encode(), method=method)
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{method} {url}: {error.code} {error.read().decode()}") from error


def serve(environment):
    """Starts a server and returns it with its address."""
    server = subprocess.Popen([PROGRAM, "serve", "--workers", "2", "--media-listen", "127.0.0.1:0"], env=environment, stderr=subprocess.PIPE, text=True)
    log = open(REPORTS / "server.log", "w")
    for line in server.stderr:
        log.write(line)
        found = re.search(r"serving at (\S+)", line)
        if found:
            # The rest goes into the log, so that the server never waits for a reader.
            threading.Thread(target=lambda: [log.write(rest) for rest in server.stderr], daemon=True).start()
            return server, found.group(1)
    raise SystemExit(f"the server did not start: see {log.name}")


def found_school(environment, url):
    """What the requests may name: an enterprise, its people, and one of each thing."""
    made = lectern(environment, "enterprise", "create", "--name", "Fuzz", "--protocols", "iclass,niuclass,suixinbo,im", "--json")
    sdkappid = str(made["sdkappid"])
    lectern(environment, "enterprise", "set", sdkappid, "--open-registration", "teachers", "--chat-master-key", "key")
    signed = lambda path: call(
        lectern(environment, "sign", "--sdkappid", sdkappid, "--expires-in", "24h", "--public-url", url, path[0]), path[1]
    )
    people = [{"user_id": "teacher", "role": "teacher"}, {"user_id": "pupil", "role": "student"}]
    tokens = {user["user_id"]: user["user_token"] for user in signed(("/paas/v1/user/register", {"list": people}))["user_list"]}
    class_id = signed(("/paas/v1/class/create", {"teacher_id": "teacher", "members": [{"user_id": "pupil", "role": "student"}]}))
    document = signed(("/paas/v1/document/add", {"doc_url": "http://example.com/a.pptx", "doc_name": "a"}))
    mobile, password = "13800000000", "a password of the partner"
    owner = lectern(environment, "channel", "create", "--sdkappid", sdkappid, "--mobile", mobile, "--password", password, "--json")["user_id"]
    token = call(f"{url}/login", {"mobile": mobile, "password": password})["token"]
    organization = call(f"{url}/api/organization", {"name": "School", "organization_owner": owner}, token=token)["id"]
    member = {"role": "teacher", "mobile": "13900000000", "name": "Li"}
    member = call(f"{url}/api/organization/{organization}/members", member, token=token)["member_id"]
    course = call(f"{url}/api/organization/{organization}/courses", {"title": "Maths", "clarity": "HD"}, token=token)["id"]
    im_token = lectern(environment, "enterprise", "token", "create", sdkappid, "--name", "fuzz", "--json")["token"]
    group = call(f"{url}/im/group", {"group_name": "group"}, token=im_token)["group_id"]
    account = {"appid": made["sdkappid"], "timeStamp": 1, "id": "account", "pwd": "cGFzc3dvcmQ="}
    command = lambda svc, cmd, body: call(f"{url}/sxb_new/?svc={svc}&cmd={cmd}", body)
    command("account", "regist", account | {"role": 1})
    return {
        "url": url,
        "sdkappid": made["sdkappid"],
        "tic_key": made["tic_key"],
        "tokens": tokens,
        "niuclass": token,
        "im": im_token,
        "account": account,
        "ids": {
            "class_id": class_id["class_id"],
            "doc_id": document["doc_id"],
            "organization_id": organization,
            "member_id": member,
            "course": course,
            "group_id": group,
            "roomnum": class_id["class_id"],
            "app_id": sdkappid,
        },
    }


def main():
    REPORTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LECTERN_")}
        environment |= {
            "LECTERN_DATABASE_URL": f"sqlite://{folder}/lectern.db",
            "LECTERN_STORAGE_URL": f"file://{folder}/files",
            "LECTERN_LISTEN": "127.0.0.1:0",
            "LECTERN_LOG": "warn,lectern=info",
        }
        server, url = serve(environment)
        try:
            school = found_school(environment, url)
            environment |= {"FUZZ_SCHOOL": json.dumps(school), "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(ROOT / "tests/fuzz")}
            st = [str(pathlib.Path(sys.executable).with_name("st")), "run", f"{url}/openapi.json"]
            examples = os.environ.get("FUZZ_EXAMPLES", "200")
            st += ["--checks", CHECKS, "--phases", "coverage,fuzzing", "--max-examples", examples, "--suppress-health-check", "all"]
            st += ["--continue-on-failure", "--report", "json", "--report-dir", str(REPORTS), "--generation-database", "none"]
            done = subprocess.run([*st, *sys.argv[1:]], env=environment, cwd=REPORTS)
            if server.poll() is not None:
                raise SystemExit(f"the server ended: see {REPORTS}/server.log")
            return done.returncode
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)


if __name__ == "__main__":
    sys.exit(main())

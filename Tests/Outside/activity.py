"""What surrounds a collector of the activity API: an OAuth token endpoint and a webhook of its own.

Usage: activity.py serve HOME TOKEN_PORT WEBHOOK_PORT PERSON   until SIGTERM
       activity.py doors HOME ROOT                            who is refused, and how
       activity.py check HOME STATE TENANT LOG                 LOG: the ids of the tenant's entries

`serve` answers POST /token with a token of PERSON, and over HTTPS takes notifications into
HOME/notifications.jsonl. `check` compares what the collector has with the log itself.
"""

import collections
import http.server
import json
import pathlib
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.request


class Token(http.server.BaseHTTPRequestHandler):
    """OAuth 2.0 client credentials (RFC 6749 section 4.4)."""

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if "grant_type=client_credentials" not in form:
            self.send_error(400)
            return
        token = subprocess.run(
            ["lockboxctl", "dev", "token", "--directory", self.server.home, "--as", self.server.person],
            check=True, capture_output=True, text=True,
        ).stdout.strip()
        body = json.dumps({"access_token": token, "token_type": "Bearer"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Webhook(http.server.BaseHTTPRequestHandler):
    """Answers validations, keeps notifications; every fifth of these it refuses."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = 200
        if self.headers["Webhook-AuthID"] != "o365activityapinotification":
            status = 403
        elif isinstance(body, dict):
            code = self.headers["Webhook-ValidationCode"]
            status = 200 if code and body["validationCode"] == code else 400
            self.server.keep("validations.jsonl", body)
        else:
            self.server.count += 1
            if self.server.count % 5 == 0:
                status = 503
            else:
                for one in body:
                    self.server.keep("notifications.jsonl", one)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


class WebhookServer(http.server.HTTPServer):
    count = 0

    def keep(self, name, value):
        with (pathlib.Path(self.home) / name).open("a") as file:
            file.write(json.dumps(value) + "\n")


def serve(home, token_port, webhook_port, person):
    tokens = http.server.ThreadingHTTPServer(("127.0.0.1", int(token_port)), Token)
    tokens.home, tokens.person = home, person
    webhook = WebhookServer(("127.0.0.1", int(webhook_port)), Webhook)
    webhook.home = home
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # Any certificate of the authority names localhost.
    tls.load_cert_chain(f"{home}/certificates/expiry.pem", f"{home}/certificates/expiry.key")
    webhook.socket = tls.wrap_socket(webhook.socket, server_side=True)
    threading.Thread(target=tokens.serve_forever, daemon=True).start()
    webhook.serve_forever()


def doors(home, root):
    tls = ssl.create_default_context(cafile=f"{home}/ca/ca.pem")
    answers = {}
    for person in [None, "ana", "gina", "alma"]:
        headers = {}
        if person:
            command = ["lockboxctl", "dev", "token", "--directory", home, "--as", person]
            token = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            headers["Authorization"] = f"Bearer {token.strip()}"
        for tenant in ["acme", "globex", "nobody"]:
            url = f"{root}/api/v1.0/{tenant}/activity/feed/subscriptions/list"
            try:
                request = urllib.request.Request(url, headers=headers)
                with urllib.request.urlopen(request, timeout=10, context=tls) as answer:
                    answers[person, tenant] = (answer.status, None)
            except urllib.error.HTTPError as error:
                answers[person, tenant] = (error.code, json.load(error)["error"]["code"])
    expected = {(person, tenant): (403, "AF10001") for person, tenant in answers}
    for tenant in ["acme", "globex", "nobody"]:
        expected[None, tenant] = (401, "AF10001")
        expected["alma", tenant] = (400, "AF20010")
    expected["alma", "acme"] = (200, None)
    if answers != expected:
        wrong = {who: answers[who] for who in answers if answers[who] != expected[who]}
        raise SystemExit(f"wrong answers at the door: {wrong}")


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def check(home, state, tenant, log):
    home = pathlib.Path(home)
    records = lines(pathlib.Path(state) / "records.jsonl")
    counts = collections.Counter(record["Id"] for record in records)
    twice = [id for id, count in counts.items() if count > 1]
    logged = pathlib.Path(log).read_text().split()
    missing = [id for id in logged if id not in counts]
    strange = [id for id in counts if id not in logged]
    for words, found in [("twice", twice), ("missing", missing), ("in no log", strange)]:
        if found:
            raise SystemExit(f"{len(found)} records {words}: {found[:3]}")
    for record in records:
        if record["TenantId"] != tenant:
            raise SystemExit(f"a record of another tenant: {record}")
    decisions = [
        record for record in records if record["Operation"] == "Set-AccessToCustomerDataRequest"
    ]
    if not decisions or any(
        one["RecordType"] != 1
        or {"Name": "ApprovalDecision", "Value": "Approve"} not in one["Parameters"]
        for one in decisions
    ):
        raise SystemExit(f"the customer's decisions are not what the schema says: {decisions[:1]}")

    if len(lines(home / "validations.jsonl")) < 5:
        raise SystemExit("the webhook was not validated for each subscription")
    told = {one["contentId"] for one in lines(home / "notifications.jsonl")}
    blobs = {record["blob"] for record in records}
    # Whatever was logged after a subscription was is to be told.
    for number, content_type in [("2", "Audit.Exchange"), ("4", "Audit.General")]:
        started = next(
            record["LogIndex"]
            for record in records
            if record["Operation"] == "ActivitySubscriptionStarted"
            and record["LockboxEvent"]["activitySubscriptionStarted"]["contentType"] == content_type
        )
        due = {
            blob
            for blob in blobs
            if blob.endswith(f"${number}") and int(blob.split("$")[0], 16) > started
        }
        if not due or due - told:
            raise SystemExit(f"the webhook was not told of {sorted(due - told)} of {content_type}")
    print(
        f"{len(records)} records in {len(blobs)} blobs, {len(decisions)} decisions, "
        f"{len(told)} blobs told"
    )


if __name__ == "__main__":
    {"serve": serve, "doors": doors, "check": check}[sys.argv[1]](*sys.argv[2:])

"""Judges what feed_receiver.py kept, with parsers and verifiers that we did not write.

  feeds.py DIRECTORY EVENTS PATH=SECRET... : EVENTS is what `lockboxctl audit list --format jsonl`
  printed of the same log; each PATH is a webhook's, with the secret that it was made with.

Exits non-zero with one line that says what is wrong.
"""

import base64, json, os, sys

import jsonschema
import pycef
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from standardwebhooks import Webhook
from syslog_rfc5424_parser import SyslogMessage

directory, events = sys.argv[1:3]
secrets = dict(argument.split("=", 1) for argument in sys.argv[3:])
expected = [json.loads(line) for line in open(events)]
ids = {entry["event"]["eventId"]: int(entry["index"]) for entry in expected}


def fail(text):
    sys.exit(f"feeds: {text}")


def lines(name):
    path = os.path.join(directory, name)
    return [json.loads(line) for line in open(path)] if os.path.exists(path) else []


schemas = {}


def check_ocsf(event):
    """By the class's own schema of the version that the event names, and of a newer one."""
    for version in (event["metadata"]["version"], "1.8.0"):
        uid = event["class_uid"]
        if (version, uid) not in schemas:
            schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version))
            name = schema.lookup_class_name_from_uid(uid)
            schemas[version, uid] = jsonschema.Draft202012Validator(schema.get_class_schema(name))
        problems = sorted(schemas[version, uid].iter_errors(event), key=str)
        if problems:
            fail(f"OCSF {version}: {problems[0].message} in {json.dumps(event)[:300]}")


def check_signature(record, secret):
    headers, body = record["headers"], base64.b64decode(record["body"])
    if secret.startswith("whsec_"):
        # The library refuses timestamps that are not of now, as receivers should.
        Webhook(secret).verify(body, headers)
        return
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(secret.removeprefix("whpk_")))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    scheme, _, signature = headers["webhook-signature"].partition(",")
    if scheme != "v1a":
        fail(f"a signature of the scheme {scheme}")
    key.verify(base64.b64decode(signature), content)


def check_order(name, found):
    """Each once at least, and the first of each in the order of the log."""
    seen = list(dict.fromkeys(found))
    if sorted(seen) != sorted(ids):
        missing, extra = set(ids) - set(seen), set(seen) - set(ids)
        fail(f"{name}: {len(missing)} entries are missing, {len(extra)} are not of the log")
    if [ids[one] for one in seen] != sorted(ids[one] for one in seen):
        fail(f"{name}: the order is not the log's")
    return len(found) - len(seen)


def check_goldens(goldens):
    """What every kind of event looks like, also those that the services did not write now."""
    kinds = [json.loads(line)["kind"] for line in open(f"{goldens}/jsonl.txt")]
    events = [json.loads(line) for line in open(f"{goldens}/ocsf.txt")]
    for event in events:
        check_ocsf(event)
    cef = [pycef.parse(line.rstrip("\n")) for line in open(f"{goldens}/cef.txt")]
    syslog = [SyslogMessage.parse(line.rstrip("\n")) for line in open(f"{goldens}/syslog-sentence.txt")]
    if not (
        kinds
        == [event["metadata"]["event_code"] for event in events]
        == [event["DeviceEventClassID"] for event in cef]
        == [message.msgid for message in syslog]
    ):
        fail(f"{goldens}: the formats do not tell of the same kinds")
    return len(kinds)


reports = [f"{check_goldens('Tests/LogFormatsTests/Golden')} kinds of events in OCSF, CEF and syslog"]
webhooks = lines("webhooks")
for path, secret in secrets.items():
    mine = [record for record in webhooks if record["path"] == path]
    bodies = {}
    for record in mine:
        check_signature(record, secret)
        body = json.loads(base64.b64decode(record["body"]))
        one = record["headers"]["webhook-id"]
        if bodies.setdefault(one, body) != body:
            fail(f"{path}: two bodies with one webhook-id")
        if "class_uid" in body:
            check_ocsf(body)
            if body["metadata"]["uid"] != one:
                fail(f"{path}: the event {body['metadata']['uid']} came as {one}")
        elif body.get("specversion") == "1.0":
            if body["id"] != one or not body["type"].startswith("lockbox.event.v1."):
                fail(f"{path}: {body['id']} of {body['type']} came as {one}")
    doubles = check_order(path, [record["headers"]["webhook-id"] for record in mine])
    reports.append(f"{path} {len(mine)} webhooks ({doubles} doubles)")

found = []
for record in lines("syslog"):
    message = SyslogMessage.parse(record["message"])
    data = message.sd["lockbox@32473"]
    if message.msgid != data["kind"]:
        fail(f"syslog: {message.msgid} is of the kind {data['kind']}")
    if message.msg.startswith("CEF:"):
        event = pycef.parse(message.msg)
        if event["externalId"] != data["eventId"] or event["DeviceEventClassID"] != data["kind"]:
            fail(f"CEF: {event['externalId']} came as {data['eventId']}")
    found.append(data["eventId"])
doubles = check_order("syslog", found)
reports.append(f"syslog {len(found)} messages ({doubles} doubles)")
print(f"{len(ids)} entries: " + ", ".join(reports))

"""From the opening of the customer's stage to the mail about it, accepted: percentiles.

  mail_latency.py DIRECTORY    with `mails` of mail_server.py and `events` of `lockboxctl audit list`
"""

import base64, datetime, email, json, pathlib, sys
from email import policy

directory = pathlib.Path(sys.argv[1])
opened, latencies = {}, []
for line in open(directory / "events"):
    event = json.loads(line)["event"]
    if event.get("stageOpened", {}).get("side") == "SIDE_CUSTOMER":
        moment = datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00"))
        opened[event["requestId"]] = moment.timestamp()
for line in open(directory / "mails"):
    record = json.loads(line)
    mail = email.message_from_bytes(base64.b64decode(record["content"]), policy=policy.default)
    request = mail["X-Lockbox-Request"]
    if request in opened:
        latencies.append(record["time"] - opened[request])
latencies.sort()
if not latencies:
    sys.exit("mail_latency: no mail is of a request whose stage opened")
at = lambda share: latencies[min(len(latencies) - 1, int(len(latencies) * share))] * 1_000
print(
    f"{len(latencies)} mails: p50 {at(0.5):.0f} ms, p90 {at(0.9):.0f} ms, p99 {at(0.99):.0f} ms, "
    f"most {latencies[-1] * 1_000:.0f} ms after the stage had opened"
)

"""A collector of the Office 365 Management Activity API, in the manner of those that SIEMs ship: it
knows the API's documents, and nothing of whose it is.

Usage: collector.py --root URL --token-url URL --tenant ID --client-id ID --client-secret TEXT
                    --publisher ID --ca FILE --state DIRECTORY [--webhook URL] --until FILE

Starts subscriptions, then polls windows of time that meet, page by page, reads each new blob once,
and appends its records to STATE/records.jsonl. STATE survives it: a second run goes on where the
first one ended. Ends when FILE exists and a whole round brought nothing new.
"""

import argparse
import datetime
import json
import pathlib
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

CONTENT_TYPES = [
    "Audit.AzureActiveDirectory",
    "Audit.Exchange",
    "Audit.SharePoint",
    "Audit.General",
    "DLP.All",
]


class Api:
    """The API's operations over plain HTTP, with retries of what may be tried again."""

    def __init__(self, options):
        self.options = options
        self.tls = ssl.create_default_context(cafile=options.ca)
        self.base = f"{options.root}/api/v1.0/{options.tenant}/activity/feed"
        self.token = None
        self.pages = 0

    def authorize(self):
        form = {
            "grant_type": "client_credentials",
            "client_id": self.options.client_id,
            "client_secret": self.options.client_secret,
            "resource": self.options.root,
        }
        data = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(self.options.token_url, data, timeout=30) as answer:
            self.token = json.load(answer)["access_token"]

    def call(self, method, url, body=None):
        """The JSON of the answer and its fields; raises ValueError with the API's own error."""
        delay = 0.1
        for attempt in range(60):
            headers, data = {}, None
            if method == "POST":
                data = json.dumps(body).encode() if body is not None else b""
                headers["Content-Type"] = "application/json; charset=utf-8"
            try:
                if self.token is None:
                    self.authorize()
                headers["Authorization"] = f"Bearer {self.token}"
                request = urllib.request.Request(url, data, headers, method=method)
                with urllib.request.urlopen(request, timeout=30, context=self.tls) as answer:
                    text = answer.read()
                    return (json.loads(text) if text else None), answer.headers
            except urllib.error.HTTPError as error:
                text = error.read()
                if error.code == 401 and attempt == 0:
                    self.token = None
                    continue
                if error.code in (429, 500, 503):
                    time.sleep(float(error.headers.get("Retry-After") or delay))
                    continue
                failure = json.loads(text)["error"]
                raise ValueError(failure["code"], failure["message"]) from None
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(delay)
                delay = min(delay * 1.5, 2)
        raise SystemExit(f"collector: {method} {url} never succeeded")

    def url(self, operation, **query):
        query["PublisherIdentifier"] = self.options.publisher
        return f"{self.base}/{operation}?{urllib.parse.urlencode(query)}"

    def start(self, content_type):
        body = None
        if self.options.webhook:
            body = {
                "webhook": {
                    "address": self.options.webhook,
                    "authId": "o365activityapinotification",
                    "expiration": "",
                }
            }
        try:
            self.call("POST", self.url("subscriptions/start", contentType=content_type), body)
        except ValueError as error:
            # Already enabled.
            if error.args[0] != "AF20024":
                raise

    def content(self, content_type, start, end):
        url = self.url(
            "subscriptions/content", contentType=content_type, startTime=start, endTime=end
        )
        while url:
            blobs, headers = self.call("GET", url)
            self.pages += 1
            yield from blobs
            url = headers.get("NextPageUri")


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def main():
    parser = argparse.ArgumentParser()
    for name in ["root", "token-url", "tenant", "client-id", "client-secret", "publisher"]:
        parser.add_argument(f"--{name}", required=True)
    for name in ["ca", "state", "until"]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--webhook")
    options = parser.parse_args()
    state = pathlib.Path(options.state)
    state.mkdir(exist_ok=True)
    bookmark = state / "bookmark"
    api = Api(options)

    for content_type in CONTENT_TYPES:
        api.start(content_type)
    listed, _ = api.call("GET", api.url("subscriptions/list"))
    enabled = {one["contentType"] for one in listed if one["status"] == "enabled"}
    if enabled != set(CONTENT_TYPES):
        raise SystemExit(f"collector: enabled are only {sorted(enabled)}")

    now = datetime.datetime.now(datetime.timezone.utc)
    if bookmark.exists():
        start = datetime.datetime.fromisoformat(bookmark.read_text())
    else:
        start = (now - datetime.timedelta(hours=23)).replace(microsecond=0)
    blobs = rounds = 0
    with (state / "records.jsonl").open("a") as records:
        while True:
            is_last = pathlib.Path(options.until).exists()
            end = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
            if end <= start:
                time.sleep(0.2)
                continue
            found = 0
            for content_type in CONTENT_TYPES:
                for blob in api.content(content_type, text(start), text(end)):
                    contents, _ = api.call("GET", blob["contentUri"])
                    for record in contents:
                        records.write(json.dumps({"blob": blob["contentId"], **record}) + "\n")
                    found += 1
            records.flush()
            bookmark.write_text(end.isoformat())
            start = end
            blobs += found
            rounds += 1
            if is_last and found == 0:
                break
            time.sleep(0.3)
    print(f"{blobs} blobs on {api.pages - rounds * len(CONTENT_TYPES)} more pages in {rounds} rounds")


if __name__ == "__main__":
    sys.exit(main())

"""Judges the mails that mail_server.py took over, with Python's own parser of mails.

  mail.py DIRECTORY EVENTS [TEXT]

DIRECTORY/mails is the server's; EVENTS is what `lockboxctl audit list --format jsonl` printed of the
tenant's log since there are people (`person-…`) to tell. TEXT is what an engineer wrote: it must be read in a mail, and be nobody's markup.
Every mail must be well-formed; whoever was to be told was told, in order, and what came twice says so.
Exits non-zero with one line that says what is wrong.
"""

import base64, collections, email, email.utils, html.parser, json, pathlib, sys
from email import policy

directory, events = pathlib.Path(sys.argv[1]), sys.argv[2]
hostile = sys.argv[3] if len(sys.argv) > 3 else None
records = [json.loads(line) for line in open(directory / "mails")]
payloads = [json.loads(line)["event"] for line in open(events)]


def fail(text):
    sys.exit(f"mail: {text}")


class Markup(html.parser.HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text, self.links = set(), "", []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.links += [value for name, value in attributes if name in ("href", "src", "action")]

    def handle_data(self, data):
        self.text += data


def parse(record):
    """A mail that has no defect, and says what ours say."""
    content = base64.b64decode(record["content"])
    lines = content.split(b"\r\n")
    if any(len(line) > 998 or b"\r" in line or b"\n" in line or b"\0" in line for line in lines):
        fail("a line is too long, or holds a bare CR, LF or NUL")
    if not content.isascii():
        fail("a mail is not ASCII")
    mail = email.message_from_bytes(content, policy=policy.default)
    for part in mail.walk():
        if part.defects:
            fail(f"{part.get_content_type()} has defects: {part.defects}")
    for name in ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"):
        if len(mail.get_all(name, [])) != 1:
            fail(f"there is not one {name}")
        if mail[name].defects if hasattr(mail[name], "defects") else False:
            fail(f"{name} has defects: {mail[name].defects}")
    if [address.addr_spec for address in mail["To"].addresses] != record["to"]:
        fail(f"To is {mail['To']}, but the mail went to {record['to']}")
    if [address.addr_spec for address in mail["From"].addresses] != [record["from"]]:
        fail(f"From is {mail['From']}, but the sender was {record['from']}")
    if mail["Date"].datetime is None or not record["tls"]:
        fail("a mail has no date, or came in the clear")
    if [part.get_content_type() for part in mail.iter_parts()] != ["text/plain", "text/html"]:
        fail("a mail is not text and HTML")
    page = Markup(mail.get_body(("html",)).get_content())
    foreign = page.tags & {"script", "img", "iframe", "form", "input", "link", "object", "svg"}
    if foreign or any(not link.startswith("https://localhost:") for link in page.links):
        fail(f"a mail holds {foreign or page.links}")
    mail.text, mail.page = mail.get_body(("plain",)).get_content(), page
    return mail


def header(record):
    """Its header only: of thousands of mails that are made alike."""
    return email.message_from_bytes(base64.b64decode(record["content"]).split(b"\r\n\r\n")[0])


# The first of each kind come first.
parsed = [parse(record) for record in records[:300] + records[300::50]]
mails = [header(record) for record in records]
by_id = collections.defaultdict(list)
for mail in mails:
    by_id[mail["Message-ID"].strip("<>")].append(mail)

# What came twice says so, and nothing came more often.
repeated = 0
for identifier, copies in by_id.items():
    if len(copies) > 2:
        fail(f"{identifier} came {len(copies)} times")
    for copy in copies[1:]:
        repeated += 1
        if copy["X-Lockbox-Repeated"] != "yes":
            fail(f"{identifier} came twice, and the second does not say so")

# The log and the mails say the same.
delivered = [event["noticeDelivered"] for event in payloads if "noticeDelivered" in event]
dropped = [event["noticeDropped"]["notice"] for event in payloads if "noticeDropped" in event]
if any("noticeGivenUp" in event for event in payloads):
    fail("a notice was given up")
sent = {one["messageId"] for one in delivered if "mail" in one["notice"]["recipient"]}
if sent - set(by_id):
    fail(f"the log tells of {len(sent - set(by_id))} mails that never came")
if len(delivered) != len({one["notice"]["noticeId"] for one in delivered}):
    fail("the log tells of a delivery twice")

# Who was to be told of a stage that opened.
done = {
    (one["requestId"], one["kind"], one["recipient"].get("mail"))
    for one in [one["notice"] for one in delivered] + dropped
    if "requestId" in one
}
recipients = {one[2] for one in done if one[2] and one[2].startswith("person-")}
opened = [one for one in payloads if one.get("stageOpened", {}).get("side") == "SIDE_CUSTOMER"]
if not opened or not recipients:
    fail("no stage opened, or nobody was to be told")
for event in opened:
    for recipient in recipients:
        if (event["requestId"], "NOTICE_KIND_APPROVAL_NEEDED", recipient) not in done:
            fail(f"{recipient} was never told of {event['requestId']}")

# In the order of what happened, for each recipient.
place = {event["eventId"]: number for number, event in enumerate(payloads)}
events_of = {
    one["messageId"]: place[one["notice"]["eventId"]]
    for one in delivered
    if one["notice"]["eventId"] in place
}
order = collections.defaultdict(list)
for record, mail in zip(records, mails):
    order[record["to"][0]].append(mail["Message-ID"].strip("<>"))
for recipient, identifiers in order.items():
    first = [events_of[one] for one in dict.fromkeys(identifiers) if one in events_of]
    if first != sorted(first):
        fail(f"{recipient} heard of things in another order than they happened in")

if hostile:
    shown = [mail for mail in parsed if hostile in mail.text]
    if not shown:
        fail("nobody was shown what the engineer wrote")
    if not all(hostile in mail.page.text for mail in shown):
        fail("the HTML does not show what the text does")
    if any("\n" in str(value) or "\r" in str(value) for mail in parsed for value in mail.values()):
        fail("a field of a header holds a line's end")

print(f"{len(mails)} mails to {len(order)} people, {repeated} of them repeats that say so")

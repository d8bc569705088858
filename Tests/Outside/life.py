"""The whole life of a request through grpcio, which knows nothing of us but proto/.

Usage: life.py HOME SERVICE=ADDRESS...   HOME holds NAME.token of each person, and ca/ca.pem.
Leaves the id of the request in HOME/request and its access token in HOME/access.token.
"""

import pathlib
import sys
import threading
import time

import grpc
from google.protobuf import duration_pb2
from google.rpc import error_details_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)
from grpc_status import rpc_status

from lockbox.approvals.v1 import approvals_pb2 as approvals
from lockbox.approvals.v1 import approvals_pb2_grpc, grant_pb2_grpc
from lockbox.approvals.v1 import grant_pb2 as grants
from lockbox.audit.v1 import audit_pb2 as audit
from lockbox.audit.v1 import audit_pb2_grpc
from lockbox.common.v1 import common_pb2 as common
from lockbox.intake.v1 import intake_pb2 as intake
from lockbox.intake.v1 import intake_pb2_grpc

Code = grpc.StatusCode
home = pathlib.Path(sys.argv[1])
addresses = dict(word.split("=", 1) for word in sys.argv[2:])
credentials = grpc.ssl_channel_credentials((home / "ca/ca.pem").read_bytes())
channels = {
    name: grpc.secure_channel(address, credentials) for name, address in addresses.items()
}
requests = intake_pb2_grpc.IntakeServiceStub(channels["intake"])
decisions = approvals_pb2_grpc.ApprovalsServiceStub(channels["approvals"])
grant_desk = grant_pb2_grpc.GrantServiceStub(channels["approvals"])
log = audit_pb2_grpc.AuditServiceStub(channels["audit"])


def person(name):
    token = (home / f"{name}.token").read_text().strip()
    return {"metadata": [("authorization", f"Bearer {token}")], "timeout": 10}


erin, emil, max_, mia = person("erin"), person("emil"), person("max"), person("mia")
ana, alma, gina = person("ana"), person("alma"), person("gina")


def check(fact, words):
    if not fact:
        raise AssertionError(words)


def refused(code, method, request, options):
    """Calls, expects a status, and returns its details by the name of their type."""
    try:
        answer = method(request, **options)
        # A stream is refused at its first message.
        if hasattr(answer, "__next__"):
            next(answer)
    except grpc.RpcError as error:
        check(error.code() == code, f"{error.code()} ({error.details()}) instead of {code}")
        status = rpc_status.from_call(error)
        details = {}
        for detail in status.details if status else []:
            for kind in (error_details_pb2.BadRequest, error_details_pb2.ErrorInfo):
                if detail.Is(kind.DESCRIPTOR):
                    details[kind.DESCRIPTOR.name] = message = kind()
                    detail.Unpack(message)
        return error, details
    raise AssertionError(f"an answer instead of {code}")


def reason(code, method, request, options):
    _, details = refused(code, method, request, options)
    check("ErrorInfo" in details, f"{code} came without ErrorInfo")
    check(details["ErrorInfo"].domain == "lockbox", "the domain of ErrorInfo is not lockbox")
    return details["ErrorInfo"].reason


def eventually(words, ready):
    """Services hear of one another within milliseconds, but not before the next call."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if found := ready():
            return found
        time.sleep(0.02)
    raise AssertionError(f"within 10 s: {words}")


def asking(key, **changes):
    fields = dict(
        idempotency_key=key,
        tenant_id="acme",
        workload="exchange",
        reason_code=common.REASON_CODE_CUSTOMER_INITIATED_SUPPORT,
        justification="Mail loops; need to see the transport headers",
        ticket="T-4711",
        scope=common.Scope(resources=["mailboxes/alice"], actions=[common.ACTION_READ]),
        duration=duration_pb2.Duration(seconds=3600),
    )
    return intake.SubmitAccessRequestRequest(**(fields | changes))


def submit(key):
    return requests.SubmitAccessRequest(asking(key), **erin).access_request


def refusals():
    everything = intake.SubmitAccessRequestRequest()
    _, details = refused(Code.INVALID_ARGUMENT, requests.SubmitAccessRequest, everything, erin)
    fields = {violation.field for violation in details["BadRequest"].field_violations}
    expected = {"idempotency_key", "tenant_id", "workload", "reason_code", "justification"}
    expected |= {"scope", "duration"}
    check(expected <= fields, f"violations of {sorted(fields)}, not of all of {sorted(expected)}")
    check(details["ErrorInfo"].reason == "INVALID_FIELDS", "another reason than INVALID_FIELDS")

    refused(Code.UNAUTHENTICATED, requests.SubmitAccessRequest, asking("a"), {"timeout": 10})
    forged = {"metadata": [("authorization", "Bearer e30.e30.e30")], "timeout": 10}
    refused(Code.UNAUTHENTICATED, requests.SubmitAccessRequest, asking("a"), forged)
    refused(Code.PERMISSION_DENIED, requests.SubmitAccessRequest, asking("a"), max_)
    unknown = asking("a", tenant_id="nobody")
    refused(Code.NOT_FOUND, requests.SubmitAccessRequest, unknown, erin)
    # No such method on this listener: feeds are for services.
    subscribe = channels["intake"].unary_stream("/lockbox.feed.v1.FeedService/Subscribe")
    refused(Code.UNIMPLEMENTED, subscribe, b"", erin)


def submission(request):
    again = submit("first")
    check(again.access_request == request.access_request, "the repeat is another request")
    check(again.request_digest == request.request_digest, "the repeat has another digest")
    other = asking("first", ticket="T-1")
    found = reason(Code.ALREADY_EXISTS, requests.SubmitAccessRequest, other, erin)
    check(found == "IDEMPOTENCY_KEY_REUSED", f"{found} instead of IDEMPOTENCY_KEY_REUSED")

    made = [submit(f"more-{number}").access_request.request_id for number in range(5)]
    pages, token = [], ""
    while True:
        page = requests.ListAccessRequests(
            intake.ListAccessRequestsRequest(page_size=2, page_token=token), **erin
        )
        pages.append([item.access_request.request_id for item in page.access_requests])
        token = page.next_page_token
        if not token:
            break
    check([len(page) for page in pages] == [2, 2, 2], f"pages of {[len(p) for p in pages]}")
    newest_first = [*reversed(made), request.access_request.request_id]
    check(sum(pages, []) == newest_first, "the pages are not newest first, each once")
    none = requests.ListAccessRequests(intake.ListAccessRequestsRequest(), **emil)
    check(not none.access_requests, "another engineer sees requests that are not theirs")


def record(request_id, who):
    query = approvals.GetAccessRequestRequest(request_id=request_id)
    return decisions.GetAccessRequest(query, **who).access_request


def reaches(request_id, state, who):
    def ready():
        try:
            found = record(request_id, who)
        except grpc.RpcError as error:
            check(error.code() == Code.NOT_FOUND, f"{error.code()} ({error.details()})")
            return None
        return found if found.state == state else None

    return eventually(f"{request_id} is {common.AccessRequestState.Name(state)}", ready)


def decision(found, **changes):
    fields = dict(
        request_id=found.access_request.request_id,
        verdict=common.VERDICT_APPROVE,
        request_digest=found.request_digest,
        stage=found.open_stage,
    )
    return approvals.DecideAccessRequestRequest(**(fields | changes))


def approval(request):
    request_id = request.access_request.request_id
    found = reaches(request_id, common.ACCESS_REQUEST_STATE_AWAITING_PROVIDER, max_)
    check(found.access_request == request.access_request, "approvals tells of another request")
    decide = decisions.DecideAccessRequest
    other = decision(found, request_digest=bytes(32))
    check(reason(Code.FAILED_PRECONDITION, decide, other, max_) == "DIGEST_MISMATCH", "a digest")
    # Not the customer's turn, and a foreign tenant learns nothing at any time.
    refused(Code.NOT_FOUND, decisions.GetAccessRequest, foreign(request_id), gina)
    refused(Code.NOT_FOUND, decide, decision(found), gina)
    missing = foreign("01890000-0000-7000-8000-000000000000")
    same, _ = refused(Code.NOT_FOUND, decisions.GetAccessRequest, missing, gina)
    theirs, _ = refused(Code.NOT_FOUND, decisions.GetAccessRequest, foreign(request_id), gina)
    check(same.details() == theirs.details(), "foreign and missing are told apart")

    decide(decision(found), **max_)
    decide(decision(found), **max_)
    denial = decision(found, verdict=common.VERDICT_DENY)
    refused(Code.ALREADY_EXISTS, decide, denial, max_)
    decide(decision(found), **mia)
    found = reaches(request_id, common.ACCESS_REQUEST_STATE_AWAITING_CUSTOMER, ana)
    approved = decide(decision(found, comment="Please be quick"), **ana).access_request
    check(approved.state == common.ACCESS_REQUEST_STATE_APPROVED, "not approved at the end")
    check(len(approved.decisions) == 3, f"{len(approved.decisions)} decisions, not 3")
    return approved.grant


def foreign(request_id):
    return approvals.GetAccessRequestRequest(request_id=request_id)


def token(grant):
    asked = grants.IssueAccessTokenRequest(grant_id=grant.grant_id)
    refused(Code.NOT_FOUND, grant_desk.IssueAccessToken, asked, emil)
    issued = grant_desk.IssueAccessToken(asked, **erin)
    check(issued.receipt.inclusion_proof or issued.receipt.index == 0, "no proof in the receipt")
    check(issued.access_token.count(".") == 2, "the access token is no JWT")
    entries = log.ListEntries(
        audit.ListEntriesRequest(tenant_id="acme", request_id=grant.request_id), **alma
    ).entries
    check(entries, "the log has no entry of the request")
    refused(Code.NOT_FOUND, log.ListEntries, audit.ListEntriesRequest(tenant_id="acme"), gina)
    return issued.access_token


def watch(request_id):
    """Reads the states of a request until a final one, beside everything else."""
    states, ending = [], []

    def read():
        call = requests.WatchAccessRequest(
            intake.WatchAccessRequestRequest(request_id=request_id),
            metadata=erin["metadata"],
            timeout=60,
        )
        try:
            states.extend(answer.access_request.state for answer in call)
            ending.append(call.code())
        except grpc.RpcError as error:
            ending.append(error.code())

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread, states, ending


def streams(request_id):
    query = intake.WatchAccessRequestRequest(request_id=request_id)
    late = requests.WatchAccessRequest(query, metadata=erin["metadata"], timeout=0.3)
    try:
        for _ in late:
            pass
        raise AssertionError("a stream ended well that had a deadline")
    except grpc.RpcError as error:
        check(error.code() == Code.DEADLINE_EXCEEDED, f"{error.code()} at the deadline")
    left = requests.WatchAccessRequest(query, metadata=erin["metadata"])
    next(left)
    left.cancel()
    check(left.code() == Code.CANCELLED, f"{left.code()} after cancel()")
    # The connection is as good as before.
    requests.GetAccessRequest(intake.GetAccessRequestRequest(request_id=request_id), **erin)


def health_and_reflection():
    for name, channel in channels.items():
        answer = channel.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=10)
        check(answer == b"\x08\x01", f"{name} is not SERVING but {answer}")
        names = ProtoReflectionDescriptorDatabase(channel).get_services()
        check(
            any(found.startswith(f"lockbox.{name}.v1.") for found in names),
            f"{name} does not list itself by reflection v1alpha but {list(names)}",
        )


def story():
    health_and_reflection()
    eventually("intake knows the tenants and policies", knows_settings)
    refusals()
    request = submit("first")
    request_id = request.access_request.request_id
    watcher, states, ending = watch(request_id)
    submission(request)
    streams(request_id)
    grant = approval(request)
    (home / "access.token").write_text(token(grant))
    (home / "request").write_text(request_id)

    decisions.RevokeGrant(approvals.RevokeGrantRequest(grant_id=grant.grant_id), **ana)
    asked = grants.IssueAccessTokenRequest(grant_id=grant.grant_id)
    found = reason(Code.FAILED_PRECONDITION, grant_desk.IssueAccessToken, asked, erin)
    check(found == "GRANT_NOT_LIVE", f"{found} instead of GRANT_NOT_LIVE")
    watcher.join(10)
    names = [common.AccessRequestState.Name(state).removeprefix("ACCESS_REQUEST_STATE_")
             for state in states]
    check(not watcher.is_alive(), f"the watch does not end; so far {names}")
    check(ending == [Code.OK], f"the watch ended with {ending}")
    check(names[-1:] == ["REVOKED"], f"the watch ended after {names}")
    check(states == sorted(set(states)), f"the watch told {names}")
    return names


def knows_settings():
    """A submission that names too much time is refused only by who knows the tenant and workload."""
    try:
        requests.SubmitAccessRequest(
            asking("early", duration=duration_pb2.Duration(seconds=8 * 3600)), **erin
        )
    except grpc.RpcError as error:
        status = rpc_status.from_call(error)
        return error.code() == Code.INVALID_ARGUMENT and "workload" not in str(status)
    raise AssertionError("8 hours were accepted, and acme allows 4")


try:
    states = story()
except grpc.RpcError as error:
    sys.exit(f"outside: grpcio: {error.code()}: {error.details()}")
except AssertionError as error:
    sys.exit(f"outside: grpcio: {error}")
print(f"outside: grpcio: a request's whole life ({' → '.join(states)}), refusals, streams")

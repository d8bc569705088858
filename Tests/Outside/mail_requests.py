"""Makes requests that wait for the customer, through grpcio.

  mail_requests.py HOME COUNT RATE WORKLOADS SERVICE=ADDRESS...

RATE: a second; 0: as fast as they go. erin asks for `helpdesk-1` to `helpdesk-WORKLOADS` in turn, whose
one stage max approves.
"""

import asyncio, pathlib, sys, time, uuid

import grpc
from google.protobuf import duration_pb2

from lockbox.approvals.v1 import approvals_pb2 as approvals
from lockbox.approvals.v1 import approvals_pb2_grpc
from lockbox.common.v1 import common_pb2 as common
from lockbox.intake.v1 import intake_pb2 as intake
from lockbox.intake.v1 import intake_pb2_grpc

home, count, rate = pathlib.Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
workloads = int(sys.argv[4])
addresses = dict(word.split("=", 1) for word in sys.argv[5:])
credentials = grpc.ssl_channel_credentials((home / "ca/ca.pem").read_bytes())
# As fast as they go: so many at once.
room = asyncio.Semaphore(32 if rate == 0 else 1_000)


def person(name):
    token = (home / f"{name}.token").read_text().strip()
    return {"metadata": [("authorization", f"Bearer {token}")], "timeout": 30}


erin, max_ = person("erin"), person("max")


async def request(requests, decisions, number):
    async with room:
        answer = await requests.SubmitAccessRequest(
            intake.SubmitAccessRequestRequest(
                idempotency_key=uuid.uuid4().hex,
                tenant_id="acme",
                workload=f"helpdesk-{number % workloads + 1}",
                reason_code=common.REASON_CODE_CUSTOMER_INITIATED_SUPPORT,
                justification=f"Number {number}",
                scope=common.Scope(resources=["desks/1"], actions=[common.ACTION_READ]),
                duration=duration_pb2.Duration(seconds=3600),
            ),
            **erin,
        )
        made = answer.access_request
        decision = approvals.DecideAccessRequestRequest(
            request_id=made.access_request.request_id,
            verdict=common.VERDICT_APPROVE,
            request_digest=made.request_digest,
        )
        # Approvals hears of it within milliseconds, but not before this.
        end = time.monotonic() + 30
        while True:
            await asyncio.sleep(0.02)
            try:
                return await decisions.DecideAccessRequest(decision, **max_)
            except grpc.aio.AioRpcError as error:
                if error.code() != grpc.StatusCode.NOT_FOUND or time.monotonic() > end:
                    raise


async def main():
    channels = {
        name: grpc.aio.secure_channel(address, credentials) for name, address in addresses.items()
    }
    requests = intake_pb2_grpc.IntakeServiceStub(channels["intake"])
    decisions = approvals_pb2_grpc.ApprovalsServiceStub(channels["approvals"])
    tasks, began = [], time.monotonic()
    for number in range(count):
        if rate > 0:
            await asyncio.sleep(max(0, began + number / rate - time.monotonic()))
        tasks.append(asyncio.create_task(request(requests, decisions, number)))
    await asyncio.gather(*tasks)
    print(f"{count} requests in {time.monotonic() - began:.1f} s")


asyncio.run(main())

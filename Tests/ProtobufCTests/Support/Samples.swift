internal import LockboxProto
internal import ProtobufC
internal import StandardProto

/// Messages that the tests share.
enum Samples {
  static let submit = IntakeV1.SubmitAccessRequestRequest(
    idempotencyKey: "01JC-retry-1",
    tenantID: "contoso",
    workload: "exchange",
    reasonCode: .customerInitiatedSupport,
    justification: "Mail flow is broken since 09:14; the queue of the mailbox must be read. Grüße",
    ticket: "CASE-4711",
    scope: CommonV1.Scope(
      resources: ["mailboxes/alice@example.com", "mailboxes/bob@example.com"],
      actions: [.read, .export]),
    duration: GoogleProtobuf.Duration(seconds: 3600))

  static let opened = EventV1.Event(
    feed: "approvals",
    sequence: 7,
    eventID: "0193-7",
    time: GoogleProtobuf.Timestamp(seconds: 1_700_000_000, nanos: 123_000_000),
    tenantID: "contoso",
    requestID: "0193-1",
    actor: EventV1.Actor(
      subject: CommonV1.Subject(issuer: "lockbox", id: "spiffe://provider/lockbox/approvals"),
      role: "service",
      authentication: .clientCertificate),
    trace: EventV1.TraceContext(traceparent: "00-a-b-01"),
    payload: .stageOpened(
      EventV1.StageOpened(
        stage: 1, side: .customer, name: "customer", quorum: 2,
        deadline: GoogleProtobuf.Timestamp(seconds: 1_700_043_200))))

  static let errorInfo = GoogleRpc.ErrorInfo(
    reason: "REQUEST_CLOSED", domain: "lockbox",
    metadata: ["state": "EXPIRED", "a": "", "request_id": "0193-1"])
}

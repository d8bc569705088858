internal import LockboxProto
public import RPC

extension EventOrigin {
  /// Whoever called, in the role that let it in, within the trace that the call came with.
  public init(_ caller: Caller, in context: ServerContext) {
    let trace = EventV1.TraceContext(context)
    switch caller.principal {
    case .person(let person):
      // The authorizer lets nobody in without a role of the row.
      guard let role = caller.actingRole else { preconditionFailure("a caller without a role") }
      self = .person(
        person.subject, as: role, isAutomation: person.scope != nil, trace: trace)
    case .service(_, let subject):
      self = .service(subject, trace: trace)
    }
  }
}

extension EventV1.TraceContext {
  /// The W3C trace that the call belongs to, with our own span in it; `nil` where none is kept.
  init?(_ context: ServerContext) {
    guard let trace = context[TraceContextKey.self] else { return nil }
    let state = context.metadata["tracestate"] ?? ""
    self.init(
      traceparent: trace.traceparent, tracestate: state.utf8.count <= 512 ? state : "")
  }
}

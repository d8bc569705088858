internal import Domain
internal import LockboxProto
internal import StandardProto
internal import Web

/// A new request as its form says it.
struct Asking: Hashable, Sendable {
  /// Made with the form, so that a form that is sent twice is one request.
  var key: String
  var tenant = ""
  var workload = ""
  var reason: CommonV1.ReasonCode = .unspecified
  var severity: CommonV1.Severity = .unspecified
  var ticket = ""
  var justification = ""
  /// One a line.
  var resources: [String] = []
  var actions: [CommonV1.Action] = []
  var duration: Duration = Limits.shortestAccess
  var isBreakGlass = false
  var extends = ""

  /// An empty form.
  init(key: String) {
    self.key = key
    actions = [.read]
    duration = .hours(1)
  }

  /// To continue a grant: what it gives, to be narrowed; everything else anew.
  init(key: String, continuing grant: CommonV1.Grant, of request: CommonV1.AccessRequest?) {
    self.init(key: key)
    tenant = grant.tenantID
    workload = request?.workload ?? ""
    ticket = request?.ticket ?? ""
    reason = request?.reasonCode ?? .unspecified
    resources = grant.scope?.resources ?? []
    actions = grant.scope?.actions ?? []
    extends = grant.grantID
  }

  init(_ form: WebForm) {
    key = form.text("key")
    tenant = form.text("tenant").trimmed
    workload = form.text("workload").trimmed
    reason = CommonV1.ReasonCode.known.first { $0.key == form.text("reason") } ?? .unspecified
    severity = CommonV1.Severity.known.first { $0.key == form.text("severity") } ?? .unspecified
    ticket = form.text("ticket").trimmed
    justification = form.text("justification").unixLines.trimmed
    resources = form.text("resources").split(whereSeparator: \.isNewline).map { $0.trimmed }
      .filter { !$0.isEmpty }
    let chosen = Set(form.all("action"))
    actions = CommonV1.Action.known.filter { chosen.contains($0.key) }
    duration = .seconds(min(Int64(form.text("seconds")) ?? 0, 1_000_000))
    isBreakGlass = form.text("break_glass") == "1"
    extends = form.text("extends")
  }

  var message: IntakeV1.SubmitAccessRequestRequest {
    .init(
      idempotencyKey: key, tenantID: tenant, workload: workload, reasonCode: reason,
      justification: justification, ticket: ticket,
      scope: .init(resources: resources, actions: actions), duration: .init(duration),
      severity: severity, extendsGrantID: extends, breakGlass: isBreakGlass)
  }

  var hints: [Justification.Hint] {
    Justification(text: justification, ticket: ticket, resources: resources, actions: actions)
      .hints
  }

  enum Field: Hashable, Sendable {
    case tenant, workload, reason, severity, ticket, justification, resources, actions, duration
    case breakGlass
  }

  /// The form's field that a violation is about; nil: of the form as a whole.
  static func field(of path: String) -> Field? {
    switch String(path.prefix { $0 != "[" }) {
    case "tenant_id": .tenant
    case "workload": .workload
    case "reason_code": .reason
    case "severity": .severity
    case "ticket": .ticket
    case "justification": .justification
    case "scope", "scope.resources": .resources
    case "scope.actions": .actions
    case "duration": .duration
    case "break_glass": .breakGlass
    default: nil
    }
  }
}

internal import Domain
internal import DomainProto
internal import LockboxProto
internal import ProtobufC
internal import Words

extension Summary {
  /// Grants and tokens that gave access in the period, whenever they were approved.
  var accesses: String {
    let rows = ledger.windows.filter { $0.isOpen(in: evidence.period) }.map(row)
    return Self.table(
      ["grant", "who", "why", "what", "from", "to", "approved by", "tokens"], rows,
      empty: "None: no grant and no access token was live in the period, as far as the entries go.")
  }

  private func row(_ window: AccessWindow) -> [String] {
    let evidence = evidence.grants.first { $0.grant == window.grant }
    let asked = evidence.flatMap {
      try? CommonV1.AccessRequest(serialized: $0.accessRequest)
    }
    let grant = window.grant
    let closing = window.closing.map { "<br>ended early by \(Self.link($0.entry))" } ?? ""
    return [
      HTMLText.line(window.grantID) + "<br>" + Self.link(window.entry)
        + (grant?.breakGlass == true
          ? "<br><span class=\"loud\">break-glass: the customer did not approve</span>" : ""),
      HTMLText.line(grant?.engineer?.full ?? "unknown"),
      asked.map(why) ?? "", what(grant?.scope), "\(window.start)", "\(window.over)\(closing)",
      (evidence?.decisions ?? []).map(decision).joined(separator: "<br>"),
      Self.runs(window.tokens),
    ]
  }

  private func why(_ asked: CommonV1.AccessRequest) -> String {
    let ticket = asked.ticket.isEmpty ? "" : "<br>ticket \(HTMLText.line(asked.ticket))"
    return HTMLText.line(asked.reasonCode.words) + ticket + "<br>"
      + HTMLText.lines(asked.justification)
  }

  private func what(_ scope: CommonV1.Scope?) -> String {
    HTMLText.line(scope?.actionWords ?? "") + "<br>"
      + (scope?.resources ?? []).map(HTMLText.line).joined(separator: "<br>")
  }

  private func decision(_ decision: CommonV1.Decision) -> String {
    let signed = decision.signature == nil ? "" : ", signed"
    return HTMLText.line(
      "\(decision.approver?.full ?? "nobody"), \(decision.side.words)\(signed)")
  }

  /// Requests that were received or decided in the period, with how they stand by the entries.
  var requests: String {
    var order: [String] = []
    var told: [String: [LoggedEntry]] = [:]
    for entry in entries where isOfPeriod(entry) && !entry.event.requestID.isEmpty {
      if told[entry.event.requestID] == nil { order.append(entry.event.requestID) }
      told[entry.event.requestID, default: []].append(entry)
    }
    let rows = order.map { id in
      let here = told[id] ?? []
      let asked = entries.first { $0.event.requestID == id && $0.request != nil }?.request
      return [
        HTMLText.line(id), HTMLText.line(asked?.engineer?.full ?? ""), asked.map(why) ?? "",
        what(asked?.scope), outcome(here), Self.runs(here.map(\.index)),
      ]
    }
    return Self.table(
      ["request", "who", "why", "what was asked", "outcome", "entries"], rows,
      empty: "None was received or decided in the period.")
  }

  private func outcome(_ entries: [LoggedEntry]) -> String {
    let outcomes = entries.compactMap { entry -> String? in
      switch entry.event.payload {
      case .accessRequestApproved: "approved"
      case .accessRequestDenied: "denied"
      case .accessRequestExpired: "expired unanswered"
      case .accessRequestWithdrawn: "withdrawn"
      case .grantRevoked: "revoked"
      case .grantEnded: "ended"
      case .breakGlassReviewClosed(let it): "reviewed: \(it.review?.verdict.words ?? "")"
      default: nil
      }
    }
    return outcomes.isEmpty ? "none in the period" : HTMLText.line(outcomes.joined(separator: ", "))
  }
}

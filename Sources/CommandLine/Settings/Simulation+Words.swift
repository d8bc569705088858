internal import LockboxProto
internal import Words

extension ApprovalsV1.SimulateAccessRequestResponse {
  /// Why nobody should make this request, in a sentence; nil: there is no reason.
  var obstacle: String? {
    if !denialReason.isEmpty {
      return "The request would be denied at once: \(Self.words(denialReason))."
    }
    guard let finding = findings.first(where: { $0.reason == "QUORUM_OUT_OF_REACH" }) else {
      return nil
    }
    return "The request would die: \(finding.words(self).text)."
  }

  /// A reason in UPPER_SNAKE in words.
  static func words(_ reason: String) -> String {
    Denial(rawValue: reason)?.words
      ?? Printable.line(reason.lowercased().replacing("_", with: " "))
  }
}

extension ApprovalsV1.SimulationFinding {
  func words(_ response: ApprovalsV1.SimulateAccessRequestResponse) -> Styled {
    switch reason {
    case "QUORUM_OUT_OF_REACH":
      let stages = response.stages
      let index = Int(stage)
      guard stages.indices.contains(index) else { return "a quorum is out of reach" }
      let known = stages[index]
      let could = known.approversHidden ? "too few" : "\(known.available)"
      return Styled(
        "\(could) could approve at \(known.name), and \(known.quorum) must", .bad)
    case "LOCKBOX_OFF":
      return Styled("lockbox is off for this workload: the customer is not asked", .waiting)
    case "DURATION_CUT": return Styled("access would be shorter than asked for", .waiting)
    default: return Styled(ApprovalsV1.SimulateAccessRequestResponse.words(reason))
    }
  }
}

extension ApprovalsV1.SimulatedStage {
  var needs: String { "\(quorum)\(requiresSignature ? ", signed" : "")" }

  /// A line for each who could approve, and for each who is named and could not.
  var who: [Styled] {
    if approversHidden { return [Styled("not yours to see", .faint)] }
    var lines = seats.map { $0.words }
    lines += groups.map { Styled("group \($0)") }
    lines += roles.map { Styled("role \($0)") }
    lines += claims.map { Styled("claim \($0.claim): \($0.anyOf.joined(separator: ", "))") }
    if let escalation {
      let more =
        (escalation.approvers?.groups ?? []).map { "group \($0)" }
        + (escalation.approvers?.roles ?? []).map { "role \($0)" }
      lines += more.map { Styled("\($0), after \(escalation.after.words)") }
    }
    return lines.isEmpty ? [Styled("nobody", .bad)] : lines
  }
}

extension ApprovalsV1.SimulatedSeat {
  fileprivate var words: Styled {
    let later = escalation ? ", once it escalates" : ""
    return switch standing {
    case .eligible: Styled(person + later, .good)
    case .requester: Styled("\(person): asks themself\(later)", .bad)
    case .away where delegate.isEmpty: Styled("\(person): away\(later)", .bad)
    case .away: Styled("\(person): away, \(delegate) for them\(later)", .waiting)
    case .withoutKey: Styled("\(person): has no key to sign with\(later)", .bad)
    case .withClaims: Styled("\(person), with the claims\(later)", .waiting)
    case .unspecified, .unrecognized: Styled(person + later)
    }
  }
}

extension ApprovalsV1.ReplayOutcome {
  var words: Styled {
    switch self {
    case .same: Styled("the same", .faint)
    case .denied: Styled("denied at once", .bad)
    case .opened: Styled("opened", .good)
    case .approved: Styled("still approved", .good)
    case .waiting: Styled("not approved yet", .bad)
    case .uncertain: Styled("uncertain", .waiting)
    case .changed: Styled("other stages", .waiting)
    case .unspecified: "unknown"
    case .unrecognized(let number): Styled("outcome \(number)")
    }
  }
}

internal import DomainProto
internal import LockboxProto
internal import Words

extension Request {
  /// Who, why, what, how long; then stages, decisions and the grant where they are known.
  func page(_ times: LocalTime) -> Page {
    let asked = asked
    var page = Page()
    page.heading(Styled("Request \(asked.requestID)"), state.words)
    if asked.breakGlass { page.field("Break-glass", .breakGlass) }
    page.field("Extends", Styled(asked.extendsGrantID))
    page.field("Tenant", Styled(asked.tenantID))
    page.field("Workload", Styled(asked.workload))
    page.field("Engineer", Styled(asked.engineer?.full ?? ""))
    page.field("Reason", Styled(asked.reasonCode.words))
    page.field("Severity", Styled(asked.severity.words))
    page.field("Ticket", Styled(asked.ticket))
    page.field("Justification", Printable.lines(asked.justification).map { Styled($0) })
    page.field("Resources", (asked.scope?.resources ?? []).map { Styled($0) })
    page.field("Actions", Styled(asked.scope?.actionWords ?? ""))
    if let duration = Duration(asked.duration) {
      page.field("Duration", Styled("\(TimeSpan(duration)) from approval"))
    }
    page.field("Received", times.full(asked.receiveTime))
    page.field("Digest", Styled(hexadecimal(digest)))
    if state.isPending { page.field("Deadline", times.full(deadline)) }
    switch self {
    case .status: page.field("Grant", Styled(grantID))
    case .record(let record): record.add(to: &page, times)
    }
    return page
  }
}

extension CommonV1.Decision {
  /// Who decided, and for whom where they were somebody's delegate.
  var who: String {
    let name = approver?.short ?? ""
    return onBehalfOf.isEmpty ? name : "\(name), on behalf of \(onBehalfOf)"
  }
}

extension ApprovalsV1.AccessRequestRecord {
  fileprivate func add(to page: inout Page, _ times: LocalTime) {
    if !denialReason.isEmpty {
      page.field("Denied", Styled(Denial(rawValue: denialReason)?.words ?? denialReason, .bad))
    }
    page.field("Policy rule", Styled(policyRule))
    if !stages.isEmpty {
      page.heading("Stages")
      var table = Table("", "STAGE", "SIDE", "APPROVALS", "OPEN FOR")
      for (index, stage) in stages.enumerated() {
        table.add(
          mark(of: index, stage), Styled(stage.name), Styled(stage.side.words),
          Styled("\(stage.approvals) of \(stage.quorum)"),
          Styled(Duration(stage.lifetime).map { TimeSpan($0).description } ?? ""))
      }
      page.table(table)
    }
    if !decisions.isEmpty {
      page.heading("Decisions")
      var table = Table("DECISION", "STAGE", "WHO", "WHEN", "COMMENT")
      for decision in decisions {
        table.add(
          decision.verdict.words, Styled(stageName(decision.stage)),
          Styled(decision.who), times.full(decision.decideTime),
          Styled(decision.comment))
      }
      page.table(table)
    }
    if !thread.isEmpty {
      page.heading("Thread")
      for entry in thread {
        page.field(
          "\(entry.kind.words), \(entry.author?.short ?? "")",
          Printable.lines(entry.text).map { Styled($0) } + [times.full(entry.time)])
      }
    }
    if let terms, terms.isLess(than: accessRequest, from: extendedGrantEnd) {
      page.heading("Narrowed to")
      page.add(terms, times)
    }
    if let grant {
      page.heading(Styled("Grant \(grant.grantID)"))
      page.field("From", times.full(grant.startTime))
      page.field("To", times.full(grant.endTime))
    }
    if let review { page.add(review, times) }
  }

  /// What happened at a stage: passed, denied, open, or nothing yet.
  private func mark(of index: Int, _ stage: CommonV1.Stage) -> Styled {
    if stage.approvals >= stage.quorum { return Styled("✓", .good) }
    if decisions.contains(where: { $0.stage == index && $0.verdict == .deny }) {
      return Styled("✗", .bad)
    }
    return state.isPending && index == openStage ? Styled("▸", .waiting) : Styled("·", .faint)
  }

  private func stageName(_ index: UInt32) -> String {
    index < stages.count ? stages[Int(index)].name : "\(index)"
  }
}

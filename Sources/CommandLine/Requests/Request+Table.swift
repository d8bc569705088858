internal import LockboxProto
internal import Words

extension Table {
  /// Requests, one a row.
  static func requests(_ requests: [Request], _ times: LocalTime) -> Table {
    var table = Table(
      "REQUEST", "TENANT", "WORKLOAD", "STATE", "ENGINEER", "REASON", "DEADLINE", "NOTES")
    for request in requests {
      let asked = request.asked
      let hasDeadline = request.state.isPending || request.state == .approved
      table.add(
        Styled(asked.requestID), Styled(asked.tenantID), Styled(asked.workload),
        request.state.words, Styled(asked.engineer?.short ?? ""), Styled(asked.reasonCode.words),
        hasDeadline ? times.relative(request.deadline) : "",
        .notes(
          isBreakGlass: asked.breakGlass, extends: asked.extendsGrantID, review: request.review))
    }
    return table
  }
}

internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import StandardProto
internal import Words

struct PolicyReplayCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Tell how past requests would have gone under the policies of a file.",
    discussion: """
      Each request of the policies' workloads is opened again, with the tenant's settings of then: \
      which stages it would have had, and whether the approvals of then would be enough. Whether \
      somebody was in a group, is not kept: then it is uncertain.

      EXAMPLES
        lockboxctl policy replay -f policies.yaml
        lockboxctl policy replay -f policies.yaml --since 90d --all
      """)

  @OptionGroup var source: SettingsSource
  @Option(help: "How far to look back.") var since = TimeSpan(.hours(30 * 24))
  @Flag(help: "List the requests too for which nothing changes.") var all = false
  @OptionGroup var options: GlobalOptions

  func run(in shell: Shell) async throws {
    let policies = try source.read(shell).compactMap { document -> CommonV1.WorkloadPolicy? in
      if case .policy(let policy) = document.content { policy } else { nil }
    }
    guard !policies.isEmpty else { throw Failure(.data, "The files hold no policy.") }
    let session = try Session(options, in: shell)
    do {
      for policy in policies { try await replay(policy, session) }
    } catch {
      await session.close()
      throw error
    }
    await session.close()
  }

  private func replay(_ policy: CommonV1.WorkloadPolicy, _ session: Session) async throws {
    var requests: [ApprovalsV1.ReplayedRequest] = []
    var token = ""
    repeat {
      let page = try await session.call(
        ApprovalsV1.PolicyService.replayAccessRequests,
        .init(
          policy: policy,
          startTime: .init(
            nanosecondsSinceEpoch: (session.shell.now - since.duration).nanoseconds), pageSize: 500,
          pageToken: token), at: .approvals)
      requests += page.requests
      token = page.nextPageToken
    } while !token.isEmpty
    let shown = all ? requests : requests.filter { $0.outcome != .same }
    try session.printer.page(ApprovalsV1.ReplayAccessRequestsResponse(requests: requests)) {
      page(policy, requests, shown, session)
    }
  }

  private func page(
    _ policy: CommonV1.WorkloadPolicy, _ requests: [ApprovalsV1.ReplayedRequest],
    _ shown: [ApprovalsV1.ReplayedRequest], _ session: Session
  ) -> Page {
    var page = Page()
    page.heading(Styled("policy/\(policy.workload)"), Styled("\(requests.count) requests", .faint))
    for outcome in ApprovalsV1.ReplayOutcome.allKnown {
      let count = requests.count { $0.outcome == outcome }
      if count > 0 { page.field("\(count)", outcome.words) }
    }
    guard !shown.isEmpty else { return page }
    var table = Table("REQUEST", "TENANT", "REASON", "WENT", "WOULD BE", "STAGES")
    for request in shown {
      table.add(
        Styled(request.requestID), Styled(request.tenantID), Styled(request.reasonCode.words),
        request.state.words, request.outcome.words, Styled(request.stagesWords))
    }
    page.table(table)
    return page
  }
}

extension ApprovalsV1.ReplayedRequest {
  /// `managers 2/2, customer 1/1 → managers 1/2, security 0/1, customer 1/1`.
  fileprivate var stagesWords: String {
    let then = Self.words(stagesThen)
    if outcome == .same { return then }
    if !denialReason.isEmpty {
      return "\(then) → \(ApprovalsV1.SimulateAccessRequestResponse.words(denialReason))"
    }
    return "\(then.isEmpty ? "denied" : then) → \(Self.words(stagesNow))"
  }

  private static func words(_ stages: [CommonV1.Stage]) -> String {
    stages.map { "\($0.name) \($0.approvals)/\($0.quorum)" }.joined(separator: ", ")
  }
}

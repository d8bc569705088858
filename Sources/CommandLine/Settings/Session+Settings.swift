internal import LockboxProto
internal import RPC

extension Session {
  /// Applies settings, or asks only what that would come to.
  func apply(
    _ content: SettingsContent, ifVersion: UInt64?, validateOnly: Bool
  ) async throws(RPCError) -> SettingsAnswer {
    switch content {
    case .tenant(let settings):
      return SettingsAnswer(
        try await attempt(
          ApprovalsV1.TenantService.applyTenant,
          .init(
            settings: settings, validateOnly: validateOnly,
            condition: ifVersion.map { .ifVersion($0) }), at: .approvals))
    case .policy(let policy):
      return SettingsAnswer(
        try await attempt(
          ApprovalsV1.PolicyService.applyPolicy,
          .init(
            policy: policy, validateOnly: validateOnly,
            condition: ifVersion.map { .ifVersion($0) }), at: .approvals))
    }
  }

  /// What applying each document would come to.
  /// - Throws: whatever the service finds wrong with any of them, at once and by their lines.
  func judge(_ documents: [SettingsDocument]) async throws(Failure) -> [SettingsAnswer] {
    var answers: [SettingsAnswer] = []
    var problems: [SettingsProblem] = []
    var status = CommandStatus.data
    for document in documents {
      do throws(RPCError) {
        answers.append(
          try await apply(document.content, ifVersion: document.ifVersion, validateOnly: true))
      } catch {
        let failure = Failure(error, from: .approvals, configuration)
        guard failure.isAbout(error) else { throw failure }
        if error.fieldViolations.isEmpty && problems.isEmpty { status = failure.status }
        problems += document.problems(error, failure)
      }
    }
    try SettingsSource.check(problems, status: status)
    return answers
  }
}

extension Session {
  /// One version, 0 for the newest.
  func version(
    _ version: UInt64, of kind: SettingsKind, _ id: String
  ) async throws(Failure) -> SettingsVersion {
    switch kind {
    case .tenant:
      let response = try await call(
        ApprovalsV1.TenantService.getTenant, .init(tenantID: id, version: version), at: .approvals)
      return SettingsVersion(response.tenant ?? .init())
    case .policy:
      let response = try await call(
        ApprovalsV1.PolicyService.getPolicy, .init(workload: id, version: version), at: .approvals)
      return SettingsVersion(response.policy ?? .init())
    }
  }

  /// A page of the versions of one thing, newest first.
  func versions(
    of kind: SettingsKind, _ id: String, size: UInt32, token: String
  ) async throws(Failure) -> (items: [SettingsVersion], next: String) {
    switch kind {
    case .tenant:
      let page = try await call(
        ApprovalsV1.TenantService.listTenantVersions,
        .init(tenantID: id, pageSize: size, pageToken: token), at: .approvals)
      return (page.versions.map { SettingsVersion($0) }, page.nextPageToken)
    case .policy:
      let page = try await call(
        ApprovalsV1.PolicyService.listPolicyVersions,
        .init(workload: id, pageSize: size, pageToken: token), at: .approvals)
      return (page.versions.map { SettingsVersion($0) }, page.nextPageToken)
    }
  }

  /// The newest version of everything of a kind.
  func newest(_ kind: SettingsKind) async throws(RPCError) -> [SettingsVersion] {
    var versions: [SettingsVersion] = []
    var token = ""
    repeat {
      switch kind {
      case .tenant:
        let page = try await attempt(
          ApprovalsV1.TenantService.listTenants, .init(pageSize: 500, pageToken: token),
          at: .approvals)
        versions += page.tenants.map { SettingsVersion($0) }
        token = page.nextPageToken
      case .policy:
        let page = try await attempt(
          ApprovalsV1.PolicyService.listPolicies, .init(pageSize: 500, pageToken: token),
          at: .approvals)
        versions += page.policies.map { SettingsVersion($0) }
        token = page.nextPageToken
      }
    } while !token.isEmpty
    return versions
  }
}

extension Failure {
  /// Whether the content is at fault, rather than the way to the service or who is signed in.
  fileprivate func isAbout(_ error: RPCError) -> Bool {
    switch error.code {
    case .invalidArgument, .failedPrecondition, .permissionDenied, .notFound, .alreadyExists: true
    case .ok, .cancelled, .unknown, .deadlineExceeded, .resourceExhausted, .aborted, .outOfRange,
      .unimplemented, .internal, .unavailable, .dataLoss, .unauthenticated:
      false
    }
  }
}

extension SettingsDocument {
  /// A service's refusal, at the lines of the fields that it names.
  fileprivate func problems(_ error: RPCError, _ failure: Failure) -> [SettingsProblem] {
    guard !error.fieldViolations.isEmpty else {
      return [
        SettingsProblem(
          file: file, place: places[""], field: name, sentence: failure.sentence)
      ]
    }
    return error.fieldViolations.map { violation in
      let prefix = content.kind.field + "."
      let field =
        violation.field.hasPrefix(prefix)
        ? String(violation.field.dropFirst(prefix.count)) : violation.field
      return problem(field, violation.description)
    }
  }
}

internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

/// `lockbox.approvals.v1.TenantService`.
struct TenantHandlers: Sendable {
  let desk: Desk

  func add(to router: inout Router) {
    router.unary(ApprovalsV1.TenantService.applyTenant, apply)
    router.unary(ApprovalsV1.TenantService.getTenant, get)
    router.unary(ApprovalsV1.TenantService.listTenants, list)
    router.unary(ApprovalsV1.TenantService.listTenantVersions, listVersions)
  }

  private func apply(
    _ request: ApprovalsV1.ApplyTenantRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ApplyTenantResponse {
    let caller = try context.caller()
    var violations = Violations()
    let settings = TenantSettings(
      request.settings ?? .init(), &violations, rules: desk.lifetimes)
    violations.witnessKeys(settings?.requiredCosignatures)
    try violations.check()
    guard let settings else { preconditionFailure("checked above") }
    guard caller.maySee(settings.tenant) else { throw RPCError.notFound("tenant") }

    let origin = EventOrigin(caller, in: context)
    var mode = ApplyMode(isOnlyJudged: request.validateOnly)
    if case .ifVersion(let version) = request.condition { mode.ifVersion = version }
    let change = try await desk.store.write { [mode] transaction in
      let present = try transaction.tenant(settings.tenant)?.value
      try caller.requireMayApply(settings, over: present)
      if settings != present {
        try transaction.requireSomebodyCanApprove(settings)
        try transaction.requireSomebodyCanSign(settings)
      }
      return try transaction.apply(settings, origin: origin, mode: mode)
    }
    return .init(
      tenant: .init(change.current), changed: change.isChange,
      previous: change.previous.map { .init($0) })
  }

  private func get(
    _ request: ApprovalsV1.GetTenantRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.GetTenantResponse {
    let caller = try context.caller()
    guard let id = TenantID(request.tenantID), caller.maySee(id),
      let tenant = try await desk.store.read({ try $0.tenant(id, version: request.version) })
    else { throw RPCError.notFound("tenant") }
    return .init(tenant: .init(tenant))
  }

  private func list(
    _ request: ApprovalsV1.ListTenantsRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ListTenantsResponse {
    let caller = try context.caller()
    let page = try PageRequest(
      size: request.pageSize, token: request.pageToken,
      query: ["tenants", caller.boundTenant?.text ?? ""])
    if let own = caller.boundTenant {
      let tenant = try await desk.store.read { try $0.tenant(own) }
      return .init(tenants: tenant.map { [.init($0)] } ?? [])
    }
    let after = String(decoding: page.after ?? [], as: UTF8.self)
    let tenants = try await desk.store.read {
      try $0.tenants(after: after, limit: page.size + 1)
    }
    let (elements, next) = page.cut(tenants) { Array($0.value.tenant.text.utf8) }
    return .init(tenants: elements.map { .init($0) }, nextPageToken: next)
  }
}

extension TenantHandlers {
  private func listVersions(
    _ request: ApprovalsV1.ListTenantVersionsRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ListTenantVersionsResponse {
    let caller = try context.caller()
    guard let id = TenantID(request.tenantID), caller.maySee(id) else {
      throw RPCError.notFound("tenant")
    }
    let page = try PageRequest(
      size: request.pageSize, token: request.pageToken, query: ["tenant versions", id.text])
    let versions = try await desk.store.read {
      try $0.tenantVersions(of: id, before: page.afterVersion, limit: page.size + 1)
    }
    guard !versions.isEmpty || page.after != nil else { throw RPCError.notFound("tenant") }
    let (elements, next) = page.cut(versions) { Array("\($0.version)".utf8) }
    return .init(versions: elements.map { .init($0) }, nextPageToken: next)
  }
}

extension Caller {
  /// A tenant's settings are its own: an operator creates them, and from then on only its admins
  /// change them. Otherwise the provider could switch lockbox off, or name approvers of its own.
  fileprivate func requireMayApply(
    _ settings: TenantSettings, over present: TenantSettings?
  ) throws(RPCError) {
    guard let present else {
      // An admin exists only for a tenant that an operator has created.
      if roles.contains(.operator) { return }
      throw .notFound("tenant")
    }
    // The same again is no change, so that an operator's file can be applied twice.
    guard roles.contains(.admin) || settings == present else {
      throw .reasoned(
        .permissionDenied, "only the tenant's admins change its settings",
        reason: "TENANT_ADMINS_ONLY")
    }
  }
}

/// `lockbox.approvals.v1.PolicyService`.
struct PolicyHandlers: Sendable {
  let desk: Desk

  func add(to router: inout Router) {
    router.unary(ApprovalsV1.PolicyService.applyPolicy, apply)
    router.unary(ApprovalsV1.PolicyService.getPolicy, get)
    router.unary(ApprovalsV1.PolicyService.listPolicies, list)
    router.unary(ApprovalsV1.PolicyService.listPolicyVersions, listVersions)
  }

  private func apply(
    _ request: ApprovalsV1.ApplyPolicyRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ApplyPolicyResponse {
    var violations = Violations()
    let policy = WorkloadPolicy(request.policy ?? .init(), &violations, rules: desk.lifetimes)
    try violations.check()
    guard let policy else { preconditionFailure("checked above") }
    let origin = EventOrigin(try context.caller(), in: context)
    var mode = ApplyMode(isOnlyJudged: request.validateOnly)
    if case .ifVersion(let version) = request.condition { mode.ifVersion = version }
    let change = try await desk.store.write { [mode] in
      try $0.apply(policy, origin: origin, mode: mode)
    }
    return .init(
      policy: .init(change.current), changed: change.isChange,
      previous: change.previous.map { .init($0) })
  }

  private func get(
    _ request: ApprovalsV1.GetPolicyRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.GetPolicyResponse {
    guard let workload = Workload(request.workload),
      let policy = try await desk.store.read({
        try $0.policy(workload, version: request.version)
      })
    else { throw RPCError.notFound("policy") }
    return .init(policy: .init(policy))
  }

  private func list(
    _ request: ApprovalsV1.ListPoliciesRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ListPoliciesResponse {
    let page = try PageRequest(
      size: request.pageSize, token: request.pageToken, query: ["policies"])
    let after = String(decoding: page.after ?? [], as: UTF8.self)
    let policies = try await desk.store.read {
      try $0.policies(after: after, limit: page.size + 1)
    }
    let (elements, next) = page.cut(policies) { Array($0.value.workload.text.utf8) }
    return .init(policies: elements.map { .init($0) }, nextPageToken: next)
  }

  private func listVersions(
    _ request: ApprovalsV1.ListPolicyVersionsRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ListPolicyVersionsResponse {
    guard let workload = Workload(request.workload) else { throw RPCError.notFound("policy") }
    let page = try PageRequest(
      size: request.pageSize, token: request.pageToken, query: ["policy versions", workload.text])
    let versions = try await desk.store.read {
      try $0.policyVersions(of: workload, before: page.afterVersion, limit: page.size + 1)
    }
    guard !versions.isEmpty || page.after != nil else { throw RPCError.notFound("policy") }
    let (elements, next) = page.cut(versions) { Array("\($0.version)".utf8) }
    return .init(versions: elements.map { .init($0) }, nextPageToken: next)
  }
}

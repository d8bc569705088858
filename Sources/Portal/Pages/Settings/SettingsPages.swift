internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import Web

/// What a tenant's admins set. Everybody of the tenant sees it; each change goes through the API over
/// the version that was read.
enum SettingsPages {
  typealias Service = ApprovalsV1.TenantService

  static func add(to site: inout Site) {
    site.page("/settings", "Settings") { visit in
      .page(
        Page(
          "settings", title: visit.texts("settings.title"), area: .settings,
          SettingsPage(try await tenant(visit), visit)))
    }
    LockboxPages.add(to: &site)
    for section in SettingsSection.all {
      site.page("/settings/\(section.word)", "SettingsForm") { visit in
        let tenant = try await tenant(visit)
        let form = SettingsForm(section, tenant.settings ?? .init())
        return try page(form, "/settings/\(section.word)", tenant.version, visit)
      }
      site.action("/settings/\(section.word)", "SettingsChange") { visit, form in
        try await change(section, at: "/settings/\(section.word)", visit, form)
      }
    }
    addWorkloads(to: &site)
  }

  private static func addWorkloads(to site: inout Site) {
    site.page("/settings/workloads/:workload", "SettingsForm") { visit in
      let (section, path) = try workload(visit)
      let tenant = try await tenant(visit)
      let settings = tenant.settings ?? .init()
      let isThere = settings.workloadApprovers.contains {
        $0.workload == visit.parameter("workload")
      }
      return try page(
        SettingsForm(section, settings), path, tenant.version,
        removePath: isThere ? path + "/remove" : nil, visit)
    }
    site.action("/settings/workloads/:workload", "SettingsChange") { visit, form in
      let (section, path) = try workload(visit)
      return try await change(section, at: path, visit, form)
    }
    // A new one: its name first.
    site.action("/settings/workload", "SettingsWorkload") { visit, form in
      guard let workload = Workload(form["workload"] ?? "") else { throw Failure(422, "workload") }
      return .seeOther("/settings/workloads/\(workload)")
    }
    site.action("/settings/workloads/:workload/remove", "SettingsChange") { visit, form in
      guard let workload = Workload(visit.parameter("workload")) else { throw Failure.notFound }
      let tenant = try await tenant(visit)
      var settings = tenant.settings ?? .init()
      settings.workloadApprovers.removeAll { $0.workload == workload.text }
      try await apply(settings, over: form["version"], visit)
      return .seeOther("/settings", notice: "settings_saved")
    }
  }

  private static func workload(
    _ visit: Visit
  ) throws(Failure) -> (section: SettingsSection, path: String) {
    guard let workload = Workload(visit.parameter("workload")) else { throw .notFound }
    return (.workload(workload.text), "/settings/workloads/\(workload)")
  }

  // MARK: - Reading and changing

  /// The settings as they are.
  static func tenant(_ visit: Visit) async throws -> ApprovalsV1.Tenant {
    guard let id = visit.tenant else { throw Failure.notFound }
    return try await visit.api.call(Service.getTenant, .init(tenantID: id.text)).tenant ?? .init()
  }

  private static func page(
    _ form: SettingsForm, _ path: String, _ version: UInt64, removePath: String? = nil,
    _ visit: Visit
  ) throws -> Reply {
    // A form that its reader could not send helps nobody.
    guard visit.mayChangeSettings else { return .seeOther("/settings") }
    let title = visit.texts("settings.section.\(form.section.word).title")
    var page = Page(
      "settings-form", title: title, area: .settings,
      SettingsFormPage(form, path: path, version: version, removePath: removePath, visit.texts))
    if form.isFaulty { page.status = 422 }
    return .page(page)
  }

  private static func change(
    _ section: SettingsSection, at path: String, _ visit: Visit, _ fields: WebForm
  ) async throws -> Reply {
    let tenant = try await tenant(visit)
    var form = SettingsForm(section, fields)
    guard fields["version"] == "\(tenant.version)" else {
      return conflict(form, over: tenant, path, visit)
    }
    var settings = tenant.settings ?? .init()
    form.write(to: &settings, visit.texts)
    guard !form.isFaulty else { return try page(form, path, tenant.version, visit) }
    do {
      try await apply(settings, over: fields["version"], visit)
    } catch let error as RPCError where !error.fieldViolations.isEmpty {
      form.add(error.fieldViolations)
      return try page(form, path, tenant.version, visit)
    } catch let error as RPCError where error.reason == "VERSION_MISMATCH" {
      return conflict(form, over: try await self.tenant(visit), path, visit)
    } catch let error as RPCError where error.reason == "NOBODY_COULD_APPROVE" {
      form.otherFaults.append(visit.texts("settings.fault.nobody"))
      return try page(form, path, tenant.version, visit)
    }
    return .seeOther("/settings", notice: "settings_saved")
  }

  private static func conflict(
    _ form: SettingsForm, over tenant: ApprovalsV1.Tenant, _ path: String, _ visit: Visit
  ) -> Reply {
    var page = Page(
      "settings-conflict", title: visit.texts("settings.conflict.title"), area: .settings,
      SettingsConflictPage(form, over: tenant, path: path, visit))
    page.status = 409
    return .page(page)
  }

  /// - Parameter version: as the form says that it was read.
  static func apply(
    _ settings: SettingsItem.Settings, over version: String?, _ visit: Visit
  ) async throws {
    guard let version = version.flatMap({ UInt64($0) }) else { throw Failure(400, "malformed") }
    _ = try await visit.api.call(
      Service.applyTenant, .init(settings: settings, condition: .ifVersion(version)))
  }
}

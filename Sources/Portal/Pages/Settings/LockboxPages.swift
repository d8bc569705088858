internal import LockboxProto
internal import Web

/// The toggle. On with one click; off after a second look.
enum LockboxPages {
  static func add(to site: inout Site) {
    site.action("/settings/lockbox/on", "LockboxOn") { visit, form in
      try await set(true, visit, form)
    }
    site.page("/settings/lockbox/off", "LockboxOffForm") { visit in
      try page(try await SettingsPages.tenant(visit), visit, isWrong: false)
    }
    site.action("/settings/lockbox/off", "LockboxOff") { visit, form in
      let tenant = try await SettingsPages.tenant(visit)
      guard form["typed"] == tenant.settings?.tenantID else {
        return try page(tenant, visit, isWrong: true)
      }
      return try await set(false, visit, form)
    }
  }

  /// The view model of `settings-off.mustache`.
  struct Model: Sendable {
    let tenant: String
    let version: String
    let consequences: [String]
    let isWrong: Bool
  }

  private static func page(
    _ tenant: ApprovalsV1.Tenant, _ visit: Visit, isWrong: Bool
  ) throws -> Reply {
    guard visit.mayChangeSettings, tenant.settings?.lockboxEnabled == true else {
      return .seeOther("/settings")
    }
    let consequences = ["unasked", "pending", "log", "told"]
    var page = Page(
      "settings-off", title: visit.texts("settings.off.title"), area: .settings,
      Model(
        tenant: tenant.settings?.tenantID ?? "", version: "\(tenant.version)",
        consequences: consequences.map { visit.texts("settings.off.\($0)") }, isWrong: isWrong))
    if isWrong { page.status = 422 }
    return .page(page)
  }

  private static func set(_ isOn: Bool, _ visit: Visit, _ form: WebForm) async throws -> Reply {
    var settings = try await SettingsPages.tenant(visit).settings ?? .init()
    settings.lockboxEnabled = isOn
    try await SettingsPages.apply(settings, over: form["version"], visit)
    return .seeOther("/settings", notice: isOn ? "lockbox_on" : "lockbox_off")
  }
}

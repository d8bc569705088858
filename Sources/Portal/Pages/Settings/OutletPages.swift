internal import Domain
internal import RPC
internal import Web

/// Where things are sent: what is there and how it is doing, a test of each, new ones, and secrets
/// that are shown once.
struct OutletPages<Service: OutletService>: Sendable {
  private var path: String { "/settings/\(Service.word)" }

  func add(to site: inout Site) {
    site.page(path, "Outlets") { visit in try await list(visit, OutletForm()) }
    site.action(path, "OutletNew") { visit, form in
      let typed = OutletForm(form)
      do {
        let secret = try await service(visit).create(typed)
        return secret.isEmpty
          ? .seeOther(path, notice: "outlet_made") : .page(secretPage(secret, visit))
      } catch let error as RPCError where !error.fieldViolations.isEmpty {
        return try await list(visit, typed, error.fieldViolations)
      }
    }
    site.action(path + "/:id/test", "OutletTest") { visit, _ in
      let (isDelivered, result) = try await service(visit).test(visit.parameter("id"))
      return try await list(
        visit, OutletForm(), tested: .init(isDelivered: isDelivered, result: result))
    }
    site.action(path + "/:id/rotate", "OutletRotate") { visit, _ in
      .page(secretPage(try await service(visit).rotate(visit.parameter("id")), visit))
    }
    for isPaused in [true, false] {
      site.action(path + "/:id/\(isPaused ? "pause" : "resume")", "OutletPause") { visit, form in
        guard let version = form["version"].flatMap({ UInt64($0) }) else {
          throw Failure(400, "malformed")
        }
        try await service(visit).pause(visit.parameter("id"), isPaused, version: version)
        return .seeOther(path, notice: isPaused ? "outlet_paused" : "outlet_resumed")
      }
    }
    site.action(path + "/:id/delete", "OutletDelete") { visit, _ in
      try await service(visit).delete(visit.parameter("id"))
      return .seeOther(path, notice: "outlet_deleted")
    }
  }

  private func service(_ visit: Visit) throws(Failure) -> Service {
    guard let tenant = visit.tenant else { throw .notFound }
    return Service(visit, tenantID: tenant.text)
  }

  private func list(
    _ visit: Visit, _ form: OutletForm, _ violations: [FieldViolation] = [],
    tested: OutletsPage.Tested? = nil
  ) async throws -> Reply {
    let model = OutletsPage(
      try await service(visit).list(), form, violations, Service.self, tested, visit)
    var page = Page(
      "settings-outlets", title: visit.texts("settings.\(Service.word).title"), area: .settings,
      model)
    if !violations.isEmpty { page.status = 422 }
    return .page(page)
  }

  private func secretPage(_ secret: String, _ visit: Visit) -> Page {
    Page(
      "settings-secret", title: visit.texts("settings.secret.title"), area: .settings,
      ["secret": secret, "path": path])
  }
}

/// The view model of `settings-outlets.mustache`.
struct OutletsPage: Sendable {
  struct Row: Sendable {
    let path: String
    let id: String
    let name: String
    let target: String
    let place: String
    let stateKey: String
    let state: String
    let waiting: String?
    let deadLetters: String?
    let lastFailure: String?
    let isPaused: Bool
    let isSigned: Bool
    let version: String
  }

  struct Target: Sendable {
    let value: String
    let text: String
    let isChosen: Bool
  }

  /// What came of a test.
  struct Tested: Sendable {
    let isDelivered: Bool
    let result: String
  }

  let what: String
  let path: String
  let rows: [Row]
  let mayChange: Bool
  let tested: Tested?
  let targets: [Target]
  let name: String
  let address: String
  let isEd25519: Bool
  let nameFaults: [String]
  let addressFaults: [String]
  let otherFaults: [String]

  init(
    _ outlets: [Outlet], _ form: OutletForm, _ violations: [FieldViolation],
    _ service: any OutletService.Type, _ tested: Tested?, _ visit: Visit
  ) {
    let texts = visit.texts
    let path = "/settings/\(service.word)"
    self.path = path
    what = texts("settings.\(service.word).what")
    rows = outlets.map { outlet in
      Row(
        path: "\(path)/\(FormText.encode(outlet.id))", id: outlet.id, name: outlet.name,
        target: texts("settings.target.\(outlet.target)"), place: outlet.place,
        stateKey: outlet.state, state: texts("settings.outlet_state.\(outlet.state)"),
        waiting: outlet.waiting == 0 ? nil : "\(outlet.waiting)",
        deadLetters: outlet.deadLetters == 0 ? nil : "\(outlet.deadLetters)",
        lastFailure: outlet.lastFailure.isEmpty ? nil : outlet.lastFailure,
        isPaused: outlet.isPaused, isSigned: outlet.isSigned, version: "\(outlet.version)")
    }
    mayChange = visit.mayChangeSettings
    self.tested = tested
    targets = service.targets.map { word in
      Target(value: word, text: texts("settings.target.\(word)"), isChosen: word == form.target)
    }
    name = form.name
    address = form.address
    isEd25519 = form.isEd25519
    let paths = service.paths
    nameFaults = violations.filter { $0.field == paths["name"] }.map(\.description)
    addressFaults = violations.filter {
      $0.field != paths["name"] && $0.field.hasPrefix(paths["address"] ?? "")
    }.map(\.description)
    otherFaults = violations.filter { !$0.field.hasPrefix(paths["address"] ?? "") }
      .map { "\($0.field): \($0.description)" }
  }
}

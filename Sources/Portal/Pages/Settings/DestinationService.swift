internal import LockboxProto

/// Where the log is sent.
struct DestinationService: OutletService {
  static let word = "destinations"
  static let targets = ["webhook", "syslog"]
  static let paths = ["name": "destination.name", "address": "destination"]

  private typealias Service = ExportV1.ExportService
  private let api: PersonAPI
  private let tenantID: String

  init(_ visit: Visit, tenantID: String) {
    api = visit.api
    self.tenantID = tenantID
  }

  func list() async throws -> [Outlet] {
    try await statuses().map { status in
      let destination = status.destination ?? .init()
      let (target, place) =
        switch destination.target {
        case .webhook(let it): ("webhook", it.url)
        case .syslog(let it): ("syslog", "\(it.host):\(it.port == 0 ? 6_514 : it.port)")
        case nil: ("unknown", "")
        }
      return Outlet(
        id: destination.destinationID, name: destination.name, target: target, place: place,
        state: Self.word(of: status.state), isPaused: destination.paused, waiting: status.waiting,
        deadLetters: status.deadLetters, lastFailure: status.lastFailure,
        isSigned: target == "webhook", version: destination.version)
    }
  }

  private func statuses() async throws -> [ExportV1.DestinationStatus] {
    try await api.call(
      Service.listDestinations, .init(pageSize: 500, tenantID: tenantID)
    ).destinations
  }

  func create(_ form: OutletForm) async throws -> String {
    let target: CommonV1.Destination.Target? =
      switch form.target {
      case "webhook":
        .webhook(
          .init(
            url: form.address, format: .cloudEvents,
            scheme: form.isEd25519 ? .ed25519 : .hmacSha256))
      case "syslog": .syslog(Self.syslog(form.address))
      default: nil
      }
    return try await api.call(
      Service.createDestination,
      .init(destination: .init(tenantID: tenantID, name: form.name, target: target))
    ).secret
  }

  /// `host` or `host:port`; what is wrong with it, the API says.
  private static func syslog(_ address: String) -> CommonV1.SyslogTarget {
    guard let colon = address.lastIndex(of: ":"),
      let port = UInt32(address[address.index(after: colon)...])
    else { return .init(host: address, format: .sentence) }
    return .init(host: String(address[..<colon]), port: port, format: .sentence)
  }

  func test(_ id: String) async throws -> (isDelivered: Bool, result: String) {
    let answer = try await api.call(
      Service.testDestination, .init(tenantID: tenantID, destinationID: id))
    return (answer.delivered, answer.result)
  }

  func rotate(_ id: String) async throws -> String {
    try await api.call(
      Service.rotateDestinationSecret, .init(tenantID: tenantID, destinationID: id)
    ).secret
  }

  func pause(_ id: String, _ isPaused: Bool, version: UInt64) async throws {
    guard
      var destination = try await statuses()
        .first(where: { $0.destination?.destinationID == id })?.destination
    else { throw Failure.notFound }
    destination.paused = isPaused
    destination.version = version
    _ = try await api.call(Service.updateDestination, .init(destination: destination))
  }

  func delete(_ id: String) async throws {
    _ = try await api.call(
      Service.deleteDestination, .init(tenantID: tenantID, destinationID: id))
  }

  private static func word(of state: ExportV1.DeliveryState) -> String {
    switch state {
    case .delivering: "delivering"
    case .retrying: "retrying"
    case .paused: "paused"
    case .disabled: "disabled"
    case .unspecified, .unrecognized: "unknown"
    }
  }
}

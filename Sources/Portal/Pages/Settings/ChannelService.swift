internal import LockboxProto

/// Where notices go besides mail.
struct ChannelService: OutletService {
  static let word = "channels"
  static let targets = ["webhook", "slack", "teams"]
  static let paths = ["name": "channel.name", "address": "channel"]

  private typealias Service = NotifyV1.NotifyService
  private let api: PersonAPI
  private let tenantID: String

  init(_ visit: Visit, tenantID: String) {
    api = visit.api
    self.tenantID = tenantID
  }

  func list() async throws -> [Outlet] {
    try await statuses().map { status in
      let channel = status.channel ?? .init()
      let (target, place) =
        switch channel.target {
        case .webhook(let it): ("webhook", it.url)
        case .slack(let it): ("slack", it.url)
        case .teams(let it): ("teams", it.url)
        case nil: ("unknown", "")
        }
      return Outlet(
        id: channel.channelID, name: channel.name, target: target, place: place,
        state: Self.word(of: status.state), isPaused: channel.paused, waiting: status.waiting,
        deadLetters: status.deadLetters, lastFailure: status.lastFailure,
        isSigned: target == "webhook", version: channel.version)
    }
  }

  private func statuses() async throws -> [NotifyV1.ChannelStatus] {
    try await api.call(Service.listChannels, .init(pageSize: 500, tenantID: tenantID)).channels
  }

  func create(_ form: OutletForm) async throws -> String {
    let target: CommonV1.Channel.Target? =
      switch form.target {
      case "webhook":
        .webhook(
          .init(url: form.address, scheme: form.isEd25519 ? .ed25519 : .hmacSha256))
      case "slack": .slack(.init(url: form.address))
      case "teams": .teams(.init(url: form.address))
      default: nil
      }
    return try await api.call(
      Service.createChannel,
      .init(channel: .init(tenantID: tenantID, name: form.name, target: target))
    ).secret
  }

  func test(_ id: String) async throws -> (isDelivered: Bool, result: String) {
    let answer = try await api.call(
      Service.testChannel, .init(tenantID: tenantID, channelID: id))
    return (answer.delivered, answer.result)
  }

  func rotate(_ id: String) async throws -> String {
    try await api.call(
      Service.rotateChannelSecret, .init(tenantID: tenantID, channelID: id)
    ).secret
  }

  func pause(_ id: String, _ isPaused: Bool, version: UInt64) async throws {
    guard var channel = try await statuses().first(where: { $0.channel?.channelID == id })?.channel
    else { throw Failure.notFound }
    channel.paused = isPaused
    channel.version = version
    _ = try await api.call(Service.updateChannel, .init(channel: channel))
  }

  func delete(_ id: String) async throws {
    _ = try await api.call(
      Service.deleteChannel, .init(tenantID: tenantID, channelID: id))
  }

  private static func word(of state: NotifyV1.ChannelState) -> String {
    switch state {
    case .delivering: "delivering"
    case .retrying: "retrying"
    case .paused: "paused"
    case .disabled: "disabled"
    case .unspecified, .unrecognized: "unknown"
    }
  }
}

internal import Web

/// Somewhere that things are sent: a channel of notices, or a destination of the log.
struct Outlet: Sendable {
  let id: String
  let name: String
  /// A word of `settings.target.`.
  let target: String
  let place: String
  /// A word of `settings.outlet_state.`.
  let state: String
  let isPaused: Bool
  let waiting: UInt64
  let deadLetters: UInt64
  let lastFailure: String
  /// Whether messages are signed with a secret that can be rotated.
  let isSigned: Bool
  let version: UInt64
}

/// A service with outlets, as one person may use it.
protocol OutletService: Sendable {
  /// `channels` or `destinations`: of the address, and of the texts.
  static var word: String { get }
  /// Words of `settings.target.`.
  static var targets: [String] { get }
  /// By field of the form: the API's path.
  static var paths: [String: String] { get }

  init(_ visit: Visit, tenantID: String)

  func list() async throws -> [Outlet]
  /// - Returns: a secret or a key, to be shown once; empty for none.
  func create(_ form: OutletForm) async throws -> String
  func test(_ id: String) async throws -> (isDelivered: Bool, result: String)
  /// - Returns: as of `create`.
  func rotate(_ id: String) async throws -> String
  /// - Parameter version: as read.
  func pause(_ id: String, _ isPaused: Bool, version: UInt64) async throws
  func delete(_ id: String) async throws
}

/// What somebody typed to make an outlet.
struct OutletForm: Sendable {
  var name = ""
  var target = ""
  /// A URL, or a host with a port for syslog.
  var address = ""
  var isEd25519 = false

  init() {}

  init(_ form: WebForm) {
    name = form["name"] ?? ""
    target = form["target"] ?? ""
    address = (form["address"] ?? "").filter { !$0.isWhitespace }
    isEd25519 = form["scheme"] == "ed25519"
  }
}

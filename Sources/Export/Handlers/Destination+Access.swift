internal import Domain
internal import LockboxProto
internal import Outbound
internal import RPC
internal import ServiceKit
internal import StandardProto

extension Caller {
  /// Whose log a person means, if it is theirs; nil: the provider's own.
  ///
  /// - Throws: a violation for what is no tenant id; `notFound` for foreign and missing alike (I6).
  func logTenant(_ text: String, field: String = "tenant_id") throws -> TenantID? {
    let tenant = TenantID(text)
    guard tenant != nil || text.isEmpty else {
      throw Violation(
        field: field,
        problem: "must be empty or 1 to 63 of a–z, 0–9 and -, beginning with a letter")
    }
    guard mayReadLog(of: tenant) else { throw RPCError.notFound("log") }
    return tenant
  }
}

extension DestinationID {
  init(field text: String) throws {
    guard let id = DestinationID(text) else {
      throw Violation(field: "destination_id", problem: "is no destination id")
    }
    self = id
  }
}

extension DeliveryReader {
  /// One of a log; foreign and missing alike are not found (I6).
  func destination(_ id: DestinationID, of tenant: TenantID?) throws -> Destination {
    guard let destination = try destination(id), destination.tenant == tenant else {
      throw RPCError.notFound("destination")
    }
    return destination
  }
}

extension RPCError {
  static let badPageToken = RPCError.invalid([
    Violation(field: "page_token", problem: "is no token of this list")
  ])
}

extension Destination {
  /// How it is signed; nil where nothing is.
  var scheme: WebhookKey.Scheme? {
    switch target {
    case .webhook(_, _, let scheme): scheme
    case .syslog: nil
    }
  }
}

extension ExportV1.DestinationStatus {
  init(_ destination: Destination, _ reader: any DeliveryReader) throws {
    let progress = try reader.progress(of: destination.id) ?? DeliveryProgress(next: 0)
    let size = try reader.size(of: destination.tenant)
    self.init(
      destination: destination.message, state: .init(destination, progress),
      nextIndex: progress.next, waiting: size > progress.next ? size - progress.next : 0,
      failures: UInt32(clamping: progress.failures), lastFailure: progress.lastFailure,
      nextAttemptTime: progress.notBefore.map { .init($0) },
      deadLetters: try reader.deadLetterCount(of: destination.id))
  }
}

extension ExportV1.DeliveryState {
  fileprivate init(_ destination: Destination, _ progress: DeliveryProgress) {
    self =
      if progress.isDisabled {
        .disabled
      } else if destination.isPaused {
        .paused
      } else {
        progress.failures > 0 ? .retrying : .delivering
      }
  }
}

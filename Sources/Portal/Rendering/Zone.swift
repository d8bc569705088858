// The time zone database is the system's; Foundation reads it.
internal import Domain
internal import Foundation
internal import Synchronization

/// Where a reader's clock is, as their browser says it.
struct Zone: Hashable, Sendable {
  /// An IANA name: `Europe/Berlin`.
  let name: String

  static let utc = Zone(known: "UTC")

  private static let zones = Mutex<[String: TimeZone]>([:])
  private static let mostZones = 1_000

  private init(known name: String) { self.name = name }

  /// Nil for a zone that nobody knows, or a name that could be a path.
  init?(_ name: String) {
    let isPlain = name.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "+")
    }
    guard isPlain, (1...64).contains(name.utf8.count), Self.zone(name) != nil else { return nil }
    self.name = name
  }

  private static func zone(_ name: String) -> TimeZone? {
    if let zone = zones.withLock({ $0[name] }) { return zone }
    guard let zone = TimeZone(identifier: name) else { return nil }
    zones.withLock { if $0.count < mostZones { $0[name] = zone } }
    return zone
  }

  /// How far its clocks are ahead of UTC at a moment, summer time included.
  func offset(at moment: Timestamp) -> Swift.Duration {
    guard self != .utc, let zone = Self.zone(name) else { return .zero }
    let date = Date(timeIntervalSince1970: Double(moment.seconds))
    return .seconds(zone.secondsFromGMT(for: date))
  }
}

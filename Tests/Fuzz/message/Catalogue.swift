internal import FuzzSupport
internal import ProtobufC

/// One message of the API.
struct Entry: Sendable {
  /// The full name, for instance `lockbox.intake.v1.SubmitAccessRequestRequest`.
  let name: String
  let check: @Sendable ([UInt8]) -> Void

  init<M: Message>(_: M.Type) {
    name = M.descriptor.name
    check = { RoundTrip.check(M.self, $0) }
  }
}

/// Every message by a number that stays the same when others are added: corpora outlive changes.
struct Catalogue: Sendable {
  static let shared = Catalogue()

  private let entries: [Entry]
  private let byNumber: [UInt32: Entry]

  private init() {
    entries = messages
    byNumber = Dictionary(uniqueKeysWithValues: entries.map { (Self.number(of: $0.name), $0) })
    let known = Set(entries.map(\.name))
    require(known.count == entries.count, "a message is listed twice")
    for name in Schema.messages(of: services, files) {
      require(known.contains(name), "\(name) is not in Messages.swift: run Tests/Fuzz/make-corpus")
    }
  }

  func entry(for number: UInt32) -> Entry {
    byNumber[number] ?? entries[Int(number % UInt32(entries.count))]
  }

  /// FNV-1a, 32 bits, of the full name.
  private static func number(of name: String) -> UInt32 {
    var hash: UInt32 = 0x811c_9dc5
    for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return hash
  }
}

internal import Domain
internal import LockboxProto
internal import ServiceKit

extension ApprovalsTransaction {
  /// Makes a key the one that signs from now on, and retires the others.
  /// - Returns: every key, and whether that was news.
  func activate(
    _ id: String, _ publicKey: [UInt8]
  ) throws -> (keys: [TokenKey], changed: Bool) {
    let present = try tokenKeys()
    let active = present.filter { $0.retireTime == nil }
    guard active.map(\.id) != [id] else { return (present, false) }
    for var key in active where key.id != id {
      key.retireTime = time.now
      try save(key)
    }
    try save(TokenKey(id: id, publicKey: publicKey, activateTime: time.now))
    let draft = EventDraft(
      time: time.now, tenant: nil, request: nil, origin: .system(),
      payload: .signingKeyActivated(
        .init(
          keyID: id, publicKey: publicKey,
          retiredKeyID: active.first { $0.id != id }?.id ?? "")))
    try append { try draft.serialized(feed: feedName, sequence: $0) }
    return (try tokenKeys(), true)
  }
}

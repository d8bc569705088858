internal import Domain
internal import DomainProto
internal import LockboxProto
internal import ProtobufC
internal import Web
internal import Words

/// The keys with which approvers sign: whose they are, which count, and an end to them.
enum KeyPages {
  private typealias Service = ApprovalsV1.ApproverKeyService

  static func add(to site: inout Site) {
    site.page("/settings/keys", "Keys") { visit in
      guard visit.tenant != nil else { throw Failure.notFound }
      let keys = try await visit.api.call(Service.listApproverKeys, .init()).keys
      return .page(
        Page(
          "settings-keys", title: visit.texts("settings.keys.title"), area: .settings,
          KeysPage(keys, visit)))
    }
    site.action("/settings/keys/:key/confirm", "KeyConfirm") { visit, _ in
      _ = try await visit.api.call(Service.confirmApproverKey, .init(keyID: try id(visit)))
      return .seeOther("/settings/keys", notice: "key_confirmed")
    }
    site.action("/settings/keys/:key/revoke", "KeyRevoke") { visit, _ in
      _ = try await visit.api.call(Service.revokeApproverKey, .init(keyID: try id(visit)))
      return .seeOther("/settings/keys", notice: "key_revoked")
    }
  }

  private static func id(_ visit: Visit) throws(Failure) -> [UInt8] {
    guard let id = Base64URL.decode(visit.parameter("key").utf8), id.count == 32 else {
      throw .notFound
    }
    return id
  }
}

/// The view model of `settings-keys.mustache`.
struct KeysPage: Sendable {
  struct Key: Sendable {
    let path: String
    let label: String
    let owner: String
    /// The first bytes of its id.
    let fingerprint: String
    let stateKey: String
    let state: String
    let registered: Moment?
    /// While it waits.
    let usable: Moment?
    let mayConfirm: Bool
    let mayRevoke: Bool
  }

  let keys: [Key]
  let mayRegister: Bool

  init(_ keys: [CommonV1.ApproverKey], _ visit: Visit) {
    mayRegister = visit.mayRegisterKeys
    self.keys = keys.map { key in
      let isOwn = visit.isOwn(key)
      let usable = Timestamp(key.usableTime)
      let isRevoked = key.revokeTime != nil
      let waits = !isRevoked && (usable.map { $0 > visit.now } ?? false)
      let state = isRevoked ? "revoked" : waits ? "waiting" : "usable"
      return Key(
        path: "/settings/keys/\(Base64URL.encode(key.keyID))",
        label: key.label.isEmpty ? visit.texts("settings.keys.unnamed") : key.label,
        owner: key.approver.map(PersonWords.name) ?? "",
        fingerprint: hexadecimal(Array(key.keyID.prefix(8))), stateKey: state,
        state: visit.texts("settings.key_state.\(state)"),
        registered: Timestamp(key.registerTime).map(visit.moment),
        usable: waits ? usable.map(visit.moment) : nil,
        mayConfirm: waits && !isOwn && visit.mayChangeSettings,
        mayRevoke: !isRevoked && (isOwn || visit.mayChangeSettings))
    }
  }
}

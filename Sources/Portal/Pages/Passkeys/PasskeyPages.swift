internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import SignedStatement
internal import StandardProto
internal import Web

/// Registering a passkey of one's own: the browser makes it, and it signs that it is theirs.
struct PasskeyPages: Sendable {
  let relyingParty: WebAuthnRelyingParty

  func add(to site: inout Site) {
    site.page("/passkeys/new", "Passkey") { try page($0, label: "", problem: nil) }
    site.action("/passkeys/statement", "PasskeyStatement") { visit, form in
      guard let tenant = visit.tenant, let key = Self.key(form) else {
        return .problem(visit.texts("passkey.problem"))
      }
      let statement = try? Statement.key(
        key.id, of: visit.person.subject, in: tenant, at: visit.now)
      return .statement(statement, at: visit.now, site: relyingParty.id)
    }
    site.action("/passkeys", "PasskeyRegister") { try await register($0, $1) }
  }

  /// The view model of `passkey.mustache`.
  struct Model: Sendable {
    let siteID: String
    /// How to do without a script.
    let command: String
    /// An opaque name of the person for authenticators (WebAuthn level 2, §5.4.3), base64url.
    let user: String
    let userName: String
    let label: String
    let problem: String?
  }

  private func page(_ visit: Visit, label: String, problem: String?) throws -> Reply {
    guard let tenant = visit.tenant, visit.person.has(.approver) || visit.person.has(.admin) else {
      throw RPCError.denied
    }
    let subject = visit.person.subject
    var page = Page(
      "passkey", title: visit.texts("passkey.title"), area: .settings,
      Model(
        siteID: relyingParty.id,
        command: "lockboxctl key register --file FILE --tenant \(tenant.text)",
        user: Base64URL.encode(Sha256.digest(Array("\(subject.issuer)\n\(subject.id)".utf8))),
        userName: visit.personName, label: label, problem: problem))
    page.scripts = ["passkey.js"]
    if problem != nil { page.status = 422 }
    return .page(page)
  }

  private func register(_ visit: Visit, _ form: WebForm) async throws -> Reply {
    let subject = visit.person.subject
    guard let tenant = visit.tenant, let key = Self.key(form),
      let assertion = PasskeyAssertion(form),
      let statement = try? Statement.key(key.id, of: subject, in: tenant, at: assertion.signTime),
      key.isSigned(assertion.signature(of: key.id, over: statement), relyingParty: relyingParty)
    else {
      return try page(
        visit, label: form.text("label"), problem: visit.texts("passkey.problem"))
    }
    do {
      _ = try await visit.api.call(
        ApprovalsV1.ApproverKeyService.registerApproverKey,
        .init(
          publicKey: key.der, label: form.text("label").trimmed,
          signature: .init(assertion, key.id)))
      return .seeOther("/settings", notice: "passkey_registered")
    } catch {
      return try await visit.refused(error, on: "")
    }
  }

  /// A P-256 key as the browser hands it over; nil for any other.
  private static func key(_ form: WebForm) -> ApproverPublicKey? {
    guard let der = Base64URL.decode(form.text("public_key").utf8),
      let key = ApproverPublicKey(der: der), key.algorithm == .webauthnEs256
    else { return nil }
    return key
  }
}

extension CommonV1.StatementSignature {
  fileprivate init(_ assertion: PasskeyAssertion, _ key: ApproverKeyID) {
    self.init(
      keyID: key.bytes,
      signTime: .init(nanosecondsSinceEpoch: assertion.signTime.nanoseconds),
      signature: assertion.signature, authenticatorData: assertion.authenticatorData,
      clientDataJson: assertion.clientData)
  }
}

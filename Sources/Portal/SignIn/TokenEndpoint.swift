internal import Domain
internal import ProtobufC
internal import ServiceKit
internal import StrictJSON
internal import Web

/// What a token endpoint gives (RFC 6749 §5.1).
struct TokenAnswer: Hashable, Sendable {
  let idToken: String?
  let accessToken: String
  let refreshToken: String?

  init?(_ body: [UInt8]) {
    guard let json = try? JsonParser.parse(body), let token = json["access_token"]?.string,
      json["token_type"]?.string?.lowercased() == "bearer"
    else { return nil }
    accessToken = token
    idToken = json["id_token"]?.string
    refreshToken = json["refresh_token"]?.string
  }
}

/// Asks an issuer's token endpoint.
struct TokenEndpoint: Sendable {
  let client: IssuerClient
  let https: HTTPSClient

  /// - Parameter redirect: the very address that the code was sent to.
  func exchange(
    _ code: String, verifier: String, redirect: String, at url: HTTPSURL
  ) async throws(SignInFault) -> TokenAnswer {
    try await ask(
      url,
      [
        WebField("grant_type", "authorization_code"), WebField("code", code),
        WebField("redirect_uri", redirect), WebField("code_verifier", verifier),
      ])
  }

  func refresh(_ token: String, at url: HTTPSURL) async throws(SignInFault) -> TokenAnswer {
    try await ask(
      url, [WebField("grant_type", "refresh_token"), WebField("refresh_token", token)])
  }

  private func ask(_ url: HTTPSURL, _ fields: [WebField]) async throws(SignInFault) -> TokenAnswer {
    let answer: HTTPSClient.Answer
    do {
      let secret = try client.secret()
      let id = secret == nil ? [WebField("client_id", client.clientID)] : []
      answer = try await https.post(
        Array(FormText.text(fields + id).utf8), type: "application/x-www-form-urlencoded", to: url,
        authorization: secret.map(authorization))
    } catch {
      throw .unreachable("\(error)")
    }
    switch answer.status {
    case 200:
      guard let tokens = TokenAnswer(answer.body) else {
        throw .unreachable("its token endpoint answers something else than tokens")
      }
      return tokens
    case 400, 401: throw .codeRefused
    default: throw .unreachable("its token endpoint answers with the status \(answer.status)")
    }
  }

  /// RFC 6749 §2.3.1.
  private func authorization(_ secret: String) -> String {
    let pair = FormText.encode(client.clientID) + ":" + FormText.encode(secret)
    let text = Base64URL.encode(pair.utf8).replacing("-", with: "+").replacing("_", with: "/")
    return "Basic " + text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
  }
}

internal import Domain
internal import ServiceKit

/// The GUIDs that the API has in places where a lockbox has names: always the same for the same
/// name, and another one in each installation (UUID version 8, RFC 9562 §5.8).
struct GUIDs: Sendable {
  let trustDomain: String

  func of(_ tenant: TenantID) -> String { make(["tenant", tenant.text]) }
  func of(client: Subject) -> String { make(["client", client.issuer, client.id]) }

  private func make(_ parts: [String]) -> String {
    // No part holds a NUL.
    let text = (["lockbox", trustDomain] + parts).joined(separator: "\0")
    var bytes = Array(Sha256.digest(Array(text.utf8)).prefix(16))
    bytes[6] = bytes[6] & 0x0f | 0x80
    bytes[8] = bytes[8] & 0x3f | 0x80
    let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
    let ends = [4, 6, 8, 10, 16]
    return zip([0] + ends, ends).map { digits[$0..<$1].joined() }.joined(separator: "-")
  }
}

internal import Domain
internal import FuzzSupport
internal import ServiceKit

/// People's bearer tokens. The first byte says what the rest is: a token as it comes from a caller,
/// a change to a good one, or header and claims that an issuer signs.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  switch input.byte() % 3 {
  case 0: foreign(input.all())
  case 1: changed(&input)
  default: signed(&input)
  }
  return 0
}

/// Only what an issuer signed is accepted, to the last bit.
private func foreign(_ token: [UInt8]) {
  guard let person = try? Scene.shared.authenticator.authenticate(token) else { return }
  require(
    Scene.shared.good.contains { $0.token == token },
    "accepted for \(person.subject.id): \(String(decoding: token, as: UTF8.self))")
}

private func changed(_ input: inout FuzzInput) {
  var token = input.choice(of: Scene.shared.good).token
  while !input.isEmpty {
    let position = Int(input.number(UInt16.self)) % (token.count + 1)
    switch input.byte() % 4 {
    case 0 where position < token.count: token[position] = input.byte()
    case 1 where position < token.count: token[position] ^= 1 << (input.byte() % 8)
    case 2 where position < token.count: token.remove(at: position)
    default: token.insert(input.byte(), at: position)
    }
  }
  foreign(token)
}

/// An issuer speaks for its own side only, and within the times that hold for all.
private func signed(_ input: inout FuzzInput) {
  let issuer = input.choice(of: Scene.shared.issuers)
  let header = input.lengthPrefixed()
  let token = issuer.sign(header: header.isEmpty ? issuer.header : header, claims: input.all())
  let authenticator = Scene.shared.authenticator
  guard let person = try? authenticator.authenticate(token) else { return }
  require(person.affiliation == issuer.affiliation, "\(issuer.url) speaks for the other side")
  require(person.subject.issuer == issuer.url, "\(issuer.url) is told as \(person.subject.issuer)")
  require(Scene.now < person.expiry + Authenticator.leeway, "the token ended at \(person.expiry)")
  require(
    person.expiry <= Scene.now + Authenticator.leeway + Authenticator.longestLifetime,
    "the token lives until \(person.expiry)")
  require(Limits.subjectLength.contains(person.subject.id.utf8.count), "a subject of any length")
  let isProvider = person.affiliation == .provider
  require(person.roles.allSatisfy { $0.isProviders == isProvider }, "roles of the other side")
  require(
    (try? authenticator.authenticate(token)) == person, "the second time it is somebody else")
}

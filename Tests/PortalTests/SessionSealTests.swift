internal import Domain
internal import TestKit
internal import Testing

@testable internal import Portal

@Suite("Portal: what a stolen database is worth")
struct SessionSealTests {
  @Test("a session opens with its own id alone, in its own row, unchanged")
  func opens() throws {
    let (id, other) = (SessionID.random(), SessionID.random())
    let plain = Array("the secret".utf8)
    let sealed = SessionSeal(id).seal(plain)
    #expect(SessionSeal(id).open(sealed) == plain)
    #expect(SessionSeal(other).open(sealed) == nil)
    #expect(SessionSeal(id).seal(plain) != sealed)
    for position in sealed.indices {
      var changed = sealed
      changed[position] ^= 1
      #expect(SessionSeal(id).open(changed) == nil)
    }
    for length in 0..<sealed.count {
      #expect(SessionSeal(id).open(Array(sealed.prefix(length))) == nil)
    }
  }

  @Test("an id is 256 bits, read from 43 characters and from nothing else")
  func ids() {
    let id = SessionID.random()
    #expect(SessionID(cookie: id.cookie) == id)
    #expect(Set((0..<100).map { _ in SessionID.random() }).count == 100)
    for bad in [
      "", "a", id.cookie + "A", String(id.cookie.dropLast()), id.cookie + "=", "é" + id.cookie,
    ] {
      #expect(SessionID(cookie: bad) == nil, "\(bad)")
    }
  }

  @Test("what an id is for cannot be had from another use of it")
  func derivation() {
    let id = SessionID.random()
    let derived = [id.derivedKey(for: "seal"), id.derivedKey(for: "form token"), id.key.bytes]
    #expect(Set(derived).count == 3)
    #expect(id.accepts(formToken: id.formToken))
    #expect(!id.accepts(formToken: nil) && !id.accepts(formToken: ""))
    #expect(!id.accepts(formToken: SessionID.random().formToken))
  }

  @Test("sealed texts come back to the last byte, or not at all")
  func texts() {
    let texts = ["", "a", "ä\u{202e}", String(repeating: "x", count: 70_000)]
    let bytes = SealedTexts.bytes(texts)
    #expect(SealedTexts.texts(bytes, count: 4) == texts)
    #expect(SealedTexts.texts(bytes, count: 3) == nil)
    #expect(SealedTexts.texts(bytes.dropLast(), count: 4) == nil)
    #expect(SealedTexts.texts(bytes + [0], count: 4) == nil)
  }
}

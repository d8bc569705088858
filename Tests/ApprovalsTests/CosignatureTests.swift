internal import Domain
internal import MerkleLog
internal import Testing

@testable internal import Approvals

@Suite("Cosignatures that a token needs")
struct CosignatureTests {
  private let log = NoteSigner(name: KeyName("log.test/acme")!, key: .generate())
  private let one = CosignatureSigner(name: KeyName("w/1")!, key: .generate())
  private let two = CosignatureSigner(name: KeyName("w/2")!, key: .generate())

  private func note(_ signers: [CosignatureSigner]) throws -> String {
    let checkpoint = Checkpoint(origin: log.name, size: 3, root: .leaf([]))
    return try checkpoint.signed(by: [log]).adding(
      signers.map { $0.cosign(checkpoint, at: 1).line }
    )
    .serialized
  }

  @Test("audit's word alone is not enough: the lines are counted, each witness once")
  func counted() throws {
    let keys = [one.verifier.vkey, two.verifier.vkey]
    let both = RequiredCosignatures(count: 2, witnesses: keys)
    #expect(try both.isMet(by: note([one, two])))
    #expect(try !both.isMet(by: note([one])))
    #expect(try !both.isMet(by: note([one, one])))
    let twice = RequiredCosignatures(count: 2, witnesses: [keys[0], keys[0]])
    #expect(try !twice.isMet(by: note([one])))
    #expect(try RequiredCosignatures(count: 1, witnesses: keys).isMet(by: note([two])))
    #expect(!RequiredCosignatures(count: 1, witnesses: keys).isMet(by: "no note"))
    #expect(try !RequiredCosignatures(count: 0, witnesses: keys).isMet(by: note([])))
  }

  @Test("settings name keys of witnesses, each once")
  func settings() {
    var violations = Violations()
    let log = self.log.verifier.vkey
    violations.witnessKeys(
      RequiredCosignatures(
        count: 1, witnesses: [one.verifier.vkey, log, "x", one.verifier.vkey]))
    let field = "settings.required_cosignatures.witnesses"
    #expect(
      violations.found.map(\.field) == ["\(field)[1]", "\(field)[2]", "\(field)[3]"])
  }
}

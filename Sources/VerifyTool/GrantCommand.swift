internal import ArgumentParser
internal import SignedStatement
internal import Verification

struct GrantCommand: VerificationCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant",
    abstract: "A grant's evidence: request, approvals, signatures, proof in the log.",
    discussion: """
      With --trust only signatures of the keys that you name count, so that not even the register of \
      keys has to be believed. A break-glass grant, which the customer did not approve, holds only \
      with --break-glass.

      EXAMPLES
        lockbox-verify grant evidence.json --log-key @acme.vkey
        lockbox-verify grant evidence.json --log-key @acme.vkey --require-signatures
      """)

  @Argument(help: "What `lockboxctl grant evidence` printed.", completion: .file())
  var file: String
  @OptionGroup var log: LogKeyOption
  @OptionGroup var signatures: SignatureOptions
  @Flag(help: "Take a break-glass grant, which the customer did not approve, for what it is.")
  var breakGlass = false
  @OptionGroup var output: OutputOption

  func verify(_ surroundings: Surroundings) throws -> Report {
    let bytes = try Inputs.bytes(file, limit: EvidenceFile.largest)
    let verifier = GrantEvidenceVerifier(
      log: try log.verifier(), trustedKeys: signatures.trustedKeys,
      relyingParty: signatures.relyingParty, demandsSignatures: signatures.requireSignatures,
      acceptsBreakGlass: breakGlass)
    do throws(EvidenceFile.Fault) {
      let evidence = try EvidenceFile.read(bytes)
      return Report(verifier.verify(evidence), of: evidence)
    } catch {
      var report = Report()
      report.fail("evidence", error.description)
      return report
    }
  }
}

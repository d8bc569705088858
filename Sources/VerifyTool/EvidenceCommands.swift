internal import ArgumentParser
internal import Domain
internal import Verification

/// A folder that `lockboxctl audit export` wrote.
struct FolderOptions: ParsableArguments {
  @Argument(help: "A folder of `lockboxctl audit export`.", completion: .directory)
  var folder: String
  @OptionGroup var log: LogKeyOption
}

struct RangeCommand: VerificationCommand {
  static let configuration = CommandConfiguration(
    commandName: "range",
    abstract: "An exported run of entries: none missing, each in the log that its key signed.",
    discussion: """
      Of an evidence folder it reads the entries and the checkpoints only.

      EXAMPLES
        lockbox-verify range 2026-10/ --log-key @acme.vkey
      """)

  @OptionGroup var input: FolderOptions
  @OptionGroup var output: OutputOption

  func verify(_ surroundings: Surroundings) throws -> Report {
    let files = try Inputs.folder(input.folder)
    return EvidenceCheck(log: try input.log.verifier()).checkRange(files: files)
  }
}

struct EvidenceCommand: VerificationCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence",
    abstract: "A whole evidence folder: entries, grants, signatures, and the page made of them.",
    discussion: """
      EXAMPLES
        lockbox-verify evidence 2026-10/ --log-key @acme.vkey
        lockbox-verify evidence 2026-10/ --log-key @acme.vkey --require-signatures
      """)

  @OptionGroup var input: FolderOptions
  @OptionGroup var signatures: SignatureOptions
  @OptionGroup var output: OutputOption

  func verify(_ surroundings: Surroundings) throws -> Report {
    let files = try Inputs.folder(input.folder)
    return EvidenceCheck(
      log: try input.log.verifier(), trustedKeys: signatures.trustedKeys,
      relyingParty: signatures.relyingParty, demandsSignatures: signatures.requireSignatures
    ).check(files: files).0
  }
}

struct NoAccessCommand: VerificationCommand {
  static let configuration = CommandConfiguration(
    commandName: "no-access",
    abstract: "Whether an evidence folder proves that there was no access in a period.",
    discussion: """
      A grant or an access token that was live at any moment of the period is access, whenever it \
      was given. The log must show that it goes on after the period; where it is quiet since, a \
      witness' cosignature tells when it was looked at, or you do: --fetched.

      EXAMPLES
        lockbox-verify no-access 2026-10/ --log-key @acme.vkey
        lockbox-verify no-access 2026-10/ --log-key @acme.vkey \\
            --from 2026-10-03T00:00:00Z --to 2026-10-04T00:00:00Z
      """)

  @OptionGroup var input: FolderOptions
  @Option(
    help: "From this moment on (RFC 3339); none: the folder's period.", transform: moment)
  var from: Timestamp?
  @Option(help: "Before this moment (RFC 3339); none: the folder's period.", transform: moment)
  var to: Timestamp?
  @Option(
    help: "When you fetched the checkpoint, as you know by yourself (RFC 3339).", transform: moment)
  var fetched: Timestamp?
  @Flag(help: "Take nothing but the log from its first entry on.") var whole = false
  @OptionGroup var witnesses: WitnessOptions
  @OptionGroup var output: OutputOption

  func verify(_ surroundings: Surroundings) throws -> Report {
    let log = try input.log.verifier()
    let files = try Inputs.folder(input.folder)
    var (report, evidence) = EvidenceCheck(log: log).check(files: files)
    guard report.holds, let evidence else { return report }
    let start = from ?? evidence.period.lowerBound
    let end = to ?? evidence.period.upperBound
    guard start < end else { throw ValidationError("--from must be before --to.") }
    let seen = try witnesses.seen(evidence.checkpoint, log, &report)
    let check = NoAccess(
      in: start..<end, fetched: [fetched, seen].compactMap(\.self).max(), demandsWhole: whole)
    report.add(check.check(evidence))
    return report
  }
}

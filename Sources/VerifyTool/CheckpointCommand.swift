internal import AccessToken
internal import ArgumentParser
internal import Domain
internal import MerkleLog
internal import Verification

/// Witnesses, by their keys.
struct WitnessOptions: ParsableArguments {
  @Option(
    parsing: .singleValue, help: "A witness' verifier key, or @FILE with it; may be repeated.",
    completion: .file())
  var witness: [String] = []
  @Option(help: "How many of the witnesses must have cosigned; none: all of them.")
  var quorum: Int?

  func validate() throws {
    if let quorum, !(1...max(witness.count, 1)).contains(quorum) || witness.isEmpty {
      throw ValidationError("--quorum must be between 1 and the number of --witness.")
    }
  }

  /// When the witnesses had seen the checkpoint; nil where none is named or too few have.
  func seen(
    _ note: String, _ log: NoteVerifier, _ report: inout Report
  ) throws -> Timestamp? {
    guard !witness.isEmpty else { return nil }
    let verifiers = try verifiers()
    return CheckpointCheck(log: log).cosigned(
      note, by: verifiers, quorum: quorum ?? verifiers.count, &report)
  }

  /// Who must have cosigned the checkpoint of a token's receipt; nil where none is named.
  func cosigners() throws -> Cosigners? {
    guard !witness.isEmpty else { return nil }
    let verifiers = try verifiers()
    guard let cosigners = Cosigners(count: quorum ?? verifiers.count, witnesses: verifiers) else {
      throw Unfinished(description: "A --witness stands twice.")
    }
    return cosigners
  }

  private func verifiers() throws -> [CosignatureVerifier] {
    try witness.map { argument in
      let text = try Inputs.keyText(argument)
      do {
        return try CosignatureVerifier(vkey: text)
      } catch {
        throw Unfinished(description: "--witness is no verifier key of a witness: \(error).")
      }
    }
  }
}

struct CheckpointCommand: VerificationCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "A checkpoint: signed, cosigned, and an older one's with entries appended.",
    discussion: """
      With --since, FILE is a consistency proof (`lockboxctl audit checkpoint --since OLD --proof \
      FILE`): the body that C2SP tlog-witness sends.

      EXAMPLES
        lockbox-verify checkpoint acme.checkpoint --log-key @acme.vkey
        lockbox-verify checkpoint new.proof --since old.checkpoint --log-key @acme.vkey
        lockbox-verify checkpoint acme.checkpoint --log-key @acme.vkey \\
            --witness @w1.vkey --witness @w2.vkey --quorum 1
      """)

  @Argument(help: "A signed checkpoint; with --since a consistency proof.", completion: .file())
  var file: String
  @Option(help: "The older signed checkpoint.", completion: .file()) var since: String?
  @OptionGroup var log: LogKeyOption
  @OptionGroup var witnesses: WitnessOptions
  @OptionGroup var output: OutputOption

  func verify(_ surroundings: Surroundings) throws -> Report {
    let key = try log.verifier()
    let check = CheckpointCheck(log: key)
    var report = Report()
    let note: String
    if let since {
      let older = try Inputs.text(since)
      let proof = try Inputs.bytes(file)
      do throws(AddCheckpointError) {
        let newer = try AddCheckpoint(parsing: proof)
        note = newer.note.serialized
        report = check.report(on: newer, since: older)
      } catch {
        report.fail("consistency proof", "\(error)")
        return report
      }
    } else {
      note = try Inputs.text(file)
      _ = check.signed(note, "checkpoint", &report)
    }
    guard report.holds else { return report }
    _ = try witnesses.seen(note, key, &report)
    return report
  }
}

internal import ArgumentParser
internal import Domain
internal import Verification
internal import Words

/// What `lockbox-verify` tells a script.
public enum VerificationStatus: Int32, Sendable, Hashable, CaseIterable {
  case verified = 0
  /// Something does not hold.
  case finding = 1
  /// The command line is wrong.
  case usage = 2
  /// A file cannot be read.
  case unfinished = 3

  var meaning: String {
    switch self {
    case .verified: "verified: everything that was checked holds"
    case .finding: "a finding: something does not hold"
    case .usage: "the command line is wrong"
    case .unfinished: "not finished: a file or a key cannot be read"
    }
  }
}

/// `lockbox-verify`, whole: no network, no service, no configuration.
public enum VerificationTool {
  /// Runs the command that `arguments` (without the program's name) are, and tells what came of it.
  public static func run(_ arguments: [String]) -> VerificationStatus {
    run(arguments, in: .system)
  }

  static func run(_ arguments: [String], in surroundings: Surroundings) -> VerificationStatus {
    do {
      var command = try LockboxVerify.parseAsRoot(arguments)
      guard let verification = command as? any VerificationCommand else {
        try command.run()
        return .verified
      }
      let report = try verification.verify(surroundings)
      surroundings.show(report, verification.output.output)
      return report.holds ? .verified : .finding
    } catch let failure as Unfinished {
      surroundings.note("lockbox-verify: \(Printable.line(failure.description))")
      return .unfinished
    } catch {
      // Help, version, completion, and mistakes on the command line are the parser's to tell.
      let text = LockboxVerify.fullMessage(for: error)
      guard LockboxVerify.exitCode(for: error).isSuccess else {
        surroundings.note(text)
        return .usage
      }
      surroundings.print(text)
      return .verified
    }
  }
}

/// Why nothing could be said.
struct Unfinished: Error, CustomStringConvertible {
  let description: String
}

/// A command with a report.
protocol VerificationCommand: ParsableCommand {
  var output: OutputOption { get }
  func verify(_ surroundings: Surroundings) throws -> Report
}

extension VerificationCommand {
  func run() throws {}
}

extension Surroundings {
  fileprivate func show(_ report: Report, _ format: OutputOption.Format) {
    switch format {
    case .json: print(report.json)
    case .text:
      report.lines.forEach(print)
      guard let failure = report.firstFailure else {
        if !report.holds { print("NOT VERIFIED") } else { print("VERIFIED") }
        return
      }
      let place = failure.entry.map { " (entry \($0))" } ?? ""
      print(Printable.line("FINDING\(place): \(failure.check): \(failure.problem ?? "")"))
    }
  }
}

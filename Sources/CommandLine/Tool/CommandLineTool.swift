internal import ArgumentParser

/// `lockboxctl`, whole.
public enum CommandLineTool {
  /// Runs the command that `arguments` (without the program's name) are, and tells what came of it.
  public static func run(_ arguments: [String]) async -> CommandStatus {
    await run(arguments, in: .system)
  }

  static func run(_ arguments: [String], in shell: Shell) async -> CommandStatus {
    do {
      var command = try Lockboxctl.parseAsRoot(arguments)
      if let command = command as? any ShellCommand {
        try await command.run(in: shell)
      } else {
        try command.run()
      }
      return .success
    } catch let failure as Failure {
      shell.note("lockboxctl: \(failure.sentence)")
      for detail in failure.details { shell.note("  \(detail)") }
      return failure.status
    } catch is CancellationError {
      return .temporary
    } catch {
      // Help, version, completion, and mistakes on the command line are the parser's to tell.
      let text = Lockboxctl.fullMessage(for: error)
      if Lockboxctl.exitCode(for: error).isSuccess {
        shell.print(text)
        return .success
      }
      shell.note(text)
      return .usage
    }
  }
}

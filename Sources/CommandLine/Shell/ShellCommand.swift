internal import ArgumentParser

/// A command of ours: runs in a shell that tests can replace.
protocol ShellCommand: AsyncParsableCommand {
  func run(in shell: Shell) async throws
}

extension ShellCommand {
  func run() async throws { try await run(in: .system) }
}

/// A command that talks to the services.
protocol RemoteCommand: ShellCommand {
  var options: GlobalOptions { get }
  /// Whether somebody must be signed in; health can be asked for by anybody.
  static var needsToken: Bool { get }
  func run(_ session: Session) async throws
}

extension RemoteCommand {
  static var needsToken: Bool { true }

  func run(in shell: Shell) async throws {
    let session = try Session(options, in: shell, needsToken: Self.needsToken)
    do {
      try await run(session)
    } catch {
      await session.close()
      throw error
    }
    await session.close()
  }
}

internal import ArgumentParser

struct AuditSearchCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "List entries by the words of justifications, comments, questions and tickets.",
    discussion: """
      An entry is listed where every word given begins a word of its texts, whatever the case. The \
      log is looked through, a few thousand events a call: a period, a person or a request \
      narrows it.

      EXAMPLES
        lockboxctl audit search --tenant acme mail loop
        lockboxctl audit search --tenant acme --after 2026-11-01T00:00:00Z T-4711
      """)

  @Argument(help: "The words.") var words: [String]
  @OptionGroup var filter: EntryFilter
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    try await filter.list(session, text: words.joined(separator: " "))
  }
}

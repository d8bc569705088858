internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import Words

struct NotifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notify",
    abstract: "Who is told of requests: notices, and channels besides mail.",
    discussion: """
      For a tenant's admins; what the provider's people are told (no --tenant) for operators. Lists \
      and previews are for auditors too. Who gets mail stands in the tenant's settings.

      EXAMPLES
        lockboxctl notify preview --tenant acme --kind approval-needed
        lockboxctl notify notices --tenant acme --request "$request"
        lockboxctl notify channels list --tenant acme
        lockboxctl notify dead-letters list --tenant acme
      """,
    subcommands: [
      NotifyPreviewCommand.self, NotifyNoticesCommand.self, NotifyDeadLettersCommand.self,
      NotifyChannelsCommand.self,
    ])
}

/// Whose people are told.
struct NotifyOwnerOption: ParsableArguments {
  @Option(help: "Whose people are told; the provider's own if not given.") var tenant: String?

  var id: String { tenant ?? "" }
}

struct NotifyDeadLettersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dead-letters", abstract: "Notices that could not be delivered.",
    discussion: """
      EXAMPLES
        lockboxctl notify dead-letters list --tenant acme
        lockboxctl notify dead-letters retry --tenant acme
      """,
    subcommands: [NotifyDeadLettersListCommand.self, NotifyDeadLettersRetryCommand.self])
}

struct NotifyChannelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "channels", abstract: "Webhooks, Slack and Teams.",
    discussion: """
      EXAMPLES
        lockboxctl notify channels list --tenant acme
        lockboxctl notify channels test --tenant acme "$id"
      """,
    subcommands: [
      ChannelCreateCommand.self, ChannelListCommand.self, ChannelUpdateCommand.self,
      ChannelRotateCommand.self, ChannelTestCommand.self, ChannelDeleteCommand.self,
    ])
}

/// A kind of notice as `--kind` takes it: `approval-needed`.
struct NoticeKindArgument: ExpressibleByArgument, Hashable {
  let kind: CommonV1.NoticeKind

  init?(argument: String) {
    guard let kind = Self.all.first(where: { $0.words == argument }) else { return nil }
    self.kind = kind
  }

  static let all = (1...Int32(NoticeKind.allCases.count)).map { CommonV1.NoticeKind(rawValue: $0) }
  static var allValueStrings: [String] { all.map(\.words) }
}

/// A language as `--language` takes it.
enum LanguageArgument: String, CaseIterable, ExpressibleByArgument {
  case en, de
}

internal import ArgumentParser
internal import Domain
internal import Files
internal import LockboxProto
internal import Words

struct DestinationUpdateCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Change a destination, pause or resume it (admins).",
    discussion: """
      What is not given stays. One that had been refused, or that waits for its next attempt, is \
      tried again at once.

      EXAMPLES
        lockboxctl destination update --tenant acme "$id" --pause
        lockboxctl destination update --tenant acme "$id" --resume \\
            --webhook https://siem.acme.test/new
      """)

  @OptionGroup var destination: DestinationOption
  @Option(help: "Another name.") var name: String?
  @Option(help: "Another https URL.") var webhook: String?
  @Option(help: "Only of this kind; may be repeated, and takes the place of all that were.")
  var kind: [String] = []
  @Flag(help: "Every kind again.") var everyKind = false
  @Flag(inversion: .prefixedNo, help: "Whether what people wrote goes along.") var texts: Bool?
  @Option(help: "PEM file of the receiver's authority.", completion: .file()) var ca: String?
  @Flag(help: "Send nothing until it is resumed; entries wait.") var pause = false
  @Flag(help: "Send again.") var resume = false
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard !pause || !resume else { throw ValidationError("Give one of --pause and --resume.") }
    guard kind.isEmpty || !everyKind else {
      throw ValidationError("Give one of --kind and --every-kind.")
    }
  }

  func run(_ session: Session) async throws {
    var changed = try await session.destination(destination)
    if let name { changed.name = name }
    if !kind.isEmpty || everyKind { changed.kinds = kind }
    if let texts { changed.includesTexts = texts }
    if let ca { changed.authorities = try File.readText(ca) }
    if pause || resume { changed.paused = pause }
    if let webhook {
      guard case .webhook(var target) = changed.target else {
        throw Failure(.usage, "The destination is no webhook.")
      }
      target.url = webhook
      changed.target = .webhook(target)
    }
    let response = try await session.call(
      ExportV1.ExportService.updateDestination, .init(destination: changed), at: .export)
    try session.printer.result(response) {
      let now = response.destination ?? .init()
      return ["\(now.destinationID)  \(Printable.line(now.place))\(now.paused ? ", paused" : "")"]
    }
  }
}

extension Session {
  /// One of a log's destinations.
  fileprivate func destination(_ option: DestinationOption) async throws -> CommonV1.Destination {
    var token = ""
    repeat {
      let page = try await call(
        ExportV1.ExportService.listDestinations,
        .init(pageToken: token, tenantID: option.log.id), at: .export)
      let found = page.destinations.compactMap(\.destination)
        .first { $0.destinationID == option.id }
      if let found { return found }
      token = page.nextPageToken
    } while !token.isEmpty
    throw Failure(.refused, "There is no such destination.")
  }
}

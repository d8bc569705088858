/// One entry of the thread on a request: a question of somebody who may decide, or the engineer's
/// answer. Both sides read the thread, and it stands in the log.
public struct ThreadEntry: Hashable, Sendable {
  public enum Kind: Int32, Hashable, Sendable, CaseIterable {
    case question = 1
    case answer = 2
  }

  public let kind: Kind
  public let author: Subject
  public let text: String
  public let time: Timestamp

  public init(kind: Kind, author: Subject, text: String, time: Timestamp) {
    self.kind = kind
    self.author = author
    self.text = text
    self.time = time
  }
}

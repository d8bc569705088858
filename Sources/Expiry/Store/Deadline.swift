public import Domain

/// The one moment at which a request waits to be ended: of its open stage, or of its grant.
public struct Deadline: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case stage(Int)
    case grant(GrantID)
  }

  public let request: RequestID
  public let tenant: TenantID
  public let kind: Kind
  public let due: Timestamp
  /// When approvals has something to tell of the stage before; nil: nothing any more. The one next
  /// moment, whatever comes after it: approvals knows that.
  public var notice: Timestamp?

  public init(
    request: RequestID, tenant: TenantID, kind: Kind, due: Timestamp, notice: Timestamp? = nil
  ) {
    self.request = request
    self.tenant = tenant
    self.kind = kind
    self.due = due
    self.notice = notice
  }

  /// Where the deadline stands among all: by moment, then by request.
  public var position: Position { Position(due: due, request: request) }

  public struct Position: Hashable, Sendable, Comparable {
    public let due: Timestamp
    public let request: RequestID

    public init(due: Timestamp, request: RequestID) {
      self.due = due
      self.request = request
    }

    public static func < (left: Position, right: Position) -> Bool {
      (left.due, left.request) < (right.due, right.request)
    }
  }
}

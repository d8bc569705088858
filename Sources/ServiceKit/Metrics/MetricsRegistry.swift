internal import Synchronization

/// Everything that is told when somebody asks for the metrics.
public final class MetricsRegistry: Sendable {
  public typealias Collector = @Sendable (inout MetricsText) -> Void

  /// A public document that is served beside the metrics, such as a JWKS.
  public struct Document: Sendable {
    public let mediaType: String
    public let text: @Sendable () -> String

    public init(mediaType: String, text: @escaping @Sendable () -> String) {
      self.mediaType = mediaType
      self.text = text
    }
  }

  private let collectors = Mutex<[Collector]>([])
  private let documents = Mutex<[String: Document]>([:])

  public init() {}

  /// Adds something that writes its samples when it is asked.
  public func add(_ collector: @escaping Collector) {
    collectors.withLock { $0.append(collector) }
  }

  /// Adds a document under a path. It is sent as plain text over loopback: nothing secret.
  public func serve(_ path: String, _ document: Document) {
    documents.withLock { $0[path] = document }
  }

  func document(_ path: String) -> Document? { documents.withLock { $0[path] } }

  /// All samples as they are now.
  public func render() -> String {
    var text = MetricsText()
    for collector in collectors.withLock({ $0 }) { collector(&text) }
    return text.text
  }
}

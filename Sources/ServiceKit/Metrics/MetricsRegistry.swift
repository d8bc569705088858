internal import Synchronization

/// Everything that is told when somebody asks for the metrics.
public final class MetricsRegistry: Sendable {
  public typealias Collector = @Sendable (inout MetricsText) -> Void

  private let collectors = Mutex<[Collector]>([])

  public init() {}

  /// Adds something that writes its samples when it is asked.
  public func add(_ collector: @escaping Collector) {
    collectors.withLock { $0.append(collector) }
  }

  /// All samples as they are now.
  public func render() -> String {
    var text = MetricsText()
    for collector in collectors.withLock({ $0 }) { collector(&text) }
    return text.text
  }
}

internal import RPC

extension Report {
  /// Grows when a key changes its meaning or goes; further keys may come without that.
  static let formatVersion = 2

  /// For programs: one object in one line. `deploy/load.md` explains the keys.
  var json: String {
    JSON.object(
      [
        ("format", .string("lockbox-bench")),
        ("version", .integer(Self.formatVersion)),
        ("title", .string(title)),
        ("seed", seed.map { .string("\($0)") } ?? .null),
        ("interrupted", .bool(isInterrupted)),
      ] + Self.members(total, isOpenLoop: isOpenLoop) + [
        ("start_delay_ms", Self.latencies(total.recording.delays)),
        (
          "client_cpu_us_per_call",
          processorTimePerCall.map { .decimal($0 / .microseconds(1), digits: 2) } ?? .null
        ),
        ("methods", methodArray(total)),
        ("steps", .array(phases.map { step($0) })),
        (
          "saturation",
          saturated.map {
            .object([
              ("offered_per_second", .decimal($0.offered, digits: 1)),
              ("achieved_per_second", .decimal($0.achieved, digits: 1)),
            ])
          } ?? .null
        ),
        ("timeline", timelineObject),
      ]
    ).text
  }

  private static func members(_ phase: Phase, isOpenLoop: Bool) -> [(String, JSON)] {
    [
      ("seconds", .decimal(phase.elapsed.inSeconds, digits: 3)),
      ("offered_per_second", isOpenLoop ? .decimal(phase.offered, digits: 1) : .null),
      ("achieved_per_second", .decimal(phase.achieved, digits: 1)),
      ("succeeded", .integer(phase.operations.succeeded)),
      ("failed", .integer(phase.operations.failed)),
      ("not_begun", .integer(phase.recording.overflowed)),
      ("latency_ms", latencies(phase.operations)),
      ("errors", errors(phase.operations)),
    ]
  }

  private func step(_ phase: Phase) -> JSON {
    .object(
      Self.members(phase, isOpenLoop: isOpenLoop) + [
        ("saturated", .bool(isOpenLoop && phase.isSaturated)), ("methods", methodArray(phase)),
      ])
  }

  private func methodArray(_ phase: Phase) -> JSON {
    var scenario = ""
    return .array(
      zip(rows, phase.recording.rows).map { row, samples in
        if !row.isStep { scenario = row.name }
        return .object([
          ("scenario", .string(scenario)),
          ("step", row.isStep ? .string(row.name) : .null),
          ("method", row.method.map { .string($0) } ?? .null),
          ("per_second", .decimal(phase.perSecond(samples.succeeded), digits: 1)),
          ("succeeded", .integer(samples.succeeded)),
          ("failed", .integer(samples.failed)),
          ("latency_ms", Self.latencies(samples)),
          ("errors", Self.errors(samples)),
        ])
      })
  }

  private var timelineObject: JSON {
    .object([
      ("window_seconds", .decimal(Double(timeline.width) / 1e9, digits: 0)),
      (
        "windows",
        .array(
          timeline.windows.map { window in
            .object([
              ("finished", .integer(window.finished)),
              ("succeeded", .integer(window.operations.succeeded)),
              ("failed", .integer(window.operations.failed)),
              ("not_begun", .integer(window.overflowed)),
              ("latency_ms", Self.latencies(window.operations)),
            ])
          })
      ),
    ])
  }

  private static func latencies(_ samples: Samples) -> JSON {
    .object(
      percentiles.compactMap { name, percent in
        samples.percentile(percent).map { (name, .decimal($0 / .milliseconds(1), digits: 3)) }
      })
  }

  private static func errors(_ samples: Samples) -> JSON {
    .array(
      samples.failures.sorted { $0.key < $1.key }.map { cause, failures in
        .object([
          ("code", .string(cause.code.name)),
          ("reason", cause.reason.map { .string($0) } ?? .null),
          ("count", .integer(failures.count)),
          ("message", .string(failures.message)),
        ])
      })
  }
}

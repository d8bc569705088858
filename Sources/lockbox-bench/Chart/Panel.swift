/// One plot of a chart.
struct Panel {
  struct Series {
    /// Of the style sheet, for the line and its legend.
    let style: String
    /// By x; a nil is a gap.
    let points: [(x: Double, y: Double)?]
    var hasDots = false
    /// Filled down to the axis.
    var isFilled = false
  }

  let title: String
  /// What the vertical axis counts, with its unit.
  let unit: String
  /// What the horizontal axis counts, with its unit.
  let axisTitle: String
  let height: Double
  let x: Axis
  let y: Axis
  var series: [Series]
  /// A place on the horizontal axis with a name.
  var mark: (x: Double, label: String)?

  static let left = 72.0
  static let right = 936.0
  /// From the top of the panel to the top of the plot, and from its bottom to the end.
  private static let above = 44.0
  private static let below = 58.0

  var totalHeight: Double { Self.above + height + Self.below }

  func draw(_ svg: inout SVG, top: Double) {
    let plot = top + Self.above
    let bottom = plot + height
    func place(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
      (
        Self.left + x.fraction(point.x) * (Self.right - Self.left),
        bottom - y.fraction(point.y) * height
      )
    }
    svg.text(title, Self.left, top + 14, class: "heading")
    svg.text(unit, Self.left, top + 32, class: "note")
    for tick in y.ticks {
      let line = place((x.range.lowerBound, tick)).y
      svg.line(Self.left, line, Self.right, line, class: "grid")
      svg.text(Axis.label(tick), Self.left - 10, line + 4, class: "tick", anchor: "end")
    }
    svg.line(Self.left, bottom, Self.right, bottom, class: "axis")
    for tick in x.ticks {
      let across = place((tick, y.range.lowerBound)).x
      svg.line(across, bottom, across, bottom + 5, class: "axis")
      svg.text(Axis.label(tick), across, bottom + 20, class: "tick", anchor: "middle")
    }
    svg.text(axisTitle, (Self.left + Self.right) / 2, bottom + 40, class: "note", anchor: "middle")
    for one in series { draw(one, &svg, bottom: bottom, place) }
    if let mark { draw(mark, &svg, plot, bottom, place((mark.x, y.range.lowerBound)).x) }
  }

  private func draw(
    _ series: Series, _ svg: inout SVG, bottom: Double,
    _ place: ((x: Double, y: Double)) -> (x: Double, y: Double)
  ) {
    let points = series.points.map { $0.map(place) }
    if series.isFilled, let first = points.first ?? nil, let last = points.last ?? nil {
      let outline = [(first.x, bottom)] + points.compactMap { $0 } + [(last.x, bottom)]
      let data = outline.map { "\(SVG.number($0.0)) \(SVG.number($0.1))" }.joined(separator: "L")
      svg.add("path", [("class", "\(series.style) area"), ("d", "M\(data)z")])
    }
    svg.path(points, class: series.style)
    guard series.hasDots else { return }
    for case let point? in points {
      svg.add(
        "circle",
        [
          ("class", "\(series.style) dot"), ("cx", SVG.number(point.x)),
          ("cy", SVG.number(point.y)), ("r", "3"),
        ])
    }
  }

  private func draw(
    _ mark: (x: Double, label: String), _ svg: inout SVG, _ plot: Double, _ bottom: Double,
    _ across: Double
  ) {
    svg.line(across, plot, across, bottom, class: "mark")
    // Towards the side with more room.
    let isRight = across < (Self.left + Self.right) / 2
    svg.text(
      mark.label, across + (isRight ? 8 : -8), plot + 14, class: "label",
      anchor: isRight ? "start" : "end")
  }
}

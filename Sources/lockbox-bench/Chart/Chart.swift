/// Plots one under the other with a title and a legend, as an SVG document.
struct Chart {
  let title: String
  let subtitle: String
  /// Class of the style sheet, and what it means.
  let legend: [(style: String, name: String)]
  let panels: [Panel]

  private static let width = 960.0
  private static let header = 112.0

  var text: String {
    var svg = SVG()
    svg.text(title, 24, 36, class: "title")
    svg.text(subtitle, 24, 58, class: "note")
    drawLegend(&svg)
    var top = Self.header
    for panel in panels {
      panel.draw(&svg, top: top)
      top += panel.totalHeight
    }
    let size = "\(Report.fixed(Self.width, 0)) \(Report.fixed(top, 0))"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" role="img">
      <style>
      \(Self.style)
      </style>
      <rect class="paper" width="100%" height="100%"/>
      \(svg.body)</svg>

      """
  }

  private func drawLegend(_ svg: inout SVG) {
    var across = 24.0
    for (style, name) in legend {
      svg.line(across, 84, across + 22, 84, class: style)
      svg.text(name, across + 28, 88, class: "key")
      across += 28 + 7.5 * Double(name.count) + 22
    }
  }

  /// Percentiles from calm to loud; dashes tell them apart without colours.
  private static let style = """
    text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif;
      font-size: 12px; fill: #1f2328 }
    .title { font-size: 18px; font-weight: 600 } .heading { font-size: 14px; font-weight: 600 }
    .note, .tick { fill: #59636e } .tick { font-variant-numeric: tabular-nums }
    .label { font-weight: 600; stroke: #ffffff; stroke-width: 4px; paint-order: stroke }
    .paper { fill: #ffffff }
    line, path { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
    .grid { stroke: #e4e8ec; stroke-width: 1 } .axis { stroke: #8c959f; stroke-width: 1 }
    .mark { stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 2 5 }
    .p50 { stroke: #0969da } .p90 { stroke: #8250df } .p99 { stroke: #bf3989; stroke-dasharray: 8 4 }
    .max { stroke: #9a6700; stroke-width: 1.5; stroke-dasharray: 1 4 }
    .good { stroke: #1a7f37 } .bad { stroke: #cf222e }
    .ideal { stroke: #8c959f; stroke-width: 1.5; stroke-dasharray: 6 5 }
    .good.area { stroke: none; fill: #1a7f37; fill-opacity: 0.12 }
    .dot { stroke-dasharray: none } .p50.dot { fill: #0969da } .p90.dot { fill: #8250df }
    .p99.dot { fill: #bf3989 } .max.dot { fill: #9a6700 } .good.dot { fill: #1a7f37 }
    @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .note, .tick { fill: #9198a1 } .label { stroke: #0d1117 }
    .paper { fill: #0d1117 } .grid { stroke: #21262d } .axis { stroke: #656c76 }
    .mark { stroke: #9198a1 } .ideal { stroke: #656c76 }
    .p50 { stroke: #4493f8 } .p90 { stroke: #ab7df8 } .p99 { stroke: #f778ba } .max { stroke: #d29922 }
    .good { stroke: #3fb950 } .bad { stroke: #f85149 } .good.area { fill: #3fb950 }
    .p50.dot { fill: #4493f8 } .p90.dot { fill: #ab7df8 } .p99.dot { fill: #f778ba }
    .max.dot { fill: #d29922 } .good.dot { fill: #3fb950 }
    }
    """
}

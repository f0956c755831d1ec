import Plotting
import Testing

/// Whole pictures.
struct FigureTests {
  /// Numbers that look random and are the same every time.
  private func noise(_ count: Int, seed: UInt64 = 1) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
  }

  /// A picture with a layer of every kind.
  private var everything: Figure {
    let x = (0..<300).map(Double.init), y = noise(300)
    var grid = DensityGrid(x: 0...1, y: 0...1, columns: 40, rows: 40)
    for (a, b) in zip(noise(5000), noise(5000, seed: 2)) { grid.add(a, b) }
    let lines = Panel(
      "A & <b> of \"c\"",
      subtitle: "words below the title that are many enough for two lines",
      x: Axis("step"), y: Axis("error", unit: "eV/Å", scale: .logarithmic),
      [
        .band(Band("band", x: x, lower: y.map { $0 / 2 }, upper: y.map { $0 * 2 }, color: 0)),
        .line(Line("line", x: x, y: y, .series(1))),
        .line(Line("faint", x: x, y: y, Style(2, isFaint: true))),
        .rule(Rule("level", .y(0.5))),
      ])
    let counts = Panel(
      "Histograms", x: Axis("value", unit: "eV", range: 0...1),
      y: Axis("share", unit: "%", startsAtZero: true),
      (0..<7).map { number in
        let heights = binCounts(noise(1000, seed: UInt64(number) + 3), in: 0...1, count: 10)
        return .histogram(
          Histogram(
            "series \(number)", start: 0, width: 0.1, heights: heights.map(Double.init),
            .series(number)))
      })
    let bars = Panel(
      "Bars", x: Axis("time", unit: "s", startsAtZero: true),
      y: Axis(names: (0..<12).map { "a name of some length \($0)" }),
      [
        .bars(
          Bars(
            "bars", rows: Array(0..<12), values: noise(12),
            labels: (0..<12).map { "label \($0)" }, color: 3))
      ])
    let points = Panel(
      "Points", x: Axis("a", scale: .logarithmic), y: Axis("b", scale: .logarithmic),
      [
        .points(
          Points(
            "few", x: noise(12), y: noise(12, seed: 4), labels: (1...12).map { "\($0)" }, color: 4))
      ])
    let density = Panel(
      "Density", x: Axis("label", unit: "eV"), y: Axis("prediction", unit: "eV"),
      [.density(grid), .rule(Rule("", .diagonal))], height: nil)
    return Figure(
      "Everything", [lines, counts, bars, points, density], columns: 3, panelWidth: 340)
  }

  @Test func `a picture is well-formed, without ids, scripts or style sheets`() {
    let picture = Picture(everything.svg)
    #expect(picture.isWellFormed && picture.elements.first == "svg")
    #expect(Set(picture.elements).isSubset(of: ["svg", "g", "path", "rect", "text", "tspan"]))
    #expect(
      picture.attributes.isDisjoint(with: ["id", "href", "xlink:href", "clip-path", "onload"]))
    #expect(picture.labels.contains { $0.text.contains("A & <b> of \"c\"") })
  }

  @Test func `the same figure gives the same bytes`() {
    #expect(everything.svg == everything.svg)
    #expect(everything.size.width == Picture(everything.svg).width)
    #expect(everything.size.height == Picture(everything.svg).height)
  }

  @Test func `no text lies upon another or leaves the picture`() {
    for width in [170.0, 240, 340, 700] {
      for columns in 1...5 {
        var figure = everything
        (figure.columns, figure.panelWidth) = (columns, width)
        let picture = Picture(figure.svg)
        #expect(picture.overlaps.isEmpty && picture.lost.isEmpty, "\(columns) of \(width)")
      }
    }
  }

  @Test(arguments: [
    [], [1.0], [5, 5, 5], [.nan, .nan], [0, -1, -1e300], [1e-300, 1e300],
    [-153.123456, -153.123455],
    [1e17, 1e17 + 100], [0, .leastNonzeroMagnitude], [.infinity, 1, 2], [1.7e308],
    [-1.7e308, 1.7e308],
  ])
  func `any numbers make a picture`(values: [Double]) {
    for scale in [ScaleKind.linear, .logarithmic] {
      let x = values.indices.map(Double.init)
      let panels = [
        Panel(
          "y", x: Axis("x"), y: Axis("y", unit: "eV", scale: scale),
          [.line(Line("line", x: x, y: values, Style(0)))]),
        Panel(
          "x", x: Axis("x", unit: "eV", scale: scale), y: Axis("y"),
          [.points(Points("points", x: values, y: x, color: 1))], height: nil),
      ]
      let picture = Picture(Figure("numbers", panels).svg)
      #expect(picture.isWellFormed && picture.overlaps.isEmpty && picture.lost.isEmpty)
      #expect(!picture.labels.contains { $0.text.contains("nan") || $0.text.contains("inf") })
    }
  }

  @Test func `a panel without a value says so`() {
    let panel = Panel(
      "empty", x: Axis("x"), y: Axis("y", scale: .logarithmic),
      [.line(Line("", x: [1, 2], y: [0, -1], Style(0)))])
    #expect(Picture(Figure("", [panel]).svg).labels.contains { $0.text == "no data" })
  }

  @Test func `a million points are a few kilobytes`() {
    let count = 1_000_000
    let values = noise(count), others = noise(count, seed: 5)
    var grid = DensityGrid(x: 0...1, y: 0...1, columns: 100, rows: 100)
    for (x, y) in zip(values, others) { grid.add(x, (x + y) / 2) }
    #expect(grid.counts.reduce(0, +) == count)
    let axis = Axis("x", range: 0...1)
    #expect(Figure("", [Panel("", x: axis, y: axis, [.density(grid)])]).svg.utf8.count < 120_000)
    let line = Line("", x: (0..<count).map(Double.init), y: values, Style(0))
    let panel = Panel("", x: Axis("x"), y: Axis("y"), [.line(line)])
    #expect(Figure("", [panel]).svg.utf8.count < 40_000)
  }

  @Test func `a line that is thinned still reaches its extremes`() {
    var values = noise(50_000)
    (values[20_000], values[30_000]) = (9, -9)
    let line = Line("", x: values.indices.map(Double.init), y: values, Style(0))
    let axis = Axis("y", range: -10...10)
    let svg = Figure("", [Panel("", x: Axis("x"), y: axis, [.line(line)], height: 200)]).svg
    // 9 and -9 of ±10 on 200 pixels.
    #expect(svg.contains(" 10L") && svg.contains(" 190L"))
  }

  @Test func `series differ in color and in dash`() {
    let styles = (0..<7).map { Style.series($0) }
    for (index, style) in styles.enumerated() {
      for other in styles[..<index] { #expect(style.color != other.color) }
      if index > 0 { #expect(style.dash != styles[index - 1].dash) }
    }
  }

  @Test func `every color has its dark one`() {
    let css = Theme.darkStyle(scope: ".dark")
    #expect(css.split(separator: "\n").allSatisfy { $0.hasPrefix(".dark .dp-plot .") })
    let svg = everything.svg
    for name in svg.matches(of: /class="([a-z0-9-]+)"/).map(\.1) where name != "dp-plot" {
      #expect(css.contains(" .\(name){"), "\(name)")
    }
  }
}

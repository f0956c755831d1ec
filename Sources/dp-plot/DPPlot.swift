import ArgumentParser
import Diagnostics
import Figures
import Files
import Foundation
import Plotting
import Toolkit

@main struct DPPlot: Tool {
  static let configuration = CommandConfiguration.tool(
    "dp-plot",
    abstract:
      "Draw learning curves, predictions beside labels, data, profiles and model deviations.",
    usage: """
      dp-plot <run> ... [-o <file>] [--watch]
      dp-plot <predictions.h5> <data> ... [-o <file>]
      dp-plot <stat.h5 | profile.json | model_devi.out | detail> ... [-o <file>]
      """,
    discussion: """
      What a file is, its content says: run folders and lcurve.out, also of
      DeePMD-kit; predictions of dp-eval; detail files of dp-eval and 'dp test';
      statistics of dp-stat; profiles of dp-profile; model_devi.out of dp-eval,
      'dp model-devi' and LAMMPS.
      Without -o the picture goes to standard output as SVG.
      docs/GALLERY.md shows all kinds.

      EXAMPLES
        dp-plot run/ -o curve.svg                learning curve of a training
        dp-plot a/run b/run -o curves.png        two, one over the other
        dp-plot run/ -o curve.svg --watch        again whenever it grows
        dp-plot predictions.h5 data.h5 -o p.svg  predictions beside labels
        dp-plot detail data.h5 -o p.svg          the same of detail.f.out, ...
        dp-plot stat.h5 -o data.svg              what the training data hold
        dp-plot profile.json -o profile.svg      where time goes, a roofline
        dp-plot model_devi.out --levels 0.1 0.3  deviations, levels of trust
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: "Run folders or files to draw.") var inputs: [String]
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Picture to write, .svg or .png (default: SVG to standard output).",
      valueName: "file"))
  var output: String?
  @Option(
    help: ArgumentHelp("Average so many points of a curve (1: none).", valueName: "n"))
  var smooth: Int?
  @Flag(help: "Put training steps on a logarithmic axis.") var logSteps = false
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Levels of trust in forces to mark, in eV/Å.", valueName: "level"))
  var levels: [Double] = []
  @Option(
    name: [.customLong("head"), .customLong("model-branch")],
    help: ArgumentHelp("Of trainings of several tasks draw this one.", valueName: "name"))
  var head: String?
  @Option(help: ArgumentHelp("Title of the picture.", valueName: "text")) var title: String?
  @Option(help: ArgumentHelp("Panels side by side.", valueName: "n")) var columns: Int?
  @Option(help: ArgumentHelp("Pixels of a PNG for one of the picture.", valueName: "factor"))
  var scale = 2.0
  @Flag(help: "Draw again whenever the learning curve grows, until the training ends.")
  var watch = false

  func validate() throws {
    if inputs.isEmpty { throw ValidationError("nothing given to draw.") }
    if let smooth, smooth < 1 { throw ValidationError("'--smooth \(smooth)' must be 1 or more.") }
    if let columns, columns < 1 {
      throw ValidationError("'--columns \(columns)' must be 1 or more.")
    }
    if !(scale >= 0.1 && scale <= 20) {
      throw ValidationError("'--scale \(scale)' must be from 0.1 to 20.")
    }
    if let level = levels.first(where: { !($0 > 0 && $0.isFinite) }) {
      throw ValidationError("'--levels \(level)': levels are above 0.")
    }
    if let output {
      if inputs.contains(output) { throw ValidationError("'\(output)' is both input and output.") }
      if !output.hasSuffix(".svg") && !output.hasSuffix(".png") {
        throw ValidationError("'\(output)': a picture's name ends in .svg or .png.")
      }
      if watch && common.json {
        throw ValidationError("'--watch' draws again and again, '--json' prints numbers once.")
      }
    } else if watch {
      throw ValidationError("'--watch' needs a file to write: -o.")
    }
  }

  func execute() throws {
    if watch { return try watchCurves() }
    let figure = try draw()
    if common.json { return try console.output(json: figure) }
    if output == nil { try console.output(figure.svg) }
  }

  /// Makes the figure, and writes it if an output file is given.
  @discardableResult func draw() throws -> Figure {
    var options = FigureOptions()
    options.smoothing = smooth
    options.hasLogarithmicSteps = logSteps
    options.levels = levels
    options.task = head
    options.title = title
    options.columns = columns
    let figure = try makeFigure(of: inputs, options, warn: console.warn)
    guard let output else { return figure }
    if output.hasSuffix(".png") {
      let (width, height) = figure.size
      try writeWhole(
        try PNG.render(figure.svg, width: width, height: height, scale: scale), to: output)
    } else {
      try writeWhole(figure.svg, to: output)
    }
    return figure
  }
}

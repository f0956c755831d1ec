import Diagnostics
import Foundation
import Measurement

extension Profile {
  /// The profile as text, at most 100 columns wide.
  public var text: String {
    [head, machineTable, phaseTable, threadTable, costText].joined(separator: "\n")
  }

  private var head: String {
    let size =
      atoms.lowerBound == atoms.upperBound
      ? counted(atoms.lowerBound, "atom")
      : "\(atoms.lowerBound) to \(counted(atoms.upperBound, "atom"))"
    let milliseconds = stepSeconds.map { 1000 * $0 }
    return """
      \(place): \(kind.rawValue), \(stepsText), \(size), on \(counted(threads, "thread"))

      \(model.text)
      Time    \(significant(1000 * seconds / Double(frames))) ms per frame; \
      \(significant(median(milliseconds))) ms per step in the middle, \
      \(significant(milliseconds.min() ?? 0)) to \(significant(milliseconds.max() ?? 0)) ms
      Work    \(significant(gigaflopsPerFrame)) GFLOP per frame, at \
      \(fixed(100 * overallRate.shareOfPeak, 0)) % of what this machine reaches
      \(startText)
      Memory  \(megabytes(peakMemory)) MB at most, \(megabytes(startMemory)) MB before the first step

      """
  }

  private var startText: String {
    let parts = [Phase.input, .statistics].filter { start[$0].calls > 0 }.map {
      "\($0.name) \(significant(start[$0].seconds)) s"
    }
    let list = parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    let text =
      "Start   \(significant(start.seconds)) s to the first step\(list), "
      + "\(significant(firstStepSeconds)) s for it"
    guard let writing else { return text }
    return text + "\nOutput  \(significant(1000 * writing[.validation].seconds)) ms to validate "
      + "for a line of the learning curve, \(significant(1000 * writing[.output].seconds)) ms "
      + "for a checkpoint"
  }

  /// The steps in words, such as `20 steps of 8 frames`.
  var stepsText: String {
    let steps = stepSeconds.count
    let each =
      frames % steps == 0
      ? "of \(counted(frames / steps, "frame"))" : "of \(counted(frames, "frame")) in all"
    return "\(counted(steps, "step")) \(each)"
  }

  /// The counted operations, in 1e9 per frame.
  private var gigaflopsPerFrame: Double {
    1e-9 * Phase.allCases.reduce(0) { $0 + recording[$1].work.operations } / Double(frames)
  }

  private var machineTable: String {
    func line(_ name: String, _ value: KeyPath<MachineLimits, Double>, _ unit: String) -> String {
      let all = threads > 1 ? right(fixed(allThreads[keyPath: value], 1), 14) : ""
      return left("  " + name, 26) + right(fixed(oneThread[keyPath: value], 1), 10) + all
        + "  " + unit + "\n"
    }
    let heading = threads > 1 ? right(counted(threads, "thread"), 14) : ""
    return left("What this machine reaches", 26) + right("1 thread", 10) + heading + "\n"
      + line("multiply-add, float64", \.float64, "GFLOP/s")
      + line("multiply-add, float32", \.float32, "GFLOP/s")
      + line("memory", \.bandwidth, "GB/s")
  }

  private var threadTable: String {
    guard let one = scaling.first else { return "" }
    var text = "Threads  ms/frame  speed-up  efficiency\n"
    for line in scaling {
      let speedUp = one.secondsPerFrame / line.secondsPerFrame
      text +=
        right("\(line.threads)", 7) + right(fixed(1000 * line.secondsPerFrame, 2), 10)
        + right(fixed(speedUp, 2), 10)
        + right(fixed(100 * speedUp / Double(line.threads), 0) + " %", 12) + "\n"
    }
    return text
  }

  private var costText: String {
    let (difference, uncertainty) = cost.difference
    return """
      Measuring itself: \(fixed(cost.piecesPerStep, 0)) pieces of work per step, \
      \(fixed(1e9 * cost.secondsPerPiece, 0)) ns each, are \(fixed(100 * cost.share, 2)) % of a step; \
      steps with
      and without it differ by \(String(format: "%+.1f", 100 * difference)) % \
      ± \(fixed(100 * uncertainty, 1)) %.

      """
  }
}

extension ModelOutline {
  /// The outline in three lines.
  var text: String {
    func joined(_ numbers: [Int], _ separator: String) -> String {
      numbers.map(String.init).joined(separator: separator)
    }
    let sel = slots.map { joined($0, " ") }.joined(separator: " | ")
    let widths = embedding.map { joined($0, "-") }.joined(separator: " | ")
    return """
      Model   \(typeMap.joined(separator: " ")), \(descriptor) \(descriptorPrecision.rawValue), \
      sel \(sel), \(hasMessages ? "messages" : "embedding") \(widths)\(axisWidth.map { ", axis \($0)" } ?? "")
              fitting net \(joined(fitting, "-")) \(fittingPrecision.rawValue), \
      \(counted(parameters, "parameter"))
              tables: \(tables.text)
      """
  }
}

/// `text` on the left of a column, or on the right.
func left(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}
func right(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

/// `x` with `digits` decimals.
func fixed(_ x: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", x) }

/// `x` with three significant digits, without an exponent.
func significant(_ x: Double) -> String {
  x >= 100 ? fixed(x, 0) : x >= 10 ? fixed(x, 1) : x >= 1 ? fixed(x, 2) : fixed(x, 3)
}

private func megabytes(_ bytes: Int) -> String { fixed(1e-6 * Double(bytes), 0) }

import ArgumentParser
import Atoms
import Datasets
import Diagnostics
import Files
import Logs
import Toolkit

/// The choice of the frames that are written.
struct SelectOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Only these frames: numbers from 0 over all inputs, ranges, or @file with such.",
      valueName: "0,5,0:100:2"))
  var select: String?
  @Option(
    help: ArgumentHelp(
      "Only frames by their model deviation: one line for each frame.", valueName: "file"))
  var deviation: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Deviations of LOW or more, but below HIGH.", valueName: "low:high"))
  var between: String?
  @Option(help: ArgumentHelp("At most so many of these, taken at random.", valueName: "n"))
  var most: Int?
  @Option(help: ArgumentHelp("The column (default: max_devi_f).", valueName: "name"))
  var by: String?

  func validate() throws {
    if select != nil && deviation != nil {
      throw ValidationError("'--select' and '--deviation' both say which frames: give one.")
    }
    if let select, !select.hasPrefix("@") {
      do { _ = try FrameRanges(parsing: select, place: "--select") } catch let error as ToolError {
        throw ValidationError("'--select': \(error.problem); \(error.remedy ?? "").")
      }
    }
    if deviation != nil {
      _ = try bounds()
    } else if let other = between.map({ _ in "between" }) ?? most.map({ _ in "most" })
      ?? by.map({ _ in "by" })
    {
      throw ValidationError("'--\(other)' needs '--deviation'.")
    }
    if let most, most < 1 { throw ValidationError("'--most \(most)': give 1 or more.") }
  }

  /// The limits of the deviation; one that is not given is infinite.
  private func bounds() throws -> Range<Double> {
    let texts = (between ?? "").split(separator: ":", omittingEmptySubsequences: false)
    let low = texts.first.flatMap { $0.isEmpty ? -Double.infinity : Double($0) }
    let high = texts.last.flatMap { $0.isEmpty ? Double.infinity : Double($0) }
    guard texts.count == 2, let low, let high, low < high else {
      throw ValidationError(
        "'--deviation' needs '--between low:high', two numbers such as 0.05:0.2, not "
          + "'\(between ?? "")'.")
    }
    return low..<high
  }

  /// The frames of `systems` to write.  Throws `.data` if there are none, or if the options do not
  /// fit the data.
  func selected(
    _ systems: [AtomicSystem], seed: UInt64, _ console: Console, _ provenance: inout Provenance
  ) throws -> [AtomicSystem] {
    let frames = systems.reduce(0) { $0 + $1.frameCount }
    let marks: [Bool]
    if let select {
      marks = try ranges(select, &provenance).marks(of: frames)
      console.say("--select: \(marks.count { $0 }) of \(counted(frames, "frame"))")
    } else if let deviation {
      marks = try candidates(deviation, systems, seed, console, &provenance)
    } else {
      return systems
    }
    guard marks.contains(true) else {
      throw ToolError(
        .data, at: select.map { "--select \($0)" } ?? deviation ?? "",
        "selects none of \(counted(frames, "frame"))",
        remedy: "give other \(select == nil ? "limits" : "frames")")
    }
    return selectFrames(systems, marks)
  }

  private func ranges(_ select: String, _ provenance: inout Provenance) throws -> FrameRanges {
    guard select.hasPrefix("@") else { return try FrameRanges(parsing: select, place: "--select") }
    let path = String(select.dropFirst()), result = try FrameRanges(contentsOf: path)
    provenance.recordInput(path, sha256: try Digest.sha256(fileAt: path))
    return result
  }

  private func candidates(
    _ path: String, _ systems: [AtomicSystem], _ seed: UInt64, _ console: Console,
    _ provenance: inout Provenance
  ) throws -> [Bool] {
    let bounds = try bounds(), name = by ?? "max_devi_f"
    let table = try DeviationTable(contentsOf: path, column: name)
    try table.requireFrames(of: systems)
    provenance.recordInput(path, sha256: try Digest.sha256(fileAt: path))
    let undefined = table.values.count { $0.isNaN }
    if undefined > 0 {
      let lines = counted(undefined, "line has", "lines have")
      Notices.post("\(path): \(lines) no \(name) (nan): left out")
    }
    let marks = table.values.map { bounds.contains($0) }
    let chosen = most.map { atMost($0, of: marks, seed: seed) } ?? marks
    let below = table.values.count { $0 < bounds.lowerBound }
    let above = table.values.count { $0 >= bounds.upperBound }
    console.say(
      "\(path): \(name) is below in \(counted(below, "frame")), above in \(above), between in "
        + "\(marks.count { $0 }); \(chosen.count { $0 }) of these are taken")
    return chosen
  }
}

import Diagnostics
import Files
import Plotting

/// The figure of the profile at `path`: the time by phase, and a roofline.
func profile(at path: String) throws -> Figure {
  let json = try JSONValue(parsing: contents(ofFile: path), at: path)
  guard case .array(let phases)? = json["phases"], case .array(let machines)? = json["machine"],
    !phases.isEmpty, let limits = machines.last
  else {
    throw ToolError(
      .data, at: path, "is JSON, but no profile: it has no phases",
      remedy: "give the .json that dp-profile -o wrote")
  }
  let rows = try phases.enumerated().map { try PhaseNumbers($1, at: "\(path):phases[\($0)]") }
  let seconds = try number(json["seconds_per_frame"], at: "\(path):seconds_per_frame")
  let threads = try number(limits["threads"], at: "\(path):machine/threads")
  let kind: String = if case .string(let text)? = json["kind"] { text } else { "work" }
  var panels = [bars(rows, json, threads: threads)]
  let machine = try Machine(limits, at: path)
  if rows.contains(where: { $0.gigaflops > 0 }) {
    panels.append(roofline(rows, machine, hasFloat32: usesFloat32(json["model"])))
  }
  let title =
    "Profile of \(kind == "evaluation" ? "an evaluation" : "a training"): "
    + "\(time(seconds)) a frame on \(counted(Int(min(max(threads, 0), 1e6)), "thread"))"
  return Figure(title, panels, columns: 2, panelWidth: 520)
}

/// The numbers of a phase in the profile.
private struct PhaseNumbers {
  let name: String, part: String
  let secondsPerFrame: Double, share: Double
  /// The rates of a thread; 0 where nothing was counted.
  let gigaflops: Double, gigabytes: Double

  init(_ json: JSONValue, at place: String) throws {
    guard case .string(let name)? = json["phase"], case .string(let part)? = json["part"] else {
      throw ToolError(.data, at: place, "has no name or no part")
    }
    self.name = name
    self.part = part
    secondsPerFrame = try number(json["seconds_per_frame"], at: "\(place)/seconds_per_frame")
    share = try number(json["share"], at: "\(place)/share")
    gigaflops = try json["gflops"].map { try number($0, at: "\(place)/gflops") } ?? 0
    gigabytes =
      try json["gbytes_per_second"].map { try number($0, at: "\(place)/gbytes_per_second") } ?? 0
  }
}

/// The peak rates of a thread on the machine.
private struct Machine {
  let float64: Double, float32: Double, bandwidth: Double

  init(_ json: JSONValue, at path: String) throws {
    func each(_ name: String) throws -> Double {
      try number(json[name], at: "\(path):machine/\(name)")
        / max(number(json["threads"], at: "\(path):machine/threads"), 1)
    }
    float64 = try each("gflops_float64")
    float32 = try each("gflops_float32")
    bandwidth = try each("gbytes_per_second")
    guard float64 > 0, float32 > 0, bandwidth > 0 else {
      throw ToolError(.data, at: "\(path):machine", "has limits that are not above zero")
    }
  }
}

private func number(_ json: JSONValue?, at place: String) throws -> Double {
  switch json {
  case .number(let value)? where value.isFinite: return value
  case .integer(let value)?: return Double(value)
  default: throw ToolError(.data, at: place, "holds no number")
  }
}

private func bars(_ rows: [PhaseNumbers], _ json: JSONValue, threads: Double) -> Panel {
  var names = rows.enumerated().map { "\($0 + 1)  \($1.name)" }
  let parts = rows.reduce(into: [String]()) { if !$0.contains($1.part) { $0.append($1.part) } }
  func label(_ seconds: Double, _ share: Double) -> String {
    "\(time(seconds)), \(fixed(100 * share, 1)) %"
  }
  var layers = parts.enumerated().map { color, part in
    let places = rows.indices.filter { rows[$0].part == part }
    return Layer.bars(
      Bars(
        part, rows: places, values: places.map { 1e3 * rows[$0].secondsPerFrame },
        labels: places.map { label(rows[$0].secondsPerFrame, rows[$0].share) }, color: color))
  }
  // The time that no phase accounts for, in the same unit.
  let known = rows.reduce(0) { $0 + $1.share }
  if let seconds = try? number(json["seconds_per_frame"], at: ""), known < 0.995 {
    names.append("waiting, between phases")
    let rest = seconds * (1 - known)
    layers.append(
      .bars(
        Bars(
          "none of these", rows: [names.count - 1], values: [1e3 * rest],
          labels: [label(rest, 1 - known)], color: nil)))
  }
  return Panel(
    "Where the time goes",
    subtitle: threads > 1 ? "of all threads, divided by their number" : "",
    x: Axis("time per frame", unit: "ms", startsAtZero: true), y: Axis(names: names), layers,
    height: max(17 * Double(names.count), 60))
}

/// The rate over the operations per byte, below the limits of memory and arithmetic.
private func roofline(
  _ rows: [PhaseNumbers], _ machine: Machine, hasFloat32: Bool
) -> Panel {
  let counted = rows.indices.filter { rows[$0].gigaflops > 0 && rows[$0].gigabytes > 0 }
  let intensities = counted.map { rows[$0].gigaflops / rows[$0].gigabytes }
  let ridge = machine.float64 / machine.bandwidth
  let range = niceRange(intensities + [ridge / 8, 6 * ridge], .logarithmic, margin: 0.05)
  let speeds = counted.map { rows[$0].gigaflops }
  let top = niceRange(
    speeds + [(hasFloat32 ? machine.float32 : machine.float64) * 1.5, machine.float64 / 30],
    .logarithmic, margin: 0.03)
  func roof(_ name: String, _ peak: Double, _ dash: Style.Dash) -> Layer {
    let x = [range.lowerBound, peak / machine.bandwidth, range.upperBound]
    return .line(
      Line(
        name, x: x, y: x.map { min(peak, $0 * machine.bandwidth) },
        Style(nil, dash: dash, width: 1.4)))
  }
  let parts = rows.reduce(into: [String]()) { if !$0.contains($1.part) { $0.append($1.part) } }
  var layers = [roof("float64, \(significant(machine.float64)) GFLOP/s", machine.float64, .solid)]
  if hasFloat32 {
    layers.append(
      roof("float32, \(significant(machine.float32)) GFLOP/s", machine.float32, .dashed))
  }
  for (color, part) in parts.enumerated() {
    let places = counted.filter { rows[$0].part == part }
    if places.isEmpty { continue }
    layers.append(
      .points(
        Points(
          part, x: places.map { rows[$0].gigaflops / rows[$0].gigabytes },
          y: places.map { rows[$0].gigaflops }, labels: places.map { "\($0 + 1)" }, color: color)))
  }
  return Panel(
    "How fast that is",
    subtitle:
      "one thread; memory \(significant(machine.bandwidth)) GB/s; numbers are those of the phases",
    x: Axis("intensity", unit: "FLOP/byte", scale: .logarithmic, range: range),
    y: Axis("speed", unit: "GFLOP/s", scale: .logarithmic, range: top), layers,
    height: max(17 * Double(rows.count + 1), 240))
}

private func usesFloat32(_ model: JSONValue?) -> Bool {
  ["descriptor_precision", "fitting_precision"].contains { model?[$0] == .string("float32") }
}

/// A time in words.
private func time(_ seconds: Double) -> String {
  switch seconds {
  case 1...: "\(significant(seconds)) s"
  case 1e-3..<1: "\(significant(1e3 * seconds)) ms"
  default: "\(significant(1e6 * seconds)) µs"
  }
}

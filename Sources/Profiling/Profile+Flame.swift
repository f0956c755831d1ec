import Diagnostics
import Foundation
import Measurement

/// The sizes in the picture, in pixels.
private enum Layout {
  static let width = 1200.0, margin = 20.0, top = 74.0, row = 30.0, rows = 4.0, legend = 84.0
  static let inner = width - 2 * margin
  static let height = top + rows * row + legend
}

extension Profile {
  /// The profile as a flame graph (SVG, without scripts): the widths are shares of all threads'
  /// time.
  ///
  /// A browser shows the numbers of a box under the pointer.
  public var flameGraph: String {
    let size = "\(fixed(Layout.width, 0)) \(fixed(Layout.height, 0))"
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size)\" "
        + "font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#000000\">",
      "<title>\(escaped("dp-profile: \(place)"))</title>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
      label(Layout.margin, 28, "\(place): \(kind.rawValue), \(frameText)", size: 18),
      label(Layout.margin, 50, subtitle),
    ]
    lines += boxes(of: flame, from: 0, depth: 0)
    lines += axis + legend
    return lines.joined(separator: "\n") + "\n</svg>\n"
  }

  private var frameText: String {
    "\(significant(1000 * seconds / Double(frames))) ms per frame on "
      + counted(threads, "thread")
  }

  private var subtitle: String {
    "Width: time of all threads in \(stepsText), by stage of a step, part, and phase."
  }

  private func boxes(of node: FlameNode, from start: Double, depth: Int) -> [String] {
    let scale = Layout.inner / threadSeconds
    let x = Layout.margin + start * scale, width = node.seconds * scale
    let y = Layout.top + Double(depth) * Layout.row
    var lines: [String] = []
    if width >= 0.1 {
      let fill = node.group?.color ?? (depth == 0 ? "#ffffff" : "#e4e4e4")
      lines.append(
        "<g><title>\(escaped(title(of: node)))</title>"
          + "<rect x=\"\(fixed(x, 2))\" y=\"\(fixed(y, 0))\" width=\"\(fixed(width, 2))\" "
          + "height=\"\(fixed(Layout.row - 2, 0))\" fill=\"\(fill)\" stroke=\"#555555\" "
          + "stroke-width=\"0.5\"/>" + caption(node, x, y, width) + "</g>")
    }
    var next = start
    for child in node.children {
      lines += boxes(of: child, from: next, depth: depth + 1)
      next += child.seconds
    }
    return lines
  }

  /// The longest text that fits into a box: name and share, the name, its beginning, or nothing.
  private func caption(_ node: FlameNode, _ x: Double, _ y: Double, _ width: Double) -> String {
    let share = fixed(100 * node.seconds / threadSeconds, 1) + " %"
    let room = Int((width - 8) / 7)
    let whole = "\(node.name), \(share)"
    let text =
      whole.count <= room
      ? whole
      : node.name.count <= room ? node.name : room >= 4 ? node.name.prefix(room - 1) + "…" : ""
    return text.isEmpty ? "" : label(x + 4, y + 19, text)
  }

  private func title(of node: FlameNode) -> String {
    let perFrame = fixed(1000 * node.seconds / Double(threads * frames), 3)
    return "\(node.name): \(perFrame) ms per frame, "
      + "\(fixed(100 * node.seconds / threadSeconds, 1)) %"
      + (node.note.isEmpty ? "" : "; \(node.note)")
  }

  private var axis: [String] {
    let y = Layout.top + Layout.rows * Layout.row + 4, perFrame = 1000 * seconds / Double(frames)
    let spacing = roundNumber(below: perFrame / 4)
    return stride(from: 0, through: perFrame, by: spacing).flatMap { value in
      let x = Layout.margin + Layout.inner * value / perFrame
      return [
        "<line x1=\"\(fixed(x, 1))\" y1=\"\(fixed(y, 0))\" x2=\"\(fixed(x, 1))\" "
          + "y2=\"\(fixed(y + 6, 0))\" stroke=\"#000000\"/>",
        label(x, y + 20, String(format: "%g ms", value), anchor: value == 0 ? "start" : "middle"),
      ]
    }
  }

  private var legend: [String] {
    let y = Layout.top + Layout.rows * Layout.row + 48
    let groups = Set(rows.map(\.phase.group))
    let entries =
      PhaseGroup.allCases.filter { groups.contains($0) }.map { ($0.rawValue, $0.color) }
      + [("no phase", "#e4e4e4")]
    var x = Layout.margin
    return entries.flatMap { entry in
      defer { x += 62 + 7 * Double(entry.0.count) }
      return [
        "<rect x=\"\(fixed(x, 1))\" y=\"\(fixed(y, 0))\" width=\"16\" height=\"16\" "
          + "fill=\"\(entry.1)\" stroke=\"#555555\" stroke-width=\"0.5\"/>",
        label(x + 22, y + 13, entry.0),
      ]
    }
  }

  private func label(
    _ x: Double, _ y: Double, _ text: String, size: Int? = nil, anchor: String = "start"
  ) -> String {
    let size = size.map { " font-size=\"\($0)\"" } ?? ""
    let anchor = anchor == "start" ? "" : " text-anchor=\"\(anchor)\""
    return "<text x=\"\(fixed(x, 1))\" y=\"\(fixed(y, 1))\"\(size)\(anchor)>\(escaped(text))</text>"
  }
}

extension PhaseGroup {
  /// The colors are light enough for black text, and differ by 20 and more in CIELAB, both for eyes
  /// that see all colors and for eyes that lack one kind of cones.
  fileprivate var color: String {
    switch self {
    case .data: "#ffed36"
    case .tables: "#69c88a"
    case .pairs: "#aabaff"
    case .attention: "#b4fc9c"
    case .contraction: "#6880ea"
    case .fitting: "#f2b657"
    case .forces: "#ac8aa4"
    case .update: "#b3733a"
    }
  }
}

/// The largest of 1, 2 or 5 times a power of ten that is not above `x`.
private func roundNumber(below x: Double) -> Double {
  let power = pow(10, log10(max(x, 1e-9)).rounded(.down)), digit = x / power
  return power * (digit >= 5 ? 5 : digit >= 2 ? 2 : 1)
}

/// `text` escaped for XML.
private func escaped(_ text: String) -> String {
  text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
    .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
}

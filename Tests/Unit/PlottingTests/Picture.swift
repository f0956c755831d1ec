import Foundation
import Plotting

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What tests look at in an SVG picture.
final class Picture: NSObject, XMLParserDelegate {
  /// A line of text with the box that it may fill, in pixels of the picture.
  struct Label {
    var text: String
    var left: Double, right: Double, top: Double, bottom: Double
    let anchor: String, size: Double
  }

  private(set) var elements: [String] = []
  private(set) var attributes: Set<String> = []
  private(set) var labels: [Label] = []
  private(set) var width = 0.0, height = 0.0
  private(set) var isWellFormed = false
  private var origins: [(x: Double, y: Double)] = []
  private var isInText = false, fontSize = 0.0

  init(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.append(name)
    self.attributes.formUnion(attributes.keys)
    func number(_ key: String) -> Double { attributes[key].flatMap { Double($0) } ?? 0 }
    if name == "svg" {
      if origins.isEmpty {
        (width, height, fontSize) = (number("width"), number("height"), number("font-size"))
      }
      let outer = origins.last ?? (0, 0)
      origins.append((outer.x + number("x"), outer.y + number("y")))
    }
    // What is turned stands beside the axis, where nothing else is.
    isInText = name == "text" && attributes["transform"] == nil
    if isInText, let origin = origins.last {
      let size = attributes["font-size"].flatMap { Double($0) } ?? fontSize
      let x = origin.x + number("x"), y = origin.y + number("y")
      labels.append(
        Label(
          text: "", left: x, right: x, top: y - 0.75 * size, bottom: y + 0.2 * size,
          anchor: attributes["text-anchor"] ?? "start", size: size))
    } else if name == "tspan" {
      isInText = true
    }
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if isInText, !labels.isEmpty { labels[labels.count - 1].text += text }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "svg" { origins.removeLast() }
    if name == "text", isInText, let label = labels.last {
      let width = textWidth(label.text.trimmingCharacters(in: .newlines), size: label.size)
      let left =
        label.left - (label.anchor == "end" ? width : label.anchor == "middle" ? width / 2 : 0)
      (labels[labels.count - 1].left, labels[labels.count - 1].right) = (left, left + width)
      isInText = false
    }
  }

  /// Pairs of texts that lie upon each other.
  var overlaps: [String] {
    var found: [String] = []
    for (index, a) in labels.enumerated() {
      for b in labels[..<index]
      where min(a.right, b.right) > max(a.left, b.left) + 0.2
        && min(a.bottom, b.bottom) > max(a.top, b.top) + 0.2
      {
        found.append("\(b.text) | \(a.text)")
      }
    }
    return found
  }

  /// Texts that leave the picture.
  var lost: [String] {
    labels.filter { $0.left < 0 || $0.right > width || $0.top < 0 || $0.bottom > height }
      .map(\.text)
  }
}

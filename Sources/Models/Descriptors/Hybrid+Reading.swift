import DeepPotential
import Diagnostics

extension Hybrid {
  /// Reads the parts of the descriptor `node`.
  init(_ node: ModelNode, typeMap: [String], with networks: inout NetworkReader) throws {
    let nodes = try node.nodes("list")
    guard !nodes.isEmpty else { throw node.wrong("list", "at least one descriptor") }
    var parts: [Descriptor] = []
    for part in nodes {
      if case .hybrid = try part.descriptorOptions {
        throw ToolError(
          .data, at: "\(part.place)/type", "a hybrid inside of a hybrid is not supported",
          remedy: "put its parts into the outer list")
      }
      parts.append(try Descriptor(part, typeMap: typeMap, with: &networks))
    }
    let precision = parts[0].options.precision
    for (part, node) in zip(parts, nodes) where part.options.precision != precision {
      throw node.wrong("precision", "\(precision.rawValue), as that of the first part")
    }
    self.init(parts)
  }
}

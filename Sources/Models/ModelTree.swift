import Diagnostics
import Files
import ForeignModels

/// The objects of the model file at `path` as a tree of text; `choice` tells which of several.
///
/// Each line has the number of array elements in the object and below; equal objects beside each
/// other share a line.  Throws the errors of reading, and `.data` if the file holds no model.
/// Source: the output of DeePMD-kit's `dp show <model> serialization-tree`
/// (`deepmd/dpmodel/utils/serialization.py`, `Node`).
public func modelTree(at path: String, _ choice: ModelChoice = ModelChoice()) throws -> String {
  if let foreign = try ForeignModel.read(path, choice), let model = foreign.tree["model"] {
    return try TreeNode(model, ModelArrays(foreign.arrays)).text
  }
  let file = try SealedFile.read(path)
  let text = try file.stringAttribute("json", of: "/") ?? "{}"
  let root = try JSONValue(parsing: text.utf8, at: "\(path)#/json")
  let heads = root[StoredModel.headsKey]
  var chosen = root
  if case .object(let heads)? = heads {
    chosen = heads[try choice.name(among: heads.keys.sorted(), at: path)] ?? root
  }
  guard let model = chosen["model"] else { throw ToolError(.data, at: path, "holds no model") }
  return try TreeNode(model, ModelArrays(file)).text
}

/// One object or list of the tree.
private struct TreeNode {
  private let name: String
  private var children: [(key: String, node: TreeNode)] = []
  /// Number of elements in the object's arrays and in those below.
  private var size = 0
  private let isList: Bool

  init(_ value: JSONValue, _ storage: ModelArrays) throws {
    switch value {
    case .array(let elements):
      (name, isList) = ("ListNode", true)
      for (index, element) in elements.enumerated() {
        try add(element, "\(index)", storage)
      }
    case .object(let members):
      let words = ["@class", "type"].compactMap { members[$0]?.text }
      name = members["@class"] == nil ? "Node" : words.joined(separator: " ")
      isList = false
      if case .object(let arrays)? = members["@variables"] {
        for case .string(let path) in arrays.values {
          size += try storage.array(path, at: path).values.count
        }
      }
      for key in members.keys.sorted() where key != "@variables" {
        try add(members[key] ?? .null, key, storage)
      }
    default: (name, isList) = ("Node", false)
    }
  }

  /// Adds `value` if it is an object, or a list with objects in it.
  private mutating func add(
    _ value: JSONValue, _ key: String, _ storage: ModelArrays
  ) throws {
    switch value {
    case .object, .array:
      let node = try TreeNode(value, storage)
      if node.isList && node.children.isEmpty { return }
      children.append((key, node))
      size += node.size
    default: return
    }
  }

  /// The text of the object and everything below.
  var text: String {
    var groups: [(keys: [String], text: String)] = []
    for (key, node) in children {
      let text = node.text
      if groups.last?.text == text {
        groups[groups.count - 1].keys.append(key)
      } else {
        groups.append(([key], text))
      }
    }
    var lines = ["\(name) (size=\(Self.short(size)))"]
    for (index, group) in groups.enumerated() {
      let isLast = index == groups.count - 1
      let below = group.text.split(separator: "\n")
        .joined(separator: "\n" + (isLast ? "   " : "│  "))
      lines.append("\(isLast ? "└──" : "├──")\(label(group.keys)) -> \(below)")
    }
    return lines.joined(separator: "\n")
  }

  private func label(_ keys: [String]) -> String {
    isList && keys.count > 2
      ? "[\(keys[0])...\(keys[keys.count - 1])]" : keys.joined(separator: ", ")
  }

  private static func short(_ count: Int) -> String {
    for (unit, name) in [(1_000_000_000, "B"), (1_000_000, "M"), (1000, "K")] where count >= unit {
      let tenths = (Double(count) / Double(unit) * 10).rounded(.toNearestOrEven)
      return "\(tenths / 10)\(name)"
    }
    return "\(count)"
  }
}

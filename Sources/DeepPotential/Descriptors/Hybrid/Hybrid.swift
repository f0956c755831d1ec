import Kernels

/// The descriptor `hybrid`: the rows of several descriptors side by side.
///
/// Its parts choose their neighbors from those that one search finds.  Source: DeePMD-kit's
/// `hybrid`; docs/MATH.md, "Other descriptors".
public struct Hybrid: Sendable, Equatable {
  /// The parts, at least one; none of them is a hybrid.
  public let parts: [Descriptor]

  /// Puts `parts` side by side.
  public init(_ parts: [Descriptor]) {
    precondition(!parts.isEmpty, "a hybrid without parts")
    self.parts = parts
  }

  /// What defines it.
  public var options: HybridOptions { HybridOptions(parts.map(\.options)) }
}

extension Descriptor {
  /// The same descriptor, a hybrid or not, with `parts` in place of its own.
  func with(parts: [any DescriptorPart]) -> Descriptor {
    if case .hybrid = self { return .hybrid(Hybrid(parts.map(\.wrapped))) }
    precondition(parts.count == 1, "only a hybrid has several parts")
    return parts[0].wrapped
  }

  /// Number of types.
  public var typeCount: Int { parts[0].typeCount }

  /// Atoms that go through its program together.
  var tileSize: Int { parts.map(\.tileSize).min() ?? 1 }

  /// Adds the descriptor to a program; its row is all views side by side.
  func emit(into builder: inout ProgramBuilder) -> [View] {
    parts.flatMap { $0.emit(into: &builder) }
  }

  /// Adds its tensors, those of a hybrid's parts at places of their own.
  func list(in list: inout TensorList) {
    guard case .hybrid = self else { return parts[0].list(in: &list) }
    for (number, part) in parts.enumerated() {
      list.descriptorPlace = "list[\(number)]/"
      part.list(in: &list)
    }
    list.descriptorPlace = ""
  }

  /// The same descriptor with its types in the order `order`, its nets laid out anew.
  func reordered(_ order: [Int], in layout: inout ParameterLayout) -> Descriptor {
    var parts: [any DescriptorPart] = []
    for part in self.parts { parts.append(part.reordered(order, in: &layout)) }
    return with(parts: parts)
  }

  /// The same descriptor, of whose parts training changes those that are trainable in `options`.
  func trained(like options: DescriptorOptions) -> Descriptor {
    with(
      parts: zip(parts, options.parts).map { part, options in
        part.with(trainable: options.trainable)
      })
  }
}

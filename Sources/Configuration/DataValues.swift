import Files
import Models
import Training

extension ValueKind<String> {
  /// The name of a file in the run folder.
  static var fileName: ValueKind {
    let taken = [RunFolder.metrics, RunFolder.timing]
    return text.whereIs("a file name other than \(taken.joined(separator: " and "))") {
      !$0.isEmpty && $0 != "." && $0 != ".." && !$0.contains("/") && !taken.contains($0)
    }
  }

  /// A folder inside the run folder.
  static var folderName: ValueKind {
    text.whereIs("a folder inside the run folder") {
      !$0.isEmpty && !$0.hasPrefix("/") && !$0.split(separator: "/").contains("..")
    }
  }
}

extension ValueKind<[String]> {
  /// `systems`: a path or a list of paths.
  static var systems: ValueKind {
    ValueKind(name: "a path or a list of paths") {
      if case .string(let one) = $0, !one.isEmpty { return [one] }
      let list = ValueKind<String>.text.list("").take($0)
      return list.flatMap { $0.isEmpty || $0.contains("") ? nil : $0 }
    }
  }
}

extension ValueKind<BatchRule> {
  /// `batch_size`.
  static var batchRule: ValueKind {
    ValueKind(
      name:
        "a number, a list with one per system, \"auto\", \"auto:N\", \"max:N\", \"filter:N\" or "
        + "\"mixed:N\""
    ) {
      if let size = ValueKind<Int>.positiveInteger.take($0) { return .fixed(size) }
      if let sizes = ValueKind<Int>.positiveInteger.list("").take($0) { return .each(sizes) }
      guard case .string(let text) = $0 else { return nil }
      if text == "auto" { return .atLeast(atoms: 32) }
      let words = text.split(separator: ":", omittingEmptySubsequences: false)
      guard words.count == 2, let atoms = Int(words[1]), atoms >= 1 else { return nil }
      switch words[0] {
      case "auto": return .atLeast(atoms: atoms)
      case "max": return .atMost(atoms: atoms)
      case "filter": return .dropping(atoms: atoms)
      case "mixed": return .mixed(frames: atoms)
      default: return nil
      }
    }
  }
}

extension ValueKind<SystemChoice> {
  /// `auto_prob`.
  static var systemChoice: ValueKind {
    ValueKind(
      name: "\"prob_uniform\", \"prob_sys_size\" or \"prob_sys_size;start:end:weight;...\""
    ) {
      guard case .string(let text) = $0 else { return nil }
      if text == "prob_uniform" { return .uniform }
      if text == "prob_sys_size" { return .byBatches }
      let words = text.split(separator: ";")
      guard words.first == "prob_sys_size", words.count > 1 else { return nil }
      let blocks = words.dropFirst().compactMap { word -> SystemChoice.Block? in
        let numbers = word.split(separator: ":")
        guard numbers.count == 3, let start = Int(numbers[0]), let end = Int(numbers[1]),
          let weight = Double(numbers[2]), 0 <= start, start < end, weight >= 0
        else { return nil }
        return SystemChoice.Block(start: start, end: end, weight: weight)
      }
      return blocks.count == words.count - 1 ? .blocks(blocks) : nil
    }
  }
}

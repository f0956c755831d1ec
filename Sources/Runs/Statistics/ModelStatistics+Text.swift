import DeepPotential

extension ModelStatistics {
  /// The statistics as text for people, of models of `options`.
  public func text(for options: ModelOptions) -> String {
    let typeMap = options.typeMap, output = options.output, descriptor = options.descriptor
    let lists = descriptor.lists
    let biases = typeMap.indices.map {
      output.hasValues ? "\(output.name) \(short(bias(of: $0), output))" : "no bias"
    }
    var lines: [String] = []
    if lists.count == 1 {
      let environments = self.lists[0].environmentTexts
      lines = slotLines(0, lists[0])
      // Without slots nothing is known of the environment.
      lines += zip(typeMap, zip(biases, environments)).map { row($0, "\($1.0), \($1.1)") }
    } else {
      let names = zip(descriptor.parts, descriptor.partNames).flatMap { part, place in
        part.lists.map {
          (place, $0.slotName == "sel" ? part.name : "\(part.name), \($0.slotName)")
        }
      }
      for (number, (list, (place, name))) in zip(lists, names).enumerated() {
        lines.append(row(place, "\(name), cutoff \(short(list.outerCutoff)) Å"))
        lines += slotLines(number, list)
        lines += zip(typeMap, self.lists[number].environmentTexts).map { row($0, $1) }
      }
      lines += zip(typeMap, biases).map { row($0, $1) }
    }
    if output.perAtom || !output.hasValues { return lines.map { $0 + "\n" }.joined() }
    let name = output.hasForces ? "energies" : "values", rest = outputBias.deviations
    lines.append(row("left", "the \(name) of atoms leave ± \(short(rest, output))"))
    return lines.map { $0 + "\n" }.joined()
  }

  private func slotLines(_ number: Int, _ list: ListOptions) -> [String] {
    let recommended = survey.within(list.outerCutoff).recommendedSlots(isMixed: list.isMixed)
    return [
      row("sel", lists[number].slots.map(String.init).joined(separator: " ")),
      row("recommended", recommended.map(String.init).joined(separator: " ")),
    ]
  }

  private func bias(of type: Int) -> [Double] {
    let width = outputBias.values.count / typeCount
    return Array(outputBias.values[type * width..<(type + 1) * width])
  }
}

extension ListStatistics {
  /// The statistics of each type's rows; none without slots, or where rows have none.
  fileprivate var environmentTexts: [String] {
    let slotCount = slots.reduce(0, +)
    return (0..<(slotCount > 0 && rowWidth > 0 ? typeCount : 0)).map { type in
      let first = type * slotCount * rowWidth
      let angular = rowWidth > 1 ? ", angular ± \(short(deviation[first + 1]))" : ""
      return "environment \(short(mean[first])) ± \(short(deviation[first]))\(angular)"
    }
  }
}

/// `values` of `output` with its unit.
private func short(_ values: [Double], _ output: OutputDefinition) -> String {
  values.map(short).joined(separator: " ") + (output.unit.isEmpty ? "" : " \(output.unit)")
}

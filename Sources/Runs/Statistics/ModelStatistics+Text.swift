import DeepPotential

extension ModelStatistics {
  /// The statistics as text for people, of models of `options`.
  public func text(for options: ModelOptions) -> String {
    let typeMap = options.typeMap, output = options.output, parts = options.descriptor.parts
    let biases = typeMap.indices.map { "\(output.name) \(short(bias(of: $0), output))" }
    var lines: [String] = []
    if parts.count == 1 {
      let environments = self.parts[0].environmentTexts
      lines = slotLines(0, parts[0])
      // Without slots nothing is known of the environment.
      lines += zip(typeMap, zip(biases, environments)).map { row($0, "\($1.0), \($1.1)") }
    } else {
      for (number, part) in parts.enumerated() {
        lines.append(row("list[\(number)]", "\(part.name), cutoff \(short(part.outerCutoff)) Å"))
        lines += slotLines(number, part)
        lines += zip(typeMap, self.parts[number].environmentTexts).map { row($0, $1) }
      }
      lines += zip(typeMap, biases).map { row($0, $1) }
    }
    if output.perAtom { return lines.map { $0 + "\n" }.joined() }
    let name = output == .energy ? "energies" : "values", rest = outputBias.deviations
    lines.append(row("left", "the \(name) of atoms leave ± \(short(rest, output))"))
    return lines.map { $0 + "\n" }.joined()
  }

  private func slotLines(_ number: Int, _ descriptor: DescriptorOptions) -> [String] {
    let recommended = survey.within(descriptor.outerCutoff).recommendedSlots(
      isMixed: descriptor.isMixed)
    return [
      row("sel", parts[number].slots.map(String.init).joined(separator: " ")),
      row("recommended", recommended.map(String.init).joined(separator: " ")),
    ]
  }

  private func bias(of type: Int) -> [Double] {
    let width = outputBias.values.count / typeCount
    return Array(outputBias.values[type * width..<(type + 1) * width])
  }
}

extension DescriptorStatistics {
  /// The statistics of each type's rows; none without slots.
  fileprivate var environmentTexts: [String] {
    let slotCount = slots.reduce(0, +)
    return (0..<(slotCount > 0 ? typeCount : 0)).map { type in
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

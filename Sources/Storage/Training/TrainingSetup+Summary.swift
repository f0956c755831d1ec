import Training

extension TrainingSetup {
  /// Data, model and schedule in a few lines.
  public var summary: String {
    var lines = ["training data:   \(TrainingSetup.summary(training))"]
    if let validation {
      lines.append("validation data: \(TrainingSetup.summary(validation))")
    }
    lines.append(
      "model:           \(model.typeMap.joined(separator: " ")), se_e2_a, "
        + "sel \(model.descriptor.slots), \(parameterCount) parameters")
    if let initial {
      lines.append(
        "starts from:     \(initial.path)\(initial.purpose == .finetune ? ", fine-tuned" : "")")
    }
    lines.append(
      "schedule:        \(rate.totalSteps) steps, learning rate \(rate.start) to \(rate.stop)")
    return lines.joined(separator: "\n")
  }

  private static func summary(_ source: BatchSource) -> String {
    func counted(_ count: Int, _ noun: String, _ plural: String) -> String {
      "\(count) \(count == 1 ? noun : plural)"
    }
    let frames = source.systems.reduce(0) { $0 + $1.frameCount }
    let atoms = source.systems.map(\.atomCount)
    let least = atoms.min() ?? 0, most = atoms.max() ?? 0
    return [
      counted(source.systems.count, "system", "systems"), counted(frames, "frame", "frames"),
      least == most ? "\(least) atoms" : "\(least) to \(most) atoms",
      counted(source.batchCounts.reduce(0, +), "batch", "batches"),
    ].joined(separator: ", ")
  }
}

import Foundation
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

  /// Ranks, threads and what a step consists of, in a line; `threads` are this rank's.
  public func parallelSummary(threads: Int) -> String {
    let ranks = communicator.size
    let sizes = Set(training.batchSizes).sorted()
    let size = sizes.count == 1 ? "\(sizes[0])" : "\(sizes.first ?? 0) to \(sizes.last ?? 0)"
    let factor = input.learningRate.scaling.factor(miniBatches: miniBatches)
    return "ranks:           \(ranks), \(threads) \(threads == 1 ? "thread" : "threads") each; "
      + "a step is \(TrainingSetup.counted(miniBatches, "mini-batch", "mini-batches")) of \(size) "
      + "\(sizes == [1] ? "frame" : "frames"), "
      + "\(TrainingSetup.counted(training.frameCount, "frame", "frames")) an epoch; "
      + "learning rate times \(String(format: "%g", factor))"
      + (miniBatches < ranks ? "; \(ranks - miniBatches) ranks have nothing to do" : "")
  }

  private static func counted(_ count: Int, _ noun: String, _ plural: String) -> String {
    "\(count) \(count == 1 ? noun : plural)"
  }

  private static func summary(_ source: BatchSource) -> String {
    let atoms = source.systems.map(\.atomCount)
    let least = atoms.min() ?? 0, most = atoms.max() ?? 0
    return [
      counted(source.systems.count, "system", "systems"),
      counted(source.frameCount, "frame", "frames"),
      least == most ? "\(least) atoms" : "\(least) to \(most) atoms",
      counted(Int(source.batchesPerEpoch), "batch", "batches"),
    ].joined(separator: ", ")
  }
}

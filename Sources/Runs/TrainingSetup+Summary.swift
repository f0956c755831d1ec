import DeepPotential
import Diagnostics
import Foundation
import Models
import Training

extension RunSetup {
  /// The data, the models and the schedule in a few lines.
  public var summary: String {
    let schedule =
      "schedule:        \(counted(rate.totalSteps, "step")), learning rate \(rate.start) to \(rate.stop)"
    guard hasTasks else { return first.summary + "\n" + schedule }
    let lines = tasks.indices.map { task in
      let share = String(format: "%.4g", probabilities[task])
      let name = "task \(inputs.names[task]):".padding(
        toLength: max(16, inputs.names[task].count + 6), withPad: " ", startingAt: 0)
      return "\(name) \(share) of the steps\(shared(by: task))\n\(tasks[task].summary)"
    }
    return lines.joined(separator: "\n")
      + "\nall tasks:       \(counted(parameterCount, "parameter"))\n\(schedule)"
  }

  /// What `task` shares with an earlier one, in words.
  private func shared(by task: Int) -> String {
    let parts = [
      ("descriptor", inputs.sharing.descriptors), ("fitting net", inputs.sharing.fittings),
    ]
    return parts.filter { $1[task] != task }.map {
      "; the \($0) is that of task \(inputs.names[$1[task]])"
    }.joined()
  }

  /// The ranks, the threads and the mini-batches of a step in one line; `threads` are those of this
  /// rank.
  public func parallelSummary(threads: Int) -> String {
    first.parallelSummary(threads: threads, isTask: hasTasks)
  }
}

extension TrainingSetup {
  /// The data and the model in a few lines.
  fileprivate var summary: String {
    var lines = ["training data:   \(TrainingSetup.summary(training))"]
    if let validation {
      lines.append("validation data: \(TrainingSetup.summary(validation))")
    }
    let couldHaveTables = !model.descriptor.embeddings.isEmpty
    let way = !couldHaveTables || model.usesTables ? "" : " (without tables: slower)"
    let descriptor = model.descriptor.options
    func slots(of part: DescriptorOptions) -> String {
      part.lists.map { "\($0.slotName) \($0.slots)" }.joined(separator: ", ")
    }
    let parts = descriptor.parts.map { "\($0.name) with \(slots(of: $0))" }
    let slots = parts.count == 1 ? slots(of: descriptor.parts[0]) : listed(parts)
    lines.append(
      "model:           \(model.typeMap.joined(separator: " ")), \(descriptor.name)\(way), "
        + "\(slots), \(counted(parameterCount, "parameter"))")
    if let initial {
      lines.append("starts from:     \(initial.path)\(use(of: initial))")
    }
    return lines.joined(separator: "\n")
  }

  /// The same; of several tasks only what all have in common.
  fileprivate func parallelSummary(threads: Int, isTask: Bool) -> String {
    let ranks = communicator.size
    let sizes = Set(training.batchSizes).sorted()
    let size = sizes.count == 1 ? "\(sizes[0])" : "\(sizes.first ?? 0) to \(sizes.last ?? 0)"
    let factor = input.learningRate.scaling.factor(miniBatches: miniBatches)
    return "ranks:           \(ranks), \(counted(threads, "thread")) each; "
      + "a step is \(counted(miniBatches, "mini-batch", "mini-batches")) of "
      + (isTask
        ? "one task; "
        : "\(size) \(sizes == [1] ? "frame" : "frames"), "
          + "\(counted(training.frameCount, "frame")) an epoch; ")
      + "learning rate times \(String(format: "%g", factor))"
      + (miniBatches < ranks ? "; \(counted(ranks - miniBatches, "rank")) without work" : "")
  }

  /// What is done with the model that the training starts from; empty if it goes on as it is.
  private func use(of initial: InitialModel) -> String {
    if initial.givesDescriptorOnly(to: input.model) {
      return initial.hasNewFitting
        ? ", its descriptor alone, with new fitting nets"
        : ", its descriptor alone: that gives \(initial.stored.model.output.name)"
    }
    if initial.keepsBias { return ", its head of the same task" }
    return initial.purpose == .finetune ? ", fine-tuned" : ""
  }

  private static func summary(_ source: BatchSource) -> String {
    let atoms = source.systems.map(\.atomCount)
    let least = atoms.min() ?? 0, most = atoms.max() ?? 0
    return [
      counted(source.systems.count, "system"),
      counted(source.frameCount, "frame"),
      least == most ? counted(least, "atom") : "\(least) to \(counted(most, "atom"))",
      counted(Int(source.batchesPerEpoch), "batch", "batches"),
    ].joined(separator: ", ")
  }
}

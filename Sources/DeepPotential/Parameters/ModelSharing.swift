import Kernels

/// What the models of several tasks share: tasks with equal numbers have one descriptor, or one set
/// of fitting nets, in common.
public struct ModelSharing: Sendable, Equatable {
  /// The number of the descriptor and of the fitting nets of each task.
  public let descriptors: [Int], fittings: [Int]

  /// Makes the sharing of tasks with these numbers.
  public init(descriptors: [Int], fittings: [Int]) {
    precondition(descriptors.count == fittings.count)
    (self.descriptors, self.fittings) = (descriptors, fittings)
  }

  /// The sharing of a single task.
  public static let none = ModelSharing(descriptors: [0], fittings: [0])

  /// The tasks that share the part with the number of `task` in `numbers`, `task` among them.
  public func tasks(with task: Int, in numbers: [Int]) -> [Int] {
    numbers.indices.filter { numbers[$0] == numbers[task] }
  }
}

/// The same models, laid out in one vector of parameters in which shared parts have one place; each
/// of them has the whole vector.
///
/// Descriptors come first, then fitting nets.  Models with a descriptor in common must have the
/// same types and options of it; its statistics and parameters are those of the first of them.  The
/// same holds for the parameters of fitting nets; bias and statistics of parameters stay each
/// model's own.
public func joined(_ models: [EnergyModel], _ sharing: ModelSharing) -> [EnergyModel] {
  precondition(models.count == sharing.descriptors.count)
  var layout = ParameterLayout()
  var descriptors: [Int: Descriptor] = [:], fittings: [Int: EnergyFitting] = [:]
  for (model, number) in zip(models, sharing.descriptors) where descriptors[number] == nil {
    let order = Array(model.typeMap.indices)
    descriptors[number] = model.descriptor.reordered(order, in: &layout)
  }
  for (model, number) in zip(models, sharing.fittings) where fittings[number] == nil {
    fittings[number] = model.fitting.laidOut(in: &layout)
  }
  var result = models
  for task in models.indices {
    guard let descriptor = descriptors[sharing.descriptors[task]],
      let fitting = fittings[sharing.fittings[task]]
    else { preconditionFailure("every part was laid out") }
    precondition(descriptor.options == models[task].descriptor.options, "another descriptor")
    result[task].descriptor = descriptor
    result[task].fitting = models[task].fitting.placed(like: fitting)
  }
  var parameters = Parameters(zerosFor: layout)
  // In reverse order, so that the first of those that share a part has the last word.
  for task in models.indices.reversed() {
    for (old, new) in zip(models[task].tensors, result[task].tensors) {
      precondition(old.count == new.count && old.precision == new.precision)
      parameters[new.precision, new.range] = models[task].parameters[old.precision, old.range]
    }
  }
  for task in result.indices { result[task].parameters = parameters }
  return result
}

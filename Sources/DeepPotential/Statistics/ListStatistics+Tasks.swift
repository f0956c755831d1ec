extension EnergyModel {
  /// Sets the normalizations to those of the data of several tasks together, whose `statistics`
  /// were computed with the options of this descriptor.
  ///
  /// Moments are added as they are, in the order of the tasks, however often the tasks are trained.
  /// Source: DeePMD-kit's PyTorch backend, `DescriptorBlock.share_params`.
  public mutating func useNormalizations(of statistics: [ModelStatistics]) {
    let lists = descriptor.options.lists.enumerated().map { number, list in
      let moments = statistics.map { $0.lists[number].environment }
      return ListStatistics(moments.dropFirst().reduce(moments[0], +), for: list)
    }
    descriptor = descriptor.using(lists)
  }
}

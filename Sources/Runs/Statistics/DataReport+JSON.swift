import DeepPotential
import Files
import Training

extension DataReport {
  /// The report as JSON; keys are DeePMD-kit's words where it has such words.
  public var json: JSONValue {
    .object([
      "type_map": .array(typeMap.map(JSONValue.string)),
      "systems": .array(systems.map(json)),
      "neighbors": json(neighbors),
      "absent_types": .array(absentTypes.map(JSONValue.string)),
      "types_without_energy": .array(typesWithoutEnergy.map(JSONValue.string)),
    ])
  }

  private func json(_ system: SystemReport) -> JSONValue {
    func byType(_ counts: [Int]) -> JSONValue {
      .object(Dictionary(uniqueKeysWithValues: zip(typeMap, counts.map(JSONValue.integer))))
    }
    var members: [String: JSONValue] = [
      "system": .string(system.place),
      "frames": .integer(system.frameCount),
      "atoms": .integer(system.composition.mostAtoms),
      "composition": byType(system.composition.most),
      "fewest": byType(system.composition.fewest), "total": byType(system.composition.total),
      "periodic": .bool(system.isPeriodic),
      "energy_per_atom": system.energyPerAtom.map(json) ?? .null,
      "force": system.forces.map(json) ?? .null,
      "pressure": system.pressure.map(json) ?? .null,
      "largest_stress": system.largestStress.map(JSONValue.number) ?? .null,
      "neighbors": json(system.neighbors),
      "findings": .array(
        system.findings.map { finding in
          .object([
            "kind": .string(finding.kind.rawValue), "text": .string(finding.text),
            "frames": .array(finding.frames.map(JSONValue.integer)),
          ])
        }),
    ]
    if let labels = system.otherLabels {
      members["labels"] = .object(
        Dictionary(uniqueKeysWithValues: labels.map { ($0.name, json($0.values)) }))
    }
    return .object(members)
  }

  private func json(_ summary: Summary) -> JSONValue {
    .object([
      "mean": .number(summary.mean), "deviation": .number(summary.deviation),
      "min": .number(summary.smallest), "max": .number(summary.largest),
    ])
  }

  private func json(_ forces: ForceSummary) -> JSONValue {
    .object([
      "rms": .number(forces.rootMeanSquare), "max": .number(forces.largest),
      "frame": .integer(forces.frame), "atom": .integer(forces.atom),
    ])
  }

  private func json(_ survey: NeighborSurvey) -> JSONValue {
    .object([
      "max_nbor_size": .array(survey.largestCounts.map(JSONValue.integer)),
      "max_nbor_total": .integer(survey.largestTotal),
      "recommended_sel": .array(survey.recommendedSlots().map(JSONValue.integer)),
      "min_nbor_dist": survey.closest.map { .number($0.distance) } ?? .null,
      "closest": survey.closest.map { pair in
        .object([
          "system": .string(systems[pair.system].place), "frame": .integer(pair.frame),
          "atoms": .array(pair.atoms.map(JSONValue.integer)),
        ])
      } ?? .null,
    ])
  }
}

extension ModelStatistics {
  /// The statistics as JSON, with one row per type, since all slots of a type have the same; those
  /// of several lists of neighbors are in a `list`.
  public var json: JSONValue {
    let rows: [String: JSONValue] =
      lists.count == 1 ? lists[0].json : ["list": .array(lists.map { .object($0.json) })]
    let others: [String: JSONValue] = [
      "out_bias": .array(outputBias.values.map(JSONValue.number)),
      "out_std": outputBias.deviations.count == 1
        ? .number(outputBias.deviations[0])
        : .array(outputBias.deviations.map(JSONValue.number)),
      "fparam_avg": .array(frameParameterMean.map(JSONValue.number)),
      "fparam_inv_std": .array(frameParameterInverseDeviation.map(JSONValue.number)),
      "aparam_avg": .array(atomParameterMean.map(JSONValue.number)),
      "aparam_inv_std": .array(atomParameterInverseDeviation.map(JSONValue.number)),
    ]
    return .object(rows.merging(others) { $1 })
  }
}

extension ListStatistics {
  fileprivate var json: [String: JSONValue] {
    let slotCount = slots.reduce(0, +)
    func rows(_ values: [Double]) -> JSONValue {
      .array(
        (0..<typeCount).map { type in
          let first = type * slotCount * rowWidth
          return .array(values[first..<first + rowWidth].map(JSONValue.number))
        })
    }
    let sel = JSONValue.array(slots.map(JSONValue.integer))
    return rowWidth == 0 ? ["sel": sel] : ["sel": sel, "davg": rows(mean), "dstd": rows(deviation)]
  }
}

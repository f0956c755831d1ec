import Files
import Foundation
import Measurement

extension Profile {
  /// The profile as JSON; docs/PERFORMANCE.md, "JSON", describes each number.
  public var json: JSONValue {
    .object([
      "kind": .string(kind.rawValue), "input": .string(place), "model": model.json,
      "atoms": .object(["fewest": .integer(atoms.lowerBound), "most": .integer(atoms.upperBound)]),
      "threads": .integer(threads), "steps": .integer(stepSeconds.count),
      "frames": .integer(frames),
      "seconds": .number(seconds), "seconds_per_frame": .number(seconds / Double(frames)),
      "step_seconds": .array(stepSeconds.map(JSONValue.number)),
      "start_seconds": .number(start.seconds), "first_step_seconds": .number(firstStepSeconds),
      "input_seconds": .number(start[.input].seconds),
      "statistics_seconds": .number(start[.statistics].seconds),
      "validation_seconds": writing.map { .number($0[.validation].seconds) } ?? .null,
      "output_seconds": writing.map { .number($0[.output].seconds) } ?? .null,
      "memory": .object(["start": .integer(startMemory), "peak": .integer(peakMemory)]),
      "machine": .array(
        (threads == 1 ? [oneThread] : [oneThread, allThreads]).map(\.json)),
      "phases": .array(rows.map(\.json)),
      "waiting": .object([
        "for_last_piece": .number(waitingInside), "for_one_thread": .number(waitingForSerial),
      ]),
      "between_phases": .number(betweenPhases), "overall": overallRate.json,
      "scaling": .array(
        scaling.map {
          .object([
            "threads": .integer($0.threads), "seconds_per_frame": .number($0.secondsPerFrame),
          ])
        }),
      "measuring": .object([
        "pieces_per_step": .number(cost.piecesPerStep),
        "seconds_per_piece": .number(cost.secondsPerPiece), "share": .number(cost.share),
        "step_seconds_off": .number(cost.secondsOff),
        "difference": .number(cost.difference.value),
        "difference_uncertainty": .number(cost.difference.uncertainty),
      ]),
    ])
  }
}

extension ModelOutline {
  fileprivate var json: JSONValue {
    .object([
      "descriptor": .string(descriptor), "type_map": .array(typeMap.map(JSONValue.string)),
      "sel": json(slots), "embedding": json(embedding),
      "axis_neuron": axisWidth.map { .integer($0) } ?? .null,
      "fitting": .array(fitting.map(JSONValue.integer)),
      "descriptor_precision": .string(descriptorPrecision.rawValue),
      "fitting_precision": .string(fittingPrecision.rawValue), "parameters": .integer(parameters),
      "tables": .string(tables.text),
    ])
  }

  /// The list of the only part, or a list of lists.
  private func json(_ parts: [[Int]]) -> JSONValue {
    let lists = parts.map { JSONValue.array($0.map(JSONValue.integer)) }
    return lists.count == 1 ? lists[0] : .array(lists)
  }
}

extension MachineLimits {
  fileprivate var json: JSONValue {
    .object([
      "threads": .integer(threads), "gflops_float64": .number(float64),
      "gflops_float32": .number(float32), "gbytes_per_second": .number(bandwidth),
    ])
  }
}

extension PhaseRow {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "phase": .string(phase.name), "part": .string(phase.group?.rawValue ?? ""),
      "calls": .integer(calls), "seconds": .number(seconds), "share": .number(share),
      "seconds_per_frame": .number(secondsPerFrame),
    ]
    if case .object(let more) = rate?.json { members.merge(more) { $1 } }
    return .object(members)
  }
}

extension PhaseRow.Rate {
  fileprivate var json: JSONValue {
    .object([
      "gflops": .number(gigaflops), "share_of_peak": .number(shareOfPeak),
      "gbytes_per_second": .number(gigabytes), "share_of_bandwidth": .number(shareOfBandwidth),
    ])
  }
}

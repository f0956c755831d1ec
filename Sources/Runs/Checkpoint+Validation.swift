import Configuration
import Files
import Training

/// The records of full validation in the header of a checkpoint.
extension Checkpoint {
  /// An object for each kind of weights.
  var validationHeader: JSONValue {
    let members = state.validation.map { weights, state -> (String, JSONValue) in
      let best = state.best.map { JSONValue.array([.number($0.value), .integer($0.step)]) }
      return (
        weights.rawValue,
        [
          "metric": .string(state.metric), "best": .array(best),
          "since_best": .integer(state.sinceBest), "log_bytes": .integer(logBytes[weights] ?? 0),
        ]
      )
    }
    return .object(Dictionary(uniqueKeysWithValues: members))
  }

  /// Reads such objects; false if anything in them is missing or wrong.
  mutating func read(validation header: JSONValue?) -> Bool {
    guard case .object(let members)? = header else { return header == nil }
    for (name, value) in members {
      guard let weights = TrainedWeights(rawValue: name),
        case .string(let metric)? = value["metric"], case .array(let best)? = value["best"],
        case .integer(let sinceBest)? = value["since_best"], sinceBest >= 0,
        case .integer(let bytes)? = value["log_bytes"], bytes >= 0
      else { return false }
      let records = best.compactMap { record -> ValidationState.Record? in
        guard case .array(let pair) = record, pair.count == 2,
          let value = ValueKind.number.take(pair[0]), let step = ValueKind.integer.take(pair[1])
        else { return nil }
        return ValidationState.Record(value: value, step: step)
      }
      guard records.count == best.count, Set(records.map(\.step)).count == best.count else {
        return false
      }
      state.validation[weights] = ValidationState(
        metric: metric, best: records, sinceBest: sinceBest)
      logBytes[weights] = bytes
    }
    return true
  }
}

import Diagnostics
import Files

extension SuggestedInput {
  /// The text of the file, with DeePMD-kit's keys in their usual order; `training` and `validation`
  /// are paths of data.
  public func text(training: [String], validation: [String]) -> String {
    """
    {
      "_comment": "From dp-train --suggest, for \(counted(data.frames, "frame")).",
      "model": {
        "type_map": \(list(data.elements)),
        "descriptor": {
          "type": "se_e2_a",
          "sel": "auto",
          "rcut": 6.0,
          "rcut_smth": 0.5,
          "neuron": \(list(embedding)),
          "axis_neuron": \(axis),
          "type_one_side": true,
          "seed": 1
        },
        "fitting_net": {
          "neuron": \(list(fitting)),
          "resnet_dt": true,
          "seed": 1
        }
      },
      "learning_rate": {
        "type": "exp",
        "start_lr": \(startRate),
        "stop_lr": \(stopRate),
        "decay_steps": \(decaySteps)
      },
      "loss": {
        "type": "ener",
        \(prefactors("e", of: "energy", "0.02", "1")),
        \(prefactors("f", of: "force", "1000", "1")),
        \(prefactors("v", of: "virial", "0.02", "1"))
      },
      "training": {
        "training_data": {
          "systems": \(list(training)),
          "batch_size": \(batchAtoms == 32 ? "\"auto\"" : "\"auto:\(batchAtoms)\"")
        },\(validationData(validation))
        "numb_steps": \(steps),
        "seed": 1,
        "disp_freq": \(max(1, steps / 100)),
        "save_freq": \(max(1, steps / 10))
      }\(fullValidation)
    }

    """
  }

  /// The weights of a term of the loss at the beginning and the end, 0 if the data have no such
  /// label.
  private func prefactors(
    _ term: String, of label: String, _ start: String, _ limit: String
  ) -> String {
    let isThere = data.labels.contains(label)
    return "\"start_pref_\(term)\": \(isThere ? start : "0"),\n    "
      + "\"limit_pref_\(term)\": \(isThere ? limit : "0")"
  }

  private func validationData(_ paths: [String]) -> String {
    guard data.validationFrames > 0 else { return "" }
    return """

          "validation_data": {
            "systems": \(list(paths)),
            "batch_size": 1,
            "numb_btch": \(min(4, data.validationFrames))
          },
      """
  }

  /// The section that validates on all validation data twenty times; so the best model is kept, and
  /// `--patience` has an effect.
  private var fullValidation: String {
    guard data.validationFrames > 0 else { return "" }
    let metric = data.labels.contains("force") ? "F:RMSE" : "E:RMSE"
    return """
      ,
        "validating": {
          "full_validation": true,
          "validation_freq": \(max(1, steps / 20)),
          "validation_metric": "\(metric)"
        }
      """
  }

  private func list(_ numbers: [Int]) -> String {
    "[\(numbers.map(String.init).joined(separator: ", "))]"
  }

  private func list(_ texts: [String]) -> String {
    "[\(texts.map { JSONValue.string($0).serialized }.joined(separator: ", "))]"
  }
}

import Configuration
import DeepPotential
import Diagnostics
import Training

/// The neighbor slots of an existing model; further training does not change them.
struct FixedSlots {
  /// The path of the model or checkpoint.
  let path: String
  /// The slots of the model, in the order of the training's types.
  let slots: [Int]
  /// Whether a user chose the slots, so that a 0 among them is intended.
  private let areChosen: Bool

  /// The origin of the slots, for messages.
  var origin: SlotOrigin { .model(path: path) }

  /// The slots of the model from which a training by `input` starts or continues; nil if the model
  /// is new.
  ///
  /// A checkpoint of a model with other types gives nil too; the comparison of the models reports
  /// that.
  init?(_ input: TrainingInput, _ initial: InitialModel?, _ start: RunStart) {
    let types = input.model.typeMap
    if let checkpoint = start.checkpoint {
      let model = checkpoint.model.model
      guard model.typeMap == types else { return nil }
      if case .given(let slots) = input.slotRule, slots != model.descriptor.slots { return nil }
      (path, slots) = (start.path, model.descriptor.slots)
      areChosen = input.givesSlots || checkpoint.givesSlots
    } else if let initial, case .given(let given) = input.slotRule {
      (path, slots) = (initial.path, given)
      areChosen = input.givesSlots || initial.givesSlots
    } else {
      return nil
    }
  }

  /// Warns of types that occur as neighbors in the data, but to which "auto" gave no slots on other
  /// data.
  func warnOfUnseenTypes(_ input: TrainingInput, _ survey: NeighborSurvey) {
    if input.model.descriptor.isMixed { return }
    let unseen = slots.indices.filter { slots[$0] == 0 && survey.largestCounts[$0] > 0 }
    if areChosen || unseen.isEmpty { return }
    let names = unseen.map { input.model.typeMap[$0] }.joined(separator: ", ")
    let needed = zip(slots, survey.recommendedSlots()).map { max($0, $1) }
    Notices.post(
      "\(path): has no neighbor slots for \(names) (sel \(slots)), so other atoms do not see "
        + "these, which are among their neighbors here: train anew with \"sel\": \(needed), or write "
        + "\"sel\": \(slots) if it is meant so")
  }
}

extension Checkpoint {
  /// Whether the input of the training gave the neighbor slots as numbers.
  var givesSlots: Bool {
    if case .array? = configuration["model"]?["descriptor"]?["sel"] { return true }
    return false
  }
}

extension TrainingInput {
  /// Throws `.configuration` for each difference between this model and that of `checkpoint`, which
  /// is at `path`; slots of "auto" are taken from the checkpoint.
  func requireModel(of checkpoint: Checkpoint, at path: String) throws {
    let options = checkpoint.model.model.options
    var mine = model
    if !givesSlots, mine.typeMap == options.typeMap {
      mine.descriptor.slots = options.descriptor.slots
    }
    try requireSame(
      mine, as: options, in: path,
      remedy: "restart with the model section that the checkpoint was trained with",
      anew: "without --restart", ignoring: [])
  }
}

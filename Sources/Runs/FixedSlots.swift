import Configuration
import DeepPotential
import Files
import Diagnostics
import Models
import Training

/// The neighbor slots of an existing model; further training does not change them.
struct FixedSlots {
  /// The path of the model or checkpoint.
  let path: String
  /// The slots of each list of the model's descriptor, in the order of the training's types.
  let slots: [[Int]]
  /// Whether a user chose the slots of each list, so that a 0 among them is intended.
  private let areChosen: [Bool]

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
      let slots = model.descriptor.options.listSlots
      guard model.typeMap == types, slots.count == input.slotRules.count else { return nil }
      for (rule, theirs) in zip(input.slotRules, slots) {
        if case .given(let mine) = rule, mine != theirs { return nil }
      }
      (path, self.slots) = (start.path, slots)
      areChosen = either(input.givesSlots, checkpoint.givesSlots)
    } else if let initial {
      // A model to start from has given the input its slots.
      (path, slots) = (initial.path, input.model.descriptor.listSlots)
      areChosen = either(input.givesSlots, initial.givesSlots)
    } else {
      return nil
    }
  }

  /// Warns of types that occur as neighbors in the data, but to which "auto" gave no slots on other
  /// data.
  func warnOfUnseenTypes(_ input: TrainingInput, _ survey: NeighborSurvey) {
    for (k, list) in input.model.descriptor.lists.enumerated()
    where !list.isMixed && !areChosen[k] {
      warnOfUnseenTypes(input.model.typeMap, slots[k], survey.within(list.outerCutoff))
    }
  }

  private func warnOfUnseenTypes(
    _ typeMap: [String], _ slots: [Int], _ survey: NeighborSurvey
  ) {
    let unseen = slots.indices.filter { slots[$0] == 0 && survey.largestCounts[$0] > 0 }
    if unseen.isEmpty { return }
    let names = unseen.map { typeMap[$0] }.joined(separator: ", ")
    let needed = zip(slots, survey.recommendedSlots()).map { max($0, $1) }
    Notices.post(
      "\(path): has no neighbor slots for \(names) (sel \(slots)), so other atoms do not see "
        + "these, which are among their neighbors here: train anew with \"sel\": \(needed), or write "
        + "\"sel\": \(slots) if it is meant so")
  }
}

extension Checkpoint {
  /// Whether the input of the training gave the neighbor slots of each list as numbers.
  var givesSlots: [Bool] { configuration["model"]?.givesSlots ?? [] }
}

/// What holds by one of two lists, of which `b` may be shorter or longer.
private func either(_ a: [Bool], _ b: [Bool]) -> [Bool] {
  a.enumerated().map { $1 || b.indices.contains($0) && b[$0] }
}

extension TrainingInput {
  /// Throws `.configuration` for each difference between this model and that of `checkpoint`, which
  /// is at `path`; slots of "auto" are taken from the checkpoint.
  func requireModel(of checkpoint: Checkpoint, at path: String) throws {
    let options = checkpoint.model.model.options
    var mine = model
    let ours = mine.descriptor.listSlots, theirs = options.descriptor.listSlots
    if mine.typeMap == options.typeMap, ours.count == slotRules.count,
      theirs.count == slotRules.count
    {
      mine.descriptor.setSlots(
        slotRules.indices.map { k in givesSlots[k] ? ours[k] : theirs[k] })
    }
    try requireSame(
      mine, as: options, in: path,
      remedy: "restart with the model section that the checkpoint was trained with",
      anew: "without --restart", ignoring: [PairPotential.pathKey])
  }
}

import DeepPotential
import Diagnostics
import Files
import Training

/// The type that stands for atoms whose type is hidden, the last of a type map.
let maskedTypeName = "MASKED_TOKEN"

/// Reads the `loss` section of a model that mends damaged frames, with the damage, and records its
/// errors.
func readDenoisingLoss(_ section: ConfigurationSection) -> DenoisingLossOptions {
  var options = DenoisingLossOptions()
  options.coordinateWeight = section.read(
    "masked_coord_loss", .nonNegative, default: options.coordinateWeight)
  options.typeWeight = section.read("masked_token_loss", .nonNegative, default: options.typeWeight)
  options.comparesMovedOnly = section.read("mask_loss_coord", .bool, default: true)
  options.comparesHiddenOnly = section.read("mask_loss_token", .bool, default: true)
  options.beta = section.read("beta", .nonNegative, default: options.beta)
  options.damage = readDamage(section)
  section.refuse("use_l1", unless: .bool(true), remedy: "deepmd-pytorch measures by it always")
  section.refuse(
    "norm_loss", unless: .integer(0),
    remedy: "it belongs to a \"backbone\", which is not supported: set it to 0")
  section.finish()
  if options.activeTerms.isEmpty {
    section.report("masked_coord_loss", "and masked_token_loss are 0: the loss has no term")
  }
  if !options.damage.movesAtoms && !options.damage.hidesTypes {
    section.report(
      "mask_coord", "and mask_type are both false: nothing is damaged, and nothing learned",
      remedy: "set one of them to true")
  }
  return options
}

/// Reads the keys of the damage.
private func readDamage(_ section: ConfigurationSection) -> FrameDamage {
  var damage = FrameDamage()
  let noises = FrameDamage.Noise.allCases.map(\.rawValue)
  let noise = section.read("noise_type", .oneOf(noises), default: damage.noise.rawValue)
  damage.noise = FrameDamage.Noise(rawValue: noise) ?? damage.noise
  damage.size = section.read("noise", .nonNegative, default: damage.size)
  let mode = section.read("noise_mode", .oneOf(["fix_num", "prob"]), default: "fix_num")
  let count = section.read("mask_num", .size(from: 1), default: 1)
  let fraction = section.read(
    "mask_prob", .number.whereIs("a number from 0 to 1") { $0 >= 0 && $0 <= 1 }, default: 0.15)
  damage.share = mode == "prob" ? .fraction(fraction) : .count(count)
  damage.movesAtoms = section.read("mask_coord", .bool, default: false)
  damage.hidesTypes = section.read("mask_type", .bool, default: false)
  damage.hitsSameAtoms = section.read("same_mask", .bool, default: false)
  damage.tries = section.read("max_fail_num", .size(from: 1), default: damage.tries)
  return damage
}

extension ConfigurationSection {
  /// Records what a model that mends frames cannot have: this is the section `model`.
  func checkDenoising(_ typeMap: [String]?, _ descriptor: DescriptorOptions?, excluded: [Int]) {
    if let typeMap, typeMap.last != maskedTypeName || typeMap.count < 2 {
      report(
        "type_map", "does not end with \"\(maskedTypeName)\", which stands for hidden types",
        remedy: "add it behind the elements of the data")
    }
    if let descriptor, !descriptor.hasPairRows {
      report(
        "descriptor/type", "\"\(descriptor.name)\" has no rows of pairs, which mend positions",
        remedy: "choose se_atten, se_atten_v2 or dpa2")
    }
    if !excluded.isEmpty {
      report("atom_exclude_types", "is not supported where frames are mended", remedy: "remove it")
    }
  }
}

/// Gives an input for denoising the form of others.
///
/// deepmd-pytorch's have no fitting net, since a loss `denoise` says all; here it is one of that
/// type.  Where the data have `noise_settings`, their members are moved to the loss, where its
/// examples have them; `mask_type_idx`, the number of the last type, is left out.
func moveDenoising(in root: inout [String: JSONValue]) {
  guard root["loss"]?["type"] == "denoise", case .object(var loss)? = root["loss"] else { return }
  if case .object(var model)? = root["model"], model["fitting_net"] == nil,
    model["model_dict"] == nil
  {
    model["fitting_net"] = ["type": "denoise"]
    root["model"] = .object(model)
  }
  guard case .object(var training)? = root["training"] else { return }
  var settings: JSONValue?
  for key in ["training_data", "validation_data"] {
    guard case .object(var data)? = training[key], let given = data["noise_settings"],
      case .object = given, settings == nil || settings == given
    else { continue }
    settings = given
    data["noise_settings"] = nil
    training[key] = .object(data)
  }
  guard case .object(var members)? = settings else { return }
  let types = root["model"]?["type_map"].flatMap(ValueKind.text.list("").take)?.count
  if let types, members["mask_type_idx"] == .integer(types - 1) { members["mask_type_idx"] = nil }
  // A key in both places stays where it is, and is reported.
  for (name, value) in members where loss[name] == nil || loss[name] == value {
    loss[name] = value
    members[name] = nil
  }
  if !members.isEmpty, case .object(var data)? = training["training_data"] {
    data["noise_settings"] = .object(members)
    training["training_data"] = .object(data)
  }
  (root["loss"], root["training"]) = (.object(loss), .object(training))
}

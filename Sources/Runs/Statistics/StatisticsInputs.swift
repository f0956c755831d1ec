import Atoms
import Datasets
import DeepPotential
import Files
import Models
import Training

/// The inputs on which statistics depend: the data, the type map, the geometry of the descriptor,
/// and the choice of frames.
///
/// Statistics are reused as long as these inputs are unchanged.  The number of steps and the widths
/// of the nets are not among them.
public struct StatisticsInputs: Sendable, Equatable {
  /// The settings on which statistics depend, as one JSON object.
  public let settings: JSONValue
  /// The SHA-256 of the data (`contentDigest(of:)`).
  public let dataDigest: String

  /// The inputs for `request` on `systems`, whose types are those of the files.
  public init(_ request: StatisticsRequest, systems: [OpenSystem]) throws {
    self.init(
      settings: StatisticsInputs.settings(request),
      dataDigest: try contentDigest(of: request.kept(systems)))
  }

  init(settings: JSONValue, dataDigest: String) {
    self.settings = settings
    self.dataDigest = dataDigest
  }

  /// The SHA-256 of the settings and the data together.
  public var digest: String {
    var digest = Digest()
    digest.update("deep-potential statistics 1\n\(settings.serialized)\n\(dataDigest)\n")
    return digest.hexadecimal
  }

  /// The names of the inputs that differ in `other`: "rcut", "the data".
  func differences(from other: StatisticsInputs) -> [String] {
    var names: [String] = []
    if case .object(let mine) = settings, case .object(let others) = other.settings {
      names = Set(mine.keys).union(others.keys).sorted().filter { mine[$0] != others[$0] }
    } else if settings != other.settings {
      names = ["the settings"]
    }
    return names + (dataDigest == other.dataDigest ? [] : ["the data"])
  }

  /// The settings of `request` on which statistics depend, as one JSON object.
  public static func settings(_ request: StatisticsRequest) -> JSONValue {
    let options = request.options, types = options.typeMap.count
    var settings = ModelOptions.keys(types: types).members(of: options, forModels: false)
    settings["type_map"] = .strings(options.typeMap)
    var rules = request.slotRules[...]
    let parts = options.descriptor.parts.map { part in
      let count = part.lists.count
      defer { rules = rules.dropFirst(count) }
      return self.settings(part, Array(rules.prefix(count)), types: types)
    }
    if case .hybrid = options.descriptor {
      settings["type"] = .string(options.descriptor.name)
      settings["list"] = .array(parts.map { .object($0) })
    } else {
      settings.merge(parts[0]) { $1 }
    }
    for (name, value) in FittingOptions.keys(types: types).members(
      of: options.fitting, forModels: false)
    where biasKeys.contains(name) { settings[name] = value }
    // With a table, exclusions do not reach the statistics of the descriptor.
    if !options.pairPotentials.isEmpty || options.mixture != nil, !options.excludedPairs.isEmpty {
      settings[PairPotential.pathKey] = true
    }
    if options.fitting.output != .energy { settings["output"] = self.settings(options.fitting) }
    // Files of versions without default parameters stay valid for models without them.
    if options.inputs.defaultFrameParameters == nil { settings["default_fparam"] = nil }
    settings["preset_out_bias"] = .array(
      request.presetBias.map { $0.map(JSONValue.number) ?? .null })
    settings["data_stat_nbatch"] = .integer(request.batchCount)
    settings["data_stat_protect"] = .number(request.parameterFloor)
    settings["batch_size"] = self.settings(request.batchRule)
    return .object(settings)
  }

  /// The output of a fitting net, by the keys that only its kind has.
  private static func settings(_ options: FittingOptions) -> JSONValue {
    var members = FittingOptions.ownKeys(types: nil, of: options.output).members(
      of: options, forModels: false)
    members["type"] = .string(options.output.type)
    return .object(members)
  }

  /// The settings of a descriptor that is no hybrid.
  private static func settings(
    _ options: DescriptorOptions, _ slotRules: [SlotRule], types: Int
  ) -> [String: JSONValue] {
    let members = options.members(types: types, forModels: false)
    var settings = members.filter { rowKeys.contains($0.key) }
    // The keys of objects inside of the descriptor have their paths as names.
    for case (let group, .object(let inside)) in members {
      for (name, value) in inside where rowKeys.contains("\(group)/\(name)") {
        settings["\(group)/\(name)"] = value
      }
    }
    settings["type"] = .string(options.name)
    for (list, rule) in zip(options.lists, slotRules) {
      settings[list.slotKey] = self.settings(rule)
    }
    return settings
  }

  /// The keys of a descriptor on which its rows depend, besides the neighbor slots.
  private static let rowKeys: Set = [
    "rcut", "rcut_smth", "exclude_types", "env_protection", "set_davg_zero",
    "repinit/rcut", "repinit/rcut_smth", "repinit/set_davg_zero", "repinit/use_three_body",
    "repinit/three_body_rcut", "repinit/three_body_rcut_smth", "repformer/rcut",
    "repformer/rcut_smth", "repformer/set_davg_zero",
    "repflow/e_rcut", "repflow/e_rcut_smth", "repflow/a_rcut", "repflow/fix_stat_std",
  ]
  /// The keys of fitting nets on which the bias and the scale of parameters depend.
  private static let biasKeys: Set = [
    "numb_fparam", "numb_aparam", "default_fparam", "rcond",
  ]

  private static func settings(_ rule: SlotRule) -> JSONValue {
    switch rule {
    case .given(let slots): .array(slots.map(JSONValue.integer))
    case .automatic(let ratio): .string("auto:\(ratio)")
    }
  }

  private static func settings(_ rule: BatchRule) -> JSONValue {
    switch rule {
    case .fixed(let size): .integer(size)
    case .each(let sizes): .array(sizes.map(JSONValue.integer))
    case .atLeast(let atoms): .string("auto:\(atoms)")
    case .atMost(let atoms): .string("max:\(atoms)")
    case .dropping(let atoms): .string("filter:\(atoms)")
    case .mixed(let frames): .string("mixed:\(frames)")
    }
  }
}

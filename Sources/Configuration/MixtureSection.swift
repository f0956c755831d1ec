import DeepPotential
import Diagnostics
import Files
import Kernels
import Models

/// The `model` section of a configuration that adds up nets and tables (`linear_ener`).
struct MixtureSection {
  private(set) var options: ModelOptions?
  /// The descriptors of its nets, and the seeds of their fitting nets.
  private(set) var parts: [DescriptorSection] = [], seeds: [Int?] = []
  private var fittings: [FittingOptions] = [], tables: [PairPotential] = []
  /// The weights of nets and of tables.
  private var ofNets: [Double] = [], ofTables: [Double] = []
  private var isComplete = true

  /// Reads the models of `section` for the types of `typeMap`; `readFitting` reads the fitting net
  /// behind a descriptor.
  init(
    _ section: ConfigurationSection, typeMap: [String]?,
    readFitting: (ConfigurationSection, DescriptorOptions?) -> (FittingOptions?, seed: Int?)
  ) {
    let models = section.sections("models", "models")
    let weights = readWeights(section, of: models.count)
    for (k, model) in models.enumerated() {
      let weight = weights.indices.contains(k) ? weights[k] : 0
      let type = model.read("type", .text, default: "standard")
      if let own = model.optional("type_map", ValueKind.text.list("a list of element names")),
        let typeMap, own != typeMap
      {
        model.report(
          "type_map", "is not that of the whole, \(typeMap.joined(separator: ", "))",
          remedy: "write the same, or leave it out")
      }
      switch type {
      case "standard":
        ofNets.append(weight)
        addNet(model, typeMap: typeMap, readFitting)
      case "pairtab": addTable(model, typeMap: typeMap, weight)
      default:
        model.report(
          "type", "model type \"\(type)\" is not supported; \"standard\" and \"pairtab\" are")
        isComplete = false
        continue
      }
      model.finish()
    }
    if parts.isEmpty && isComplete {
      section.report(
        "models", "has no model with a net", remedy: "add one: tables alone cannot be trained")
    }
    checkParts(section)
    guard isComplete, let typeMap, parts.count == fittings.count, let first = fittings.first else {
      return
    }
    let descriptors = parts.compactMap(\.options)
    guard descriptors.count == parts.count else { return }
    var options = ModelOptions(
      typeMap: typeMap,
      descriptor: descriptors.count == 1
        ? descriptors[0] : .hybrid(HybridOptions(descriptors)), fitting: first)
    options.mixture = MixtureOptions(
      weights: ofNets, otherFittings: Array(fittings.dropFirst()))
    options.pairPotentials = tables
    self.options = options
  }

  private func readWeights(_ section: ConfigurationSection, of count: Int) -> [Double] {
    let kind = ValueKind<[Double]>(name: MixtureOptions.weightsName(count)) {
      MixtureOptions.weights($0, of: count)
    }
    let mean = MixtureOptions.weights("mean", of: max(count, 1)) ?? []
    return section.read("weights", kind, default: mean)
  }

  private mutating func addNet(
    _ model: ConfigurationSection, typeMap: [String]?,
    _ readFitting: (ConfigurationSection, DescriptorOptions?) -> (FittingOptions?, seed: Int?)
  ) {
    let descriptor = DescriptorSection(
      model.section("descriptor", isRequired: true), typeMap: typeMap)
    parts.append(descriptor)
    let section = model.section("fitting_net", isRequired: true)
    let (fitting, seed) = readFitting(section, descriptor.options)
    seeds.append(seed)
    guard let fitting else {
      isComplete = false
      return
    }
    fittings.append(fitting)
    if fitting.output != .energy {
      section.report("type", "is not \"ener\": only energies are added up")
    }
    if fitting.frameParameters + fitting.atomParameters > 0 {
      section.report("numb_fparam", "and numb_aparam are not supported in a linear model")
    }
    if let options = descriptor.options, !options.isMixed {
      model.section("descriptor").report(
        "type", "\"\(options.name)\" has slots for each type, which DeePMD-kit does not add up",
        remedy: "choose se_atten, se_atten_v2, se_e3_tebd, dpa2 or dpa3")
    }
  }

  private mutating func addTable(
    _ model: ConfigurationSection, typeMap: [String]?, _ weight: Double
  ) {
    let path = model.require("tab_file", .text), cutoff = model.require("rcut", .positive)
    let slots = model.require("sel", .slotNumberOfAllTypes)
    guard let path, let cutoff, let slots, let typeMap else {
      isComplete = false
      return
    }
    do {
      let table = try PairTable(contentsOf: path, typeMap: typeMap, cutoff: cutoff)
      tables.append(
        PairPotential(
          table, .added(weight: weight, slots: slots.reduce(0, +)), path: path))
    } catch let error as ToolError {
      model.report("tab_file", "\(error.place): \(error.problem)", remedy: error.remedy)
      isComplete = false
    } catch {
      model.report("tab_file", "\(error)")
      isComplete = false
    }
  }

  /// Records nets of different precisions.
  private func checkParts(_ section: ConfigurationSection) {
    let descriptors = parts.compactMap(\.options)
    for (k, part) in descriptors.enumerated() where part.precision != descriptors[0].precision {
      section.report(
        "models[\(k)]/descriptor/precision",
        "is not that of the first part, \"\(descriptors[0].precision.rawValue)\"",
        remedy: "write the same for all parts")
    }
  }
}

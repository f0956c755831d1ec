import DeepPotential
import Diagnostics
import Files
import Kernels
import Models

extension ModelSection {
  /// Reads the table that takes the place of the nets at short range, if there is one; `output` is
  /// that of the nets.
  static func readPairPotential(
    _ section: ConfigurationSection, typeMap: [String]?, behind descriptor: DescriptorOptions?,
    _ output: Output
  ) -> PairPotential? {
    let pathKey = PairPotential.pathKey
    guard let path = section.optional(pathKey, .text) else {
      for key in NearnessSwitch.keys where section.find(key.name) != nil && !section.has(pathKey) {
        section.report(
          key.name, "is of a table in place of the nets, but there is no \"\(pathKey)\"",
          remedy: "give the table, or remove the key")
      }
      return nil
    }
    var nearness = NearnessSwitch.usual
    section.read(NearnessSwitch.keys, into: &nearness)
    if section.has("sw_rmin"), section.has("sw_rmax"), nearness.inner >= nearness.outer {
      section.report(
        "sw_rmin", "found \(nearness.inner), expected less than sw_rmax, \(nearness.outer)")
    }
    if output != .energy {
      section.report(
        pathKey, "is a table of energies, but the fitting net is of type \"\(output.type)\"")
    }
    guard let typeMap, let descriptor else { return nil }
    if section.has("sw_rmax"), nearness.outer > descriptor.outerCutoff {
      section.report(
        "sw_rmax",
        "found \(nearness.outer), expected at most the cutoff, \(descriptor.outerCutoff)",
        remedy: "beyond the cutoff no neighbor is seen, so energies would jump there")
    }
    tellOfOtherReaders(descriptor, at: section.path(of: pathKey))
    do {
      let table = try PairTable(
        contentsOf: path, typeMap: typeMap, cutoff: descriptor.outerCutoff)
      if table.first > nearness.inner {
        Notices.post(
          "\(path): begins at \(table.first) Å, above sw_rmin, \(nearness.inner) Å: there are no "
            + "energies of atoms that come closer, where the table is to take the place of the nets"
        )
      }
      return PairPotential(table, .blended(nearness), path: path)
    } catch let error as ToolError {
      section.report(pathKey, "\(error.place): \(error.problem)", remedy: error.remedy)
    } catch {
      section.report(pathKey, "\(error)")
    }
    return nil
  }

  /// Says that DeePMD-kit reads no such model if its descriptor has slots for each type.
  private static func tellOfOtherReaders(_ descriptor: DescriptorOptions, at place: String) {
    if descriptor.isMixed { return }
    Notices.post(
      "\(place): DeePMD-kit's PyTorch backend reads models with a table only if the slots of their "
        + "descriptor are for all types together, as those of se_atten and dpa2; this one is for "
        + "the tools here, and for LAMMPS with their library")
  }
}

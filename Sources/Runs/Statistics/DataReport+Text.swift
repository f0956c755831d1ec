import Datasets
import DeepPotential
import Diagnostics
import Foundation
import Training

extension DataReport {
  /// The report as text: a paragraph per system, then the totals.
  ///
  /// Of many systems only the first ones and some with findings are shown, unless `showingAll`.
  /// `cutoff` is the radius of the neighbor counts, in Å.
  public func text(cutoff: Double, showingAll: Bool) -> String {
    let limit = showingAll ? systems.count : 20
    let odd = systems.dropFirst(limit).filter { !$0.findings.isEmpty }
    let shown = systems.prefix(limit) + odd.prefix(100)
    var lines = shown.flatMap { paragraph($0, cutoff) + [""] }
    let hidden = systems.count - shown.count
    if hidden > 0 {
      let oddOnes = odd.count > 100 ? ", \(odd.count - 100) of them with findings" : ""
      lines += [
        "\(counted(hidden, "more system"))\(oddOnes.isEmpty ? " without findings" : oddOnes) "
          + "(--verbose shows all)", "",
      ]
    }
    lines += total(cutoff)
    return lines.map { $0 + "\n" }.joined()
  }

  private func paragraph(_ system: SystemReport, _ cutoff: Double) -> [String] {
    let periodic = system.isPeriodic ? "periodic" : "not periodic"
    var lines = [
      system.place,
      "  \(counted(system.frameCount, "frame")), \(formula(system.composition)), \(periodic)",
    ]
    if let labels = system.otherLabels {
      lines += labels.map { row($0.name, text($0.values)) }
      if labels.isEmpty { lines.append(row("labels", "none")) }
      return lines + end(system, cutoff)
    }
    if let energy = system.energyPerAtom {
      lines.append(
        row(
          "energy",
          "\(short(energy.mean)) eV/atom, deviation \(short(energy.deviation)), "
            + "from \(short(energy.smallest)) to \(short(energy.largest))"))
    } else {
      lines.append(row("energy", "no labels"))
    }
    if let forces = system.forces {
      lines.append(
        row(
          "force",
          "rms \(short(forces.rootMeanSquare)) eV/Å, largest \(short(forces.largest)) eV/Å "
            + "(frame \(forces.frame), atom \(forces.atom))"))
    } else {
      lines.append(row("force", "no labels"))
    }
    if let pressure = system.pressure {
      lines.append(
        row(
          "virial",
          "pressure \(short(pressure.mean)) eV/Å³, deviation \(short(pressure.deviation)), "
            + "from \(short(pressure.smallest)) to \(short(pressure.largest))"))
    }
    return lines + end(system, cutoff)
  }

  /// What a summary of labels says, in the unit of the data.
  private func text(_ values: Summary) -> String {
    "mean \(short(values.mean)), deviation \(short(values.deviation)), "
      + "from \(short(values.smallest)) to \(short(values.largest))"
  }

  /// The lines behind those about labels.
  private func end(_ system: SystemReport, _ cutoff: Double) -> [String] {
    neighbors(system.neighbors, cutoff, naming: false)
      + system.findings.map { finding in
        let frames = finding.frames.isEmpty ? "" : " (\(list(finding.frames)))"
        return "  ! \(finding.text)\(frames)"
      }
  }

  private func total(_ cutoff: Double) -> [String] {
    let frames = systems.reduce(0) { $0 + $1.frameCount }
    let findings = systems.reduce(0) { $0 + $1.findings.count } + typeFindings.count
    var lines = ["All: \(counted(systems.count, "system")), \(counted(frames, "frame"))"]
    lines += neighbors(neighbors, cutoff, naming: true)
    if !absentTypes.isEmpty {
      lines.append(
        "  ! no atoms of \(absentTypes.joined(separator: ", ")): nothing is learned of them")
    }
    lines += typeFindings.map { "  ! \($0)" }
    lines.append(
      findings == 0
        ? "  nothing looks odd"
        : "  \(counted(findings, "finding")) to look at, marked with ! above")
    return lines
  }

  private func neighbors(_ survey: NeighborSurvey, _ cutoff: Double, naming: Bool) -> [String] {
    var lines: [String] = []
    if let pair = survey.closest {
      let place = naming ? "\(systems[pair.system].place), " : ""
      lines.append(
        row(
          "closest",
          "\(short(pair.distance)) Å (\(place)frame \(pair.frame), atoms \(pair.atoms[0]) and "
            + "\(pair.atoms[1]))"))
    }
    let counts = zip(typeMap, survey.largestCounts).map { "\($1) \($0)" }
    return lines + [
      row("neighbors", "up to \(counts.joined(separator: ", ")) within \(short(cutoff)) Å")
    ]
  }

  /// The numbers of atoms in all frames, with the fewest and the most of each type: "5 to 6 atoms
  /// (O1-2 H4 Na0-1)".
  private func formula(_ composition: SystemComposition) -> String {
    let parts = typeMap.indices.filter { composition.most[$0] > 0 }.map { type in
      let (fewest, most) = (composition.fewest[type], composition.most[type])
      return typeMap[type] + (fewest == most ? "\(most)" : "\(fewest)-\(most)")
    }
    let (fewest, most) = (composition.fewestAtoms, composition.mostAtoms)
    let atoms = (fewest == most ? "" : "\(fewest) to ") + counted(most, "atom")
    return "\(atoms) (\(parts.joined(separator: " ")))"
  }

  private func list(_ frames: [Int]) -> String {
    let first = frames.prefix(6).map(String.init).joined(separator: ", ")
    return "\(counted(frames.count, "frame")): \(first)\(frames.count > 6 ? ", …" : "")"
  }
}

/// A line of a paragraph: a name and a text.
func row(_ name: String, _ text: String) -> String {
  "  \(name)\(String(repeating: " ", count: max(1, 13 - name.count)))\(text)"
}

/// `x` with five significant digits.
func short(_ x: Double) -> String { String(format: "%.5g", x) }

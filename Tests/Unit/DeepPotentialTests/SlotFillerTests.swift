import Atoms
import DeepPotential
import Kernels
import Testing

/// Who fills slots fills them as the plain twin does: `PlainRule.fill`.
@Suite struct SlotFillerTests {
  /// Slots of each type and of all types, too few and enough; pairs that fill none, or fill them
  /// unseen.
  static let rules = [
    PlainRule(sel: [200, 300]), PlainRule(sel: [3, 40]), PlainRule(sel: [3, 5]),
    PlainRule(sel: [40, 0]), PlainRule(sel: [500], isTyped: false),
    PlainRule(sel: [11], isTyped: false), PlainRule(sel: [90, 200], excluded: [[0, 1]]),
    PlainRule(sel: [4, 9], excluded: [[1, 1]]), PlainRule(sel: [90, 200], hidden: [[1, 0]]),
    PlainRule(sel: [4, 9], excluded: [[0, 0]], hidden: [[0, 1]]),
    PlainRule(sel: [13], isTyped: false, excluded: [[1, 1]], hidden: [[0, 1], [1, 1]]),
  ]

  @Test(arguments: HardFrame.allCases, rules)
  func `a frame's pairs are those that the plain twin sees`(_ hard: HardFrame, _ plain: PlainRule) {
    let frame = hard.frame, all = frame.plainNeighbors(within: plain.cutoff)
    for threads in [1, 3] {
      let prepared = FramePreparation(plain.rule).prepare(frame, threads: threads)
      var slots = NeighborSlots(typeCount: 2)
      slots.begin(prepared, threads: threads)
      for center in frame.types.indices {
        expect(slots, center, plain.fill(all[center], center: frame.types[center]), plain, frame)
      }
      #expect(prepared.slots.truncatedCenters == all.count { plain.isTooSmall(for: $0) })
    }
  }

  @Test(arguments: HardFrame.allCases, rules)
  func `pairs out of another program's lists are those that the plain twin sees`(
    _ hard: HardFrame, _ plain: PlainRule
  ) {
    let listed = Listed(hard.frame, cutoff: plain.cutoff + 0.5), count = listed.lists.count
    let all = (0..<count).map { listed.plainNeighbors(of: $0, within: plain.cutoff) }
    let frame = Frame(types: listed.types.map { Int($0) }, positions: listed.places, cell: nil)
    for (threads, isSorted) in [(1, true), (2, true), (1, false)] {
      let workers = (0..<threads).map { _ in ListWorker(plain.rule) }
      var slots = NeighborSlots(typeCount: 2)
      listed.withAtoms {
        slots.begin(0..<count, of: $0, plain.rule, sorting: isSorted, workers: workers)
      }
      for center in 0..<count {
        let filled = plain.fill(all[center], center: frame.types[center])
        let isOrdered = isSorted || plain.isTooSmall(for: all[center])
        expect(slots, center, filled, plain, frame, inOrder: isOrdered)
      }
      let truncated = workers.reduce(0) { $0 + $1.truncatedCenters }
      #expect(truncated == all.count { plain.isTooSmall(for: $0) })
    }
  }

  /// Expects the pairs of `center` to be what fills slots and is seen, type by type.
  private func expect(
    _ slots: NeighborSlots, _ center: Int, _ filled: [PlainNeighbor?], _ plain: PlainRule,
    _ frame: Frame, inOrder: Bool = true
  ) {
    for type in 0..<2 {
      let wanted = filled.compactMap(\.self).filter { $0.type == type }
      let isHidden = plain.hides(frame.types[center], type)
      var found = slots.pairs(of: center, type: type).map { pair in
        PlainNeighbor(
          atom: Int(slots.neighbors[pair]), type: type, d: slots.displacements[pair])
      }
      if !inOrder { found.sort { $0.precedes($1) } }
      #expect(found == (isHidden ? [] : wanted))
      #expect(slots.hiddenCount(of: center, type: type) == (isHidden ? wanted.count : 0))
    }
  }
}

/// Lists of several rules out of one search, which goes as far as the farthest of them.
@Suite struct SeveralCutoffsTests {
  static let rules = [
    PlainRule(sel: [200, 300]), PlainRule(sel: [40], isTyped: false, cutoff: 3, hidden: [[0, 1]]),
    PlainRule(sel: [6, 7], cutoff: 2.2, excluded: [[0, 1]]),
    PlainRule(sel: [9], isTyped: false, cutoff: 2), PlainRule(sel: [1, 2], cutoff: 3.5),
  ]

  @Test(arguments: HardFrame.allCases)
  func `rules with shorter cutoffs take the beginning of one search`(_ hard: HardFrame) {
    let frame = hard.frame, all = frame.plainNeighbors(within: 4)
    let search = NeighborSearch(frame, cutoff: 4), found = FoundNeighbors()
    let fillers = SeveralCutoffsTests.rules.map { SlotFiller($0.rule) }
    for box in 0..<search.boxCount {
      search.forEachCenter(inBox: box, found) { center in
        let type = frame.types[center]
        for (plain, filler) in zip(SeveralCutoffsTests.rules, fillers) {
          filler.fill(center: type, found, types: frame.types, search.images)
          var filled = [PlainNeighbor?](repeating: nil, count: plain.slotCount)
          for k in 0..<filler.count {
            guard let slot = filler.slot(k) else { continue }
            filled[slot] = all[center][k]
            #expect(filler.isPair(k) == !plain.hides(type, filler.type(k)))
          }
          #expect(filled == plain.fill(all[center], center: type))
          #expect(filler.isTruncated == plain.isTooSmall(for: all[center]))
        }
      }
    }
  }

  @Test(arguments: HardFrame.allCases, rules)
  func `a program's lists have the rows of the plain twin`(_ hard: HardFrame, _ plain: PlainRule) {
    let frame = hard.frame, all = frame.plainNeighbors(within: 4), limit = plain.slotCount
    let list = NeighborList(NeighborSearch(frame, cutoff: 4), types: frame.types, limit: limit)
    var pairs = PairList(plain.rule)
    (pairs.constants, pairs.statisticsWidth) = (.emptyAndExcluded, 1)
    pairs.mean = (0..<2 * limit).map { Double($0 / limit) }
    pairs.deviation = pairs.mean
    let rows = ListRows(pairs, list, emptyType: 1)
    for (k, atom) in list.atoms.enumerated() {
      let type = frame.types[atom], filled = plain.fill(all[atom], center: type)
      var found = [PlainNeighbor?](repeating: nil, count: limit), empty = 0.0
      for row in rows.starts[k]..<rows.starts[k + 1] {
        let edge = Int(rows.edges[row]), place = Int(rows.statistics[row])
        if edge >= 0 {
          found[place - type * limit] = all[atom][edge - list.pairs(of: k).lowerBound]
        } else if place >= 0 {
          empty += rows.multiplicities[row]
        }
      }
      #expect(found == filled.map { $0.flatMap { plain.hides(type, $0.type) ? nil : $0 } })
      #expect(empty == Double(filled.count { $0 == nil }))
      #expect(rows.emptySlots[k] == Double(found.count { $0 == nil }))
    }
  }

  @Test(arguments: HardFrame.allCases)
  func `angles are made of the nearest pairs that are closer than their cutoff`(_ hard: HardFrame) {
    let frame = hard.frame, all = frame.plainNeighbors(within: 4)
    let plain = PlainRule(sel: [60], isTyped: false, cutoff: 3.5, hidden: [[0, 0]])
    let list = NeighborList(NeighborSearch(frame, cutoff: 4), types: frame.types, limit: 60)
    // 1.5 Å is a distance in the lattice: those are not closer.
    for (cutoff, count) in [(1.5, 20), (2.7, 8), (3.2, 60)] {
      var pairs = PairList(plain.rule)
      pairs.angles = .inner(cutoff: cutoff, slots: count)
      let rows = ListRows(pairs, list, emptyType: 0), angles = AngleRows(pairs, rows, list)
      var expected: [Int] = []
      for (k, atom) in list.atoms.enumerated() {
        for (n, neighbor) in all[atom].prefix(count).enumerated()
        where neighbor.distance < cutoff && !plain.hides(frame.types[atom], neighbor.type) {
          expected.append(list.pairs(of: k).lowerBound + n)
        }
      }
      #expect(angles.inner.map { Int(rows.edges[Int($0)]) } == expected)
    }
  }
}

/// Moments of environment rows are those of the neighbors that the plain twin sees.
@Test(arguments: HardFrame.allCases, SlotFillerTests.rules)
func `moments are those of slots that the plain twin fills`(_ hard: HardFrame, _ plain: PlainRule) {
  let frame = hard.frame, all = frame.plainNeighbors(within: plain.cutoff)
  let options = SeE2AOptions(
    innerCutoff: 1, outerCutoff: plain.cutoff, slots: plain.sel, neuron: [2], axisWidth: 2)
  var moments = EnvironmentMoments(typeCount: 2), sums = [0.0, 0], counts = [0, 0]
  moments.add(frame, for: options.lists[0], plain.rule)
  for (center, neighbors) in all.enumerated() where frame.types[center] >= 0 {
    let type = frame.types[center]
    for case let neighbor? in plain.fill(neighbors, center: type)
    where !plain.hides(type, neighbor.type) {
      let r = neighbor.distance, u = min(max((r - 1) / (plain.cutoff - 1), 0), 1)
      sums[type] += (1 + u * u * u * (-10 + u * (15 - 6 * u))) / r
    }
    counts[type] += plain.slotCount
  }
  #expect(moments.radial.map(\.count) == counts)
  for type in 0..<2 { #expect(abs(moments.radial[type].sum - sums[type]) <= 1e-11 * sums[type]) }
}

import Atoms
import DeepPotential
import Testing

/// Three atoms on a line, 1.0 and 1.5 Å apart, types 0, 1, 1.
private let line = Frame(
  types: [0, 1, 1], positions: [.zero, SIMD3(1, 0, 0), SIMD3(2.5, 0, 0)], cell: nil)

private func survey(_ frame: Frame, cutoff: Double, system: Int = 0) -> NeighborSurvey {
  var survey = NeighborSurvey(typeCount: 2)
  survey.add(frame, cutoff: cutoff, system: system, index: 7)
  return survey
}

@Test func `a survey finds the largest counts and the closest pair`() {
  let found = survey(line, cutoff: 2)
  #expect(found.largestCounts == [1, 1])
  #expect(found.largestTotal == 2)
  #expect(found.closest == ClosestPair(distance: 1, system: 0, frame: 7, atoms: [0, 1]))
}

@Test func `a neighbor exactly at the cutoff does not count`() {
  #expect(survey(line, cutoff: 2.5).largestCounts == [1, 1])
  #expect(survey(line, cutoff: 2.5.nextUp).largestCounts == [1, 2])
}

@Test func `merged surveys keep the larger counts and the smaller distance`() {
  var near = line
  near.positions[1].x = 0.8
  let both = survey(line, cutoff: 2.6) + survey(near, cutoff: 1.2, system: 3)
  #expect(both.largestCounts == [1, 2])
  #expect(both.closest == ClosestPair(distance: 0.8, system: 3, frame: 7, atoms: [0, 1]))
}

@Test func `recommended slots are a tenth more, rounded up to a multiple of four`() {
  var found = NeighborSurvey(typeCount: 4)
  found.largestCounts = [0, 3, 38, 75]
  // 3.3 -> 3 -> 4, 41.8 -> 41 -> 44, 82.5 -> 82 -> 84: DeePMD-kit drops the fraction first.
  #expect(found.recommendedSlots() == [0, 4, 44, 84])
  #expect(found.recommendedSlots(ratio: 1.5) == [0, 4, 60, 112])
  #expect(found.typesBeyond([0, 4, 37, 80]) == [2])
  // Atoms that are never a neighbor here may be elsewhere.
  found.isPresent = [true, true, true, true]
  #expect(found.recommendedSlots() == [4, 4, 44, 84])
}

@Test func `a survey knows the types that have atoms, neighbors or not`() {
  let lone = Frame(types: [1, -1], positions: [.zero, SIMD3(1, 0, 0)], cell: nil)
  #expect(survey(lone, cutoff: 2).isPresent == [false, true])
  let both = survey(lone, cutoff: 2) + survey(line, cutoff: 2)
  #expect(both.isPresent == [true, true] && both.recommendedSlots() == [4, 4])
}

@Test func `what is within shorter cutoffs stays when a survey of no frames is added`() {
  var found = NeighborSurvey(typeCount: 2, shorterCutoffs: [1.2])
  found.add(line, cutoff: 2, system: 0, index: 0)
  #expect(found.within(1.2).largestTotal == 1)
  let none = NeighborSurvey(typeCount: 2)
  #expect((found + none).nearer == found.nearer && (none + found).nearer == found.nearer)
}

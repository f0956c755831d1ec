/// The order of an atom's neighbors.
extension FoundNeighbors {
  /// Lists the hits in the order in which they were found.
  func list() {
    found.reserve(count)
    distances.reserve(count)
    for i in 0..<count {
      let hit = Int(hits.base[i])
      found.base[i] = candidates.base[hit]
      distances.base[i] = squared.base[hit]
    }
  }

  /// Lists the hits, none of which is farther than `cutoff` from `origin`: nearest first, equal
  /// distances by neighbor, then by displacement.
  func listInOrder(around origin: SIMD3<Double>, cutoff: Double, _ images: PeriodicImages) {
    sortIntoBuckets(cutoff: cutoff)
    let distances = distances.base, order = order.base
    for i in 0..<count {
      // Usually only the hits of one bucket are out of order, often none.
      let distance = distances[i], hit = order[i]
      var k = i
      while k > 0,
        distance < distances[k - 1]
          || (distance == distances[k - 1] && precedes(hit, order[k - 1], origin, images))
      {
        (distances[k], order[k]) = (distances[k - 1], order[k - 1])
        k -= 1
      }
      (distances[k], order[k]) = (distance, hit)
    }
    found.reserve(count)
    for i in 0..<count { found.base[i] = candidates.base[Int(order[i])] }
  }

  /// Sorts the hits into shells of equal volume, about as many as there are hits.
  ///
  /// In matter of even density a shell then has about one hit, so the time is proportional to the
  /// number of hits.
  private func sortIntoBuckets(cutoff: Double) {
    distances.reserve(count)
    for memory in [order, bucketOfHit] { memory.reserve(count) }
    buckets.reserve(count + 1)
    let ends = buckets.base, bucketOfHit = bucketOfHit.base
    ends.update(repeating: 0, count: count + 1)
    let scale = Double(count) / (cutoff * cutoff * cutoff)
    for i in 0..<count {
      let distance = squared.base[Int(hits.base[i])]
      let bucket = min(Int32(distance * distance.squareRoot() * scale), Int32(count - 1))
      bucketOfHit[i] = bucket
      ends[Int(bucket) + 1] += 1
    }
    for k in 0..<count { ends[k + 1] += ends[k] }
    for i in 0..<count {
      let bucket = Int(bucketOfHit[i]), hit = hits.base[i], place = Int(ends[bucket])
      ends[bucket] += 1
      order.base[place] = hit
      distances.base[place] = squared.base[Int(hit)]
    }
  }

  /// Whether candidate `a` comes before `b`, which has the same distance from `origin`.
  private func precedes(
    _ a: Int32, _ b: Int32, _ origin: SIMD3<Double>, _ images: PeriodicImages
  ) -> Bool {
    let (i, j) = (Int(a), Int(b))
    let atoms = (images.atom(candidates.base[i]), images.atom(candidates.base[j]))
    if atoms.0 != atoms.1 { return atoms.0 < atoms.1 }
    let (d, e) = (displacement(of: i, origin), displacement(of: j, origin))
    return d.x != e.x ? d.x < e.x : d.y != e.y ? d.y < e.y : d.z < e.z
  }

  private func displacement(of candidate: Int, _ origin: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(x.base[candidate], y.base[candidate], z.base[candidate]) - origin
  }
}

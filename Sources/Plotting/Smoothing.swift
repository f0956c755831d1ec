/// The mean of the `window` values around each one; nan only if all of them are nan.
///
/// Near the beginning, where curves are steep, the window shrinks so that it stays symmetric; near
/// the end it is cut.
///
/// On a logarithmic axis the mean is the geometric mean of the values above zero.  An even `window`
/// counts as the odd number below it, so that the mean does not lag.
public func smoothed(_ values: [Double], window: Int, _ scale: ScaleKind) -> [Double] {
  let reach = (max(window, 1) - 1) / 2
  if reach == 0 { return values }
  let terms = values.map { value in
    scale == .linear ? value : value > 0 ? logarithm(value) : .nan
  }
  // Each place has a sum of its own, because a running sum would keep the rounding errors of
  // earlier values.
  return terms.indices.map { place in
    var sum = 0.0, count = 0
    let near = min(reach, place)
    for term in terms[place - near...min(place + near, terms.count - 1)] where term.isFinite {
      sum += term
      count += 1
    }
    if count == 0 { return .nan }
    let mean = sum / Double(count)
    return scale == .linear ? mean : exponential(mean)
  }
}

/// The window for `count` values: a fiftieth of them; 1, which smooths nothing, for fewer than 100.
public func smoothingWindow(for count: Int) -> Int { count < 100 ? 1 : count / 50 / 2 * 2 + 1 }

/// The indices of the points that a line on the screen needs: of all points in one pixel column the
/// first, the lowest, the highest and the last, in order.
///
/// `pixels` are the columns of the points, ascending.  The picture does not change.
package func thinned(columns pixels: [Int], _ y: [Double]) -> [Int] {
  var kept: [Int] = [], start = 0
  while start < pixels.count {
    var end = start, low = start, high = start
    while end < pixels.count, pixels[end] == pixels[start] {
      if y[end] < y[low] { low = end }
      if y[end] > y[high] { high = end }
      end += 1
    }
    for place in [start, min(low, high), max(low, high), end - 1] where place != kept.last {
      kept.append(place)
    }
    start = end
  }
  return kept
}

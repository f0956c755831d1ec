/// The passes of row p, in place: products s of query and keys become B, adjoints b of B become
/// those of s, and tangents alike.
extension AttentionGates {
  /// s becomes B.
  @inline(__always)
  func forward(_ p: Int, _ s: Pointer) {
    setWeights(p, s)
    forEachVector { q in
      let (ww, cosine) = gates(p, q)
      put(get(weights + q) * ww * cosine, s + q)
    }
  }

  /// s and sDot become B and BDot: `XDot = (c s)Dot w w + (c s + 20) (w w)Dot`,
  /// `PDot = P (XDot - Σ P XDot)`.
  @inline(__always)
  func tangent(_ p: Int, _ s: Pointer, _ sDot: Pointer) {
    setWeights(p, s)
    let total = logitTangents(p, s, sDot)
    forEachVector { q in
      let weight: V = get(weights + q)
      put(weight * ((get(room + q) as V) - total), room + q)
      putProducts(p, q, s, sDot)
    }
  }

  /// Writes XDot to the room; gives `Σ P XDot`.
  @inline(__always)
  private func logitTangents(_ p: Int, _ s: Pointer, _ sDot: Pointer) -> Scalar {
    var total = V.zero
    forEachVector { q in
      let (ww, cosine) = gates(p, q), (wwDot, cosineDot) = gateTangents(p, q)
      let c = logitFactor(cosine)
      var xDot = (c * get(sDot + q) * ww).addingProduct(moved(s, q, by: c), wwDot)
      if let cDot = logitFactorTangent(cosineDot) { xDot.addProduct(cDot * get(s + q), ww) }
      total.addProduct(get(weights + q), xDot)
      put(xDot, room + q)
    }
    return total.sum()
  }

  /// Writes B and BDot from P and, in the room, PDot.
  @inline(__always)
  private func putProducts(_ p: Int, _ q: Int, _ s: Pointer, _ sDot: Pointer) {
    let (ww, cosine) = gates(p, q), (wwDot, cosineDot) = gateTangents(p, q)
    let weight: V = get(weights + q), a = weight * ww
    let aDot = (get(room + q) * ww).addingProduct(weight, wwDot)
    put(a * cosine, s + q)
    put((aDot * cosine).addingProduct(a, cosineDot), sDot + q)
  }

  /// s becomes B, and b the adjoint `c XBar w w` of s: `PBar = b w w cosine`,
  /// `XBar = P (PBar - Σ P PBar)`.
  @inline(__always)
  func backward(_ p: Int, _ s: Pointer, _ b: Pointer) {
    setWeights(p, s)
    var sums = V.zero
    forEachVector { q in
      let (ww, cosine) = gates(p, q)
      sums.addProduct(get(weights + q), get(b + q) * ww * cosine)
    }
    let total = sums.sum()
    var wSum = V.zero, xSum = V.zero, ySum = V.zero, zSum = V.zero
    forEachVector { q in
      let (ww, cosine) = gates(p, q), weight: V = get(weights + q)
      let aBar = get(b + q) * cosine, c = logitFactor(cosine)
      let xBar = weight * (aBar * ww - total)
      let wwBar = (aBar * weight).addingProduct(xBar, moved(s, q, by: c))
      var cosineBar = get(b + q) * weight * ww
      if let bar = gateAdjoint(xBar * ww, s, q) { cosineBar += bar }
      addEnds(p, q, wwBar, w, to: wBar, &wSum)
      addEnds(p, q, cosineBar, u.x, to: uBar.x, &xSum)
      addEnds(p, q, cosineBar, u.y, to: uBar.y, &ySum)
      addEnds(p, q, cosineBar, u.z, to: uBar.z, &zSum)
      put(weight * ww * cosine, s + q)
      put(c * xBar * ww, b + q)
    }
    wBar[p] += wSum.sum()
    uBar.x[p] += xSum.sum()
    uBar.y[p] += ySum.sum()
    uBar.z[p] += zSum.sum()
  }

  /// The adjoint of a product `x_p x_q`: to row q, and in a sum over all q to row p.
  @inline(__always)
  private func addEnds(
    _ p: Int, _ q: Int, _ productBar: V, _ x: Pointer, to xBar: Pointer, _ sum: inout V
  ) {
    sum.addProduct(productBar, get(x + q))
    put((get(xBar + q) as V).addingProduct(productBar, V(repeating: x[p])), xBar + q)
  }

  /// s, sDot, b and bDot become B, BDot and the adjoint of s with its tangent: the derivative of
  /// `backward`.
  @inline(__always)
  func backwardTangent(
    _ p: Int, _ s: Pointer, _ sDot: Pointer, _ b: Pointer, _ bDot: Pointer
  ) {
    setWeights(p, s)
    let total = logitTangents(p, s, sDot)
    var sums = V.zero, sumDots = V.zero
    forEachVector { q in
      let (ww, cosine) = gates(p, q), (wwDot, cosineDot) = gateTangents(p, q)
      let weight: V = get(weights + q), weightDot = weight * ((get(room + q) as V) - total)
      let aBar = get(b + q) * cosine
      let aBarDot = (get(bDot + q) * cosine).addingProduct(get(b + q), cosineDot)
      let bar = aBar * ww, barDot = (aBarDot * ww).addingProduct(aBar, wwDot)
      sums.addProduct(weight, bar)
      sumDots += (weightDot * bar).addingProduct(weight, barDot)
      put(weightDot, room + q)
      put(bar, b + q)
      put(barDot, bDot + q)
    }
    let sum = sums.sum(), sumDot = sumDots.sum()
    forEachVector { q in
      let (ww, cosine) = gates(p, q), (wwDot, cosineDot) = gateTangents(p, q)
      let weight: V = get(weights + q), above = (get(b + q) as V) - sum
      let xBar = weight * above
      let xBarDot = (get(room + q) * above).addingProduct(weight, (get(bDot + q) as V) - sumDot)
      let c = logitFactor(cosine)
      var sBarDot = c * (xBarDot * ww).addingProduct(xBar, wwDot)
      if let cDot = logitFactorTangent(cosineDot) { sBarDot.addProduct(cDot * xBar, ww) }
      put(c * xBar * ww, b + q)
      put(sBarDot, bDot + q)
      putProducts(p, q, s, sDot)
    }
  }
}

"""A picture of points with names, both axes logarithmic, as SVG."""

import html
import math

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 760, 460, 70, 56, 20, 30
COLORS = ["#0b6e99", "#c4541f", "#3f7d20", "#7a3e9d", "#b08900", "#a3214b", "#444444"]


def ticks(low, high):
    """1, 2 and 5 times powers of ten between two numbers."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [m * 10.0 ** p for p in powers for m in (1, 2, 5) if low <= m * 10.0 ** p <= high]


def scatter(points, across, up):
    """Points (x, y, name) with their names beside them; `across` and `up` name the axes."""
    low_x, high_x = min(x for x, *_ in points) / 1.5, max(x for x, *_ in points) * 1.5
    low_y, high_y = min(y for _, y, _ in points) / 1.3, max(y for _, y, _ in points) * 1.3
    place_x = lambda x: LEFT + (WIDTH - LEFT - RIGHT) * math.log(x / low_x) / math.log(high_x / low_x)
    place_y = lambda y: HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * math.log(y / low_y) / math.log(high_y / low_y)
    text = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    for x in ticks(low_x, high_x):
        text.append(f'<path d="M{place_x(x):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#dddddd"/>')
        text.append(f'<text x="{place_x(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:g}</text>')
    for y in ticks(low_y, high_y):
        text.append(f'<path d="M{LEFT} {place_y(y):.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>')
        text.append(f'<text x="{LEFT - 8}" y="{place_y(y) + 4:.1f}" text-anchor="end">{y:g}</text>')
    text.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{html.escape(across)}</text>')
    text.append(
        f'<text transform="translate(18 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">{html.escape(up)}</text>')
    for (x, y, name), color in zip(sorted(points), COLORS * len(points)):
        left = place_x(x) > WIDTH / 2
        text.append(f'<circle cx="{place_x(x):.1f}" cy="{place_y(y):.1f}" r="6" fill="{color}"/>')
        text.append(
            f'<text x="{place_x(x) + (-11 if left else 11):.1f}" y="{place_y(y) - 9:.1f}" fill="{color}"'
            f' text-anchor="{"end" if left else "start"}">{html.escape(name)}</text>')
    return "\n".join([*text, "</svg>", ""])

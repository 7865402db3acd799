/* Shapes and icons of the types, for the legend as for the canvas. */

const polygon = (n, turn, inner = 1) =>
  Array.from({ length: n }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / n;
    const r = i % 2 && inner < 1 ? inner : 1;
    return [r * Math.sin(angle), -r * Math.cos(angle)];
  });
const OUTLINES = {
  hexagon: polygon(6, Math.PI / 6),
  square: polygon(4, Math.PI / 4).map(([x, y]) => [x * 1.2, y * 1.2]),
  triangle: polygon(3, 0),
  triangleDown: polygon(3, Math.PI),
  diamond: polygon(4, 0),
  star: polygon(10, 0, 0.45),
  burst: polygon(16, 0, 0.62),
};
/** The path of a shape around a point; of one that is not among the outlines, a circle. */
function trace(ctx, shape, x, y, size) {
  const outline = OUTLINES[shape];
  ctx.beginPath();
  if (outline) outline.forEach(([px, py], i) => ctx[i ? "lineTo" : "moveTo"](x + size * px, y + size * py));
  else ctx.arc(x, y, size, 0, 2 * Math.PI);
  ctx.closePath();
}
/** Drawn with a line of width 2.4 in a square of 24. */
const ICONS = {
  STATE: "M7 21V4M7 5h11l-3 4 3 4H7",
  PERSON: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.500 21c0-4 3-7 7.500-7s7.500 3 7.500 7",
  ORGANISATION: "M3 21h18M6 18v-7M12 18v-7M18 18v-7M3 9l9-6 9 6z",
  FORCE: "M5 6l7 5 7-5M5 13l7 5 7-5",
  WEAPON: "M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14M12 2v5M12 17v5M2 12h5M17 12h5",
  PLACE: "M12 21s-6-6.500-6-11a6 6 0 0 1 12 0c0 4.500-6 11-6 11M12 11v-1",
  AGREEMENT: "M7 3h7l4 4v14H7zM10 12h5M10 16h5",
  CONFLICT: "M13 3L6 13h5l-1 8 8-11h-6z",
};
const PATHS = Object.fromEntries(Object.entries(ICONS).map(([k, d]) => [k, new Path2D(d)]));
/** Where in a shape there is room for an icon: size, and how far below the middle, in radii. */
const ROOM = { hexagon: [1.15, 0], dot: [1.2, 0], square: [1.3, 0], triangle: [0.78, 0.22], triangleDown: [0.78, -0.22], diamond: [0.85, 0], star: [0.7, 0.03], burst: [0.85, 0] };
const inkOn = (fill) => {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(fill.slice(i, i + 2), 16));
  return 0.3 * r + 0.59 * g + 0.11 * b > 140 ? "#1c2430" : "#ffffff";
};

function svg(size, ...parts) {
  const out = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [k, v] of Object.entries({ width: size, height: size, viewBox: "-1.25 -1.25 2.5 2.5", "aria-hidden": "true" })) out.setAttribute(k, v);
  for (const [tag, attributes] of parts) {
    const part = document.createElementNS(out.namespaceURI, tag);
    for (const [k, v] of Object.entries(attributes)) part.setAttribute(k, v);
    out.append(part);
  }
  return out;
}
/** The mark of an entity type. */
function typeIcon(key, size = 20) {
  const type = typeOf.get(key) || { shape: "dot", color: "#8a94a3" };
  const outline = OUTLINES[type.shape];
  const base = outline ? ["polygon", { points: outline.map((p) => p.map((c) => c.toFixed(3)).join()).join(" "), fill: type.color }] : ["circle", { r: 1.05, fill: type.color }];
  const [room, down] = ROOM[type.shape] || ROOM.dot;
  const k = room / 24;
  const mark = ICONS[key] && ["path", { d: ICONS[key], fill: "none", stroke: inkOn(type.color), "stroke-width": 2.4, "stroke-linejoin": "round", "stroke-linecap": "round", transform: `translate(${-12 * k} ${-12 * k + down}) scale(${k})` }];
  return svg(size, base, ...(mark ? [mark] : []));
}
const lineIcon = (color, dash) => svg(20, ["path", { d: "M-1.2 0H1.2", stroke: color, "stroke-width": 0.3, fill: "none", ...(dash && { "stroke-dasharray": "0.5 0.35" }) }]);
const ringIcon = (color) => svg(20, ["circle", { r: 0.62, fill: "none", stroke: color, "stroke-width": 0.3 }]);

let dark = false;
const PALETTES = {
  light: { paper: "#fbfaf7", ink: "#1c2430", soft: "#5b6472", halo: "rgba(251,250,247,.92)", pale: "#d5d3cc", ring: "#0b5cad", fact: "#66707f" },
  dark: { paper: "#12161d", ink: "#eef1f6", soft: "#a9b2c0", halo: "rgba(18,22,29,.92)", pale: "#39414e", ring: "#7db4ea", fact: "#9aa4b3" },
};
const palette = () => PALETTES[dark ? "dark" : "light"];
const shade = (pair) => pair[dark ? 1 : 0];
const eventColor = (type) => shade(classColor.get((eventType.get(type) || { class: "other" }).class));
function edgeColor(e) {
  if (e.kind === "fact") return palette().fact;
  return eventColor(e.kind === "event" ? e.types[0][0] : nodes[e.from].type);
}

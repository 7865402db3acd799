/* Labels and icons on the canvas. Labels have the size of the screen, not of the drawing, and the weightier ones keep their
   room: at every zoom as many are shown as fit without touching each other or another node. */

const FACE = '"kg kufi","Noto Sans Arabic","SF Arabic","Segoe UI",Tahoma,"DejaVu Sans",sans-serif';
const MOST = 320; // labels drawn at once
const LEADING_NAMES = 15; // nodes that have a name at any zoom
let placed = null; // {scale, list}: labels in pixels from the drawing's origin, so that they stay when it is moved
let onScreen = []; // those drawn last: {left, top, right, bottom, text}
const wrapped = new Map();
const widths = new Map();
const measure = document.createElement("canvas").getContext("2d");

function forgetLabels() {
  placed = null;
  wrapped.clear();
  network.redraw();
}
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;
/** A label in lines of about 17 letters, three at most. */
function linesOf(id) {
  if (wrapped.has(id)) return wrapped.get(id);
  const out = [""];
  for (let w of nameOf(id).replace(CONTROLS, " ").split(/\s+/).filter(Boolean)) {
    if (w.length > 34) w = Array.from(w).slice(0, 33).join("") + "…";
    if (out.at(-1) && out.at(-1).length + 1 + w.length > 17) out.push(w);
    else out[out.length - 1] = `${out.at(-1)} ${w}`.trim();
  }
  if (out.length > 3) out.splice(2, out.length, out[2] + "…");
  if (shown.folded.get(id)) out[out.length - 1] += ` (+${shown.folded.get(id)})`;
  wrapped.set(id, out);
  return out;
}
function widthOf(text, bold) {
  const key = (bold ? "b" : "n") + text;
  if (!widths.has(key)) {
    measure.font = `${bold ? 600 : 400} 100px ${FACE}`;
    widths.set(key, measure.measureText(text).width / 100);
  }
  return widths.get(key);
}

/** Rectangles in cells, so that each is compared with its neighbours only. */
class Taken {
  constructor() {
    this.cells = new Map();
  }
  each(r, work) {
    for (let x = Math.floor(r.left / 80); x <= Math.floor(r.right / 80); x++)
      for (let y = Math.floor(r.top / 80); y <= Math.floor(r.bottom / 80); y++) if (work(x * 100003 + y)) return true;
    return false;
  }
  free(r, own) {
    return !this.each(r, (k) => (this.cells.get(k) || []).some((o) => o.own !== own && o.left < r.right && r.left < o.right && o.top < r.bottom && r.top < o.bottom));
  }
  add(r) {
    this.each(r, (k) => void (this.cells.has(k) ? this.cells.get(k).push(r) : this.cells.set(k, [r])));
  }
}

function placeLabels(scale) {
  const list = [];
  const taken = new Taken();
  const ids = nodes.map((_, i) => i).filter((i) => shown.node[i]);
  for (const i of ids) {
    const { x, y, size } = place[i];
    const r = size * scale * 0.92;
    taken.add({ left: x * scale - r, right: x * scale + r, top: y * scale - r, bottom: y * scale + r, own: i });
  }
  const strong = (i) => (i === state.node || state.path.includes(i) ? 1e9 : emphasis && emphasis.nodes.has(i) ? 1e6 : 0);
  const rank = new Map(ids.map((i) => [i, strong(i) + weight[i] - (nodes[i].kind === "event" ? 1e3 : 0)]));
  ids.sort((a, b) => rank.get(b) - rank.get(a) || a - b);
  const grow = Math.min(Math.max(Math.pow(scale / 0.6, 0.35), 0.9), 1.5);
  for (const i of ids) {
    if (faded.nodes.has(i)) continue;
    const event = nodes[i].kind === "event";
    if (event && scale < 0.28) continue;
    const big = !event && weight[i] > 11;
    const font = (event ? 11.5 : 12.5 + Math.min(5, Math.sqrt(weight[i]) * 0.8)) * grow;
    const text = linesOf(i);
    const w = Math.max(...text.map((s) => widthOf(s, big))) * font + 10;
    const h = text.length * font * 1.42 + 1;
    const { x, y, size } = place[i];
    const [cx, cy, r] = [x * scale, y * scale, size * scale + 2];
    const d = r * 0.75;
    const spots = [[cx - w / 2, cy + r], [cx - w / 2, cy - r - h], [cx + r + 2, cy - h / 2], [cx - r - 2 - w, cy - h / 2], [cx + d, cy + d], [cx - d - w, cy + d], [cx + d, cy - d - h], [cx - d - w, cy - d - h]];
    let box;
    for (const [left, top] of spots) {
      const b = { left, top, right: left + w, bottom: top + h, own: i };
      if (taken.free(b, i)) {
        box = b;
        break;
      }
    }
    // The weightiest have a name in any case, beside other names if need be over small nodes.
    if (!box && (i === state.node || list.length < LEADING_NAMES)) {
      const [left, top] = spots.find(([x, y]) => !list.some((o) => o.left < x + w && x < o.right && o.top < y + h && y < o.bottom)) || [];
      if (left !== undefined) box = { left, top, right: left + w, bottom: top + h, own: i };
    }
    if (!box) continue;
    box.own = -1;
    taken.add(box);
    list.push({ ...box, x, y, text, font, big, color: event ? "event" : "ink", type: nodes[i].type, id: i });
  }
  for (const e of [...shownEdge.values()].filter((e) => !bulky || edgeSet.get(e.id)).sort((a, b) => (b.happenings || b.claims).length - (a.happenings || a.claims).length)) {
    if (e.kind === "role" || faded.edges.has(e.id)) continue;
    const text = edgeText(e);
    const font = (e.kind === "fact" ? 10.5 : 11.5) * grow;
    const [w, h] = [widthOf(text, false) * font + 6, font * 1.42];
    const [a, b] = [place[e.from], place[e.to]];
    if (Math.hypot(a.x - b.x, a.y - b.y) * scale < w + (a.size + b.size) * scale) continue;
    const line = network.body.edges[e.id];
    if (!line || !line.connected) continue;
    for (const at of [0.5, 0.42, 0.58, 0.34, 0.66]) {
      const p = line.edgeType.getPoint(at);
      const box = { left: p.x * scale - w / 2, right: p.x * scale + w / 2, top: p.y * scale - h / 2, bottom: p.y * scale + h / 2, own: -1 };
      if (!taken.free(box, -2)) continue;
      taken.add(box);
      list.push({ ...box, x: p.x, y: p.y, text: [text], font, big: false, color: e.kind === "fact" ? "soft" : "event", type: e.types[0][0], edge: e.id });
      break;
    }
  }
  return { scale, list, at: performance.now() };
}
/** Labels for a scale. While it changes those of before are moved along, and placed anew when it rests. */
function labelsFor(scale) {
  if (!placed || (placed.scale !== scale && performance.now() - placed.at > 400 && !moving())) placed = placeLabels(scale);
  else if (placed.scale !== scale) rest();
  return placed;
}
const rest = (() => {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      placed = null;
      network.redraw();
    }, 120);
  };
})();
/** How far nodes and their labels reach at a scale, in pixels from the drawing's origin: left, right, top, bottom. */
function extent(scale, ids) {
  const out = [Infinity, -Infinity, Infinity, -Infinity];
  const reach = (l, r, t, b) => (out[0] = Math.min(out[0], l), out[1] = Math.max(out[1], r), out[2] = Math.min(out[2], t), out[3] = Math.max(out[3], b));
  for (const i of ids) {
    const { x, y, size } = place[i];
    reach((x - size) * scale, (x + size) * scale, (y - size) * scale, (y + size) * scale);
  }
  const wanted = ids.length < nodes.length ? new Set(ids) : null;
  for (const l of placeLabels(scale).list) if (l.id !== undefined && (!wanted || wanted.has(l.id))) reach(l.left, l.right, l.top, l.bottom);
  return out;
}

/** The direction that a text runs in: that of its first letter, so that «3000 جندي» begins with its number in English, too. */
function directionOf(text) {
  const letter = /\p{L}/u.exec(text);
  return letter ? (/\p{Script=Arabic}/u.test(letter[0]) ? "rtl" : "ltr") : document.documentElement.dir;
}

/** "send ×2, attack", and how many more. */
function edgeText(e) {
  const parts = e.types.slice(0, 2).map(([key, n]) => word(key) + (n > 1 ? ` ×${n}` : ""));
  return joined(parts) + (e.types.length > 2 ? ` +${e.types.length - 2}` : "");
}

function drawIcons(ctx, scale) {
  for (let i = 0; i < nodes.length; i++) {
    const path = PATHS[nodes[i].type];
    const { x, y, size } = place[i];
    if (!shown.node[i]) continue;
    if (i === state.node || state.path.includes(i) || (hovered && hovered.node === i)) {
      ctx.beginPath();
      ctx.arc(x, y, size + 5 / scale, 0, 2 * Math.PI);
      ctx.lineWidth = 3 / scale;
      ctx.strokeStyle = palette().ring;
      ctx.stroke();
    }
    if (!path || nodes[i].kind === "event" || size * scale < 5.5) continue;
    const own = drawn.nodes[i];
    const [room, down] = ROOM[own.shape] || ROOM.dot;
    const k = (size * room) / 24;
    ctx.save();
    ctx.translate(x - 12 * k, y - 12 * k + size * down);
    ctx.scale(k, k);
    ctx.lineWidth = 2.4;
    ctx.lineJoin = ctx.lineCap = "round";
    ctx.strokeStyle = faded.nodes.has(i) ? palette().paper : inkOn(own.color.background);
    ctx.stroke(path);
    ctx.restore();
  }
}

network.on("afterDrawing", (ctx) => {
  if (!shown) return;
  const scale = network.getScale();
  const ratio = ctx.canvas.width / $("network").clientWidth;
  if (scale > 0.25 && !moving()) drawIcons(ctx, scale);
  labelsFor(scale);
  const { x, y } = network.canvasToDOM({ x: 0, y: 0 });
  const { clientWidth: width, clientHeight: height } = $("network");
  const ink = palette();
  onScreen = [];
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  for (const l of placed.list) {
    const [dx, dy] = [x + l.x * (scale - placed.scale), y + l.y * (scale - placed.scale)];
    const box = { left: l.left + dx, right: l.right + dx, top: l.top + dy, bottom: l.bottom + dy };
    if (box.right < 0 || box.left > width || box.bottom < 0 || box.top > height) continue;
    if (onScreen.length >= (moving() ? 60 : MOST)) break;
    onScreen.push({ ...box, text: l.text.join(" "), node: l.id, edge: l.edge });
    ctx.font = `${l.big ? 600 : 400} ${l.font}px ${FACE}`;
    ctx.lineWidth = 3.5;
    ctx.strokeStyle = ink.halo;
    ctx.fillStyle = l.color === "ink" ? ink.ink : l.color === "soft" ? ink.soft : eventColor(l.type);
    ctx.direction = directionOf(l.text.join(" "));
    l.text.forEach((line, i) => {
      const [tx, ty] = [(box.left + box.right) / 2, box.top + (i + 0.5) * l.font * 1.42 + 0.5];
      ctx.strokeText(line, tx, ty);
      ctx.fillText(line, tx, ty);
    });
  }
  ctx.restore();
});

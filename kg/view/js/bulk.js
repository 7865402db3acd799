/* Large graphs: lines are drawn by colour at once. While the view is moved or zoomed, a picture of lines and nodes stands in for
   them, and they are drawn again when it rests. */

let bulk = []; // {id, x1, y1, x2, y2, group}
let groups = new Map(); // colour and dash -> lines
let layer = null; // the picture: {canvas, left, top, scale}
const LAYER = 2400; // pixels of its longer side, at most

function bulkEdges() {
  if (!bulky) return;
  bulk = [];
  groups = new Map();
  layer = null;
  for (const e of shownEdge.values()) {
    if (edgeSet.get(e.id)) continue;
    const fade = emphasis !== null && !emphasis.edges.has(e.id);
    const a = place[e.from];
    const b = place[e.to];
    const key = fade ? "fade" : edgeColor(e) + (e.uncertain ? " dash" : "");
    if (!groups.has(key)) groups.set(key, { color: fade ? palette().pale : edgeColor(e), dash: e.uncertain && !fade, fade, lines: [] });
    const one = { id: e.id, x1: a.x, y1: a.y, x2: b.x, y2: b.y };
    bulk.push(one);
    groups.get(key).lines.push(one);
  }
  network.redraw();
}

/** Lines that cross a rectangle, one path for each colour. */
function strokeBulk(ctx, scale, box) {
  for (const g of [...groups.values()].sort((a, b) => b.fade - a.fade)) {
    ctx.beginPath();
    for (const l of g.lines) {
      if (box && (Math.max(l.x1, l.x2) < box.left || Math.min(l.x1, l.x2) > box.right || Math.max(l.y1, l.y2) < box.top || Math.min(l.y1, l.y2) > box.bottom)) continue;
      ctx.moveTo(l.x1, l.y1);
      ctx.lineTo(l.x2, l.y2);
    }
    ctx.lineWidth = Math.max(0.8 / scale, 0.5);
    ctx.strokeStyle = g.color;
    ctx.globalAlpha = g.fade ? 0.3 : Math.min(0.45, 20 / Math.sqrt(bulk.length + 1));
    ctx.setLineDash(g.dash ? [7, 5] : []);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
}
function picture() {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const l of bulk) {
    left = Math.min(left, l.x1, l.x2);
    right = Math.max(right, l.x1, l.x2);
    top = Math.min(top, l.y1, l.y2);
    bottom = Math.max(bottom, l.y1, l.y2);
  }
  [left, right, top, bottom] = [left - 50, right + 50, top - 50, bottom + 50];
  const scale = Math.min(LAYER / Math.max(right - left, bottom - top, 1), 1);
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil((right - left) * scale) + 2;
  canvas.height = Math.ceil((bottom - top) * scale) + 2;
  const ctx = canvas.getContext("2d");
  ctx.scale(scale, scale);
  ctx.translate(-left, -top);
  strokeBulk(ctx, scale, null);
  nodes.forEach((_, i) => shown.node[i] && sketch(ctx, i));
  return { canvas, left, top, scale };
}
/** A node as it stands in the picture. */
function sketch(ctx, i) {
  const { x, y, size } = place[i];
  const { color } = looks(i);
  trace(ctx, drawn.nodes[i].shape, x, y, size);
  ctx.fillStyle = color.background;
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = color.border;
  ctx.stroke();
}

let view = "";
let movedAt = -1e9;
let rested = false; // whether vis-network has drawn all nodes once, which tells it where they are to be clicked
let settling;
/** Whether the view has changed a moment ago. */
const moving = () => bulky && rested && performance.now() - movedAt < 140;
if (bulky) {
  const drawNodes = network.renderer._drawNodes.bind(network.renderer);
  network.renderer._drawNodes = (ctx, always) => {
    if (moving()) return { drawExternalLabels() {} };
    rested = true;
    return drawNodes(ctx, always);
  };
}
network.on("beforeDrawing", (ctx) => {
  if (!bulk.length) return;
  const scale = network.getScale();
  const at = network.getViewPosition();
  const now = [scale, at.x, at.y].join();
  if (now !== view) {
    view = now;
    movedAt = performance.now();
    clearTimeout(settling);
    settling = setTimeout(() => network.redraw(), 160);
  }
  layer = layer || picture();
  if (moving()) {
    ctx.imageSmoothingQuality = "low";
    ctx.drawImage(layer.canvas, layer.left, layer.top, layer.canvas.width / layer.scale, layer.canvas.height / layer.scale);
  } else {
    const a = network.DOMtoCanvas({ x: 0, y: 0 });
    const b = network.DOMtoCanvas({ x: $("network").clientWidth, y: $("network").clientHeight });
    strokeBulk(ctx, scale, { left: a.x, top: a.y, right: b.x, bottom: b.y });
  }
});

/** The line drawn in bulk that is nearest to a point of the window, within a few pixels. */
function bulkAt(point) {
  const p = network.DOMtoCanvas(point);
  let best;
  let least = 6 / network.getScale();
  for (const l of bulk) {
    const [dx, dy] = [l.x2 - l.x1, l.y2 - l.y1];
    const t = Math.min(Math.max(((p.x - l.x1) * dx + (p.y - l.y1) * dy) / (dx * dx + dy * dy || 1), 0), 1);
    const d = Math.hypot(p.x - l.x1 - t * dx, p.y - l.y1 - t * dy);
    if (d < least) [least, best] = [d, l.id];
  }
  return best;
}

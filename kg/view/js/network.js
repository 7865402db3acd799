/* vis-network with what is visible. Lines of large graphs are drawn by bulk.js. */

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const animation = still ? false : { duration: 450, easingFunction: "easeInOutQuad" };
const place = drawn.nodes.map((n) => ({ x: n.x, y: n.y, size: n.size }));
/** More lines than these are drawn in bulk. */
const BULK = 500;
const bulky = edges.length > BULK;

const faded = { nodes: new Set(), edges: new Set() };
let shown = null; // what `visible` gave
let shownEdge = new Map(); // id -> line as drawn
let hovered = null; // {node} or {edge}

/** vis-network draws every shape of ours but the burst. */
function burst({ ctx, x, y, style }) {
  const r = style.size;
  return {
    drawNode() {
      trace(ctx, "burst", x, y, r);
      ctx.fillStyle = style.color;
      ctx.fill();
      ctx.lineWidth = style.borderWidth;
      ctx.strokeStyle = style.borderColor;
      ctx.stroke();
    },
    nodeDimensions: { width: 2 * r, height: 2 * r },
  };
}
function looks(id) {
  const own = drawn.nodes[id];
  const event = nodes[id].kind === "event";
  const fade = faded.nodes.has(id);
  const fill = event ? palette().paper : fade ? palette().pale : own.color.background;
  const border = event ? (fade ? palette().pale : eventColor(nodes[id].type)) : palette().paper;
  const strong = { background: fill, border: event ? border : palette().ring };
  return { id, color: { background: fill, border, highlight: strong, hover: strong } };
}
function edgeLooks(e) {
  const fade = faded.edges.has(e.id);
  const color = fade ? palette().pale : edgeColor(e);
  const own = typeof e.id === "number" ? drawn.edges[e.id] : drawn.edges[e.parts[0]];
  const width = e.kind === "event" ? 2.2 + 1.1 * Math.log2(Math.max(e.happenings.length, 1)) : own.width;
  const bend = e.bend !== undefined ? e.bend : typeof e.id === "number" && own.smooth ? (own.smooth.type === "curvedCW" ? 1 : -1) * own.smooth.roundness : e.kind === "event" && typeof e.id !== "number" ? 0.12 : 0;
  return {
    id: e.id, from: e.from, to: e.to, width, arrows: own.arrows || "", dashes: e.uncertain ? [7, 5] : false,
    color: { color, highlight: color, hover: color, opacity: fade ? 0.35 : e.kind === "event" ? 0.9 : 0.65, inherit: false },
    smooth: Math.abs(bend) > 0.01 ? { enabled: true, type: bend > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(bend) } : false,
  };
}

const nodeSet = new vis.DataSet(drawn.nodes.map((n, id) => ({ ...n, label: undefined, ...(n.shape === "burst" && { shape: "custom", ctxRenderer: burst }), ...looks(id) })));
const hiddenNow = nodes.map(() => false);
const edgeSet = new vis.DataSet();
const network = new vis.Network($("network"), { nodes: nodeSet, edges: edgeSet }, drawn.options);
const passingClaims = (ids) => ids.filter((c) => shown.pass.claim[c]);
const passingHappenings = (ids) => ids.filter((h) => shown.pass.happening[h]);
const isShown = (id) => Boolean(shown && shown.node[id]);

/** Bring the drawing up to what is visible: only what changes is touched. */
function draw(next) {
  shown = next;
  const changed = [];
  next.node.forEach((v, id) => hiddenNow[id] === v && changed.push({ id, hidden: (hiddenNow[id] = !v) }));
  if (changed.length) nodeSet.update(changed);
  shownEdge = new Map(next.edge.map((e) => [e.id, e]));
  emphasise();
  forgetLabels();
}

function syncEdges() {
  const wanted = bulky ? [...shownEdge.values()].filter((e) => emphasis && emphasis.edges.has(e.id) && emphasis.edges.size < 300) : [...shownEdge.values()];
  const ids = new Set(wanted.map((e) => e.id));
  const gone = edgeSet.getIds().filter((id) => !ids.has(id));
  if (gone.length) edgeSet.remove(gone);
  const changes = [];
  for (const e of wanted) {
    const looks = edgeLooks(e);
    const sign = JSON.stringify(looks);
    const old = edgeSet.get(e.id);
    if (!old || old.sign !== sign) changes.push({ ...looks, sign });
  }
  if (changes.length) edgeSet.update(changes);
  bulkEdges();
}

// Emphasis: what is selected stays clear, the rest fades. ----------------------------------------------------------------

let emphasis = null;
function wantedEmphasis() {
  if (state.path.length === 2) return pathEmphasis();
  if (state.edge !== null) {
    const ids = [...shownEdge.values()].filter((e) => e.parts.includes(state.edge));
    if (ids.length) return { nodes: new Set(ids.flatMap((e) => [e.from, e.to])), edges: new Set(ids.map((e) => e.id)) };
  }
  if (state.node !== null && isShown(shown.owner[state.node])) {
    const node = shown.owner[state.node];
    const out = { nodes: new Set([node]), edges: new Set() };
    const lines = lineIndex();
    for (const e of lines.get(node) || []) {
      const m = farEnd(e, node);
      out.edges.add(e.id);
      out.nodes.add(m);
      // The way goes on through small event nodes, which stand for a line.
      if (nodes[m].kind === "event") for (const k of lines.get(m) || []) out.edges.add(k.id), out.nodes.add(k.from), out.nodes.add(k.to);
    }
    return out;
  }
  return null;
}
/** The other end of a line as drawn. */
const farEnd = (e, node) => (e.from === node ? e.to : e.from);
function lineIndex() {
  const out = new Map();
  for (const e of shownEdge.values()) for (const n of new Set([e.from, e.to])) out.has(n) ? out.get(n).push(e) : out.set(n, [e]);
  return out;
}
function emphasise() {
  emphasis = wantedEmphasis();
  placed = null;
  const before = faded.nodes;
  faded.nodes = new Set(emphasis ? nodes.map((_, i) => i).filter((i) => shown.node[i] && !emphasis.nodes.has(i)) : []);
  faded.edges = new Set(emphasis ? [...shownEdge.keys()].filter((id) => !emphasis.edges.has(id)) : []);
  const changed = nodes.map((_, i) => i).filter((i) => before.has(i) !== faded.nodes.has(i));
  if (changed.length) nodeSet.update(changed.map(looks));
  syncEdges();
  network.setSelection({ nodes: state.node !== null && isShown(shown.owner[state.node]) ? [shown.owner[state.node]] : [], edges: [] }, { highlightEdges: false });
}
function recolour() {
  nodeSet.update(nodes.map((_, i) => looks(i)));
  syncEdges();
  network.redraw();
}

// Views -------------------------------------------------------------------------------------------------------------------

/** The part of the window that nothing lies on, in pixels from its edges. */
function margins() {
  const area = $("network").getBoundingClientRect();
  const out = { left: 20, right: 20, top: 20, bottom: 20 };
  const [legend, panel] = [$("legend"), $("panel")].map((e) => (e.hidden ? null : e.getBoundingClientRect()));
  for (const side of [legend, panel]) {
    if (!side || area.width <= 720) continue;
    if (side.left + side.width / 2 > area.left + area.width / 2) out.right += area.right - side.left;
    else out.left += side.right - area.left;
  }
  if (panel && area.width <= 720) out.bottom += area.bottom - panel.top;
  else if (!$("timeline").hidden) out.bottom += area.bottom - $("timeline").getBoundingClientRect().top;
  return out;
}
/** How far the middle of the free part lies from that of the window. */
const offsetOf = (m) => ({ x: (m.left - m.right) / 2, y: (m.top - m.bottom) / 2 });
function fit(how, ids = nodes.map((_, i) => i).filter(isShown)) {
  if (!ids.length || $("network").clientWidth < 50) return;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const id of ids) {
    const { x, y, size } = place[id];
    left = Math.min(left, x - size);
    right = Math.max(right, x + size);
    top = Math.min(top, y - size);
    bottom = Math.max(bottom, y + size);
  }
  const m = margins();
  const { width, height } = $("network").getBoundingClientRect();
  const free = { x: Math.max(width - m.left - m.right, 60), y: Math.max(height - m.top - m.bottom, 60) };
  let scale = Math.min(free.x / Math.max(right - left, 1), free.y / Math.max(bottom - top, 1), 1.5);
  // Labels have the size of the screen: how far they reach beyond the nodes is known when the scale is.
  for (let i = 0; i < 3; i++) {
    const box = extent(scale, ids);
    [left, right, top, bottom] = box.map((v) => v / scale);
    scale = Math.max(0.02, Math.min(scale * Math.min(free.x / (box[1] - box[0]), free.y / (box[3] - box[2])), 1.5));
  }
  network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale, offset: offsetOf(m), animation: how });
  if (!how) placed = null;
}
/** What the page opens with: all of it, on a small screen the part of which most is told. */
function start() {
  const all = nodes.map((_, i) => i).filter(isShown);
  if (innerWidth > 720 || all.length < 30 || state.focus !== null) fit(false);
  else {
    const first = all.reduce((a, b) => (weight[b] > weight[a] ? b : a));
    const lines = edges.map((_, i) => shownEdge.has(i));
    fit(false, [...near(first, 1, lines)].filter(isShown));
  }
}
const zoom = (factor) => network.moveTo({ scale: Math.min(Math.max(network.getScale() * factor, 0.02), 6), animation });

/** Bring a node into the free part of the window, if it is not there. */
function reveal(id) {
  const m = margins();
  const { width, height } = $("network").getBoundingClientRect();
  const at = network.canvasToDOM(place[id]);
  const inside = at.x > m.left + 30 && at.x < width - m.right - 30 && at.y > m.top + 30 && at.y < height - m.bottom - 30;
  if (inside && network.getScale() > 0.45) return;
  network.moveTo({ position: place[id], scale: Math.max(network.getScale(), 0.9), offset: offsetOf(m), animation });
}

/** Move what was clicked out from under the panel that the click has opened. */
function uncover(at) {
  if ($("panel").hidden) return;
  const [area, panel] = [$("network"), $("panel")].map((e) => e.getBoundingClientRect());
  const [x, y] = [at.x + area.left, at.y + area.top];
  if (x < panel.left || x > panel.right || y < panel.top || y > panel.bottom) return;
  const m = margins();
  network.moveTo({ position: network.DOMtoCanvas(at), offset: offsetOf(m), scale: network.getScale(), animation });
}

/** Bring both ends of a line into the free part of the window, if they are not there. */
function revealEdge(e) {
  const m = margins();
  const { width, height } = $("network").getBoundingClientRect();
  const inside = [e.from, e.to].map((id) => network.canvasToDOM(place[id])).every((at) => at.x > m.left && at.x < width - m.right && at.y > m.top && at.y < height - m.bottom);
  if (!inside) fit(animation, [e.from, e.to]);
}

network.on("click", ({ nodes: [node], event, pointer }) => {
  hideTip();
  const edge = node === undefined ? edgeAt(pointer.DOM) : undefined;
  if (node !== undefined) select({ node, extend: event.srcEvent && event.srcEvent.shiftKey });
  else if (edge !== undefined) select({ edge });
  if (node !== undefined || edge !== undefined) uncover(pointer.DOM);
  else select({});
});
network.on("doubleClick", ({ nodes: [node] }) => node !== undefined && update({ folded: toggled(state.folded, node) }));
network.on("dragEnd", ({ nodes: ids }) => {
  for (const id of ids) Object.assign(place[id], network.getPosition(id));
  forgetLabels();
  bulkEdges();
});

/** The line at a point of the window: vis-network's, or one drawn in bulk. */
function edgeAt(point) {
  const found = network.getEdgeAt(point);
  return found !== undefined ? found : bulky ? bulkAt(point) : undefined;
}

/** Select a node or a line (an id as drawn), or nothing. */
function select({ node, edge, extend } = {}) {
  if (node !== undefined) {
    if (state.path.length === 1 && state.path[0] !== node) update({ path: [state.path[0], node], node, edge: null });
    else if (extend && state.node !== null && state.node !== node) update({ path: [state.node, node], node, edge: null });
    else update({ node, edge: null, path: state.path.length === 2 && !state.path.includes(node) ? [] : state.path });
  } else if (edge !== undefined) {
    const e = shownEdge.get(edge);
    happeningOpen = e && typeof e.id === "string" && e.id.startsWith("s") ? e.happenings[0] : null;
    update({ edge: e ? e.parts[0] : edge, node: null, path: [] });
    if (happeningOpen !== null) renderPanel();
  } else update({ node: null, edge: null, path: [] });
}
/** Go to a node, whatever hides it. */
function goTo(node) {
  const change = { view: "graph", node, edge: null, path: state.path.length === 1 ? state.path : [] };
  const n = nodes[node];
  if (n.kind === "entity") change.offTypes = state.offTypes.filter((t) => t !== n.type);
  if (central && !central.has(node)) change.rest = true;
  if (state.focus !== null && !isShown(node)) change.focus = null;
  update(change);
  if (state.path.length === 1 && state.path[0] !== node) update({ path: [state.path[0], node] });
  reveal(shown.owner[node]);
}

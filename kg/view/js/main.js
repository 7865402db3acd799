/* Puts the parts together: what is shown follows from the state. */

let lastVisible = "";
function render() {
  const filters = JSON.stringify({ ...state, view: 0, document: 0, edge: 0, node: state.node !== null && shown && !isShown(state.node) ? state.node : 0, path: state.path.length === 2 && shown && state.path.every(isShown) ? 0 : state.path });
  if (filters !== lastVisible) {
    lastVisible = filters;
    draw(visible(state));
  } else emphasise();
  for (const v of VIEWS) {
    $("view-" + v).hidden = state.view !== v;
    $("tab-" + v).setAttribute("aria-selected", String(state.view === v));
    $("tab-" + v).tabIndex = state.view === v ? 0 : -1;
  }
  if (state.view === "document") renderDocument();
  if (state.view === "table") renderTable();
  renderLegend();
  renderPanel();
  renderTimeline();
  renderNotes();
  $("undo").disabled = !past.length;
  $("states").setAttribute("aria-pressed", String(state.states));
  $("counts").replaceChildren(...["documents", "entities", "events", "facts"].map((k) => el("span", {}, t(k) + ": ", el("b", {}, data.counts[k].toLocaleString("en")))));
  network.redraw();
}
function renderNotes() {
  const part = central && !state.rest;
  $("part").hidden = !part;
  if (part) $("part").replaceChildren(t("central", central.size.toLocaleString("en"), nodes.length.toLocaleString("en")), " ", el("button", { type: "button", id: "show-rest", class: "link", onclick: () => { update({ rest: true }); fit(animation); } }, t("show_rest")));
}
function setDark(to, remember) {
  dark = to;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  $("dark").setAttribute("aria-pressed", String(dark));
  if (remember) remembered.set("dark", dark ? "yes" : "no");
  if (shown) {
    recolour();
    render();
  }
}

const CLICKS = {
  undo, share, png, print: () => print(), csv: saveCsv, help: showHelp, filters: () => toggleLegend(),
  language: () => setLanguage(lang === "ar" ? "en" : "ar"), dark: () => setDark(!dark, true),
  "zoom-in": () => zoom(1.3), "zoom-out": () => zoom(1 / 1.3), fit: () => fit(animation), states: () => update({ states: !state.states }),
  reset: () => { update({ ...START, view: state.view }); fit(animation); },
  physics: () => setPhysics($("physics").getAttribute("aria-pressed") !== "true"),
};
for (const [id, work] of Object.entries(CLICKS)) $(id).addEventListener("click", work);
for (const v of VIEWS) $("tab-" + v).addEventListener("click", () => update({ view: v }));
$("tabs").addEventListener("keydown", (event) => {
  const step = { ArrowLeft: lang === "ar" ? 1 : -1, ArrowRight: lang === "ar" ? -1 : 1 }[event.key];
  if (!step) return;
  const next = VIEWS[(VIEWS.indexOf(state.view) + step + VIEWS.length) % VIEWS.length];
  update({ view: next });
  $("tab-" + next).focus();
});

/** Nodes that push each other about, for those who like it; never at the start, since places are computed beforehand. */
function setPhysics(on) {
  $("physics").setAttribute("aria-pressed", String(on));
  network.setOptions({ physics: on ? { enabled: true, solver: "forceAtlas2Based", stabilization: false, forceAtlas2Based: { gravitationalConstant: -60, springLength: 110 } } : { enabled: false } });
  if (on) follow();
}
function follow() {
  if ($("physics").getAttribute("aria-pressed") !== "true") return;
  for (const [id, at] of Object.entries(network.getPositions())) if (!(nodeSet.get(Number(id)) || {}).hidden) Object.assign(place[id], at);
  placed = null;
  setTimeout(follow, 60);
}

const preference = matchMedia("(prefers-color-scheme: dark)");
setDark(remembered.get("dark") ? remembered.get("dark") === "yes" : preference.matches, false);
preference.addEventListener("change", (event) => remembered.get("dark") || setDark(event.matches, false));
translate();
buildTimeline();
toggleLegend(innerWidth > 720);
document.activeElement?.blur?.();
$("physics").hidden = nodes.length > 300;
$("empty").hidden = nodes.length > 0;
state = parse(location.hash.slice(1));
render();
start();
let lastSize = "";
new ResizeObserver(once(() => {
  const size = `${$("network").clientWidth} ${$("network").clientHeight}`;
  if (size !== lastSize && $("network").clientWidth > 50) start();
  lastSize = size;
})).observe($("network"));
document.fonts.ready.then(() => {
  widths.clear();
  forgetLabels();
});
Promise.all(["400", "600"].map((w) => document.fonts.load(`${w} 16px "kg kufi"`, "روسيا Rus"))).then(() => {
  widths.clear();
  forgetLabels();
});

// For tests and for the curious: what is drawn and where, to read only.
const toWindow = (p) => {
  const box = $("network").getBoundingClientRect();
  const { x, y } = network.canvasToDOM(p);
  return { x: x + box.left, y: y + box.top };
};
Object.defineProperty(window, "kg", {
  value: Object.freeze({
    nodes: nodes.length,
    edges: edges.length,
    fold,
    /** Where the middle of an edge is on the screen. */
    edgePoint: (id) => {
      const line = network.body.edges[id];
      return toWindow(line ? line.edgeType.getPoint(0.5) : { x: (place[edges[id].from].x + place[edges[id].to].x) / 2, y: (place[edges[id].from].y + place[edges[id].to].y) / 2 });
    },
    nodePoint: (id) => toWindow(place[id]),
    hidden: (id) => !isShown(id),
    label: nameOf,
    /** Labels drawn last: rectangles in the window of the drawing. */
    labels: () => onScreen.map((l) => ({ ...l })),
    lines: () => [...shownEdge.keys()],
    state: () => JSON.parse(JSON.stringify(state)),
    emphasis: () => (emphasis ? { nodes: [...emphasis.nodes], edges: [...emphasis.edges] } : null),
    view: () => ({ ...network.getViewPosition(), scale: network.getScale() }),
    moveTo: (x, y, scale) => network.moveTo({ position: { x, y }, scale, animation: false }),
  }),
});

/* All of it by keyboard. Letters count where they stand on the keyboard, so that they work while it writes Arabic. */

const KEYS = [
  ["/", "k_search"], ["← ↑ → ↓", "k_move"], ["Enter", "k_open"], ["[  ]", "k_edges"], ["+  −  0", "k_zoom"], ["F", "k_focus"], ["C", "k_collapse"], ["P", "k_path"], ["G", "k_states"],
  ["1  2  3", "k_tabs"], ["M", "k_legend"], ["T", "k_play"], ["Ctrl Z", "k_undo"], ["L", "k_language"], ["D", "k_dark"], ["S  Shift P", "k_export"], ["Esc", "k_escape"], ["?", "k_help"],
];
function showHelp() {
  const dialog = $("help-dialog");
  dialog.replaceChildren(el("button", { class: "close", type: "button", "aria-label": t("close"), onclick: () => dialog.close() }, "×"), el("h2", { id: "help-title" }, t("help")),
    el("dl", {}, ...KEYS.flatMap(([keys, what]) => [el("dt", { dir: "ltr" }, ...keys.split("  ").flatMap((k, i) => [i ? " " : "", el("kbd", {}, k)])), el("dd", {}, t(what))])));
  dialog.showModal();
}

/** The node that lies nearest in a direction; lines lead first. */
function neighbour(from, dx, dy) {
  const here = place[from];
  const linked = new Set((lineIndex().get(from) || []).flatMap((e) => [e.from, e.to]));
  let best = null;
  let least = Infinity;
  for (let i = 0; i < nodes.length; i++) {
    if (i === from || !isShown(i)) continue;
    const [x, y] = [place[i].x - here.x, place[i].y - here.y];
    const along = x * dx + y * dy;
    if (along <= 0) continue;
    const aside = Math.abs(x * dy - y * dx);
    if (aside > along * 1.6) continue;
    const cost = (along + 2 * aside) * (linked.has(i) ? 0.5 : 1);
    if (cost < least) [least, best] = [cost, i];
  }
  return best;
}
const heaviest = () => nodes.map((_, i) => i).filter(isShown).reduce((a, b) => (a === null || weight[b] > weight[a] ? b : a), null);
function moveBy(dx, dy) {
  const from = state.node !== null && isShown(state.node) ? state.node : null;
  const to = from === null ? heaviest() : neighbour(from, dx, dy);
  if (to === null) return;
  // While a path is begun, arrows look for its other end without choosing it.
  update({ node: to, edge: null, path: state.path.length === 1 ? state.path : [] }, from !== null);
  reveal(to);
  $("spoken").textContent = `${nameOf(to)} — ${word(nodes[to].type)} — ${t("relations")}: ${around[to].length}`;
}
function nextEdge(step) {
  const at = state.node ?? (state.edge !== null ? edges[state.edge].from : null);
  if (at === null) return;
  const list = around[at].filter((e) => shownEdge.has(e));
  if (!list.length) return;
  const now = list.indexOf(state.edge);
  const edge = list[(now + step + list.length) % list.length];
  select({ edge });
  revealEdge(edges[edge]);
  $("spoken").textContent = `${edgeText(shownEdge.get(edge))}: ${nameOf(edges[edge].from)}, ${nameOf(edges[edge].to)}`;
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LETTERS = {
  KeyF: () => state.node !== null && (update({ focus: state.focus === state.node ? null : state.node, depth: 1 }), fit(animation)),
  KeyC: () => state.node !== null && update({ folded: toggled(state.folded, state.node) }),
  KeyP: () => state.node !== null && (state.path.length === 1 && state.path[0] !== state.node ? update({ path: [state.path[0], state.node] }) : update({ path: [state.node] })),
  KeyG: () => update({ states: !state.states }),
  KeyM: () => toggleLegend(),
  KeyT: () => !$("timeline").hidden && (playing === null ? play() : stop()),
  KeyL: () => setLanguage(lang === "ar" ? "en" : "ar"),
  KeyD: () => setDark(!dark, true),
  KeyS: png,
  Digit1: () => update({ view: "graph" }), Digit2: () => update({ view: "document" }), Digit3: () => update({ view: "table" }),
  Digit0: () => fit(animation), Numpad0: () => fit(animation),
  BracketLeft: () => nextEdge(-1), BracketRight: () => nextEdge(1),
  Equal: () => zoom(1.3), NumpadAdd: () => zoom(1.3), Minus: () => zoom(1 / 1.3), NumpadSubtract: () => zoom(1 / 1.3),
};
document.addEventListener("keydown", (event) => {
  if ($("help-dialog").open) return;
  const writing = event.target.closest("input:not([type=range]), select, textarea");
  if ((event.ctrlKey || event.metaKey) && event.code === "KeyZ" && !writing) {
    event.preventDefault();
    undo();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (state.node !== null || state.edge !== null || state.path.length) select({});
    else if (state.focus !== null) update({ focus: null });
    hideTip();
    return;
  }
  if (writing) return;
  const onGraph = $("network").contains(event.target) || event.target === document.body;
  let done = true;
  if (event.key === "?") showHelp();
  else if (event.key === "/" || (event.code === "Slash" && !event.shiftKey)) $("search").focus(), $("search").select();
  else if (event.shiftKey && event.code === "KeyP") print();
  else if (event.key in ARROWS && onGraph && state.view === "graph") moveBy(...ARROWS[event.key]);
  else if (event.key === "Enter" && onGraph && state.view === "graph") {
    if (state.path.length === 1 && state.node !== null && state.node !== state.path[0]) update({ path: [state.path[0], state.node] });
    if (!$("panel").hidden) $("panel").focus();
  } else if (event.code in LETTERS && !(event.shiftKey && event.code !== "Equal")) LETTERS[event.code]();
  else done = false;
  if (done) event.preventDefault();
});

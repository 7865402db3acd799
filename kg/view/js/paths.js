/* The shortest paths between two nodes, over what is shown. */

/** All nodes and lines on a shortest path; small nodes of events are no steps. Null if there is none. */
function pathsBetween(a, b) {
  const lines = lineIndex();
  const steps = new Map([[a, 0]]);
  let wave = [a];
  while (wave.length && !steps.has(b)) {
    const next = [];
    for (const n of wave)
      for (const e of lines.get(n) || []) {
        const m = farEnd(e, n);
        if (!steps.has(m)) steps.set(m, steps.get(n) + 1), next.push(m);
      }
    wave = next;
  }
  if (!steps.has(b)) return null;
  const out = { nodes: new Set([b]), edges: new Set(), steps: steps.get(b), first: [] };
  let back = [b];
  while (back.length) {
    const next = [];
    for (const n of back)
      for (const e of lines.get(n) || []) {
        const m = farEnd(e, n);
        if (steps.get(m) !== steps.get(n) - 1) continue;
        out.edges.add(e.id);
        if (!out.nodes.has(m)) out.nodes.add(m), next.push(m);
      }
    back = next;
  }
  for (let n = b; n !== a; ) {
    const e = lines.get(n).find((e) => out.edges.has(e.id) && steps.get(farEnd(e, n)) === steps.get(n) - 1);
    out.first.unshift(e);
    n = farEnd(e, n);
  }
  return out;
}
const pathEnds = () => state.path.map((n) => shown.owner[n]);
function pathEmphasis() {
  const [a, b] = pathEnds();
  return pathsBetween(a, b) || { nodes: new Set([a, b]), edges: new Set() };
}
function pathPanel() {
  const stop = action(t("cancel"), () => update({ path: [] }), { "data-do": "cancel" });
  if (state.path.length === 1) return [el("h2", {}, t("path_from")), el("p", { role: "status" }, t("path_pick", nameOf(state.path[0]))), el("div", { class: "actions" }, stop)];
  const [a, b] = pathEnds();
  const found = pathsBetween(a, b);
  const title = el("h2", { class: "title" }, named(a), el("span", { class: "arrow", "aria-hidden": "true" }, "⋯"), named(b));
  if (!found) return [title, el("p", { role: "status" }, t("no_path")), el("div", { class: "actions" }, stop)];
  const list = [...found.edges].map((id) => shownEdge.get(id));
  const first = new Set(found.first.map((e) => e.id));
  list.sort((x, y) => first.has(y.id) - first.has(x.id));
  return [title, el("p", { role: "status" }, `${t("path")}: ${t("path_length", found.steps)}`), el("div", { class: "actions" }, stop),
    ...[...found.first, ...list.filter((e) => !first.has(e.id))].map((e) => (typeof e.id === "number" ? relation(e.id) : el("div", { class: "relation" }, chip(edgeText(e), edgeColor(e)), " ", edgeTitle(e, "span"))))];
}

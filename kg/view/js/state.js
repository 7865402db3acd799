/* What the page shows, as one value: every change goes through `update`, can be undone and stands in the address. */

const VIEWS = ["graph", "document", "table"];
const START = Object.freeze({
  view: "graph", document: null, node: null, edge: null,
  offTypes: [], offEvents: [], offSources: [], offDocuments: [], offStances: [], facts: true, min: 0, from: null, until: null,
  focus: null, depth: 1, path: [], folded: [], spread: [], states: false, lonely: false, rest: false,
});
let state = { ...START };
const past = [];

/** Change some of the state. `keep`: no step of its own for undo (a slider that is still moving). */
function update(change, keep = false) {
  const next = { ...state, ...change };
  if (JSON.stringify(next) === JSON.stringify(state)) return;
  if (!keep) past.push(state);
  if (past.length > 200) past.shift();
  state = next;
  write();
  render();
}
/** A slider: however far it is moved, that is one step for undo. `change` is given what `keep` of `update` is. */
function slider(input, change) {
  let start = null; // the state before it was moved
  input.addEventListener("input", () => {
    start = start || state;
    input.dataset.moving = "yes";
    change(state !== start);
  });
  input.addEventListener("change", () => {
    start = null;
    delete input.dataset.moving;
  });
  return input;
}
function undo() {
  if (!past.length) return;
  state = past.pop();
  write();
  render();
}
const toggled = (list, item) => (list.includes(item) ? list.filter((i) => i !== item) : [...list, item]);

const NODES = new Set(["node", "focus", "path", "folded"]);
const EDGES = new Set(["edge", "spread"]);
const DOCUMENTS = new Set(["document", "offDocuments"]);

/** The state as a fragment; nodes and edges by their keys, so that a link holds when the page is made anew. */
function fragment() {
  const out = new URLSearchParams();
  for (const [key, value] of Object.entries(state)) {
    if (JSON.stringify(value) === JSON.stringify(START[key])) continue;
    const key_of = NODES.has(key) ? (i) => nodes[i].key : EDGES.has(key) ? (i) => edgeKey[i] : DOCUMENTS.has(key) ? (i) => documents[i].id : (v) => v;
    for (const v of Array.isArray(value) ? value : [value]) out.append(key, key_of(v));
  }
  return out.toString();
}
const documentById = new Map(documents.map((d, i) => [d.id, i]));

/** The state that a fragment tells; what cannot be is left out, since anybody may have written it. */
function parse(text) {
  const out = { ...START };
  for (const [key, value] of new URLSearchParams(text)) {
    if (!Object.hasOwn(START, key)) continue;
    const found = NODES.has(key) ? nodeByKey.get(value) : EDGES.has(key) ? edgeByKey.get(value) : DOCUMENTS.has(key) ? documentById.get(value) : value;
    if (found === undefined) continue;
    if (Array.isArray(START[key])) out[key] = [...out[key], found];
    else if (typeof START[key] === "boolean") out[key] = found === "true";
    else if (typeof START[key] === "number") out[key] = Math.min(Math.max(Number(found) || 0, 0), key === "min" ? 1 : 9);
    else if (key === "from" || key === "until") out[key] = /^\d{4}-\d\d-\d\d$/.test(found) ? found : null;
    else if (key !== "view" || VIEWS.includes(found)) out[key] = found;
  }
  if (out.path.length !== 2) out.path = out.path.slice(0, 1);
  return out;
}
function write() {
  const text = fragment();
  try {
    history.replaceState(null, "", text ? "#" + text : location.href.split("#")[0]);
  } catch {
    /* A page inside a notebook has no address of its own. */
  }
}
addEventListener("hashchange", () => {
  const next = parse(location.hash.slice(1));
  if (JSON.stringify(next) === JSON.stringify(state)) return;
  past.push(state);
  state = next;
  render();
});

/* What of the graph is shown, from the state alone. */

/** Which claims and happenings pass the filters. */
function passing(s) {
  const off = { types: new Set(s.offTypes), events: new Set(s.offEvents), sources: new Set(s.offSources), documents: new Set(s.offDocuments), stances: new Set(s.offStances) };
  const claim = claims.map((c) => !off.documents.has(c.document) && !off.sources.has(sourceOf(c)) && !off.stances.has(stanceOf(c)) && (c.confidence ?? 1) >= s.min);
  const timed = s.from !== null || s.until !== null;
  const happening = happenings.map((h) => {
    if (off.events.has(h.type)) return false;
    if (timed && !(h.days && (s.until === null || h.days[0] <= s.until) && (s.from === null || h.days[1] >= s.from))) return false;
    return h.claims.some((c) => claim[c]);
  });
  return { off, claim, happening, timed };
}

/** The nodes of the most central part, where the graph is too large to open whole. */
const central = data.central ? new Set(data.central) : null;

/** Nodes within some steps of one; a small node of an event is no step of its own. */
function near(start, depth, lines) {
  const found = new Set([start]);
  let edge = [start];
  for (let step = 0; step < depth; step++) {
    const next = [];
    const reach = (n) => {
      for (const e of around[n]) {
        const m = otherEnd(e, n);
        if (!lines[e] || found.has(m)) continue;
        found.add(m);
        if (nodes[m].kind === "event") reach(m);
        else next.push(m);
      }
    };
    edge.forEach(reach);
    edge = next;
  }
  return found;
}

/** {node: shown?, edge: lines to draw, folded: node -> how many stand behind it, count: happening -> shown?} */
function visible(s) {
  const pass = passing(s);
  const type = nodes.map((n) => n.kind === "event" || !pass.off.types.has(n.type));
  let line = edges.map((e) => type[e.from] && type[e.to] && (e.kind === "fact" ? s.facts && !pass.timed && e.claims.some((c) => pass.claim[c]) : e.happenings.some((h) => pass.happening[h])));
  const part = central && !s.rest ? central : null;
  const shown = nodes.map((n, i) => {
    if (part && !part.has(i)) return false;
    if (n.kind === "event") return n.happenings.some((h) => pass.happening[h]) && (!around[i].length || around[i].some((e) => line[e]));
    return type[i] && (around[i].length ? around[i].some((e) => line[e]) : s.lonely);
  });
  for (const i of [s.node, s.focus, ...s.path]) if (i !== null && i !== undefined && type[i]) shown[i] = true;
  line = line.map((l, i) => l && shown[edges[i].from] && shown[edges[i].to]);
  if (part) line = mostTold(line);
  if (s.focus !== null) {
    const kept = near(s.focus, s.depth, line);
    shown.forEach((v, i) => (shown[i] = v && kept.has(i)));
  }
  const owner = nodes.map((_, i) => i); // what a node is drawn as
  if (s.states) nodes.forEach((n, i) => n.state && shown[n.state - 1] && (owner[i] = n.state - 1));
  const folded = new Map();
  for (const f of s.folded) {
    if (!shown[f]) continue;
    for (const leaf of leaves(f, line, shown)) if (owner[leaf] === leaf) owner[leaf] = f;
  }
  owner.forEach((o, i) => shown[i] && o !== i && folded.set(o, (folded.get(o) || 0) + (nodes[i].kind === "entity" ? 1 : 0)));
  const wanted = shown.map((v, i) => v && owner[i] === i);
  return { node: wanted, edge: bundles(s, line, shown, owner, pass), folded, pass, owner };
}

/** A page that shows a part of a graph shows no more lines than it can draw while it is moved. */
function mostTold(line) {
  const on = line.reduce((n, l) => n + l, 0);
  if (on <= data.most_edges) return line;
  const told = edges.map((e, i) => [(e.happenings || e.claims).length * Math.sqrt(weight[e.from] + weight[e.to]), i]).filter(([, i]) => line[i]);
  told.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  const kept = new Set(told.slice(0, data.most_edges).map(([, i]) => i));
  return line.map((l, i) => l && kept.has(i));
}

/** What hangs on a node alone. */
function leaves(root, line, shown) {
  const out = new Set();
  for (const e of around[root]) {
    const m = otherEnd(e, root);
    if (!line[e] || !shown[m] || m === root) continue;
    const beyond = around[m].filter((k) => line[k]).map((k) => otherEnd(k, m)).filter((k) => k !== root && k !== m);
    if (!beyond.length) out.add(m);
    else if (nodes[m].kind === "event" && beyond.every((k) => around[k].every((j) => !line[j] || otherEnd(j, k) === m || otherEnd(j, k) === root))) [m, ...beyond].forEach((k) => out.add(k));
  }
  return out;
}

/** The lines as drawn: some spread out to one for each happening, some moved to the node that stands for their end. */
function bundles(s, line, shown, owner, pass) {
  const out = [];
  const merged = new Map();
  const spread = new Set(s.spread);
  edges.forEach((e, i) => {
    if (!line[i] || !shown[e.from] || !shown[e.to]) return;
    const [from, to] = [owner[e.from], owner[e.to]];
    if (from === to && e.from !== e.to) return;
    const mine = e.happenings && e.happenings.filter((h) => pass.happening[h]);
    if (from !== e.from || to !== e.to) {
      const key = ["g", e.mutual ? Math.min(from, to) : from, e.mutual ? Math.max(from, to) : to, e.kind, e.class || "", e.uncertain ? 1 : 0].join(" ");
      if (!merged.has(key)) merged.set(key, { ...e, id: key, from, to, parts: [], happenings: e.happenings && [], claims: e.claims && [] });
      const m = merged.get(key);
      m.parts.push(i);
      if (mine) m.happenings = [...new Set([...m.happenings, ...mine])];
      else m.claims = [...new Set([...m.claims, ...e.claims])];
    } else if (spread.has(i) && mine && mine.length > 1) {
      mine.forEach((h, k) => out.push({ ...e, id: `s ${i} ${h}`, parts: [i], happenings: [h], types: [[happenings[h].type, 1]], bend: (k - (mine.length - 1) / 2) * 0.22 }));
    } else out.push({ ...e, id: i, parts: [i], happenings: mine });
  });
  for (const m of merged.values()) out.push(m);
  for (const e of out) e.types = e.kind === "role" ? e.types : counted(e.kind === "fact" ? e.claims.filter((c) => pass.claim[c]).map((c) => claims[c].type) : e.happenings.map((h) => happenings[h].type), e.types);
  return out;
}
function counted(types, otherwise) {
  const count = new Map();
  for (const t of types) count.set(t, (count.get(t) || 0) + 1);
  const out = [...count].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return out.length ? out : otherwise;
}

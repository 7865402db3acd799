/* The page's behaviour. All data comes from texts that anybody may have written: it reaches the page by textContent and by
   the canvas only. The page's policy forbids innerHTML and everything like it, so a slip would be an error, not a hole. */
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const $ = (id) => document.getElementById(id);

  /** An element with attributes and children; strings become text. */
  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (name === "color") node.style.backgroundColor = value;
      else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
    return node;
  }
  /** Words from a text, kept from turning the line around them. */
  const quoted = (text, tag = "bdi", attributes = {}) => el(tag, { dir: "auto", ...attributes }, String(text));

  // Shapes, for the legend as for the canvas. -------------------------------------------------------------------------

  const polygon = (n, turn, inner = 1) =>
    Array.from({ length: n }, (_, i) => {
      const angle = turn + (2 * Math.PI * i) / n;
      const r = i % 2 && inner < 1 ? inner : 1;
      return [r * Math.sin(angle), -r * Math.cos(angle)];
    });
  const OUTLINES = {
    hexagon: polygon(6, Math.PI / 6),
    square: polygon(4, Math.PI / 4, 1).map(([x, y]) => [x * 1.2, y * 1.2]),
    triangle: polygon(3, 0),
    triangleDown: polygon(3, Math.PI),
    diamond: polygon(4, 0),
    star: polygon(10, 0, 0.45),
    burst: polygon(16, 0, 0.62),
  };

  function icon(shape, color, line) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [k, v] of Object.entries({ width: 18, height: 18, viewBox: "-1.25 -1.25 2.5 2.5", "aria-hidden": "true" })) svg.setAttribute(k, v);
    const round = !(shape in OUTLINES) && shape !== "line";
    const mark = document.createElementNS(svg.namespaceURI, round ? "circle" : shape === "line" ? "path" : "polygon");
    if (round) mark.setAttribute("r", line ? 0.6 : 0.95);
    else if (shape === "line") mark.setAttribute("d", "M-1.2 0H1.2");
    else mark.setAttribute("points", OUTLINES[shape].map((p) => p.map((c) => c.toFixed(3)).join()).join(" "));
    mark.setAttribute("fill", line && round ? "#fcfbf8" : shape === "line" ? "none" : color);
    if (line) {
      mark.setAttribute("stroke", color);
      mark.setAttribute("stroke-width", line.width);
      if (line.dash) mark.setAttribute("stroke-dasharray", line.dash);
    }
    svg.append(mark);
    return svg;
  }

  const faded = new Set(); // "n" or "e" and a number: the nodes and edges outside of what is selected
  const PALE = "#d5d3cc";
  /** vis-network draws every shape of ours but the burst. */
  function burst({ ctx, id, x, y, state: { selected, hover }, style, label }) {
    const outline = OUTLINES.burst;
    const r = style.size;
    return {
      drawNode() {
        ctx.beginPath();
        outline.forEach(([px, py], i) => ctx[i ? "lineTo" : "moveTo"](x + r * px, y + r * py));
        ctx.closePath();
        ctx.fillStyle = style.color;
        ctx.fill();
        ctx.lineWidth = style.borderWidth;
        ctx.strokeStyle = selected || hover ? "#1c2430" : style.borderColor;
        ctx.stroke();
      },
      drawExternalLabel() {
        const font = data.network.options.nodes.font;
        const size = fontSize.get(label) || font.size;
        ctx.font = `${size}px ${font.face}`;
        ctx.textAlign = "center";
        ctx.textBaseline = "top";
        ctx.lineWidth = font.strokeWidth;
        ctx.lineJoin = "round";
        ctx.strokeStyle = font.strokeColor;
        ctx.fillStyle = faded.has("n" + id) ? PALE : font.color;
        (label || "").split("\n").forEach((line, i) => {
          ctx.strokeText(line, x, y + r + 2 + i * size * 1.1);
          ctx.fillText(line, x, y + r + 2 + i * size * 1.1);
        });
      },
      nodeDimensions: { width: 2 * r, height: 2 * r },
    };
  }
  const fontSize = new Map();

  const options = data.network.options;
  for (const node of data.network.nodes) {
    if (node.shape === "burst") {
      fontSize.set(node.label, node.font.size);
      Object.assign(node, { shape: "custom", ctxRenderer: burst });
    }
  }
  const nodes = new vis.DataSet(data.network.nodes);
  const edges = new vis.DataSet(data.network.edges);
  const network = new vis.Network($("network"), { nodes, edges }, options);
  const type = new Map(data.types.map((t) => [t.key, t]));
  const eventType = new Map(data.events.map((t) => [t.key, t]));
  const around = data.nodes.map(() => []);
  data.edges.forEach((e, i) => {
    around[e.from].push(i);
    if (e.to !== e.from) around[e.to].push(i);
  });

  // Evidence ----------------------------------------------------------------------------------------------------------

  function sentence(claim, limit) {
    const text = data.sentences[claim.sentence] || "";
    // Offsets count code points, as in Python.
    const points = Array.from(text);
    let [start, end] = claim.mark || [0, 0];
    let from = 0;
    let to = points.length;
    if (limit && points.length > limit) {
      from = Math.max(0, Math.min(start - limit / 2, points.length - limit)) | 0;
      to = Math.min(points.length, from + limit);
      while (from > 0 && points[from - 1] !== " " && start - from < limit) from--;
      while (to < points.length && points[to] !== " ") to++;
    }
    const part = (a, b) => points.slice(a, b).join("");
    return el("blockquote", { dir: "rtl", lang: "ar" },
      from > 0 && "… ",
      ...(claim.mark ? [part(from, start), el("mark", {}, part(start, end)), part(end, to)] : [part(from, to)]),
      to < points.length && " …");
  }

  const chip = (text, color) => (color ? el("span", { class: "chip", color }, text) : el("span", { class: "chip plain" }, text));

  function origin(claim) {
    const d = data.documents[claim.document];
    const facts = [quoted(d.title || d.id)];
    if (d.published) facts.push(quoted(d.published, "time", { dir: "ltr" }));
    if (d.source && d.source !== d.title) facts.push(quoted(d.source));
    return [
      claim.says && el("p", { class: "origin says" }, words.says + ": ", ...claim.says.map((s, i) => [i ? "، " : "", quoted(s)]).flat()),
      el("p", { class: "origin" }, ...facts.map((f, i) => [i ? " · " : "", f]).flat()),
    ];
  }

  function claimCard(claim, color, options = {}) {
    const kinds = [chip(claim.type, color)];
    if (claim.role) kinds.push(chip(words.role + ": " + claim.role));
    if (claim.office) kinds.push(el("span", { class: "chip plain" }, words.office + ": ", quoted(claim.office)));
    for (const s of claim.stance || []) kinds.push(chip(s));
    if (!options.brief && claim.confidence !== undefined && claim.confidence < 1) kinds.push(chip(`${words.confidence}: ${Math.round(claim.confidence * 100)}%`));
    return el("article", { class: "claim" }, el("div", { class: "kind" }, kinds), sentence(claim, options.limit), origin(claim));
  }

  const colorOf = (id) => data.network.edges[id].color.color;
  const nameOf = (id) => {
    const n = data.nodes[id];
    return n.kind === "event" ? el("span", {}, n.label + (n.count > 1 ? ` ×${n.count}` : "")) : quoted(n.label);
  };

  /** "Russia ← attack ← Ukraine", in the reading direction. */
  function edgeTitle(id, tag = "div") {
    const e = data.edges[id];
    const flows = e.kind === "role" && data.network.edges[id].arrows.from;
    const [a, b] = flows ? [e.to, e.from] : [e.from, e.to];
    return el(tag, { class: "title" }, nameOf(a), el("span", { class: "arrow", "aria-hidden": "true" }, e.directed ? "←" : "↔"), nameOf(b));
  }

  const claimColor = (id, claim) => {
    const e = data.edges[id];
    if (e.kind !== "event") return colorOf(id);
    const t = data.events.find((t) => t.label === claim.type);
    return t ? t.color : colorOf(id);
  };

  function edgeTip(id) {
    const e = data.edges[id];
    const shown = e.claims.slice(0, 2);
    const rest = e.claims.length - shown.length;
    return [edgeTitle(id), ...shown.map((c) => claimCard(c, claimColor(id, c), { brief: true, limit: 280 })),
      rest > 0 && el("p", { class: "more" }, `+${rest} · ${words.more}`)];
  }

  function nodeTip(id) {
    const n = data.nodes[id];
    if (n.kind === "event") return [el("div", { class: "title" }, nameOf(id)), ...n.claims.slice(0, 2).map((c) => claimCard(c, data.network.nodes[id].color.border, { brief: true, limit: 280 }))];
    const t = type.get(n.type);
    return [el("div", { class: "title" }, icon(t.shape, t.color), quoted(n.label), chip(t.label)),
      n.english && quoted(n.english, "div", { class: "origin" }), n.quantity && quoted(n.quantity, "div", { class: "origin" })];
  }

  // Tooltip -----------------------------------------------------------------------------------------------------------

  const tooltip = $("tooltip");
  const mouse = { x: 0, y: 0 };
  $("network").addEventListener("pointermove", (event) => {
    const box = $("network").getBoundingClientRect();
    mouse.x = event.clientX - box.left;
    mouse.y = event.clientY - box.top;
    if (!tooltip.hidden) placeTip();
  });
  function placeTip() {
    const area = $("network").getBoundingClientRect();
    const { offsetWidth: w, offsetHeight: h } = tooltip;
    const x = mouse.x - w - 18 > 6 ? mouse.x - w - 18 : Math.min(mouse.x + 18, area.width - w - 6);
    const y = mouse.y + 16 + h < area.height - 6 ? mouse.y + 16 : mouse.y - h - 16;
    tooltip.style.left = `${Math.max(6, x)}px`;
    tooltip.style.top = `${Math.max(6, Math.min(y, area.height - h - 6))}px`;
  }
  function tip(content) {
    tooltip.replaceChildren(...content.filter(Boolean));
    tooltip.hidden = false;
    placeTip();
  }
  const untip = () => {
    tooltip.hidden = true;
  };
  network.on("hoverEdge", ({ edge }) => tip(edgeTip(edge)));
  network.on("hoverNode", ({ node }) => tip(nodeTip(node)));
  network.on("blurEdge", untip);
  network.on("blurNode", untip);
  network.on("dragStart", untip);
  network.on("zoom", untip);
  $("network").addEventListener("pointerleave", untip);

  // Panel -------------------------------------------------------------------------------------------------------------

  const panel = $("panel");
  function openPanel(...content) {
    panel.replaceChildren(el("button", { class: "close", type: "button", "aria-label": words.close, onclick: () => select() }, "×"), ...content.flat().filter(Boolean));
    panel.hidden = false;
    panel.scrollTop = 0;
    untip();
  }
  const term = (name, ...value) => [el("dt", {}, name), el("dd", {}, ...value)];

  function edgePanel(id) {
    const e = data.edges[id];
    openPanel(edgeTitle(id, "h2"), el("h3", {}, `${words.evidence}: ${e.claims.length}`), ...e.claims.map((c) => claimCard(c, claimColor(id, c))));
  }

  function relation(id) {
    const e = data.edges[id];
    const labels = e.types.map((t) => t.label + (t.count > 1 ? ` ×${t.count}` : "")).join("، ");
    const details = el("details", { class: "relation" }, el("summary", {}, chip(labels, colorOf(id)), " ", edgeTitle(id, "span")));
    // Hubs have hundreds of claims: they are written when somebody looks.
    details.addEventListener("toggle", () => details.childElementCount === 1 && details.append(...e.claims.map((c) => claimCard(c, claimColor(id, c)))), { once: true });
    return details;
  }

  function nodePanel(id) {
    const n = data.nodes[id];
    if (n.kind === "event") {
      openPanel(el("h2", {}, nameOf(id)), el("h3", {}, `${words.evidence}: ${n.claims.length}`),
        ...n.claims.map((c) => claimCard(c, data.network.nodes[id].color.border)), relations(id));
      return;
    }
    const t = type.get(n.type);
    const about = [
      n.quantity && term(words.quantity, quoted(n.quantity)),
      n.aliases && term(words.aliases, ...n.aliases.map((a, i) => [i ? "، " : "", quoted(a)]).flat()),
      n.same && term(words.possibly_same, ...n.same.map((s, i) => [i ? "، " : "", el("button", { class: "link", type: "button", title: words.possibly_same_why, onclick: () => visit(s.node) }, quoted(data.nodes[s.node].label))]).flat()),
      n.qid && /^Q[1-9][0-9]*$/.test(n.qid) && term(words.wikidata, el("a", { href: "https://www.wikidata.org/wiki/" + n.qid, target: "_blank", rel: "noopener noreferrer" }, n.qid)),
      term(words.mentioned_in, ...(n.documents || []).map((d, i) => [i ? "، " : "", quoted(data.documents[d].title || data.documents[d].id)]).flat()),
    ];
    openPanel(el("h2", {}, quoted(n.label)),
      el("div", { class: "title" }, icon(t.shape, t.color), chip(t.label), n.english && quoted(n.english, "span", { class: "origin" })),
      el("dl", {}, about.flat().filter(Boolean)), relations(id));
  }
  const relations = (id) => [
    around[id].length > 0 && el("h3", {}, `${words.relations}: ${around[id].length}`),
    ...around[id].slice().sort((a, b) => data.edges[b].claims.length - data.edges[a].claims.length || a - b).map(relation),
  ];

  // Selection: the neighbourhood stays clear, the rest fades. ----------------------------------------------------------

  function emphasise(keepNodes, keepEdges) {
    const ink = options.nodes.font.color;
    const changes = { nodes: [], edges: [] };
    data.network.nodes.forEach((n) => {
      const fade = keepNodes && !keepNodes.has(n.id);
      if (fade === faded.has("n" + n.id)) return;
      faded[fade ? "add" : "delete"]("n" + n.id);
      changes.nodes.push({ id: n.id, opacity: fade ? 0.18 : 1, font: { ...n.font, color: fade ? PALE : n.font.color || ink, strokeWidth: fade ? 0 : options.nodes.font.strokeWidth } });
    });
    data.network.edges.forEach((e) => {
      const fade = keepEdges && !keepEdges.has(e.id);
      if (fade === faded.has("e" + e.id)) return;
      faded[fade ? "add" : "delete"]("e" + e.id);
      changes.edges.push({ id: e.id, color: { ...e.color, opacity: fade ? 0.08 : e.color.opacity }, font: { ...e.font, color: fade ? "rgba(0,0,0,0)" : (e.font || {}).color, strokeWidth: fade ? 0 : options.edges.font.strokeWidth } });
    });
    nodes.update(changes.nodes);
    edges.update(changes.edges);
  }

  function select({ node, edge } = {}) {
    if (node !== undefined) {
      const near = new Set([node]);
      const lines = new Set(around[node]);
      // The way goes on through small event nodes, which stand for a line.
      for (const i of around[node]) {
        const other = data.edges[i].from === node ? data.edges[i].to : data.edges[i].from;
        near.add(other);
        if (data.nodes[other].kind === "event") around[other].forEach((j) => (lines.add(j), near.add(data.edges[j].from), near.add(data.edges[j].to)));
      }
      network.selectNodes([node], false);
      emphasise(near, lines);
      nodePanel(node);
    } else if (edge !== undefined) {
      network.setSelection({ nodes: [], edges: [edge] });
      emphasise(new Set([data.edges[edge].from, data.edges[edge].to]), new Set([edge]));
      edgePanel(edge);
    } else {
      network.unselectAll();
      emphasise(null, null);
      panel.hidden = true;
    }
  }
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const animation = still ? false : { duration: 450, easingFunction: "easeInOutQuad" };
  function visit(node) {
    if (data.network.nodes[node].hidden || nodes.get(node).hidden) show(node);
    network.focus(node, { scale: Math.max(network.getScale(), 0.9), animation, offset: { x: panel.hidden || innerWidth < 720 ? 0 : 200, y: 0 } });
    select({ node });
  }
  network.on("click", ({ nodes: [node], edges: [edge] }) => select(node !== undefined ? { node } : { edge }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) select();
    else if (event.key === "/" && document.activeElement !== search && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      search.focus();
    }
  });

  // Legend and filters ------------------------------------------------------------------------------------------------

  const off = { types: new Set(), events: new Set(), facts: false };
  function filter() {
    const gone = data.nodes.map((n) => (n.kind === "event" ? off.events.has(n.type) : off.types.has(n.type)));
    const lines = data.edges.map((e) => gone[e.from] || gone[e.to] || (e.kind === "fact" ? off.facts : e.events.every((t) => off.events.has(t))));
    // An event whose participants are all hidden has nothing to stand by.
    data.nodes.forEach((n, i) => {
      if (n.kind === "event" && around[i].length && around[i].every((j) => lines[j])) gone[i] = true;
    });
    nodes.update(gone.map((hidden, id) => ({ id, hidden })).filter((n) => Boolean(nodes.get(n.id).hidden) !== n.hidden));
    edges.update(lines.map((hidden, id) => ({ id, hidden })).filter((e) => Boolean(edges.get(e.id).hidden) !== e.hidden));
  }
  function show(node) {
    off.types.delete(data.nodes[node].type);
    document.querySelectorAll("#legend [data-type]").forEach((b) => b.setAttribute("aria-pressed", String(!off.types.has(b.dataset.type))));
    filter();
  }
  function toggle(set, key) {
    return (event) => {
      const pressed = event.currentTarget.getAttribute("aria-pressed") !== "true";
      set[pressed ? "delete" : "add"](key);
      event.currentTarget.setAttribute("aria-pressed", String(pressed));
      filter();
    };
  }
  const row = (mark, text, count, attributes) =>
    el(attributes ? "button" : "div", { class: "row", ...(attributes && { type: "button", "aria-pressed": "true" }), ...attributes }, mark, el("span", {}, text), count !== undefined && el("span", { class: "count" }, String(count)));
  const group = (name, open, ...rows) => el("details", { open }, el("summary", {}, name), ...rows);
  const wide = innerWidth > 720;
  const facts = data.counts.facts;
  const loose = data.nodes.filter((n) => n.kind === "event");
  const unsure = loose.filter((n) => n.claims.every((c) => c.stance)).length;
  $("legend").append(
    group(words.entity_types, wide, ...data.types.map((t) => row(icon(t.shape, t.color), t.label, t.count, { "data-type": t.key, onclick: toggle(off.types, t.key) }))),
    group(words.line_classes, wide,
      ...data.classes.map((c) => row(icon("line", c.color, { width: 0.3 }), c.label, c.count)),
      facts > 0 && row(icon("line", "#8b95a5", { width: 0.16 }), words.fact, facts, {
        onclick: (event) => {
          off.facts = !off.facts;
          event.currentTarget.setAttribute("aria-pressed", String(!off.facts));
          filter();
        },
      }),
      loose.length > 0 && row(icon("dot", "#566070", { width: 0.3 }), words.event_node, loose.length),
      unsure > 0 && row(icon("dot", "#566070", { width: 0.3, dash: "0.45 0.3" }), words.uncertain_event, unsure)),
    data.events.length > 0 && group(words.event_types, false, ...data.events.map((t) => row(icon("line", t.color, { width: 0.3 }), t.label, t.count, { onclick: toggle(off.events, t.key) }))),
  );
  $("counts").append(...["documents", "entities", "events", "facts"].map((k) => el("span", {}, words[k] + ": ", el("b", {}, String(data.counts[k])))));
  const zoom = (factor) => () => network.moveTo({ scale: network.getScale() * factor, animation });
  const tool = (sign, label, onclick) => el("button", { type: "button", title: label, "aria-label": label, onclick }, sign);
  /** The whole picture in the space that the legend leaves. Labels are measured by their size, as they may be wider than the node. */
  function fit(how) {
    const boxes = nodes.getIds({ filter: (n) => !n.hidden }).map((id) => network.getBoundingBox(id));
    if (!boxes.length) return;
    const side = (name, pick) => pick(...boxes.map((b) => b[name]));
    const [left, right, top, bottom] = [side("left", Math.min), side("right", Math.max), side("top", Math.min), side("bottom", Math.max)];
    const area = $("network").getBoundingClientRect();
    const margin = 24;
    const legend = wide ? area.right - $("legend").getBoundingClientRect().left : 0;
    const scale = Math.min((area.width - legend - 2 * margin) / (right - left), (area.height - 2 * margin) / (bottom - top), 1.4);
    network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale, offset: { x: -legend / 2, y: 0 }, animation: how });
  }
  $("tools").append(tool("+", words.zoom_in, zoom(1.3)), tool("−", words.zoom_out, zoom(1 / 1.3)), tool("⤢", words.fit, () => fit(animation)));
  $("empty").hidden = data.nodes.length > 0;
  $("hint").hidden = data.edges.length === 0;

  // Search ------------------------------------------------------------------------------------------------------------

  const UNIFIED = { "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ی": "ي", "ؤ": "و", "ة": "ه", "ھ": "ه", "ہ": "ه", "ک": "ك", "گ": "ك", "ڤ": "ف", "پ": "ب", "چ": "ج", "ژ": "ز", "ء": "" };
  /** A key equal for spellings that differ in what writers vary: the same as `kg.text.fold`. */
  function fold(text) {
    return text
      .replace(/[\ufb50-\ufdff\ufe70-\ufefc]/g, (c) => c.normalize("NFKC"))
      .replace(/ا\u0653|ا\u0654|ا\u0655/g, "ا").replace(/و\u0654/g, "و").replace(/[يى]\u0654/g, "ي")
      .replace(/[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u200b-\u200f\u202a-\u202e\u2060-\u2069\u00ad\ufeff\u061c]/g, "")
      .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (d) => String(d.charCodeAt(0) & 15))
      .replace(/./gsu, (c) => UNIFIED[c] ?? c)
      .replace(/[^\p{L}\p{N}_%]+/gu, " ").trim().toLowerCase();
  }
  const entries = data.nodes.map((n, id) => ({ id, n, keys: [n.label, n.english, ...(n.aliases || [])].filter(Boolean).map(fold) })).filter((e) => e.n.kind === "entity");
  const search = $("search");
  const results = $("results");
  let at = -1;
  function find() {
    const wanted = fold(search.value);
    at = -1;
    const rank = (e) => Math.min(...e.keys.map((k) => (k === wanted ? 0 : k.startsWith(wanted) ? 1 : k.includes(" " + wanted) ? 2 : k.includes(wanted) ? 3 : 9)));
    const found = wanted ? entries.map((e) => [rank(e), -around[e.id].length, e]).filter(([r]) => r < 9).sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2].id - b[2].id).slice(0, 12) : [];
    results.replaceChildren(...found.map(([, , e], i) => {
      const t = type.get(e.n.type);
      return el("li", { role: "option", id: "result-" + i, "aria-selected": "false", "data-node": e.id, onpointerdown: (event) => (event.preventDefault(), choose(e.id)) }, icon(t.shape, t.color), quoted(e.n.label), e.n.english && quoted(e.n.english, "small"));
    }));
    if (wanted && !found.length) results.append(el("li", { class: "nothing" }, words.nothing_found));
    results.hidden = !wanted;
    search.setAttribute("aria-expanded", String(!results.hidden));
    mark(found.length ? 0 : -1);
  }
  function mark(i) {
    const options = results.querySelectorAll("[role=option]");
    options.forEach((o, j) => o.setAttribute("aria-selected", String(i === j)));
    at = i;
    if (i >= 0) search.setAttribute("aria-activedescendant", "result-" + i);
    else search.removeAttribute("aria-activedescendant");
  }
  function choose(id) {
    results.hidden = true;
    search.setAttribute("aria-expanded", "false");
    visit(id);
  }
  search.addEventListener("input", find);
  search.addEventListener("focus", find);
  search.addEventListener("blur", () => (results.hidden = true));
  search.addEventListener("keydown", (event) => {
    const options = [...results.querySelectorAll("[role=option]")];
    if (event.key === "Escape") search.blur();
    if (!options.length || results.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark((at + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length);
      options[at].scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && at >= 0) choose(Number(options[at].dataset.node));
  });

  fit(false);
  // For tests and for the curious: what is drawn and where, to read only.
  const toDOM = (p) => {
    const box = $("network").getBoundingClientRect();
    const { x, y } = network.canvasToDOM(p);
    return { x: x + box.left, y: y + box.top };
  };
  Object.defineProperty(window, "kg", {
    value: Object.freeze({
      nodes: data.nodes.length,
      edges: data.edges.length,
      fold,
      /** Where the middle of an edge is on the screen. */
      edgePoint: (id) => toDOM(network.body.edges[id].edgeType.getPoint(0.5)),
      nodePoint: (id) => toDOM(network.getPosition(id)),
      hidden: (id) => Boolean(nodes.get(id).hidden),
      label: (id) => data.nodes[id].label,
    }),
  });
})();

/* Claims and happenings as they are read: who says it, in which words, where. */

const chip = (text, color) => el("span", { class: color ? "chip" : "chip plain", ...(color && { color }) }, text);

/** A sentence with its trigger and its participants marked. Offsets count code points, as in Python. */
function sentenceOf(claim, limit) {
  const points = Array.from(sentences[claim.sentence] || "");
  const marks = [...(claim.args || []).map(([a, b, n]) => [a, b, n]), ...(claim.mark ? [[...claim.mark, -1]] : [])].sort((a, b) => a[0] - b[0]);
  let [from, to] = [0, points.length];
  const start = claim.mark ? claim.mark[0] : 0;
  if (limit && points.length > limit) {
    from = Math.max(0, Math.min(start - limit / 2, points.length - limit)) | 0;
    to = Math.min(points.length, from + limit);
    while (from > 0 && points[from - 1] !== " " && start - from < limit) from--;
    while (to < points.length && points[to] !== " ") to++;
  }
  const out = [from > 0 && "… "];
  let at = from;
  for (const [a, b, n] of marks) {
    if (a < at || b > to) continue;
    out.push(points.slice(at, a).join(""));
    const text = points.slice(a, b).join("");
    out.push(n < 0 ? el("mark", {}, text) : el("span", { class: "argument", color: (typeOf.get(nodes[n].type) || {}).color, title: nameOf(n) }, text));
    at = b;
  }
  out.push(points.slice(at, to).join(""), to < points.length && " …");
  return el("blockquote", { dir: "rtl", lang: "ar" }, out);
}

function originOf(claim) {
  const d = documents[claim.document];
  const facts = [quoted(d.title || d.id)];
  if (d.published) facts.push(quoted(d.published, "time", { dir: "ltr" }));
  if (d.source && d.source !== d.title) facts.push(quoted(d.source));
  return [
    claim.says && el("p", { class: "origin says" }, t("says") + ": ", ...listed(claim.says.map((s) => (typeof s === "number" ? named(s) : quoted(s))))),
    el("p", { class: "origin" }, ...facts.flatMap((f, i) => [i ? " · " : "", f])),
  ];
}

/** One claim. `brief`: for the tooltip. */
function claimCard(index, options = {}) {
  const c = claims[index];
  const kinds = [!options.bare && chip(word(c.type), eventType.has(c.type) ? eventColor(c.type) : palette().fact)];
  if (c.office) kinds.push(el("span", { class: "chip plain" }, t("office") + ": ", quoted(c.office)));
  for (const s of c.stance || []) kinds.push(chip(t(s)));
  if (!options.brief && c.confidence !== undefined) kinds.push(chip(`${t("confidence")}: ${Math.round(c.confidence * 100)}%`));
  const d = documents[c.document];
  return el("article", { class: "claim" }, el("div", { class: "kind" }, kinds), sentenceOf(c, options.limit), originOf(c),
    !options.brief && d.text && el("button", { class: "link", type: "button", onclick: () => openDocument(c.document, c) }, t("open_document")));
}

const daysOf = (h) => (h.days[0] === h.days[1] ? h.days[0] : `${h.days[0]} – ${h.days[1]}`);
/** What is known of a happening beside its claims: documents, sources, days, numbers. */
function happeningFacts(h) {
  const out = [chip(t("n_documents", h.documents)), chip(t("n_sources", (h.sources || []).length))];
  if (h.days) out.push(el("span", { class: "chip plain" }, h.dated ? "" : t("day_report") + ": ", quoted(daysOf(h), "bdi", { dir: "ltr" })));
  for (const [least, most, unit] of h.numbers || []) out.push(el("span", { class: "chip plain" }, t("numbers") + ": ", quoted(least === most ? least : `${least}–${most}`, "bdi", { dir: "ltr" }), unit && [" ", quoted(unit)]));
  for (const s of h.uncertain ? new Set(h.claims.map((c) => stanceOf(claims[c]))) : []) out.push(chip(t(s)));
  return out;
}
/** A happening that opens into its claims. */
function happeningCard(index, open) {
  const h = happenings[index];
  const shownClaims = passingClaims(h.claims);
  const who = Object.values(h.roles || {}).flat();
  const body = () => [
    (h.sources || []).length > 0 && el("p", { class: "origin" }, t("told_by") + ": ", ...listed(h.sources.map((s) => quoted(s)))),
    (h.deniers || []).length > 0 && el("p", { class: "origin" }, t("denied_by") + ": ", ...listed(h.deniers.map((s) => quoted(s)))),
    ...shownClaims.map((c) => claimCard(c, { bare: true })),
  ];
  const details = el("details", { class: "happening", "data-happening": index },
    el("summary", {}, chip(word(h.type), eventColor(h.type)), " ", el("span", { class: "who" }, ...listed([...new Set(who)].slice(0, 6).map(named))), el("div", { class: "kind" }, happeningFacts(h))));
  // Hubs have hundreds of claims: they are written when somebody looks.
  const fill = () => details.childElementCount === 1 && details.append(...body().flat().filter(Boolean));
  details.addEventListener("toggle", fill, { once: true });
  if (open) {
    fill();
    details.open = true;
  }
  return details;
}

/** "Russia ← attack ← Ukraine", in the reading direction. */
function edgeTitle(e, tag = "div") {
  const flows = e.kind === "role" && drawn.edges[e.parts[0]].arrows && drawn.edges[e.parts[0]].arrows.from;
  const [a, b] = flows ? [e.to, e.from] : [e.from, e.to];
  return el(tag, { class: "title" }, named(a), el("span", { class: "arrow", "aria-hidden": "true" }, e.mutual ? "↔" : lang === "ar" ? "←" : "→"), named(b));
}

// Tooltip -----------------------------------------------------------------------------------------------------------------

const mouse = { x: 0, y: 0 };
function placeTip() {
  const tip = $("tooltip");
  const area = $("network").getBoundingClientRect();
  const { offsetWidth: w, offsetHeight: h } = tip;
  const x = mouse.x - w - 18 > 6 ? mouse.x - w - 18 : Math.min(mouse.x + 18, area.width - w - 6);
  const y = mouse.y + 16 + h < area.height - 6 ? mouse.y + 16 : mouse.y - h - 16;
  tip.style.left = `${Math.max(6, x)}px`;
  tip.style.top = `${Math.max(6, Math.min(y, area.height - h - 6))}px`;
}
function hideTip() {
  $("tooltip").hidden = true;
}
function showTip(content) {
  $("tooltip").replaceChildren(...content.flat().filter(Boolean));
  $("tooltip").hidden = false;
  placeTip();
}
function edgeTip(e) {
  const all = e.claims ? passingClaims(e.claims) : e.happenings.flatMap((h) => passingClaims(happenings[h].claims).slice(0, 1));
  const rest = (e.claims ? all.length : e.happenings.reduce((n, h) => n + passingClaims(happenings[h].claims).length, 0)) - Math.min(all.length, 2);
  const one = e.kind !== "fact" && e.happenings.length === 1;
  return [edgeTitle(e), one && el("div", { class: "kind" }, happeningFacts(happenings[e.happenings[0]])), ...all.slice(0, 2).map((c) => claimCard(c, { brief: true, limit: 280 })), rest > 0 && el("p", { class: "more" }, `+${rest} · ${t("more")}`)];
}
function nodeTip(id) {
  const n = nodes[id];
  if (n.kind === "event") return [el("div", { class: "title" }, named(id)), ...n.happenings.slice(0, 2).map((h) => claimCard(happenings[h].claims[0], { brief: true, limit: 280 }))];
  const other = lang === "ar" ? n.english : n.label;
  return [el("div", { class: "title" }, typeIcon(n.type), named(id), chip(word(n.type))), other && other !== nameOf(id) && quoted(other, "div", { class: "origin" }), n.quantity && quoted(n.quantity, "div", { class: "origin" })];
}
function hover(what) {
  hovered = what;
  const e = what && what.edge !== undefined && shownEdge.get(what.edge);
  $("network").classList.toggle("pointing", Boolean(what));
  if (what && what.node !== undefined) showTip(nodeTip(what.node));
  else if (e) showTip(edgeTip(e));
  else hideTip();
}
network.on("hoverEdge", ({ edge }) => hover({ edge }));
network.on("hoverNode", ({ node }) => hover({ node }));
network.on("blurEdge", () => hover(null));
network.on("blurNode", () => hover(null));
network.on("dragStart", () => hover(null));
network.on("zoom", () => hover(null));
const bulkHover = once(() => {
  if (!bulky || (hovered && hovered.node !== undefined) || !$("network").matches(":hover")) return;
  const edge = bulkAt(mouse);
  if (edge !== undefined ? !hovered || hovered.edge !== edge : hovered) hover(edge === undefined ? null : { edge });
});
$("network").addEventListener("pointermove", (event) => {
  const box = $("network").getBoundingClientRect();
  mouse.x = event.clientX - box.left;
  mouse.y = event.clientY - box.top;
  if (!$("tooltip").hidden) placeTip();
  if (!event.buttons) bulkHover();
});
$("network").addEventListener("pointerleave", () => hover(null));

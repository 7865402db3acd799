/* The legend, which is also where the filters are. Counts are those of the whole graph. */

const openGroups = new Map();

const row = (mark, label, count, attributes) =>
  el(attributes ? "button" : "div", { class: "row", ...(attributes && { type: "button" }), ...attributes }, mark, el("span", { class: "name" }, label), count !== undefined && el("span", { class: "count" }, String(count)));

/** A group that stays as it was left. `what`: list in the state that holds what is off; with it come "all" and "none". */
function group(key, title, open, what, items, ...rows) {
  const details = el("details", { open: openGroups.get(key) ?? open, "data-group": key }, el("summary", {}, title));
  if (what && items.length > 2)
    details.append(el("div", { class: "quick" }, action(t("all"), () => update({ [what]: [] })), action(t("none"), () => update({ [what]: items }))));
  details.append(...rows.flat().filter(Boolean));
  details.addEventListener("toggle", () => openGroups.set(key, details.open));
  return details;
}
const switchRow = (list, item, mark, label, count, more = {}) =>
  row(mark, label, count, { "aria-pressed": String(!state[list].includes(item)), onclick: () => update({ [list]: toggled(state[list], item) }), ...more });

const sourceCount = new Map();
for (const d of documents) sourceCount.set(d.source || "", (sourceCount.get(d.source || "") || 0) + 1);
const stanceCount = new Map();
for (const c of claims) stanceCount.set(stanceOf(c), (stanceCount.get(stanceOf(c)) || 0) + 1);
const lonely = nodes.filter((n, i) => n.kind === "entity" && !around[i].length).length;
const looseEvents = nodes.filter((n) => n.kind === "event");
let listing = 60; // documents and sources shown at once
const more = (n) => n > listing && action(`+${n - listing}`, () => { listing += 500; renderLegend(); }, { "data-do": "more" });

const percent = el("output");
const confidence = slider(el("input", { type: "range", min: 0, max: 100, step: 5, "data-id": "confidence", id: "confidence" }), (keep) => update({ min: Number(confidence.value) / 100 }, keep));

function renderLegend() {
  const box = $("legend");
  confidence.value = Math.round(state.min * 100);
  percent.textContent = `${confidence.value}%`;
  if (confidence.dataset.moving) return renderActive(); // whoever moves it would lose hold of it
  const focus = box.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const top = box.scrollTop;
  const wide = innerWidth > 720;
  const sources = [...sourceCount].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const unsure = looseEvents.filter((n) => n.uncertain).length + edges.filter((e) => e.uncertain && e.kind === "event").length;
  const grey = palette().soft;
  box.replaceChildren(
    el("button", { type: "button", class: "close", "aria-label": t("close"), onclick: () => toggleLegend(false) }, "×"),
    group("types", t("entity_types"), wide, "offTypes", data.types.map((k) => k.key),
      data.types.map((k) => switchRow("offTypes", k.key, typeIcon(k.key), word(k.key), k.count, { "data-type": k.key, "data-id": "t" + k.key })),
      lonely > 0 && row(el("span", { class: "dots", "aria-hidden": "true" }, "∘∘"), t("lonely"), lonely, { "aria-pressed": String(state.lonely), "data-id": "lonely", onclick: () => update({ lonely: !state.lonely }) })),
    group("lines", t("line_classes"), wide, null, [],
      data.classes.filter((c) => c.count).map((c) => row(lineIcon(shade(c.colors)), t(c.key), c.count)),
      data.counts.facts > 0 && row(lineIcon(palette().fact), t("fact"), data.counts.facts, { "aria-pressed": String(state.facts), "data-id": "facts", onclick: () => update({ facts: !state.facts }) }),
      looseEvents.length > 0 && row(ringIcon(grey), t("event_node"), looseEvents.length),
      unsure > 0 && row(lineIcon(grey, true), t("uncertain_event"), unsure)),
    data.events.length > 0 && group("events", t("event_types"), false, "offEvents", data.events.map((k) => k.key),
      data.events.map((k) => switchRow("offEvents", k.key, lineIcon(eventColor(k.key)), word(k.key), k.count, { "data-event": k.key, "data-id": "e" + k.key }))),
    stanceCount.size > 0 && group("stance", t("stance"), false, null, [],
      STANCES.filter((s) => stanceCount.has(s)).map((s) => switchRow("offStances", s, lineIcon(grey, s !== "asserted"), t(s), stanceCount.get(s), { "data-stance": s, "data-id": "s" + s })),
      el("label", { class: "slider" }, el("span", {}, `${t("min_confidence")}: `, percent),
        confidence)),
    sources.length > 1 && group("sources", `${t("sources")} (${sources.length})`, false, "offSources", sources.map(([s]) => s),
      sources.slice(0, listing).map(([s, n]) => switchRow("offSources", s, null, quoted(s || t("untitled")), n, { "data-source": s, "data-id": "o" + s })), more(sources.length)),
    documents.length > 1 && group("documents", `${t("documents")} (${documents.length})`, false, "offDocuments", documents.map((_, i) => i),
      documents.slice(0, listing).map((d, i) => switchRow("offDocuments", i, null, quoted(d.title || d.id), undefined, { "data-document": i, "data-id": "d" + i })), more(documents.length)));
  box.scrollTop = top;
  if (focus) [...box.querySelectorAll("[data-id]")].find((e) => e.dataset.id === focus)?.focus();
  renderActive();
}
/** How many filters are on, where the legend is opened. */
function renderActive() {
  const active = ["offTypes", "offEvents", "offSources", "offDocuments", "offStances"].reduce((n, k) => n + state[k].length, 0) + (state.min > 0) + !state.facts + (state.from !== null || state.until !== null);
  $("filters").textContent = active ? t("active_filters", active) : t("legend");
  $("filters").classList.toggle("active", active > 0);
}
function toggleLegend(open = $("legend").hidden) {
  $("legend").hidden = !open;
  $("filters").setAttribute("aria-expanded", String(open));
  $("filters").hidden = open;
  if (!open) $("filters").focus();
}

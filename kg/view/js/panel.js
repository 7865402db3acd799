/* The panel beside the graph: what is known of the node or line that is selected. */

let happeningOpen = null; // the happening to open, once
let panelFor = "";

const term = (name, ...value) => [el("dt", {}, name), el("dd", {}, ...value)];
const action = (label, onclick, attributes = {}) => el("button", { type: "button", class: "action", onclick, ...attributes }, label);

function renderPanel() {
  const panel = $("panel");
  const edge = state.edge !== null && state.edge < edges.length ? state.edge : null;
  const content = state.path.length && state.view === "graph" ? pathPanel() : edge !== null ? edgePanel(edge) : state.node !== null ? nodePanel(state.node) : null;
  const wasOpen = !panel.hidden;
  panel.hidden = !content;
  document.body.classList.toggle("with-panel", Boolean(content));
  if (!content) {
    panelFor = "";
    return;
  }
  const subject = JSON.stringify([edge, state.node, state.path]);
  const top = subject === panelFor && wasOpen ? panel.scrollTop : 0;
  const focus = subject === panelFor && panel.contains(document.activeElement) ? [...panel.querySelectorAll("button, summary, a")].indexOf(document.activeElement) : -1;
  panelFor = subject;
  panel.replaceChildren(el("button", { class: "close", type: "button", "aria-label": t("close"), title: `${t("close")} (Esc)`, onclick: () => (select({}), $("network").focus()) }, "×"), ...content.flat().filter(Boolean));
  panel.scrollTop = top;
  if (focus >= 0) (panel.querySelectorAll("button, summary, a")[focus] || panel).focus();
}

function edgePanel(id) {
  const e = { ...edges[id], parts: [id] };
  const out = [edgeTitle(e, "h2")];
  if (e.kind === "fact") {
    const passing = passingClaims(e.claims);
    return [...out, el("h3", {}, `${t("evidence")}: ${passing.length}`), ...passing.map((c) => claimCard(c))];
  }
  const passing = passingHappenings(e.happenings);
  const told = passing.reduce((n, h) => n + happenings[h].claims.length, 0);
  const one = happeningOpen;
  happeningOpen = null;
  return [
    ...out,
    passing.length > 1 && el("div", { class: "actions" }, action(t(state.spread.includes(id) ? "bundle" : "unbundle"), () => update({ spread: toggled(state.spread, id) }), { "aria-pressed": String(state.spread.includes(id)) })),
    el("h3", {}, `${t("n_events", passing.length)} · ${t("n_claims", told)}`),
    ...(one !== null ? [one, ...passing.filter((h) => h !== one)] : passing).map((h) => happeningCard(h, h === one || passing.length === 1)),
  ];
}

function relation(id) {
  const e = { ...edges[id], parts: [id] };
  const details = el("details", { class: "relation" }, el("summary", {}, chip(edgeText(e), edgeColor(e)), " ", edgeTitle(e, "span")));
  const body = () => (e.kind === "fact" ? passingClaims(e.claims).map((c) => claimCard(c)) : passingHappenings(e.happenings).map((h) => happeningCard(h, true)));
  details.addEventListener("toggle", () => details.childElementCount === 1 && details.append(...body(), action(t("evidence"), () => select({ edge: id }))), { once: true });
  return details;
}
function relations(id) {
  const there = around[id].filter((e) => (edges[e].kind === "fact" ? edges[e].claims.some((c) => shown.pass.claim[c]) : edges[e].happenings.some((h) => shown.pass.happening[h])));
  const told = (e) => (edges[e].happenings || edges[e].claims).length;
  there.sort((a, b) => told(b) - told(a) || a - b);
  const rest = there.slice(60);
  return there.length > 0 && [
    el("h3", {}, `${t("relations")}: ${there.length}`), ...there.slice(0, 60).map(relation),
    rest.length > 0 && action(`+${rest.length}`, (event) => event.currentTarget.replaceWith(...rest.map(relation))),
  ];
}

function nodeActions(id) {
  const focused = state.focus === id;
  return el("div", { class: "actions" },
    action(t(focused ? "unfocus" : "focus"), () => { update({ focus: focused ? null : id, depth: 1 }); fit(animation); }, { "data-do": "focus" }),
    focused && action(t("wider"), () => { update({ depth: Math.min(state.depth + 1, 9) }); fit(animation); }),
    focused && state.depth > 1 && action(t("narrower"), () => { update({ depth: state.depth - 1 }); fit(animation); }),
    action(t(state.folded.includes(id) ? "expand" : "collapse"), () => update({ folded: toggled(state.folded, id) }), { "data-do": "fold" }),
    action(t("path_from"), () => update({ path: [id] }), { "data-do": "path" }));
}

function nodePanel(id) {
  const n = nodes[id];
  if (n.kind === "event") return [el("h2", {}, named(id)), nodeActions(id), el("h3", {}, t("n_events", n.happenings.length)), ...passingHappenings(n.happenings).map((h) => happeningCard(h, n.happenings.length < 4)), relations(id)];
  const other = lang === "ar" ? n.english : n.label;
  const about = [
    n.quantity && term(t("quantity"), quoted(n.quantity)),
    n.aliases && term(t("aliases"), ...listed(n.aliases.map((a) => quoted(a)))),
    n.state && term(t("member_of"), el("button", { class: "link", type: "button", onclick: () => goTo(n.state - 1) }, named(n.state - 1))),
    n.same && term(t("possibly_same"), ...listed(n.same.map((s) => el("button", { class: "link", type: "button", title: t("possibly_same_why"), onclick: () => goTo(s.node) }, named(s.node), ` ${Math.round(s.score * 100)}%`)))),
    n.qid && /^Q[1-9][0-9]*$/.test(n.qid) && term(t("wikidata"), el("a", { href: "https://www.wikidata.org/wiki/" + n.qid, target: "_blank", rel: "noopener noreferrer" }, n.qid)),
    n.documents && term(t("mentioned_in"), ...n.documents.slice(0, 20).map((d) => el("div", {}, el("button", { class: "link", type: "button", onclick: () => openDocument(d) }, quoted(documents[d].title || documents[d].id)))), n.documents.length > 20 && `+${n.documents.length - 20}`),
  ];
  return [
    el("h2", {}, named(id)),
    el("div", { class: "title" }, typeIcon(n.type), chip(word(n.type)), other && other !== nameOf(id) && quoted(other, "span", { class: "origin" })),
    nodeActions(id), el("dl", {}, about.flat().filter(Boolean)), relations(id),
  ];
}

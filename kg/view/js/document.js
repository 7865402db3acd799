/* The documents themselves, with every mention marked in the colour of its type. A click on a mention selects its node. */

function openDocument(index, claim) {
  update({ view: "document", document: index });
  if (claim && claim.mark) {
    const at = (claim.at || 0) + claim.mark[0];
    const mark = $("document").querySelector(`[data-start="${at}"]`);
    if (mark) {
      mark.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
      mark.classList.add("flash");
    }
  } else $("document").scrollTop = 0;
}
let documentFor = "";

function renderDocument() {
  const index = state.document ?? 0;
  const key = JSON.stringify([index, lang, dark]);
  if (key !== documentFor) {
    documentFor = key;
    $("document").replaceChildren(...documentPage(index).flat().filter(Boolean));
  }
  for (const m of $("document").querySelectorAll("[data-node]")) m.classList.toggle("selected", Number(m.dataset.node) === state.node);
}
function documentPage(index) {
  if (!documents.length) return [el("p", { class: "missing" }, t("no_documents"))];
  const d = documents[index];
  const chooser = el("select", { id: "which", onchange: (event) => update({ document: Number(event.target.value) }) },
    ...documents.map((d, i) => el("option", { value: i, selected: i === index }, `${d.title || d.id}`)));
  const head = [el("label", { class: "chooser" }, el("span", {}, t("choose_document")), chooser), el("h2", { dir: "auto" }, d.title || d.id),
    el("p", { class: "origin" }, ...[d.published, d.source].filter(Boolean).flatMap((x, i) => [i ? " · " : "", quoted(x)]))];
  if (!d.text) return [...head, el("p", { class: "missing", role: "status" }, t(data.texts === "left out" ? "text_left_out" : "no_texts")), ...cited(index)];
  const points = Array.from(d.text);
  const kinds = [...new Set((d.marks || []).filter((m) => m[2] >= 0).map((m) => nodes[m[2]].type))];
  const out = [];
  let at = 0;
  for (const [start, end, what] of d.marks || []) {
    if (start < at) continue;
    out.push(points.slice(at, start).join(""), mention(points.slice(start, end).join(""), start, what));
    at = end;
  }
  out.push(points.slice(at).join(""));
  return [...head, el("p", { class: "kinds" }, ...data.types.filter((k) => kinds.includes(k.key)).map((k) => el("span", {}, typeIcon(k.key, 18), word(k.key)))),
    el("div", { class: "text", dir: "rtl", lang: "ar" }, out)];
}
function mention(text, start, what) {
  const event = what < 0;
  const type = event ? happenings[-1 - what].type : nodes[what].type;
  const go = () => (event ? showHappening(-1 - what) : update({ node: what, edge: null, path: [] }));
  return el("span", {
    class: event ? "trigger" : "mention", role: "button", tabindex: 0, color: event ? eventColor(type) : (typeOf.get(type) || {}).color, title: event ? word(type) : `${word(type)}: ${nameOf(what)}`,
    "data-start": start, "data-type-name": word(type), ...(event ? { "data-happening": -1 - what } : { "data-node": what }),
    onclick: go, onkeydown: (e) => (e.key === "Enter" || e.key === " ") && (e.preventDefault(), go()),
  }, text);
}
/** The sentences of a document that are cited, where its text is not there. */
function cited(index) {
  const seen = new Set();
  const out = [];
  claims.forEach((c, i) => {
    if (c.document !== index || seen.has(c.sentence)) return;
    seen.add(c.sentence);
    out.push(claimCard(i));
  });
  return out;
}

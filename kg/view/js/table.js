/* The events as a table: what the graph shows, for those who read rather than look. */

const LEADING = ["agent", "seller", "buyer", "victim"];
const COLUMNS = ["t_type", "t_day", "t_agent", "t_other", "t_stance", "t_documents", "t_sources", "t_confidence", "t_trigger"];
const order = { column: null, down: false };
const PAGE = 200;
let rowsShown = PAGE;

/** The cells of a happening, as texts and numbers. */
function cells(index) {
  const h = happenings[index];
  const roles = h.roles || {};
  const lead = LEADING.find((r) => (roles[r] || []).length);
  const others = Object.entries(roles).filter(([r]) => r !== lead).flatMap(([, ids]) => ids);
  const passing = passingClaims(h.claims).map((c) => claims[c]);
  const c = passing[0];
  const trigger = c.mark ? Array.from(sentences[c.sentence]).slice(...c.mark).join("") : "";
  return {
    t_type: word(h.type), t_day: h.days ? daysOf(h) : "",
    t_agent: joined((lead ? roles[lead] : []).map(nameOf)), t_other: joined([...new Set(others)].map(nameOf)),
    who: { t_agent: lead ? roles[lead] : [], t_other: [...new Set(others)] },
    t_stance: joined([...new Set(passing.map((p) => t(stanceOf(p))))]), t_documents: h.documents, t_sources: (h.sources || []).length,
    t_confidence: Math.round(Math.max(...passing.map((p) => p.confidence ?? 1)) * 100), t_trigger: trigger,
  };
}
function tableRows() {
  const list = happenings.map((_, i) => i).filter((i) => shown.pass.happening[i]).map((i) => [i, cells(i)]);
  const k = order.column;
  if (k) {
    const collator = new Intl.Collator(lang);
    list.sort(([i, a], [j, b]) => (a[k] === "") - (b[k] === "") || (typeof a[k] === "number" ? a[k] - b[k] : collator.compare(a[k], b[k])) * (order.down ? -1 : 1) || i - j); // what is empty stands last either way
  }
  return list;
}
function renderTable() {
  const list = tableRows();
  const focus = $("table").contains(document.activeElement) ? document.activeElement.dataset.column : null;
  const head = COLUMNS.map((c) => el("th", { scope: "col", "aria-sort": order.column === c ? (order.down ? "descending" : "ascending") : "none" },
    el("button", { type: "button", "data-column": c, onclick: () => { order.down = order.column === c && !order.down; order.column = c; rowsShown = PAGE; renderTable(); } }, t(c), el("span", { class: "sign", "aria-hidden": "true" }, order.column === c ? (order.down ? "▾" : "▴") : ""))));
  const body = list.slice(0, rowsShown).map(([i, row]) =>
    el("tr", { "data-happening": i, class: state.view === "table" && openRow === i ? "open" : "" }, ...COLUMNS.map((c) =>
      c === "t_type" ? el("th", { scope: "row" }, el("button", { type: "button", class: "chip", color: eventColor(happenings[i].type), onclick: () => showHappening(i) }, row[c]))
        : c === "t_day" ? el("td", { dir: "ltr" }, row[c]) : typeof row[c] === "number" ? el("td", { class: "number" }, c === "t_confidence" ? `${row[c]}%` : String(row[c]))
          : el("td", {}, c in row.who ? listed(row.who[c].map(named)) : quoted(row[c])))));
  $("table").replaceChildren(el("table", {}, el("caption", {}, t("table_of", list.length, happenings.length)), el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...body)),
    ...(list.length > rowsShown ? [action(`+${list.length - rowsShown}`, () => { rowsShown += 1000; renderTable(); })] : []));
  if (focus) $("table").querySelector(`[data-column="${focus}"]`)?.focus();
}
let openRow = null;
/** The evidence of a happening, beside the table or the document. */
function showHappening(index) {
  const at = happeningAt.get(index);
  openRow = index;
  happeningOpen = index;
  if (at && at.edge !== undefined) update({ edge: at.edge, node: null, path: [] });
  else if (at) update({ node: at.node, edge: null, path: [] });
  if (happeningOpen !== null) renderPanel();
  happeningOpen = null;
}

/** A cell of CSV. What a spreadsheet would take for a formula is kept from it. */
const csvCell = (value) => `"${String(value).replace(/^(?=[=+\-@\t\r])/, "'").replaceAll('"', '""')}"`;
function csv() {
  const lines = [COLUMNS.map(t), ...tableRows().map(([, row]) => COLUMNS.map((c) => row[c]))];
  return "\ufeff" + lines.map((l) => l.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

/* Search over Arabic and English names, in whichever spelling. */

const entries = nodes.map((n, id) => ({ id, n })).filter(({ n }) => n.kind === "entity")
  .map((e) => ({ ...e, keys: [e.n.label, e.n.english, ...(e.n.aliases || [])].filter(Boolean).map(fold) }))
  .map((e) => ({ ...e, loose: e.keys.map(loose) }));
let marked = -1;

function rankOf(keys, wanted) {
  return Math.min(9, ...keys.map((k) => (k === wanted ? 0 : k.startsWith(wanted) ? 1 : k.includes(" " + wanted) ? 2 : k.includes(wanted) ? 3 : 9)));
}
function found(text) {
  const wanted = fold(text);
  if (!wanted) return [];
  const wide = loose(wanted);
  const ranked = entries.map((e) => [Math.min(rankOf(e.keys, wanted), 4 + rankOf(e.loose, wide)), e]).filter(([r]) => r < 9);
  return ranked.sort((a, b) => a[0] - b[0] || weight[b[1].id] - weight[a[1].id] || a[1].id - b[1].id).slice(0, 12).map(([, e]) => e);
}
function find() {
  const list = found($("search").value);
  $("results").replaceChildren(...list.map((e, i) =>
    el("li", { role: "option", id: "result-" + i, "aria-selected": "false", "data-node": e.id, onpointerdown: (event) => (event.preventDefault(), choose(e.id)) },
      typeIcon(e.n.type), named(e.id), el("small", {}, quoted(lang === "ar" ? e.n.english || "" : e.n.label)))));
  const open = fold($("search").value) !== "";
  if (open && !list.length) $("results").append(el("li", { class: "nothing", role: "option", "aria-selected": "false", "aria-disabled": "true" }, t("nothing_found")));
  $("results").hidden = !open;
  $("search").setAttribute("aria-expanded", String(open));
  markResult(list.length ? 0 : -1);
}
function markResult(i) {
  const options = $("results").querySelectorAll("[data-node]");
  options.forEach((o, j) => o.setAttribute("aria-selected", String(i === j)));
  marked = i;
  if (i >= 0) $("search").setAttribute("aria-activedescendant", "result-" + i);
  else $("search").removeAttribute("aria-activedescendant");
}
function closeResults() {
  $("results").hidden = true;
  $("search").setAttribute("aria-expanded", "false");
  $("search").removeAttribute("aria-activedescendant");
}
function choose(id) {
  closeResults();
  goTo(id);
  $("network").focus();
}
$("search").addEventListener("input", find);
$("search").addEventListener("focus", find);
$("search").addEventListener("blur", closeResults);
$("search").addEventListener("keydown", (event) => {
  const options = [...$("results").querySelectorAll("[data-node]")];
  if (event.key === "Escape") {
    event.stopPropagation();
    closeResults();
    $("search").blur();
  }
  if (!options.length || $("results").hidden) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    markResult((marked + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length);
    options[marked].scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && marked >= 0) choose(Number(options[marked].dataset.node));
});

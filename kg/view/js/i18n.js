/* Arabic and English: the interface's words, types and roles, and which name of a thing is shown. */

let lang = remembered.get("language") === "en" ? "en" : "ar";
const pick = (pair) => pair[lang === "en" ? 1 : 0];

/** The interface's word; {} stand for the values. */
function t(key, ...values) {
  let i = 0;
  return pick(data.words[key] || [key, key]).replace(/\{\}/g, () => String(values[i++]));
}
/** The word for a type, role or predicate. */
const word = (name) => pick(data.names[name] || [name, name]);

/** The name of a node: an English one where there is one and English is read. */
function nameOf(id) {
  const n = nodes[id];
  if (n.kind === "event") return word(n.type) + (n.happenings.length > 1 ? ` ×${n.happenings.length}` : "");
  return lang === "en" ? n.english || n.label : n.label;
}
/** Between the things of a list. */
const comma = () => (lang === "ar" ? "، " : ", ");
const named = (id) => quoted(nameOf(id));
const joined = (items) => items.join(comma());

/** What stands in the page from the start: text by data-t, labels by data-t-label, placeholders by data-t-placeholder. */
function translate() {
  document.documentElement.lang = lang;
  document.documentElement.dir = lang === "ar" ? "rtl" : "ltr";
  for (const e of document.querySelectorAll("[data-t]")) e.textContent = t(e.dataset.t);
  for (const e of document.querySelectorAll("[data-t-label]")) {
    e.setAttribute("aria-label", t(e.dataset.tLabel));
    if (e.tagName === "BUTTON") e.title = t(e.dataset.tLabel) + (e.dataset.key ? ` (${e.dataset.key})` : "");
  }
  for (const e of document.querySelectorAll("[data-t-placeholder]")) e.placeholder = t(e.dataset.tPlaceholder);
  $("language").lang = lang === "ar" ? "en" : "ar";
}

function setLanguage(to) {
  lang = to;
  remembered.set("language", to);
  translate();
  forgetLabels();
  render();
  fit(false);
}

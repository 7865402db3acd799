// The query page: YASQE as editor, completing from what stands in the page, and the answers of /sparql as a table.
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const ROWS = 1000; // rows shown; the download holds all

  // Completion without a network: each completer of YASQE with a list of our own.
  const iris = (terms) => (yasqe, token) => {
    const typed = (token && token.autocompletionString) || "";
    return terms.map((t) => t.iri).filter((iri) => iri.startsWith(typed));
  };
  const Yasqe = window.Yasqe;
  const prefixes = Object.entries(data.prefixes).map(([name, iri]) => `${name}: <${iri}>`).sort();
  Yasqe.forkAutocompleter("prefixes", { name: "kg-prefixes", get: () => prefixes, persistenceId: null });
  Yasqe.forkAutocompleter("property", { name: "kg-properties", get: iris(data.terms.properties), autoShow: true, persistenceId: null });
  Yasqe.forkAutocompleter("class", { name: "kg-classes", get: iris(data.terms.classes), autoShow: true, persistenceId: null });
  const editor = new Yasqe(at("editor"), {
    value: data.first,
    autocompleters: ["variables", "kg-prefixes", "kg-properties", "kg-classes"],
    persistenceId: null,
    createShareableLink: null,
    consumeShareLink: null,
    prefixCcApi: null,
    showQueryButton: false,
    resizeable: true,
    editorHeight: "16rem",
    requestConfig: { endpoint: "/sparql" },
    extraKeys: { ...Yasqe.defaults.extraKeys, "Ctrl-Enter": () => run(), "Cmd-Enter": () => run(), "Ctrl-S": () => {} },
  });

  // The gallery, and a query that an address brings along: /query#query=…
  const examples = at("examples");
  for (const [i, example] of data.gallery.entries()) examples.append(new Option(example.title, String(i)));
  at("gallery").hidden = data.gallery.length === 0;
  examples.addEventListener("change", () => {
    const example = data.gallery[Number(examples.value)];
    if (examples.value === "" || !example) return;
    editor.setValue(example.query);
    at("comment").textContent = example.comment;
  });
  const brought = new URLSearchParams(location.hash.slice(1)).get("query");
  if (brought) editor.setValue(brought);

  let running = null;

  async function ask(accept) {
    const body = new URLSearchParams({ query: editor.getValue() });
    return fetch("/sparql", { method: "POST", body, headers: { Accept: accept }, signal: running.signal });
  }

  async function run() {
    if (running) running.abort();
    const mine = (running = new AbortController());
    const start = performance.now();
    say("…");
    at("stop").hidden = false;
    try {
      const answer = await ask("application/sparql-results+json, text/turtle;q=0.9");
      const text = await answer.text();
      if (mine !== running) return;
      const time = `${((performance.now() - start) / 1000).toFixed(2)} s`;
      const type = answer.headers.get("Content-Type") || "";
      if (!answer.ok) show(element("pre", text.trim(), "error"), `${answer.status}`);
      else if (type.startsWith("application/sparql-results+json")) showResults(JSON.parse(text), time);
      else show(element("pre", text, "graph"), time);
    } catch (error) {
      if (error.name !== "AbortError") show(element("pre", String(error), "error"), "");
      else if (mine === running) say("");
    } finally {
      if (mine === running) {
        running = null;
        at("stop").hidden = true;
      }
    }
  }

  function showResults(results, time) {
    if ("boolean" in results) return show(element("p", String(results.boolean), "answer"), time);
    const names = results.head.vars;
    const rows = results.results.bindings;
    const table = element("table");
    const head = table.createTHead().insertRow();
    for (const name of names) head.append(element("th", name));
    const body = table.createTBody();
    for (const row of rows.slice(0, ROWS)) {
      const line = body.insertRow();
      for (const name of names) {
        const cell = line.insertCell();
        if (row[name]) cell.append(term(row[name]));
        cell.dir = "auto";
      }
    }
    const shown = rows.length > ROWS ? `${ROWS} / ${rows.length}` : `${rows.length}`;
    show(table, `${shown} · ${time}`);
  }

  function term(value) {
    if (value.type === "uri") {
      const link = element("a", short(value.value));
      link.href = `/entity?iri=${encodeURIComponent(value.value)}`;
      link.title = value.value;
      link.dir = "ltr";
      return link;
    }
    if (value.type === "triple") {
      const triple = element("span", "", "triple");
      for (const part of ["subject", "predicate", "object"]) triple.append(term(value.value[part]), " ");
      return triple;
    }
    const text = element("bdi", value.type === "bnode" ? `_:${value.value}` : value.value);
    if (value["xml:lang"]) text.lang = value["xml:lang"];
    else if (value.datatype) text.title = short(value.datatype);
    return text;
  }

  function short(iri) {
    for (const [name, start] of Object.entries(data.prefixes)) {
      if (iri.startsWith(start) && /^[\p{L}\p{N}_-]+$/u.test(iri.slice(start.length))) return `${name}:${iri.slice(start.length)}`;
    }
    return iri;
  }

  function element(name, text = "", kind = "") {
    const made = document.createElement(name);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }

  function show(what, status) {
    at("result").replaceChildren(what);
    say(status);
  }

  function say(text) {
    at("status").textContent = text;
  }

  async function download() {
    const type = at("format").value;
    if (!type) return;
    at("format").value = "";
    if (running) running.abort();
    running = new AbortController();
    const answer = await ask(type);
    if (!answer.ok) return show(element("pre", (await answer.text()).trim(), "error"), `${answer.status}`);
    const link = element("a");
    const endings = { "text/csv": "csv", "text/tab-separated-values": "tsv", "text/turtle": "ttl", "application/n-triples": "nt", "application/ld+json": "jsonld",
      "application/rdf+xml": "rdf", "application/sparql-results+xml": "srx", "application/sparql-results+json": "srj" };
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `result.${endings[type]}`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  at("run").addEventListener("click", run);
  at("stop").addEventListener("click", () => running && running.abort());
  at("format").addEventListener("change", () => download().catch((error) => error.name !== "AbortError" && say(String(error))));
  window.kg = Object.freeze({ run, editor });
})();

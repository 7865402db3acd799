/* The graph, and what is found out about it once. */

const data = JSON.parse($("data").textContent);
const { nodes, edges, happenings, claims, documents, sentences } = data;
const drawn = data.network; // places, shapes and colours, as pyvis gives them
const typeOf = new Map(data.types.map((t) => [t.key, t]));
const eventType = new Map(data.events.map((t) => [t.key, t]));
const classColor = new Map(data.classes.map((c) => [c.key, c.colors]));
const STANCES = ["asserted", "planned", "possible", "conditional", "negative", "denied"];

/** Edges at each node. */
const around = nodes.map(() => []);
edges.forEach((e, i) => {
  around[e.from].push(i);
  if (e.to !== e.from) around[e.to].push(i);
});
const otherEnd = (edge, node) => (edges[edge].from === node ? edges[edge].to : edges[edge].from);

/** How much is told of a node: lines, by their documents. */
const weight = nodes.map((n, i) => around[i].reduce((sum, e) => sum + ((edges[e].happenings || edges[e].claims).length || 1), 0));

/** Names that stay the same when the page is made anew, for links to a view. */
const nodeByKey = new Map(nodes.map((n, i) => [n.key, i]));
const edgeKey = edges.map((e) => [nodes[e.from].key, nodes[e.to].key, e.kind, e.uncertain ? "?" : "", e.class || ""].join(" "));
const edgeByKey = new Map(edgeKey.map((k, i) => [k, i]));

const stanceOf = (claim) => (claim.stance || ["asserted"])[0];
const sourceOf = (claim) => documents[claim.document].source || "";

const happeningAt = new Map(); // happening -> edge or node that shows it
edges.forEach((e, i) => e.kind === "event" && e.happenings.forEach((h) => happeningAt.has(h) || happeningAt.set(h, { edge: i })));
nodes.forEach((n, i) => n.kind === "event" && n.happenings.forEach((h) => happeningAt.set(h, { node: i })));

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
/** Foreign names are written now with غ, now with ج, ق or ك, and with or without a blank: «بيونج يانج», «بيونغيانغ». */
const loose = (folded) => folded.replace(/[غقج]/g, "ج").replace(/ة/g, "ه").replace(/[ىی]/g, "ي").replace(/(?<=\p{Script=Arabic}) (?=\p{Script=Arabic})/gu, "");

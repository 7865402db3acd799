/* Files and paper: PNG of what the window shows, CSV, print, a link. */

function save(name, blob) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
/** What the canvas shows, on the colour of the page, with the heading. */
function png() {
  const from = $("network").querySelector("canvas");
  const ratio = from.width / $("network").clientWidth;
  const head = 44 * ratio;
  const canvas = el("canvas", { width: from.width, height: from.height + head });
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = palette().paper;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = palette().ink;
  ctx.font = `600 ${18 * ratio}px ${FACE}`;
  ctx.textBaseline = "middle";
  ctx.direction = lang === "ar" ? "rtl" : "ltr";
  ctx.textAlign = lang === "ar" ? "right" : "left";
  ctx.fillText($("title").textContent.replace(CONTROLS, " "), lang === "ar" ? canvas.width - 20 * ratio : 20 * ratio, head / 2, canvas.width - 40 * ratio);
  ctx.drawImage(from, 0, head);
  canvas.toBlob((blob) => save("graph.png", blob), "image/png");
}
const saveCsv = () => save("events.csv", new Blob([csv()], { type: "text/csv;charset=utf-8" }));

async function share() {
  write();
  try {
    await navigator.clipboard.writeText(location.href);
    toast(t("copied"));
  } catch {
    toast(location.href);
  }
}
let beforePrint = null;
addEventListener("beforeprint", () => {
  if (state.view !== "graph") return;
  beforePrint = { position: network.getViewPosition(), scale: network.getScale() };
  network.redraw();
});
addEventListener("afterprint", () => {
  if (beforePrint) network.moveTo({ ...beforePrint, animation: false });
  beforePrint = null;
});

/* A slider over the days of events: when they were, or were reported. */

const DAY = 86400000;
const toDay = (text) => Math.floor(Date.parse(text + "T00:00:00Z") / DAY);
const toText = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const dated = happenings.filter((h) => h.days && h.days.every((d) => Number.isFinite(toDay(d)))).map((h) => ({ from: toDay(h.days[0]), until: toDay(h.days[1]) }));
const allDays = [...new Set(dated.flatMap((d) => [d.from, d.until]))].sort((a, b) => a - b);
/** Days stand at even distances where they are few: years without news would push all others together. */
const steps = allDays.length > 400 ? Array.from({ length: 401 }, (_, i) => Math.round(allDays[0] + ((allDays.at(-1) - allDays[0]) * i) / 400)) : allDays;
let playing = null;

function buildTimeline() {
  $("timeline").hidden = steps.length < 2;
  if (steps.length < 2) return;
  for (const id of ["from", "until"]) {
    $(id).max = steps.length - 1;
    slider($(id), (keep) => {
      stop();
      const [a, b] = [Number($("from").value), Number($("until").value)];
      setSpan(id === "from" ? Math.min(a, b) : a, id === "from" ? b : Math.max(a, b), keep);
    });
  }
  $("play").addEventListener("click", () => (playing === null ? play() : stop()));
  $("all-days").addEventListener("click", () => (stop(), update({ from: null, until: null })));
}
function setSpan(a, b, keep) {
  update({ from: a <= 0 ? null : toText(steps[a]), until: b >= steps.length - 1 ? null : toText(steps[b]) }, keep);
}
const indexOf = (text, otherwise) => {
  if (text === null) return otherwise;
  const day = toDay(text);
  let best = 0;
  steps.forEach((s, i) => Math.abs(s - day) < Math.abs(steps[best] - day) && (best = i));
  return best;
};

/** A window of a sixth of the days wanders over them. */
function play() {
  const width = Math.max(1, Math.round(steps.length / 6));
  const whole = state.from === null && state.until === null;
  let at = whole ? 0 : indexOf(state.from, 0);
  const show = (keep) => update({ from: toText(steps[at]), until: toText(steps[Math.min(at + width, steps.length) - 1]) }, keep);
  show(false);
  playing = setInterval(() => {
    at += 1;
    if (at + width > steps.length) stop();
    else show(true);
  }, 900);
  renderTimeline();
}
function stop() {
  if (playing === null) return;
  clearInterval(playing);
  playing = null;
  renderTimeline();
}

function renderTimeline() {
  if (steps.length < 2) return;
  const [a, b] = [indexOf(state.from, 0), indexOf(state.until, steps.length - 1)];
  $("from").value = a;
  $("until").value = b;
  for (const [id, at] of [["from", a], ["until", b]]) {
    $(id).setAttribute("aria-label", t(id));
    $(id).setAttribute("aria-valuetext", toText(steps[at]));
  }
  $("span").replaceChildren(quoted(`${toText(steps[a])} – ${toText(steps[b])}`, "bdi", { dir: document.documentElement.dir })); // as the slider beside it runs
  $("undated").textContent = dated.length < happenings.length ? t("undated", happenings.length - dated.length) : "";
  $("play").textContent = playing === null ? "▶" : "❚❚";
  $("play").setAttribute("aria-label", t(playing === null ? "play" : "pause"));
  $("play").setAttribute("aria-pressed", String(playing !== null));
  $("all-days").disabled = state.from === null && state.until === null;
  $("all-days").textContent = t("all");
  bars(a, b);
}
/** How many happenings there are at each step, as bars. */
function bars(a, b) {
  const canvas = $("bars");
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width) return;
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  const ctx = canvas.getContext("2d");
  ctx.scale(devicePixelRatio, devicePixelRatio);
  const n = Math.min(steps.length, 80);
  const count = new Array(n).fill(0);
  const slot = (i) => Math.min(n - 1, Math.floor((i * n) / steps.length));
  const find = (day) => {
    let [low, high] = [0, steps.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (steps[middle] < day) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  for (const d of dated) count[slot(find(d.from))]++;
  const top = Math.max(...count, 1);
  const rtl = lang === "ar";
  count.forEach((c, i) => {
    const w = width / n;
    const h = Math.max(c ? 2 : 0, (c / top) * (height - 2));
    ctx.fillStyle = i >= slot(a) && i <= slot(b) ? palette().ring : palette().pale;
    ctx.fillRect(rtl ? width - (i + 1) * w + 1 : i * w + 1, height - h, Math.max(w - 2, 1), h);
  });
}

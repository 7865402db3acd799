/* Elements, and words from texts. All data comes from texts that anybody may have written: it reaches the page by textContent
   and by the canvas only. The page's policy forbids innerHTML and everything like it, so a slip would be an error, not a hole. */

const $ = (id) => document.getElementById(id);

/** An element with attributes and children; strings become text. */
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "color") node.style.setProperty("--own", value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

/** Words from a text, kept from turning the line around them. */
const quoted = (text, tag = "bdi", attributes = {}) => el(tag, { dir: "auto", ...attributes }, String(text));

/** Things with a comma between them. */
const listed = (things) => things.flatMap((thing, i) => [i ? comma() : "", thing]);

/** A setting that outlives the page, where the browser lets a file keep one. */
const remembered = {
  get(key) {
    try {
      return localStorage.getItem("kg-" + key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem("kg-" + key, value);
    } catch {
      /* then it lasts as long as the page */
    }
  },
};

/** At most once a frame. */
function once(work) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      work();
    });
  };
}

const toast = (() => {
  let timer;
  return (text) => {
    $("toast").textContent = text;
    $("toast").hidden = false;
    clearTimeout(timer);
    timer = setTimeout(() => ($("toast").hidden = true), 3000);
  };
})();

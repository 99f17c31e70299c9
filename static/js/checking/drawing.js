// A report as a person reads it: the verdict, what does not hold, the facts, what holds, and what cannot be said here.

import { KINDS } from "./report.js";

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function draw(report, file, words) {
  const [fails, holds, unsaid] = KINDS.map((kind) => lines(report, kind, words));
  const parts = [head(report, file, words), fails, facts(report, words), holds, unsaid, wording(report, words)];
  return element("section", { class: "document checked", "aria-labelledby": "verdict" }, ...parts);
}

// The seal stands only where a signature of the portal was checked and everything holds.
function head(report, file, words) {
  const verdict = element("h2", { id: "verdict", tabindex: "-1" }, sentence(report, words));
  const seal = report.outcome === "good" ? document.getElementById("seal").content.cloneNode(true) : null;
  const size = words.size(file.size);
  return element("header", { class: "document-head" }, verdict, seal, element("p", { class: "quiet small" }, `${file.name} · ${size}`));
}

function sentence(report, words) {
  const { outcome, about, blamed } = report;
  return outcome === "bad" ? words.say("bad", { files: words.list(blamed) }) : words.say(`${outcome}_${about}`);
}

function lines(report, kind, words) {
  const found = report.of(kind);
  if (found.length === 0) {
    return null;
  }
  const files = [...new Set(found.map((line) => line.facts.file))];
  const items = files.map((file) => {
    const sentences = found.filter((line) => line.facts.file === file).map((line) => words.say(line.word, line.facts));
    return element("li", {}, element("p", { class: "data" }, file), ...sentences.map((one) => element("p", {}, one)));
  });
  return part(words.say(`${kind}_title`), element("ul", { class: `findings findings--${kind}` }, ...items));
}

function part(title, ...children) {
  return element("section", { class: "part" }, element("h3", {}, title), ...children);
}

function facts(report, words) {
  const rows = report.facts.map(({ label, value }) =>
    element("div", {}, element("dt", {}, words.say(label)), element("dd", {}, value)),
  );
  return rows.length > 0 ? part(words.say("facts_title"), element("dl", { class: "facts" }, ...rows)) : null;
}

function wording(report, words) {
  return report.wording ? part(words.say("wording_title"), element("div", { class: "wording" }, report.wording)) : null;
}

// The page that checks files: takes one by choice or by drop, reads it here, and says what holds. Nothing of it is sent.

import { draw } from "./checking/drawing.js";
import { Locked, Refusal, WrongPassphrase } from "./checking/refusals.js";
import { Words } from "./checking/words.js";

const MOST = 300 * 1024 * 1024;

const desk = document.getElementById("desk");
const chooser = document.getElementById("file");
const status = desk.querySelector("[data-status]");
const bar = desk.querySelector("progress");
const lock = desk.querySelector("[data-lock]");
const passphrase = document.getElementById("passphrase");
const wrong = document.getElementById("passphrase-error");
const result = document.getElementById("result");

const words = new Words(document.getElementById("words"));
const titles = new Words(document.getElementById("datasets"));
const names = (dataset) => (titles.has(dataset) ? titles.say(dataset) : dataset);

let onDesk = null;

// -- One file at a time -------------------------------------------------------------------------------------------------

async function take(files) {
  onDesk = files.length === 1 ? files[0] : null;
  lock.hidden = true;
  result.replaceChildren();
  if (onDesk === null || onDesk.size > MOST) {
    rest(onDesk ? "too_large" : "one_at_a_time");
  } else {
    await check(onDesk, null);
  }
}

async function check(file, secret) {
  work();
  const answer = await reported(file, secret);
  if (file === onDesk) {
    answer();
  }
}

// What to do with a file once it was checked: show the report, ask for its passphrase, or say why there is no report.
async function reported(file, secret) {
  try {
    const { inspect } = await import("./checking/inspect.js");
    const bytes = new Uint8Array(await file.arrayBuffer());
    const context = { addresses: desk.dataset, passphrase: secret, words, names, progress };
    const report = await inspect(file.name, bytes, context);
    return () => show(report, file);
  } catch (error) {
    if (error instanceof Locked) {
      return () => ask(error);
    }
    if (error instanceof Refusal) {
      return () => rest(error.word);
    }
    console.error(error);
    return () => rest("trouble");
  }
}

// -- What the page shows ------------------------------------------------------------------------------------------------

function work() {
  status.textContent = words.say("working");
  bar.removeAttribute("value");
  bar.hidden = false;
}

function progress(done, all) {
  bar.max = all;
  bar.value = done;
}

function rest(word = null) {
  status.textContent = word ? words.say(word) : "";
  bar.hidden = true;
}

function show(report, file) {
  rest();
  lock.hidden = true;
  result.replaceChildren(draw(report, file, words));
  result.querySelector("h2").focus();
}

function ask(refusal) {
  rest("locked");
  const isWrong = refusal instanceof WrongPassphrase;
  wrong.hidden = !isWrong;
  passphrase.setAttribute("aria-invalid", String(isWrong));
  passphrase.value = "";
  lock.hidden = false;
  passphrase.focus();
}

// -- What a person does -------------------------------------------------------------------------------------------------

function dropped(event) {
  event.preventDefault();
  desk.classList.remove("desk--over");
  if (event.dataTransfer.files.length > 0) {
    chooser.files = event.dataTransfer.files;
    take(event.dataTransfer.files);
  }
}

function held(event) {
  event.preventDefault();
  desk.classList.add("desk--over");
}

document.querySelectorAll("[data-without-script]").forEach((element) => {
  element.hidden = true;
});
if (globalThis.crypto?.subtle && globalThis.DecompressionStream) {
  desk.hidden = false;
  chooser.addEventListener("change", () => chooser.files.length > 0 && take(chooser.files));
  lock.addEventListener("submit", (event) => {
    event.preventDefault();
    check(onDesk, passphrase.value);
  });
  document.addEventListener("dragover", held);
  document.addEventListener("dragleave", () => desk.classList.remove("desk--over"));
  document.addEventListener("drop", dropped);
} else {
  document.querySelector("[data-too-old]").hidden = false;
}

// A parcel's page: follows the collecting in place, and takes the file: fetched, checked, saved, acknowledged.

import { equip } from "./page.js";

const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 15000;

const parcel = document.getElementById("parcel");
const announcer = document.getElementById("parcel-status");

const state = () => parcel.querySelector("[data-state]").dataset.state;
const sentence = () => parcel.querySelector(".where p").textContent;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function replaceParcel(body) {
  const said = sentence();
  parcel.replaceChildren(...body.childNodes);
  if (sentence() !== said) {
    announcer.textContent = sentence();
  }
  equip(parcel);
  prepare();
}

// -- Collecting ---------------------------------------------------------------------------------------------------------

async function follow() {
  let waited = FIRST_PAUSE;
  while (state() === "collecting") {
    await pause(waited);
    waited = Math.min(waited * 1.3, LONGEST_PAUSE);
    const response = await fetch(parcel.dataset.progress, { redirect: "error" }).catch(() => null);
    if (response === null) {
      continue;
    }
    if (!response.ok) {
      return;
    }
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").body;
    if (fresh.textContent !== parcel.textContent && !parcel.contains(document.activeElement?.closest("details"))) {
      replaceParcel(fresh);
    }
  }
}

// -- Taking -------------------------------------------------------------------------------------------------------------

async function digest(bytes) {
  const hashed = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hashed, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

function save(link, bytes, name) {
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }));
  link.download = name;
  link.click();
}

async function fetchFile(address) {
  const response = await fetch(address, { redirect: "error" });
  if (!response.ok) {
    throw new Error(`status ${response.status}`);
  }
  return response.arrayBuffer();
}

async function acknowledge(form) {
  const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!response.ok) {
    throw new Error(`status ${response.status}`);
  }
  return new DOMParser().parseFromString(await response.text(), "text/html").getElementById("parcel");
}

function keepWithinReach(saved, words) {
  const line = document.createElement("p");
  line.className = "card saved";
  const again = document.createElement("a");
  Object.assign(again, { href: saved.href, download: saved.download, textContent: words.again });
  line.append(`${words.done} `, again);
  parcel.querySelector("h1").after(line);
}

async function take(card) {
  const status = card.querySelector("[data-status]");
  const words = { ...status.dataset };
  const say = (text) => {
    status.textContent = text;
  };
  say(words.working);
  let bytes;
  try {
    bytes = await fetchFile(card.querySelector("[data-file]").href);
  } catch {
    say(words.broken);
    return;
  }
  if ((await digest(bytes)) !== card.dataset.sha256) {
    say(words.wrong);
    return;
  }
  const saved = document.createElement("a");
  save(saved, bytes, card.dataset.name);
  try {
    replaceParcel(await acknowledge(card.querySelector("[data-received]")));
    keepWithinReach(saved, words);
    announcer.textContent = words.done;
  } catch {
    say(words.unsaid);
  }
}

function prepare() {
  parcel.querySelectorAll("[data-without-script]").forEach((element) => {
    element.hidden = true;
  });
  const card = parcel.querySelector("[data-take]");
  if (card === null || !globalThis.crypto?.subtle) {
    return;
  }
  card.querySelector("[data-file]").addEventListener("click", (event) => {
    event.preventDefault();
    take(card);
  });
  if (location.hash === "#take") {
    history.replaceState(null, "", location.pathname);
    take(card);
  }
}

prepare();
follow();

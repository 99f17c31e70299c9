// A PDF's own signature (PAdES, ISO 32000-2 section 12.8): the last one, over the whole file, by the portal.

import { check as checkCms } from "./cms.js";
import { joined, latin1 } from "./bytes.js";

const RANGE = /\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g;
const DATE = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:Z|([+-]\d\d)'?(\d\d)?)?/;
const FORMS = ["ETSI.CAdES.detached", "adbe.pkcs7.detached"];

// Returns null for a PDF without a signature, else `{reason, signer, signedAt, appended}`: `reason` is null where all holds.
export async function check(bytes, trust) {
  const text = latin1(bytes);
  const ranges = Array.from(text.matchAll(RANGE), (found) => rangeOf(found));
  if (ranges.length === 0) {
    return text.includes("/ByteRange") ? refused("pdf_malformed") : null;
  }
  const last = ranges.reduce((one, other) => (other.end > one.end ? other : one));
  const der = contentsOf(text, last);
  if (!der || last.end > bytes.length) {
    return refused(last.end > bytes.length ? "pdf_cut" : "pdf_malformed");
  }
  const content = joined([bytes.subarray(0, last.gapStart), bytes.subarray(last.gapEnd, last.end)]);
  const found = await checkCms(der, content, { anchors: trust.anchors, at: statedTime(text, last) });
  const appended = bytes.length - last.end;
  return { ...found, appended, reason: found.reason ?? (appended > 0 ? "pdf_appended" : null) };
}

const refused = (reason) => ({ reason, signer: null, signedAt: null, appended: 0 });

function rangeOf(found) {
  const [start, head, gapEnd, tail] = found.slice(1).map(Number);
  return { at: found.index, start, gapStart: start + head, gapEnd, end: gapEnd + tail };
}

// What is not signed is the signature's own hexadecimal string and nothing else, zeros up to its end. Null where it is not so.
function contentsOf(text, range) {
  const gap = text.slice(range.gapStart, range.gapEnd);
  const isAllowed = range.start === 0 && /^<([0-9a-fA-F]{2})+>$/.test(gap) && FORMS.includes(formOf(text, range));
  if (!isAllowed || !/\/Contents\s*$/.test(text.slice(0, range.gapStart).slice(-32))) {
    return null;
  }
  const bytes = Uint8Array.from(gap.slice(1, -1).match(/../g), (pair) => Number.parseInt(pair, 16));
  const length = derLength(bytes);
  return length <= bytes.length && bytes.subarray(length).every((octet) => octet === 0) ? bytes.slice(0, length) : null;
}

// The whole length of the DER value at the head of `bytes`.
function derLength(bytes) {
  const first = bytes[1];
  if (first < 0x80) {
    return 2 + first;
  }
  const size = first - 0x80;
  return bytes.subarray(2, 2 + size).reduce((sum, octet) => sum * 256 + octet, 0) + 2 + size;
}

// The signature's dictionary without the signature.
function dictionaryOf(text, { at, gapStart, gapEnd }) {
  const start = text.lastIndexOf(" obj", at);
  const end = text.indexOf("endobj", gapEnd);
  return text.slice(start, gapStart) + text.slice(gapEnd, end);
}

const formOf = (text, range) => dictionaryOf(text, range).match(/\/SubFilter\s*\/([\w.]+)/)?.[1];

// A literal string may write any sign by its octal number (ISO 32000-2, section 7.3.4.2).
function unescaped(literal) {
  return literal.replace(/\\([0-7]{1,3}|.)/gs, (_, sign) => (/[0-7]/.test(sign) ? String.fromCharCode(Number.parseInt(sign, 8)) : sign));
}

// The time that the signer wrote into the PDF: `D:20260203164200+08'00'`.
function statedTime(text, range) {
  const written = /\/M\s*\(((?:[^()\\]|\\.)*)\)/s.exec(dictionaryOf(text, range))?.[1] ?? "";
  const stated = DATE.exec(unescaped(written));
  if (!stated) {
    return null;
  }
  const [year, month, day, hour, minute, second, zone, part] = stated.slice(1);
  const offset = zone ? `${zone}:${part ?? "00"}` : "Z";
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  return Number.isNaN(time.getTime()) ? null : time;
}

// Octets: digests, comparisons, the few ways in which files write them.

const HASH = "SHA-256";
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, octet) => {
  let value = octet;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return value;
});

export const utf8 = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
export const octets = (text) => new TextEncoder().encode(text);

// One sign an octet, so that a place in the text is a place in the file.
export const latin1 = (bytes) => new TextDecoder("latin1").decode(bytes);

export const hex = (bytes) => Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join("");

export async function digest(bytes, hash = HASH) {
  return new Uint8Array(await crypto.subtle.digest(hash, bytes));
}

export async function sha256(bytes) {
  return hex(await digest(bytes));
}

export function equal(one, other) {
  return one.length === other.length && one.every((octet, place) => octet === other[place]);
}

export function joined(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

export function crc32(bytes) {
  let value = 0xffffffff;
  for (const octet of bytes) {
    value = (value >>> 8) ^ CRC_TABLE[(value ^ octet) & 0xff];
  }
  return (value ^ 0xffffffff) >>> 0;
}

// Base64url as RFC 7515 has it, and in no second spelling: one changed letter is another text. Null for anything else.
export function fromBase64url(text) {
  try {
    const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
    return toBase64url(raw) === text ? bytes : null;
  } catch {
    return null;
  }
}

function toBase64url(raw) {
  return btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function fromPem(text) {
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE-----/g);
  return Array.from(blocks, ([, body]) => Uint8Array.from(atob(body.replace(/\s+/g, "")), (sign) => sign.charCodeAt(0)));
}

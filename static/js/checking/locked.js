// Zips under a passphrase: WinZip AES (AE-1 and AE-2), with AES block by block, for its counter begins at the other end.

import { ecb } from "../../vendor/noble-ciphers/aes.mjs";
import { equal, octets } from "./bytes.js";
import { WrongPassphrase } from "./refusals.js";
import { Damaged } from "./zip.js";

const ROUNDS = 1000;
const VERIFIER = 2;
const SEAL = 10;
const BLOCK = 16;
const STRETCH = 64 * 1024;
const STRENGTHS = { 1: 16, 2: 24, 3: 32 };

// Returns what decrypts the archive's files. Throws WrongPassphrase where it opens none of them.
export async function unlocker(archive, passphrase) {
  const locked = archive.entries.filter((entry) => entry.isLocked);
  const secrets = new Map();
  for (const entry of locked) {
    secrets.set(entry.name, await secretOf(entry, bodyOf(archive, entry), passphrase));
  }
  if (!(await someOpen(archive, locked, secrets))) {
    throw new WrongPassphrase();
  }
  return async (entry, body) => {
    const secret = secrets.get(entry.name);
    if (!secret || !(await isSealed(secret, body))) {
      throw new Damaged(entry.name);
    }
    return decrypted(secret, body);
  };
}

const bodyOf = (archive, entry) => archive.bytes.subarray(entry.start, entry.end);

async function someOpen(archive, locked, secrets) {
  for (const entry of locked) {
    const secret = secrets.get(entry.name);
    if (secret && (await isSealed(secret, bodyOf(archive, entry)))) {
      return true;
    }
  }
  return false;
}

// The two keys of a file, or null where the passphrase is not its own (two octets say so, by chance wrongly once in 65,536).
async function secretOf(entry, body, passphrase) {
  const size = STRENGTHS[entry.aes?.strength];
  if (!size || body.length < size / 2 + VERIFIER + SEAL) {
    return null;
  }
  const key = await crypto.subtle.importKey("raw", octets(passphrase), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-1", salt: body.subarray(0, size / 2), iterations: ROUNDS };
  const derived = new Uint8Array(await crypto.subtle.deriveBits(how, key, (2 * size + VERIFIER) * 8));
  const head = size / 2 + VERIFIER;
  if (!equal(derived.subarray(2 * size), body.subarray(size / 2, head))) {
    return null;
  }
  return { cipher: derived.subarray(0, size), seal: derived.subarray(size, 2 * size), head };
}

async function isSealed({ seal, head }, body) {
  const key = await crypto.subtle.importKey("raw", seal, { name: "HMAC", hash: "SHA-1" }, false, ["sign"]);
  const code = new Uint8Array(await crypto.subtle.sign("HMAC", key, body.subarray(head, -SEAL)));
  return equal(code.subarray(0, SEAL), body.subarray(-SEAL));
}

function decrypted({ cipher, head }, body) {
  const content = body.slice(head, -SEAL);
  for (let at = 0; at < content.length; at += STRETCH) {
    const stretch = content.subarray(at, at + STRETCH);
    const stream = ecb(cipher, { disablePadding: true }).encrypt(counters(at / BLOCK + 1, Math.ceil(stretch.length / BLOCK)));
    stretch.forEach((octet, place) => {
      stretch[place] = octet ^ stream[place];
    });
  }
  return content;
}

function counters(first, count) {
  const blocks = new DataView(new ArrayBuffer(count * BLOCK));
  for (let number = 0; number < count; number += 1) {
    blocks.setUint32(number * BLOCK, first + number, true);
  }
  return new Uint8Array(blocks.buffer);
}

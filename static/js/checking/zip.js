// Opens a zip (PKWARE APPNOTE) as its central directory says, and refuses one that two programs could read differently.

import { crc32, equal, joined, latin1, utf8 } from "./bytes.js";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const WINZIP_AES = 99;
const AES_FIELD = 0x9901;
const AES_FIELD_SIZE = 11;
const LOCKED_FLAG = 1;
const STREAMED_FLAG = 8;
const DESCRIPTOR = Uint8Array.of(0x50, 0x4b, 0x07, 0x08);
const LARGEST = 256 * 1024 * 1024;

export class NotAZip extends Error {}
export class Damaged extends Error {}

export function openArchive(bytes) {
  try {
    return new Archive(bytes);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new NotAZip(error.message);
    }
    throw error;
  }
}

class Archive {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = this.findEnd();
    this.directory = this.view.getUint32(end + 16, true);
    this.entries = this.readDirectory(this.view.getUint16(end + 10, true), end);
    this.locate([...this.entries].sort((one, other) => one.offset - other.offset));
    this.isLocked = this.entries.some((entry) => entry.isLocked && entry.isConsistent);
  }

  findEnd() {
    const length = this.bytes.length;
    for (let at = length - END_SIZE; at >= Math.max(0, length - END_SIZE - LONGEST_COMMENT); at -= 1) {
      if (this.view.getUint32(at, true) === END) {
        this.tail = length - at - END_SIZE;
        return at;
      }
    }
    throw new NotAZip("no end of a central directory");
  }

  readDirectory(count, end) {
    const entries = [];
    let at = this.directory;
    for (let number = 0; number < count; number += 1) {
      if (this.view.getUint32(at, true) !== CENTRAL) {
        throw new NotAZip("a central directory that breaks off");
      }
      const [name, extra, comment] = [28, 30, 32].map((place) => this.view.getUint16(at + place, true));
      entries.push(this.readEntry(at, name, extra, comment));
      at += 46 + name + extra + comment;
    }
    const [disk, start, here, comment] = [4, 6, 8, 20].map((place) => this.view.getUint16(end + place, true));
    const isSimple = disk === 0 && start === 0 && comment === 0;
    const isWhole = isSimple && here === count && this.view.getUint32(end + 12, true) === at - this.directory;
    this.tail += isWhole ? end - at : 1;
    return entries;
  }

  readEntry(at, name, extra, comment) {
    const flags = this.view.getUint16(at + 8, true);
    const method = this.view.getUint16(at + 10, true);
    const label = this.bytes.subarray(at + 46, at + 46 + name);
    const entry = {
      label,
      extra: this.bytes.subarray(at + 46 + name, at + 46 + name + extra),
      hasComment: comment > 0,
      head: this.bytes.subarray(at + 6, at + 16),
      sums: this.bytes.subarray(at + 16, at + 28),
      isStreamed: (flags & STREAMED_FLAG) !== 0,
      name: readable(label),
      isLocked: (flags & LOCKED_FLAG) !== 0,
      method,
      crc: this.view.getUint32(at + 16, true),
      packed: this.view.getUint32(at + 20, true),
      size: this.view.getUint32(at + 24, true),
      offset: this.view.getUint32(at + 42, true),
    };
    return method === WINZIP_AES ? { ...entry, ...this.readAes(at + 46 + name, extra) } : entry;
  }

  readAes(start, length) {
    for (let at = start; at < start + length; at += 4 + this.view.getUint16(at + 2, true)) {
      if (this.view.getUint16(at, true) === AES_FIELD) {
        return {
          aes: { version: this.view.getUint16(at + 4, true), strength: this.bytes[at + 8] },
          method: this.view.getUint16(at + 9, true),
        };
      }
    }
    throw new NotAZip("an AES entry that does not say how");
  }

  // Where each file's bytes stand, and whether all that is said of it is the same: in the directory, before and behind it.
  locate(ordered) {
    this.first = ordered[0]?.offset ?? this.directory;
    ordered.forEach((entry, place) => {
      const next = ordered[place + 1]?.offset ?? this.directory;
      const isThere = entry.offset + 30 <= next;
      const [length, extra] = [26, 28].map((at) => (isThere ? this.view.getUint16(entry.offset + at, true) : 0));
      entry.start = entry.offset + 30 + length + extra;
      entry.end = entry.start + entry.packed;
      entry.isBare = this.isBare(entry, this.bytes.subarray(entry.start - extra, entry.start));
      entry.isConsistent = isThere && this.agrees(entry, length) && this.endsAt(entry, next);
    });
  }

  // The head before a file: signature, then version, flags, method and time as in the directory, then its name.
  agrees({ offset, head, sums, isStreamed, label }, length) {
    const name = this.bytes.subarray(offset + 30, offset + 30 + length);
    const [own, stated] = [this.bytes.subarray(offset + 4, offset + 14), this.bytes.subarray(offset + 14, offset + 26)];
    const isSummed = equal(stated, sums) || (isStreamed && stated.every((octet) => octet === 0));
    return this.view.getUint32(offset, true) === LOCAL && equal(own, head) && equal(name, label) && isSummed;
  }

  // Beside a file's name stands nothing, or how it is encrypted, in the directory and before the file alike.
  isBare({ extra, hasComment, aes }, own) {
    return !hasComment && equal(extra, own) && extra.length === (aes ? AES_FIELD_SIZE : 0);
  }

  // Nothing stands behind a file, or its checksum and sizes once more where it was written as a stream.
  endsAt({ end, isStreamed, sums }, next) {
    const rest = this.bytes.subarray(end, Math.max(end, next));
    return isStreamed ? equal(rest, sums) || equal(rest, joined([DESCRIPTOR, sums])) : end === next;
  }

  get names() {
    return this.entries.map((entry) => entry.name);
  }

  // Files whose name stands there twice: one program would show the one, another program the other.
  get doubles() {
    const met = new Set();
    return this.names.filter((name) => met.has(name) || !met.add(name));
  }

  // Whether something stands before the first file, beside any, or behind the directory: it could be another file altogether.
  get hasStrays() {
    return this.tail !== 0 || this.first !== 0 || !this.entries.every((entry) => entry.isBare);
  }

  // Returns a file's bytes; `unlock` decrypts an entry. Throws Damaged.
  async read(entry, unlock) {
    if (!entry.isConsistent || entry.size > LARGEST) {
      throw new Damaged(entry.name);
    }
    const raw = this.bytes.subarray(entry.start, entry.end);
    const packed = entry.isLocked ? await unlock(entry, raw) : raw;
    const content = await unpacked(entry, packed);
    if (entry.aes?.version !== 2 && crc32(content) !== entry.crc) {
      throw new Damaged(entry.name);
    }
    return content;
  }
}

// Our names are ASCII; other people's zips may use any code.
function readable(label) {
  try {
    return utf8(label);
  } catch {
    return latin1(label);
  }
}

async function unpacked(entry, packed) {
  if (entry.method === STORED && packed.length === entry.size) {
    return packed;
  }
  if (entry.method !== DEFLATED) {
    throw new Damaged(entry.name);
  }
  const pieces = [];
  let length = 0;
  try {
    for await (const piece of pieceByPiece(packed)) {
      pieces.push(piece);
      length += piece.length;
      if (length > entry.size) {
        break;
      }
    }
  } catch {
    throw new Damaged(entry.name);
  }
  if (length !== entry.size) {
    throw new Damaged(entry.name);
  }
  return joined(pieces);
}

async function* pieceByPiece(packed) {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      yield next.value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

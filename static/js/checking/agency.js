// What an agency sent: its own signature, as far as it can be checked without the agency's published key.

import { sha256, utf8 } from "./bytes.js";
import { certificateFrom, commonName } from "./cms.js";
import { parse } from "./jws.js";
import { Damaged, NotAZip, openArchive } from "./zip.js";

const META = "META-INFO/";
export const MANIFEST = `${META}manifest.xml`;
const SIGNATURE = `${META}manifest.sha256withrsa`;
const CERTIFICATE = `${META}certificate.cer`;
const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

// Returns the SHA-256 of each file in it, by name, where all of it fits together, else null; either way `report` says so.
export async function checkOriginalZip(bytes, { report, file }) {
  try {
    const archive = openArchive(bytes);
    const files = await readAll(archive);
    const manifest = digestsIn(utf8(files.get(MANIFEST)));
    const found = await digestsOf(files);
    const der = files.get(CERTIFICATE);
    const certificate = der && certificateFrom(der);
    const reason = agree(manifest, found) ? await signatureReason(files, certificate) : "agency_digests";
    if (reason !== null) {
      report.fails(reason, { file });
      return null;
    }
    report.holds("agency_holds", { file, count: found.size });
    const subject = commonName(certificate.subject);
    report.unsaid("agency_whose", { file, subject, fingerprint: await sha256(der) });
    return found;
  } catch (error) {
    if (error instanceof NotAZip || error instanceof Damaged || error instanceof TypeError || error instanceof DOMException) {
      report.fails("agency_malformed", { file });
      return null;
    }
    throw error;
  }
}

export function checkOriginalJws(text, { report, file }) {
  const answer = parse(text);
  if (answer === null) {
    report.fails("agency_malformed", { file });
    return;
  }
  report.unsaid("agency_jws", { file, issuer: answer.claims.iss, kid: answer.header.kid });
}

async function readAll(archive) {
  const files = new Map();
  for (const entry of archive.entries) {
    files.set(entry.name, await archive.read(entry));
  }
  return files;
}

async function digestsOf(files) {
  const found = new Map();
  for (const [name, content] of files) {
    if (!name.startsWith(META) && !name.endsWith("/")) {
      found.set(name, await sha256(content));
    }
  }
  return found;
}

function digestsIn(xml) {
  if (xml.includes("<!")) {
    return new Map(); // No definitions of the file's own: a list of names needs none.
  }
  const page = new DOMParser().parseFromString(xml, "application/xml");
  const told = (file, name) => file.querySelector(name)?.textContent.trim() ?? "";
  return new Map(Array.from(page.querySelectorAll("file"), (file) => [told(file, "filename"), told(file, "digest")]));
}

function agree(one, other) {
  return one.size === other.size && Array.from(one).every(([name, stated]) => other.get(name) === stated);
}

async function signatureReason(files, certificate) {
  if (!certificate || !files.has(SIGNATURE)) {
    return "agency_malformed";
  }
  const spki = certificate.subjectPublicKeyInfo.toSchema().toBER();
  const key = await crypto.subtle.importKey("spki", spki, RSA, false, ["verify"]);
  const holds = await crypto.subtle.verify(RSA, key, files.get(SIGNATURE), files.get(MANIFEST));
  return holds ? null : "agency_broken";
}

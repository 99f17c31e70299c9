// The zip that a citizen takes home: the portal's signature over its list, every file on it, the consent it belongs to.

import { latin1, sha256, utf8 } from "./bytes.js";
import { checkOriginalJws, checkOriginalZip, MANIFEST as AGENCY_MANIFEST } from "./agency.js";
import { check as checkCms } from "./cms.js";
import { CONSENT } from "./jws.js";
import { check as checkPdf } from "./pdf.js";
import { checkSigned, checkWording } from "./receipt.js";
import { tellSignature } from "./signature.js";
import { Damaged } from "./zip.js";

const MANIFEST = "manifest.json";
const SIGNATURE = "manifest.p7s";
const AUTHORITY = "portal-ca.pem";
const RECEIPT = "consent.jws";
const README = "README.txt";
const SIGNED = [MANIFEST, SIGNATURE, RECEIPT];
const PAPERS = [...SIGNED, AUTHORITY, README];

export async function checkPackage(archive, context) {
  const { report } = context;
  if (!SIGNED.some((name) => archive.names.includes(name))) {
    await checkOther(archive, context);
    return;
  }
  archive.doubles.forEach((file) => report.fails("zip_double", { file }));
  if (archive.hasStrays) {
    report.fails("zip_strays");
  }
  const read = reader(archive, context);
  const manifest = await checkManifest(read, context);
  if (manifest === null) {
    report.unsaid("zip_rest");
  } else {
    await checkFiles(archive, manifest, read, context);
    tell(manifest, context);
  }
  await checkConsent(read, manifest, context);
  await checkAuthority(read, context);
  if ((await read(README)) !== null) {
    report.unsaid("zip_readme", { file: README });
  }
}

// A zip without our list: an agency's own answer, or somebody else's.
async function checkOther(archive, { report, bytes }) {
  report.about = archive.names.includes(AGENCY_MANIFEST) ? "agency" : "other";
  if (report.about === "agency") {
    await checkOriginalZip(bytes, { report, file: report.name });
  }
}

// Reads one file by name; what is missing or damaged is said, and read as null.
function reader(archive, { report, unlock }) {
  return async (name) => {
    const entry = archive.entries.find((one) => one.name === name);
    if (!entry) {
      report.fails("zip_missing", { file: name });
      return null;
    }
    try {
      return await archive.read(entry, unlock);
    } catch (error) {
      if (error instanceof Damaged) {
        report.fails("zip_damaged", { file: name });
        return null;
      }
      throw error;
    }
  };
}

async function checkManifest(read, { report, trust, words }) {
  const [content, signature] = [await read(MANIFEST), await read(SIGNATURE)];
  if (content === null || signature === null) {
    return null;
  }
  const found = await checkCms(signature, content, { anchors: trust.anchors });
  const file = found.reason === "cms_other_content" ? MANIFEST : SIGNATURE;
  tellSignature(found, { report, words, file });
  if (found.reason !== null) {
    return null;
  }
  report.isSigned = true;
  report.unsaid("cms_revocation", { file });
  return JSON.parse(utf8(content));
}

async function checkAuthority(read, { report, trust }) {
  const content = await read(AUTHORITY);
  if (content !== null) {
    const isPublished = latin1(content).trim() === trust.pem.trim();
    report[isPublished ? "holds" : "fails"](isPublished ? "ca_same" : "ca_other", { file: AUTHORITY });
  }
}

async function checkConsent(read, manifest, { report, trust }) {
  const content = await read(RECEIPT);
  const how = { report, trust, file: RECEIPT };
  const claims = content && (await checkSigned(latin1(content), [CONSENT], how));
  if (!claims) {
    return;
  }
  await checkWording(claims, how);
  if (manifest !== null) {
    const belongs = claims.grant === manifest.grant && claims.sub === manifest.subject;
    report[belongs ? "holds" : "fails"](belongs ? "consent_belongs" : "consent_other", { file: RECEIPT });
  }
}

async function checkFiles(archive, manifest, read, context) {
  const { report, progress } = context;
  const listed = manifest.items.flatMap((item) => item.files);
  const good = new Map();
  for (const [done, file] of listed.entries()) {
    progress(done, listed.length);
    const content = await read(file.name);
    if (content !== null && (await sha256(content)) === file.sha256) {
      good.set(file.name, content);
    } else if (content !== null) {
      report.fails("zip_changed", { file: file.name });
    }
  }
  const known = new Set([...PAPERS, ...listed.map((file) => file.name)]);
  const others = archive.names.filter((name) => !known.has(name) && !name.endsWith("/"));
  others.forEach((file) => report.fails("zip_extra", { file }));
  if (good.size === listed.length && others.length === 0) {
    report.holds("zip_files", { count: good.size });
  }
  for (const [name, content] of good) {
    await checkInside(name, content, listed, context);
  }
}

// What a listed file says about itself, beyond what the list says about it.
async function checkInside(file, content, listed, { report, trust, words }) {
  if (file.endsWith("/original.zip")) {
    const found = await checkOriginalZip(content, { report, file });
    tellSame(file.slice(0, -"original.zip".length), found ?? new Map(), listed, report);
  } else if (file.endsWith("/original.jws")) {
    checkOriginalJws(latin1(content), { report, file });
  } else if (file.endsWith(".pdf")) {
    const found = await checkPdf(content, trust);
    if (found === null) {
      report.unsaid("pdf_unsigned_inside", { file });
    } else if (found.reason !== null) {
      report.unsaid("pdf_others_inside", { file });
    } else {
      tellSignature(found, { report, words, file });
    }
  }
}

// The files that stand beside the agency's answer, and are the very ones in it.
function tellSame(folder, found, listed, report) {
  const same = listed.filter(({ name, sha256: stated }) => name.startsWith(folder) && found.get(name.slice(folder.length)) === stated);
  same.forEach(({ name }) => report.holds("agency_same", { file: name }));
}

function tell(manifest, { report, trust, words }) {
  const told = manifest.items.map(({ state, name, provider }) => words.say(`item_${state}`, { name, provider }));
  report.fact("fact_issuer", manifest.issuer);
  report.fact("fact_made", words.time(new Date(manifest.created_at)));
  report.fact("fact_contents", told.join("\n"));
  report.fact("fact_person", manifest.subject);
  report.fact("fact_grant", manifest.grant);
  report.fact("fact_ca", trust.fingerprint);
}

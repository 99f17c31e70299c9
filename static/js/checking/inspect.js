// What sort of file it is, and then the check for that sort.

import { latin1 } from "./bytes.js";
import { checkOriginalJws } from "./agency.js";
import { parse } from "./jws.js";
import { checkPackage } from "./package.js";
import { check as checkPdf } from "./pdf.js";
import { checkReceipt } from "./receipt.js";
import { Locked } from "./refusals.js";
import { Report } from "./report.js";
import { signingTime, tellSignature } from "./signature.js";
import { fetchTrust } from "./trust.js";
import { NotAZip, openArchive } from "./zip.js";

const LONGEST_RECEIPT = 1024 * 1024;
const AGENCY = "mydata+jws";

// Returns the report on a file. Throws Locked, WrongPassphrase, KeysAway.
export async function inspect(name, bytes, { addresses, ...context }) {
  const check = CHECKS[kindOf(name, bytes)];
  const report = new Report("other", name);
  await check?.(bytes, { ...context, report, bytes, trust: await fetchTrust(addresses) });
  return report;
}

const CHECKS = { zip: inspectZip, pdf: inspectPdf, jws: inspectJws };

// By its content; by its name only where the content is too damaged to say.
function kindOf(name, bytes) {
  if (latin1(bytes.subarray(0, 2)) === "PK") {
    return "zip";
  }
  if (latin1(bytes.subarray(0, 1024)).includes("%PDF-")) {
    return "pdf";
  }
  if (bytes.length < LONGEST_RECEIPT && /^[\w-]+\.[\w-]+\.[\w-]+\s*$/.test(latin1(bytes))) {
    return "jws";
  }
  return name.toLowerCase().match(/\.(zip|pdf|jws)$/)?.[1];
}

async function inspectZip(bytes, { passphrase, ...context }) {
  const { report } = context;
  report.about = "zip";
  let archive;
  try {
    archive = openArchive(bytes);
  } catch (error) {
    if (error instanceof NotAZip) {
      report.fails("zip_broken");
      return;
    }
    throw error;
  }
  if (archive.isLocked && passphrase === null) {
    throw new Locked();
  }
  const unlock = archive.isLocked ? await (await import("./locked.js")).unlocker(archive, passphrase) : null;
  await checkPackage(archive, { ...context, unlock });
}

async function inspectPdf(bytes, { report, trust, words }) {
  report.about = "pdf";
  const found = await checkPdf(bytes, trust);
  if (found === null) {
    report.unsaid("pdf_unsigned");
    return;
  }
  tellSignature(found, { report, words, file: report.name });
  report.isSigned = found.reason === null;
  if (report.isSigned) {
    report.holds("pdf_whole");
    report.unsaid("cms_revocation");
    report.fact("fact_signer", found.signer.name);
    report.fact("fact_signed", signingTime(found.signedAt, words));
    report.fact("fact_ca", trust.fingerprint);
  }
}

async function inspectJws(bytes, context) {
  const { report } = context;
  const text = latin1(bytes);
  report.about = "receipt";
  if (parse(text)?.header.typ === AGENCY) {
    report.about = "original";
    checkOriginalJws(text, { report, file: report.name });
  } else {
    await checkReceipt(text, context);
  }
}

// A receipt of the portal: what was agreed to, or what was destroyed.

import { octets, sha256 } from "./bytes.js";
import { CONSENT, DELETION, parse, reasonAgainst } from "./jws.js";

// Returns the claims where the portal's signature over them holds, else null; either way `report` says so.
export async function checkSigned(text, kinds, { report, trust, file }) {
  const receipt = parse(text);
  if (receipt === null) {
    report.fails("jws_malformed", { file });
    return null;
  }
  const { header, claims } = receipt;
  const stranger = kinds.includes(DELETION) ? "jws_other_type" : "jws_no_consent";
  const reason = kinds.includes(header.typ) ? await reasonAgainst(receipt, trust.keys) : stranger;
  if (reason !== null || claims.iss !== trust.issuer) {
    report.fails(reason ?? "jws_other_issuer", { file });
    return null;
  }
  report.holds("jws_holds", { file, kid: header.kid });
  return { ...claims, typ: header.typ };
}

export async function checkWording(claims, { report, file }) {
  const isWhole = (await sha256(octets(claims.wording))) === claims.wording_hash;
  report[isWhole ? "holds" : "fails"](isWhole ? "wording_holds" : "wording_other", { file });
}

// A receipt by itself: checked, and told in words.
export async function checkReceipt(text, { report, trust, words, names }) {
  const file = report.name;
  const claims = await checkSigned(text, [CONSENT, DELETION], { report, trust, file });
  if (claims === null) {
    return;
  }
  report.isSigned = true;
  if (claims.typ === CONSENT) {
    report.about = "consent";
    await checkWording(claims, { report, file });
    tellConsent(claims, { report, words, names });
  } else {
    report.about = "deletion";
    tellDeletion(claims, { report, words, names });
  }
}

function tellConsent(claims, { report, words, names }) {
  report.fact("fact_issuer", claims.iss);
  report.fact("fact_given", words.time(new Date(claims.iat * 1000)));
  report.fact("fact_recipient", claims.recipient);
  report.fact("fact_datasets", words.list(claims.datasets.map(names)));
  report.fact("fact_purpose", claims.purpose);
  report.fact("fact_until", words.time(new Date(claims.expires_at)));
  report.fact("fact_person", claims.sub);
  report.fact("fact_grant", claims.grant);
  report.wording = claims.wording;
}

function tellDeletion(claims, { report, words, names }) {
  const because = `because_${claims.because}`;
  report.fact("fact_issuer", claims.iss);
  report.fact("fact_started", words.time(new Date(claims.started_at)));
  report.fact("fact_finished", words.time(new Date(claims.finished_at)));
  report.fact("fact_because", words.has(because) ? words.say(because) : claims.because);
  report.fact("fact_destroyed", words.list(claims.destroyed.map(({ item }) => names(item))) || words.say("nothing_kept"));
  report.fact("fact_parcel", claims.parcel);
  report.fact("fact_grant", claims.grant);
}

// What the portal publishes, and against which everything is checked: its CA and the keys of its receipts.

import { fromPem, sha256 } from "./bytes.js";
import { certificateFrom } from "./cms.js";
import { KeysAway } from "./refusals.js";

async function published(address) {
  const response = await fetch(address, { redirect: "error", cache: "no-cache" }).catch(() => null);
  if (!response?.ok) {
    throw new KeysAway();
  }
  return response;
}

export async function fetchTrust({ ca, jwks, issuer }) {
  const [certificates, keys] = await Promise.all([published(ca), published(jwks)]);
  const pem = await certificates.text();
  const ders = fromPem(pem);
  if (ders.length === 0) {
    throw new KeysAway();
  }
  return {
    issuer,
    pem,
    keys: (await keys.json()).keys,
    anchors: ders.map(certificateFrom).filter(Boolean),
    fingerprint: await sha256(ders[0]),
  };
}

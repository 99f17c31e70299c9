// Compact JWS (RFC 7515) under ES256, against the keys that the portal publishes.

import { fromBase64url, octets, utf8 } from "./bytes.js";

export const CONSENT = "mydata-consent+jws";
export const DELETION = "mydata-deletion+jws";
const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

// Returns `{header, claims, signed, signature}`, or null where the text is no compact JWS around a JSON object.
export function parse(text) {
  const parts = text.trim().split(".");
  if (parts.length !== 3) {
    return null;
  }
  const [head, body, signature] = parts.map(fromBase64url);
  const [header, claims] = [head, body].map(object);
  return header && claims && signature ? { header, claims, signature, signed: octets(`${parts[0]}.${parts[1]}`) } : null;
}

function object(bytes) {
  try {
    const value = JSON.parse(utf8(bytes));
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

// Returns null where the signature holds, else the word for why it does not.
export async function reasonAgainst({ header, signature, signed }, keys) {
  if (header.alg !== "ES256" || "crit" in header) {
    return "jws_algorithm";
  }
  const jwk = keys.find((key) => key.kid === header.kid && key.kty === "EC" && key.crv === "P-256");
  if (!jwk) {
    return "jws_other_key";
  }
  const key = await crypto.subtle.importKey("jwk", { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, ES256, false, ["verify"]);
  return (await crypto.subtle.verify(ES256, key, signature, signed)) ? null : "jws_changed";
}

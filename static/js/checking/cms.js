// A detached CMS signature (RFC 5652) over a file, by a certificate that the portal's CA issued.

import { Certificate, ContentInfo, fromBER, SignedData } from "../../vendor/pkijs/pkijs.mjs";
import { digest, equal } from "./bytes.js";

const SIGNED_DATA = "1.2.840.113549.1.7.2";
const DATA = "1.2.840.113549.1.7.1";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_TIME = "1.2.840.113549.1.9.5";
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47";
const COMMON_NAME = "2.5.4.3";
const ECDSA = "1.2.840.10045.4.3.";
const HASHES = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};

const VERSION = 1; // both of the SignedData and of its signer: data, signed, by a certificate named by issuer and number

const BASIC_CONSTRAINTS = "2.5.29.19";
const KEY_USAGE = "2.5.29.15";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const SIGNS_FILES = 0xc0; // digitalSignature, nonRepudiation
const SIGNS_CERTIFICATES = 0x04;
const PURPOSES = [
  "2.5.29.37.0", // any
  "1.3.6.1.5.5.7.3.4", // e-mail protection: what `openssl cms -verify` asks for
  "1.3.6.1.5.5.7.3.36", // document signing (RFC 9336)
  "1.2.840.113583.1.1.5", // Adobe's trust in authentic documents
];

// Checks in this order: it is what it says; the content is the one that was signed; the signature holds; who signed.
// Returns `{reason, signer, signedAt}`: `reason` is null where all holds, else the word for what does not.
export async function check(der, content, { anchors, at = null }) {
  const signed = read(der);
  const signer = signed && signerOf(signed);
  if (!signer) {
    return { reason: "cms_malformed", signer: null, signedAt: null };
  }
  const attributes = attributesOf(signed.signerInfos[0]);
  const signedAt = at ?? attributes.get(SIGNING_TIME)?.toDate?.() ?? null;
  const reason =
    (await contentReason(signed, attributes, content, signer)) ??
    (await signatureReason(signed, content)) ??
    (await issuerReason(signer, anchors, signedAt ?? new Date()));
  return { reason, signer: described(signer), signedAt };
}

// The library forgives what no signature covers; here every octet has to be the one that stands for what it says.
function read(der) {
  try {
    const info = ContentInfo.fromBER(der);
    const signed = info.contentType === SIGNED_DATA ? new SignedData({ schema: info.content }) : null;
    return signed && isExact(der) && isSignedOnce(signed) ? signed : null;
  } catch {
    return null;
  }
}

const isExact = (der) => equal(new Uint8Array(fromBER(der).result.toBER()), der);

function isSignedOnce({ version, encapContentInfo, digestAlgorithms, signerInfos }) {
  const [info] = signerInfos;
  const isDetached = encapContentInfo.eContentType === DATA && !encapContentInfo.eContent;
  const isAlone = signerInfos.length === 1 && digestAlgorithms.length === 1 && Boolean(info.signedAttrs);
  const isOfVersion = version === VERSION && info.version === VERSION;
  return isDetached && isAlone && isOfVersion && encodes(digestAlgorithms[0].toSchema(), info.digestAlgorithm.toSchema());
}

const encodes = (one, other) => equal(new Uint8Array(one.toBER()), new Uint8Array(other.toBER()));

function signerOf({ certificates = [], signerInfos: [info] }) {
  const { issuer, serialNumber } = info.sid;
  const same = (one) => equal(new Uint8Array(one.issuer.valueBeforeDecode), new Uint8Array(issuer.valueBeforeDecode));
  return certificates.find(
    (one) => one instanceof Certificate && issuer && same(one) && one.serialNumber.isEqual(serialNumber),
  );
}

// Each signed attribute's one value; an attribute that stands there twice counts as none.
function attributesOf({ signedAttrs: { attributes } }) {
  const once = attributes.filter((one) => attributes.filter((other) => other.type === one.type).length === 1);
  return new Map(once.map((one) => [one.type, one.values[0]]));
}

async function contentReason(signed, attributes, content, signer) {
  const hash = HASHES[signed.signerInfos[0].digestAlgorithm.algorithmId];
  const stated = attributes.get(MESSAGE_DIGEST)?.valueBlock.valueHexView;
  if (!hash || !stated || attributes.get(CONTENT_TYPE)?.valueBlock.toString() !== DATA) {
    return "cms_malformed";
  }
  if (!equal(await digest(content, hash), stated)) {
    return "cms_other_content";
  }
  const named = attributes.get(SIGNING_CERTIFICATE);
  return !named || (await names(named, signer)) ? null : "cms_other_certificate";
}

// Whether the signed attribute (ESSCertIDv2, RFC 5035) is about this very certificate.
async function names(attribute, signer) {
  try {
    const [first, second] = attribute.valueBlock.value[0].valueBlock.value[0].valueBlock.value;
    const algorithm = first.valueBlock.value?.[0]?.valueBlock.toString();
    const stated = algorithm ? second : first;
    const hash = algorithm ? HASHES[algorithm] : "SHA-256";
    return equal(await digest(new Uint8Array(signer.toSchema().toBER()), hash), stated.valueBlock.valueHexView);
  } catch {
    return false;
  }
}

async function signatureReason(signed, content) {
  try {
    const data = content.slice().buffer;
    return (await signed.verify({ signer: 0, data })) ? null : "cms_broken";
  } catch {
    return "cms_broken";
  }
}

// The portal's CA issues signers itself, so the way up is one step; who signed must have been allowed to, then.
async function issuerReason(signer, anchors, when) {
  const issued = await Promise.all(anchors.map((anchor) => isIssued(signer, anchor)));
  const anchor = anchors.find((_, place) => issued[place]);
  if (!anchor) {
    return "cms_other_issuer";
  }
  if (![signer, anchor].every((one) => one.notBefore.value <= when && when <= one.notAfter.value)) {
    return "cms_out_of_time";
  }
  return maySignCertificates(anchor) && maySignFiles(signer) ? null : "cms_other_purpose";
}

async function isIssued(certificate, anchor) {
  try {
    return isExactlySigned(certificate) && certificate.issuer.isEqual(anchor.subject) && (await certificate.verify(anchor));
  } catch {
    return false;
  }
}

function isExactlySigned({ signatureAlgorithm, signatureValue: { valueBlock } }) {
  const isStructure = signatureAlgorithm.algorithmId.startsWith(ECDSA);
  return valueBlock.unusedBits === 0 && (!isStructure || isExact(valueBlock.valueHexView));
}

const extension = (certificate, id) => certificate.extensions?.find((one) => one.extnID === id)?.parsedValue;
const usage = (certificate) => extension(certificate, KEY_USAGE)?.valueBlock.valueHexView[0] ?? 0;
const isAuthority = (certificate) => extension(certificate, BASIC_CONSTRAINTS)?.cA === true;

function maySignCertificates(anchor) {
  return isAuthority(anchor) && (usage(anchor) & SIGNS_CERTIFICATES) !== 0;
}

function maySignFiles(signer) {
  const known = [BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE];
  const demanded = (signer.extensions ?? []).filter((one) => one.critical).map((one) => one.extnID);
  const purposes = extension(signer, EXTENDED_KEY_USAGE)?.keyPurposes ?? ["2.5.29.37.0"];
  return (
    demanded.every((id) => known.includes(id)) &&
    !isAuthority(signer) &&
    (usage(signer) & SIGNS_FILES) !== 0 &&
    purposes.some((purpose) => PURPOSES.includes(purpose))
  );
}

function described(certificate) {
  return { name: commonName(certificate.subject), issuer: commonName(certificate.issuer), until: certificate.notAfter.value };
}

export function certificateFrom(der) {
  try {
    return Certificate.fromBER(der);
  } catch {
    return null;
  }
}

export function commonName(name) {
  const named = name.typesAndValues.filter((one) => one.type === COMMON_NAME);
  return (named.length > 0 ? named : name.typesAndValues).map((one) => one.value.valueBlock.value).join(", ");
}

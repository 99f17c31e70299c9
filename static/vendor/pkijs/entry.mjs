export { fromBER } from "asn1js";
export { Certificate, ContentInfo, SignedData } from "pkijs";

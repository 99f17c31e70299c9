export { Certificate, ContentInfo, SignedData } from "pkijs";

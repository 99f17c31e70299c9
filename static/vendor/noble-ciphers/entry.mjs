export { ecb } from "@noble/ciphers/aes.js";

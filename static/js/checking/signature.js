// Says what a CMS signature of the portal's is worth, by whichever file it stands in.

export const signingTime = (moment, words) => (moment ? words.time(moment) : words.say("no_time"));

export function tellSignature(found, { report, words, file }) {
  const { reason, signer, signedAt, appended = 0 } = found;
  if (reason !== null) {
    report.fails(reason, { file, signer: signer?.name, issuer: signer?.issuer, count: appended });
    return;
  }
  report.holds("cms_holds", { file, signer: signer.name, issuer: signer.issuer, time: signingTime(signedAt, words) });
  if (signer.until < new Date()) {
    report.unsaid("cms_expired_since", { file, time: words.time(signer.until) });
  }
}

// What the page says. The sentences stand in the page, in its language; here they are filled in.

const ZONE = "Asia/Taipei";
const ROC_ERA = 1911;

export class Words {
  constructor(template) {
    const entries = template.content.querySelectorAll("[data-word]");
    this.sentences = new Map(Array.from(entries, (entry) => [entry.dataset.word, entry.textContent]));
  }

  has(word) {
    return this.sentences.has(word);
  }

  say(word, facts = {}) {
    return this.sentences.get(word).replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
  }

  list(items) {
    return items.join(this.say("comma"));
  }

  // A moment as documents write it: the day in both calendars, the time in Taipei.
  time(moment) {
    const how = { timeZone: ZONE, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
    const parts = new Intl.DateTimeFormat("en-GB", how).formatToParts(moment).map(({ type, value }) => [type, value]);
    const { year, month, day, hour, minute } = Object.fromEntries(parts);
    const named = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, month: "long" }).format(moment);
    const facts = { year, roc: year - ROC_ERA, month: Number(month), day: Number(day), named, iso: `${year}-${month}-${day}` };
    return this.say("moment", { ...facts, time: `${hour}:${minute}` });
  }

  size(octets) {
    if (octets < 1_000_000) {
      return octets < 1000 ? `${octets} B` : `${Math.round(octets / 1000)} KB`;
    }
    return `${(octets / 1_000_000).toFixed(1)} MB`;
  }
}

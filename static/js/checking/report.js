// What a check found: a verdict, facts, and one line for each thing that holds, does not hold, or cannot be said.

export const KINDS = ["fails", "holds", "unsaid"];

export class Report {
  // `about` says what sort of file it is; `isSigned` becomes true only where a signature of the portal was checked and holds.
  constructor(about, name) {
    Object.assign(this, { about, name, isSigned: false, lines: [], facts: [], wording: "" });
  }

  holds(word, facts = {}) {
    this.note("holds", word, facts);
  }

  fails(word, facts = {}) {
    this.note("fails", word, facts);
  }

  unsaid(word, facts = {}) {
    this.note("unsaid", word, facts);
  }

  note(kind, word, facts) {
    this.lines.push({ kind, word, facts: { file: this.name, ...facts } });
  }

  fact(label, value) {
    this.facts.push({ label, value });
  }

  of(kind) {
    return this.lines.filter((line) => line.kind === kind);
  }

  get blamed() {
    return [...new Set(this.of("fails").map((line) => line.facts.file))];
  }

  get outcome() {
    return this.blamed.length > 0 ? "bad" : this.isSigned ? "good" : "unsaid";
  }
}

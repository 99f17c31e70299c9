// Why a check did not come to an end: `word` is what the page says of it.

export class Refusal extends Error {
  constructor() {
    super();
    this.word = this.constructor.word;
  }
}

export class Locked extends Refusal {
  static word = "locked";
}

export class WrongPassphrase extends Locked {}

export class KeysAway extends Refusal {
  static word = "keys_away";
}

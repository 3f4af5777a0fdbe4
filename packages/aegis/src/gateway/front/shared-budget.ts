/** What all sessions together may keep of one thing, in UTF-16 code units. */
export class SharedBudget {
  #left: number;

  constructor(chars: number) {
    this.#left = chars;
  }

  take(chars: number): boolean {
    if (chars > this.#left) return false;
    this.#left -= chars;
    return true;
  }

  giveBack(chars: number): void {
    this.#left += chars;
  }
}

/** Thrown where a text is not understood to its end, and caught in this folder: the text is then refused. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

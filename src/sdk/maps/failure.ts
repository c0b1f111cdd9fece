/** What goes wrong while an expression is evaluated, by the name of Python's exception. No message holds a value. */
export class Failure extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

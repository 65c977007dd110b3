/** Something that a person should know; of each kind one annotation is shown (spec/action.md). */
export interface Warning {
  readonly kind: string;
  readonly message: string;
}

/** Whose packages they are. `self`: the account that the token belongs to, which also shows its private packages. */
export interface Account {
  readonly login: string;
  readonly kind: "org" | "user" | "self";
}

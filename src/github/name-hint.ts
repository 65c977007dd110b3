/** What is probably wrong with the name of a package that GitHub does not know; empty where nothing shows. */
export function nameHint(name: string, owner: string): string {
  const bare = bareName(name, owner);
  if (bare !== name) return `Write "${bare}", without registry and owner.`;
  if (/\s/.test(name)) return "Separate the names of several packages by commas, or write one per line.";
  return "";
}

/** `api` of `ghcr.io/acme/api` and `acme/api`; a first part with a dot or a colon is a host. */
function bareName(name: string, owner: string): string {
  const path = name.replace(/^https?:\/\//, "");
  const [host = "", first = "", ...others] = path.split("/");
  if (/[.:]/.test(host) && others.length > 0) return others.join("/");
  if (host.toLowerCase() === owner.toLowerCase() && first !== "") return [first, ...others].join("/");
  return name;
}

import type { YamlNode, YamlScalar } from "./yaml-source";

type Path = readonly (string | number)[];

/**
 * The plain value that YAML 1.2 (core schema) makes of a node, as editors see it: numbers, booleans and null where
 * they are unquoted. Where `isOpaque` says so, an empty mapping stands for the node.
 */
export function naturalValue(node: YamlNode, isOpaque: (path: Path) => boolean, path: Path = []): unknown {
  if (isOpaque(path)) return {};
  switch (node.kind) {
    case "scalar":
      return naturalScalar(node);
    case "list":
      return node.items.map((item, index) => naturalValue(item, isOpaque, [...path, index]));
    case "mapping":
      return Object.fromEntries(
        node.entries.map(({ key, value }) => [key.text, naturalValue(value, isOpaque, [...path, key.text])]),
      );
  }
}

function naturalScalar({ text, quoted }: YamlScalar): unknown {
  if (quoted) return text;
  if (/^(~|null|Null|NULL|)$/.test(text)) return null;
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  if (/^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/.test(text)) return Number(text);
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return Number(text);
  return text;
}
